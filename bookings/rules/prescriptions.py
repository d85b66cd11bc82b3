"""May this be prescribed, and if not, why; and what is usual. The form and the action ask the same functions."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.facts.catalogue_numbers import MINIMUM_AGE
from bookings.facts.lifted_limits import own_limits
from bookings.models import PrescriptionItem
from bookings.rules import visits as visit_rules
from bookings.rules.amounts import amount_values
from bookings.rules.limit_lifts import liftable_rule, may_lift, why_not_lift_limit
from clinic.people.models import Patient
from therapies.models import Needs, Rule, Therapy, Variant
from therapies.rulebook import KINDS
from therapies.rules import AGE_LIMIT, COURSE_LENGTH, BookingRule

ITEMS = 6
"""Therapies in one prescription."""
MOST = 60
"""Sessions, or days between them, as the database says."""


@dataclass(frozen=True)
class Item:
    """What is ordered of one therapy, as PrescriptionItem keeps it. `lifted_limits`: a reason for each, by its code."""

    variant: Variant
    sessions: int
    days_between: int = 1
    first_day: int = 1
    schedule: str = ""
    pressure: str = ""
    materials: str = ""
    dose_from: Decimal | None = None
    dose_to: Decimal | None = None
    dose_unit: str = ""
    celsius_from: Decimal | None = None
    celsius_to: Decimal | None = None
    amount_reason: str = ""
    material_reason: str = ""
    lifted_limits: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


def item_of(row: PrescriptionItem) -> Item:
    """A row as what is ordered; a dose once written in words counts as the number that can be read in it."""
    values = {name: getattr(row, name) for name in Item.__dataclass_fields__}
    return Item(**values | amount_values(row.dose_amount, row.temperature_amount) | {"lifted_limits": row.lifted})


@dataclass(frozen=True)
class CourseLimits:
    """The catalogue's hard rules that bind a course of one therapy, and its schedules.

    `often` holds (names of therapies and groups, most, in how many days, the rule's code), `apart` (names, days
    from one session to the next at least, code), `totals` the sessions of each schedule by its code. `liftable`
    are the rules that a Vaidya may lift in writing, by their codes; each is asked again when a session is booked.
    `youngest` is from which age, in years, is given what names no age of its own; None where that cannot be read.
    """

    often: tuple[tuple[frozenset[str], int, int, str], ...]
    apart: tuple[tuple[frozenset[str], int, str], ...]
    totals: Mapping[str, int]
    youngest: int | None = None
    liftable: Mapping[str, BookingRule] = field(default_factory=dict)

    def may_lift(self, code: str) -> bool:
        """Whether a Vaidya's written reason lifts that limit for some treatment."""
        return may_lift(code, self.liftable)

    @property
    def offered(self) -> list[tuple[str, str]]:
        """What may be lifted, each in words."""
        return [*own_limits().items(), *((code, rule.says) for code, rule in self.liftable.items())]


@dataclass(frozen=True)
class Beyond:
    """Which limit an order goes beyond, by its code, and in which way; `may_be_lifted`: by a written reason for it."""

    code: str
    words: str
    may_be_lifted: bool = True


def course_limits() -> CourseLimits:
    """Read the rules once for a whole prescription."""
    often, apart, totals, ages, liftable = [], [], {}, {}, {}
    for rule in Rule.objects.filter(Q(kind__in=[*KINDS, "schedule"]) | Q(code=MINIMUM_AGE.rule)).order_by("code"):
        data = rule.data
        if rule.code == MINIMUM_AGE.rule:
            ages[rule.code] = data
        elif rule.kind == "schedule":
            if "total" in data:
                totals[rule.code] = int(data["total"])
        elif rule.is_hard and rule.kind == "frequency" and {"max_sessions", "window_days"} <= data.keys():
            often.append(
                (frozenset(data["applies_to"]), int(data["max_sessions"]), int(data["window_days"]), rule.code)
            )
        elif rule.is_hard and rule.kind == "gap" and _between_two_of_one(data):
            apart.append((frozenset([data["after"]]), int(data["min_days"]), rule.code))
        if (made := liftable_rule(rule)) is not None:
            liftable[rule.code] = made
    return CourseLimits(tuple(often), tuple(apart), totals, MINIMUM_AGE.in_rules(ages), liftable)


