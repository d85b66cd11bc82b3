"""What the catalogue's rules say about a visit of a patient, beside everything they had or will have."""

import datetime as dt
import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.facts.limit_rows import limit_rows
from bookings.facts.orders import (
    OrderProgress,
    with_days,
)
from bookings.models import PrescriptionItem
from clinic.grid import CELL
from therapies.models import Source, TherapyKind, Variant
from therapies.rota import Calendar
from therapies.rulebook import names_of, rule_or_block
from therapies.rules import BookingRule, Ruling, Session, Unreadable, judge_rules

A_DAY = dt.timedelta(hours=24)


@dataclass(frozen=True)
class PlannedTherapy:
    """A therapy of the visit as the rules see it, and how long after the visit's start it begins.

    `lifted`: codes of the rules that its order lifts in writing.
    """

    names: frozenset[str]
    steps: tuple[str, ...]
    offset: dt.timedelta
    lifted: frozenset[str]


@dataclass
class BookingLimits:
    """The rules that bind a visit of these parts, and the patient's other sessions, by the clinic's clock.

    Of most rules the date is all that matters, of the others a few hours of it: each is asked once, and its answer kept
    in `asked`. `orders` are those that the visit fulfils, with the days of their sessions.
    """

    rules: tuple[BookingRule, ...] = ()
    parts: tuple[PlannedTherapy, ...] = ()
    others: tuple[Session, ...] = ()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    orders: tuple[OrderProgress, ...] = ()
    asked: dict[object, list[Ruling]] = field(default_factory=dict, repr=False, compare=False)
    clocks: dict[dt.date, list[dt.timedelta]] = field(default_factory=dict, repr=False, compare=False)

    def why_not(self, start: dt.datetime) -> str:
        """ "" or why a visit that starts at that moment is against a hard rule, and when it is next possible."""
        ruling = self.refusal(start)
        return ruling.reason if ruling else ""

    def is_permitted(self, start: dt.datetime) -> bool:
        """Whether no hard rule forbids it: the same without words."""
        return not self._broken(start)

    def refusal(self, start: dt.datetime) -> Ruling | None:
        """The first hard rule that a start breaks, with the next possible date in its reason where there is one."""
        rulings = self._broken(start)
        if not rulings:
            return None
        following = self.next_possible(start)
        if following is None:
            return rulings[0]
        rows = {"reason": rulings[0].reason, "date": date_format(following, "l j F")}
        return replace(rulings[0], reason=_("%(reason)s: next possible %(date)s") % rows)

    def refusals(self, start: dt.datetime) -> list[Ruling]:
        """Every hard rule that a start breaks."""
        return judge_rules([rule for rule in self.rules if rule.is_hard], self.sessions(start), self.others)

    def notes(self, start: dt.datetime) -> list[Ruling]:
        """What the rules that close nothing have to say."""
        return judge_rules([rule for rule in self.rules if not rule.is_hard], self.sessions(start), self.others)

    def asking(self, start: dt.datetime) -> list[Ruling]:
        """Those of them that ask the desk for a reason: what nobody can read asks for nothing."""
        soft = [rule for rule in self.rules if not rule.is_hard and not isinstance(rule, Unreadable)]
        return judge_rules(soft, self.sessions(start), self.others) if soft else []

    def permitted(self, starts: Sequence[dt.datetime]) -> tuple[list[dt.datetime], Ruling | None]:
        """Of the starts of one date those that no hard rule forbids, and the refusal of the first where all are."""
        if not self.rules or not starts:
            return [*starts], None
        date = starts[0].astimezone(self.zone).date()
        if len(self._clocks(date)) == 1:  # what holds for one hour of it holds for all
            rows = [] if self._broken(starts[0]) else [*starts]
        else:
            rows = [start for start in starts if not self._broken(start)]
        return rows, None if rows else self.refusal(starts[0])

    def next_possible(self, start: dt.datetime) -> dt.date | None:
        """The first later date with an hour that no hard rule forbids; None where waiting alone will not help."""
        if not self.others:
            return None
        day = start.astimezone(self.zone).date()
        last = max(other.on for other in self.others)
        furthest = last + dt.timedelta(days=max(rule.reach for rule in self.rules) + 1)
        for number in range(1, (furthest - day).days + 1):
            date = day + dt.timedelta(days=number)
            if self._is_open(date):
                return date
        return None

    def sessions(self, start: dt.datetime) -> list[Session]:
        """The parts of a visit that starts at that moment."""
        made: list[Session] = []
        for part in self.parts:
            begin = (start + part.offset).astimezone(self.zone)
            made.append(Session(part.names, begin, part.steps, tuple(made), part.lifted))
        return made

    def beside(self, more: Iterable[Session]) -> "BookingLimits":
        """The same rules when these sessions are booked as well."""
        return BookingLimits(self.rules, self.parts, (*self.others, *more), self.zone, self.orders)

    def _broken(self, start: dt.datetime) -> list[Ruling]:
        """The hard rules that a start breaks, those that go by the date first."""
        if not self.rules:
            return []
        local = start.astimezone(self.zone)
        date, clock = local.date(), dt.timedelta(hours=local.hour, minutes=local.minute)
        return self._kept(date, self._by_date, start) + self._kept(
            (date, bisect_right(self._clocks(date), clock)), self._by_clock, start
        )

    def _kept(self, key: object, rules: Sequence[BookingRule], start: dt.datetime) -> list[Ruling]:
        if key not in self.asked:
            self.asked[key] = judge_rules(rules, self.sessions(start), self.others) if rules else []
        return self.asked[key]

    @cached_property
    def _by_date(self) -> list[BookingRule]:
        return [rule for rule in self.rules if rule.is_hard and not rule.to_the_minute]

    @cached_property
    def _by_clock(self) -> list[BookingRule]:
        return [rule for rule in self.rules if rule.is_hard and rule.to_the_minute]

    def _is_open(self, date: dt.date) -> bool:
        """Whether the rules leave some hour of a date."""
        midnight = dt.datetime.combine(date, dt.time(), tzinfo=self.zone)
        if self._kept(date, self._by_date, midnight):
            return False
        return any(not self._broken(midnight + clock) for clock in self._clocks(date))

    def _clocks(self, date: dt.date) -> list[dt.timedelta]:
        """The hours of a date at which a rule may change its mind: midnight, and about when another session begins.

        In between the answer stays the same.
        """
        if date not in self.clocks:
            reach = max((rule.reach for rule in self._by_clock), default=0) + 1
            near = [other.start for other in self._counted if abs((other.on - date).days) <= reach]
            begun = {dt.timedelta(hours=start.hour, minutes=start.minute) for start in near}
            offsets = {part.offset for part in self.parts}
            about = {clock - offset + n * CELL for clock in begun for offset in offsets for n in (-1, 0, 1)}
            last = A_DAY - max(offsets, default=A_DAY) - CELL
            self.clocks[date] = sorted({dt.timedelta()} | {clock for clock in about if dt.timedelta() < clock <= last})
        return self.clocks[date]

    @cached_property
    def _counted(self) -> list[Session]:
        """The sessions that a rule of hours looks at."""
        return [other for other in self.others if any(rule.binds(other.names) for rule in self._by_clock)]