def _between_two_of_one(said: Mapping[str, Any]) -> bool:
    return said.get("kind") == "between" and said["after"] == said["before"] and "min_days" in said


def therapy_names(therapy: Therapy) -> frozenset[str]:
    """Under which names rules speak of it."""
    return frozenset({"all", therapy.code, *therapy.groups})


def course_of(therapy: Therapy) -> Mapping[str, Any]:
    """What the catalogue says of a course; empty when it says nothing."""
    course = therapy.facts.get("course")
    return course if isinstance(course, Mapping) else {}


def usual_sessions(therapy: Therapy, schedule: str, bound: CourseLimits) -> int:
    """The schedule's own number, else what the catalogue gives as usual, else one."""
    return bound.totals.get(schedule) or int(course_of(therapy).get("sessions_default", 1))


def usual_days_between(therapy: Therapy, bound: CourseLimits) -> int:
    """Days from one session to the next: as the catalogue says, daily (1) else, and as far apart as hard rules ask."""
    names, course = therapy_names(therapy), course_of(therapy)
    usual = 7 // int(course.get("usual_per_7_days") or 7)
    days = max(1, usual, int(course.get("usual_spacing_days", 1)))
    for applies, most, window, _code in bound.often:
        while names & applies and (window - 1) // days + 1 > most:
            days += 1
    return max([days, *(apart for applies, apart, _code in bound.apart if names & applies)])


def beyond(item: Item, bound: CourseLimits) -> list[Beyond]:
    """In which ways the order goes beyond the usual limits; what no reason lifts first."""
    rows = [*_too_often(item, bound), *_too_near(item, bound)]
    longest = course_of(item.variant.therapy).get("sessions_max")
    if longest is not None and item.sessions > int(longest):
        rows.append(Beyond(COURSE_LENGTH, _("A course has no more than %(most)s sessions.") % {"most": longest}))
    return sorted(rows, key=lambda each: each.may_be_lifted)