def booking_limits(
    patient_id: int | None,
    parts: Sequence[tuple[Variant, dt.timedelta, frozenset[str]]],
    days: Calendar,
    now: dt.datetime,
    *,
    ignoring: Iterable[int] = (),
    overrides: frozenset[str] = frozenset(),
    items: Sequence[PrescriptionItem] = (),
) -> BookingLimits:
    """The rules that bind this patient for a visit of these parts; none without a patient, none for a consultation.

    Each part comes with its offset and the codes of the rules that its order lifts. `overrides` are codes of rules
    that do not hold at all, `ignoring` visits that do not count. Reads the steps of the variants. One query.
    """
    therapies = tuple(_part(*part) for part in parts if part[0].therapy.kind != TherapyKind.CONSULTATION)
    if patient_id is None or not therapies:
        return BookingLimits()
    facts = limit_rows(patient_id, days, now, ignoring, items)
    names = [part.names for part in therapies]
    language = get_language() or ""
    made = [_rule(language, **row | {"sources": tuple(row["sources"])}) for row in facts.rules]
    bound = tuple(
        rule for rule in made if rule and rule.code not in overrides and any(rule.binds(each) for each in names)
    )
    others = tuple(
        Session(
            names_of(row["therapy"], row["groups"], row["treatment"]),
            dt.datetime.fromtimestamp(row["epoch"], days.zone),
            lifted=frozenset(row["lifted"]),
            grade=row["grade"],
        )
        for row in facts.others
    )
    orders = tuple(with_days(items, facts.sessions, facts.schedules))
    return BookingLimits(bound, therapies, others, days.zone, orders)


def sources_of(found: Iterable[Ruling]) -> list[Source]:
    """The sources on which these rulings rest, by their titles."""
    return list(Source.objects.filter(code__in={code for ruling in found for code in ruling.sources}).order_by("title"))


@lru_cache(maxsize=2048)
def _rule(
    language: str,  # noqa: ARG001 - the sentence is in it
    *,
    code: str,
    kind: str,
    is_hard: bool,
    data: str,
    sources: tuple[str, ...],
) -> BookingRule | None:
    """The rule of exactly this content in the reader's language, made once a process: a changed row is another rule."""
    return rule_or_block(code, kind=kind, is_hard=is_hard, data=json.loads(data), sources=sources)


def _part(variant: Variant, offset: dt.timedelta, lifted: frozenset[str]) -> PlannedTherapy:
    therapy = variant.therapy
    present = sorted((step.offset, step.code) for step in variant.steps.all() if step.patient_present)
    names = names_of(therapy.code, therapy.groups, variant.treatment)
    return PlannedTherapy(names, tuple(code for _offset, code in present), offset, lifted)