def _too_often(item: Item, bound: CourseLimits) -> Iterator[Beyond]:
    words = _("That is %(asked)s sessions within %(days)s days. The limit is %(most)s.")
    for applies, most, days, code in bound.often:
        sessions = min(item.sessions, (days - 1) // item.days_between + 1)
        if therapy_names(item.variant.therapy) & applies and sessions > most:
            yield Beyond(code, words % {"asked": sessions, "days": days, "most": most}, bound.may_lift(code))


def _too_near(item: Item, bound: CourseLimits) -> Iterator[Beyond]:
    words = _("There must be at least %(days)s days between two sessions of this treatment.")
    for applies, days, code in bound.apart:
        if therapy_names(item.variant.therapy) & applies and item.sessions > 1 and item.days_between < days:
            yield Beyond(code, words % {"days": days}, bound.may_lift(code))


def lacking_reasons(item: Item, bound: CourseLimits) -> list[Beyond]:
    """The limits that the order goes beyond and gives no reason for; what no reason lifts first."""
    own = is_usual_course(item, bound)
    return [
        each
        for each in beyond(item, bound)
        if not each.may_be_lifted or (not own and not item.lifted_limits.get(each.code, "").strip())
    ]


def lacks_reason(item: Item, bound: CourseLimits) -> bool:
    """Whether a written reason is all that is missing for more than the limits allow."""
    lacking = lacking_reasons(item, bound)
    return bool(lacking) and lacking[0].may_be_lifted


def is_usual_course(item: Item, bound: CourseLimits) -> bool:
    """Whether the order itself, with its spacing, is reason enough: a course that is usually daily, no longer."""
    course = course_of(item.variant.therapy)
    longest = int(course.get("sessions_max", 0))
    return bool(course.get("daily_by_order")) and item.sessions <= longest and not [*_too_near(item, bound)]


def with_reason(item: Item, bound: CourseLimits) -> Item:
    """The order as it is kept: a usual daily course says so itself where nobody typed a reason to go beyond a cap."""
    if not is_usual_course(item, bound):
        return item
    own = {each.code: _("Daily course, as ordered") for each in beyond(item, bound) if each.may_be_lifted}
    return replace(item, lifted_limits=own | {**item.lifted_limits})


def why_not_prescribe(
    item: Item, *, patient: Patient, on: dt.date, unsuited: Collection[int], bound: CourseLimits
) -> str:
    """Whether a Vaidya may order this; `unsuited` are therapies that the examination advises against."""
    therapy = item.variant.therapy
    if not therapy.is_active:
        return _("This therapy is no longer offered.")
    if therapy.needs == Needs.NOTHING:
        return _("This treatment does not need a prescription.")
    if not therapy.is_given_here:
        return _("This is done at home. Please add it to the advice for home.")
    if therapy.pk in unsuited:
        return _("According to the examination, this treatment is not suitable for the patient.")
    for code, reason in item.lifted_limits.items():
        if why_not := why_not_lift_limit(code, reason, item.variant, bound.liftable):
            return why_not
    written = item.lifted_limits.get(AGE_LIMIT, "")
    why_not_at_age = visit_rules.why_not_at_age(item.variant, patient, on=on, youngest=bound.youngest, written=written)
    if why_not_at_age and not item.variant.has_absolute_ages:
        why_not_at_age += " " + _("A written reason lifts this limit.")
    return why_not_at_age or _why_not_so_many(item, bound)


def _why_not_so_many(item: Item, bound: CourseLimits) -> str:
    if not 1 <= item.sessions <= MOST:
        return _("Enter 1 to 60 sessions.")
    if not 1 <= item.days_between <= MOST:
        return _("Enter 1 to 60 days.")
    if not 1 <= item.first_day <= MOST:
        return _("Enter day 1 to 60.")
    if item.schedule:
        is_known = (
            item.schedule in course_of(item.variant.therapy).get("schedules", []) and item.schedule in bound.totals
        )
        if not is_known:
            return _("This therapy does not have this schedule.")
        if item.sessions != bound.totals[item.schedule]:
            return _("This schedule has %(total)s sessions.") % {"total": bound.totals[item.schedule]}
    return _why_not_beyond(item, bound)


def _why_not_beyond(item: Item, bound: CourseLimits) -> str:
    lacking = lacking_reasons(item, bound)
    if not lacking:
        return ""
    if not lacking[0].may_be_lifted:
        return (
            lacking[0].words
            + " "
            + _("This limit cannot be overridden. Please prescribe fewer sessions, or more days between them.")
        )
    return lacking[0].words + " " + _("Please give a reason for this limit, or prescribe fewer sessions.")


def why_not_items(items: Sequence[Item]) -> str:
    """Whether this many, each only once."""
    if not 1 <= len(items) <= ITEMS:
        return _("A prescription has between 1 and %(most)s therapies.") % {"most": ITEMS}
    if len({item.variant.pk for item in items}) < len(items):
        return _("Each therapy can appear only once in a prescription.")
    return ""


def why_not_until(valid_until: dt.date, *, today: dt.date, last: dt.date) -> str:
    """Whether a prescription may hold until that day: not in the past, nor after the examination's own last day."""
    if valid_until < today:
        return _("The last day must not be in the past.")
    if valid_until > last:
        return _("The examination is valid until %(date)s.") % {"date": date_format(last, "j F Y")}
    return ""


def usual_review(items: Sequence[Item], *, on: dt.date, valid_until: dt.date) -> dt.date | None:
    """When the Vaidya should look again: after so many days of massage, or so many sessions of a course."""
    rules = {rule.code: rule.data for rule in Rule.objects.filter(code__in=["fr_review_course", "fr_review_massage"])}
    massage, course = rules.get("fr_review_massage", {}), rules.get("fr_review_course", {})
    due = []
    for item in items:
        if therapy_names(item.variant.therapy) & set(massage.get("applies_to", ())) and "review_after_days" in massage:
            due.append(on + dt.timedelta(days=int(massage["review_after_days"])))
        elif "review_after_sessions" in course:
            sessions = min(item.sessions, int(course["review_after_sessions"]))
            due.append(on + dt.timedelta(days=sessions * item.days_between))
    return min([*due, valid_until]) if due else None
