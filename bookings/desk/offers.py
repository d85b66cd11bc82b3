"""What the desk may choose from, and the free times that follow from a choice."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from bookings.errors import ActionRefused, JustTaken
from bookings.facts.patient import PatientFacts, patient_facts_of
from bookings.models import Visit
from bookings.slots import bookable_orders
from bookings.slots.bookable_orders import BookableOrder
from bookings.slots.search import Day, nearest, starts
from bookings.slots.search_space import SlotRequest
from clinic.clock import clock_words, date_format
from clinic.grid import CELL
from clinic.people.models import Patient
from clinic.premises.models import Clinic, Resource, Room
from therapies.models import BookingMode, Practitioner, Step, TherapyKind, Variant, WorkingHours

DAYS = 7
LOOK_AHEAD = dt.timedelta(days=60)
"""How far behind a week without a time the next one is looked for."""


# --- choices ----------------------------------------------------------------------------------------------------------


def no_variants() -> QuerySet[Variant]:
    return Variant.objects.none()


def no_people() -> QuerySet[Practitioner]:
    return Practitioner.objects.none()


def no_rooms() -> QuerySet[Room]:
    return Room.objects.none()


def no_resources() -> QuerySet[Resource]:
    return Resource.objects.none()


def variants() -> QuerySet[Variant]:
    """Everything that takes time at a clinic, in the clinic's order."""
    steps = Prefetch("steps", Step.objects.prefetch_related("crews"))
    timed = Variant.objects.filter(therapy__is_active=True, steps__isnull=False).distinct()
    timed = timed.exclude(therapy__booking_mode=BookingMode.NONE).select_related("therapy").prefetch_related(steps)
    return timed.order_by("therapy__position", "therapy__code", "-is_default", "code")


def variant_label(variant: Variant) -> str:
    """Basti – niruha; the usual variant by the therapy's name alone."""
    name = str(variant.therapy)
    return name if variant.is_default or str(variant) == name else f"{name} – {variant}"


def people(clinic: Clinic, on: dt.date) -> QuerySet[Practitioner]:
    """Everybody who has hours at this clinic now or later."""
    current = Q(valid_until=None) | Q(valid_until__gt=on)
    working = WorkingHours.objects.filter(current, clinic=clinic)
    serving = Practitioner.objects.in_service(on, clinic)
    return serving.filter(pk__in=working.values("practitioner")).order_by("name")


def rooms(clinic: Clinic) -> QuerySet[Room]:
    return clinic.rooms.filter(is_active=True).order_by("name")


def resources(clinic: Clinic, on: dt.date) -> QuerySet[Resource]:
    """Its people, rooms and equipment."""
    here = Q(room__clinic=clinic) | Q(equipment__clinic=clinic) | Q(pk__in=people(clinic, on).values("pk"))
    return Resource.objects.filter(here, is_active=True).order_by("name")


@dataclass(frozen=True)
class Known:
    """What is known of a patient where a visit is booked: all that is prescribed, and who served last (by number)."""

    patient_facts: PatientFacts
    prescribed: tuple[BookableOrder, ...]
    last: frozenset[int]

    @property
    def open(self) -> list[BookableOrder]:
        """What can be booked now."""
        return [row for row in self.prescribed if not row.why_not]

    @property
    def closed(self) -> list[BookableOrder]:
        """What is prescribed and cannot be booked, with the reason."""
        return [row for row in self.prescribed if row.why_not]

    def person_label(self, person: Practitioner) -> str:
        return _("%(name)s (as last time)") % {"name": person.name} if person.pk in self.last else person.name


def known_of(patient: Patient, now: dt.datetime) -> Known:
    """Read once for a page."""
    patient_facts = patient_facts_of(patient, now=now)
    rows = bookable_orders.orders_to_book(patient_facts, desk=True)
    last = bookable_orders.served_last(row.number for row in rows) if rows else {}
    return Known(patient_facts, tuple(rows), frozenset(last.values()))


def prescribed_label(row: BookableOrder) -> str:
    """Kati Basti: 3 of 7 booked, 45 minutes, until 31 May."""
    rows = {
        "name": row.variant,
        "booked": row.booked,
        "sessions": row.sessions,
        "minutes": row.minutes,
        "day": date_format(row.valid_until, "j F"),
    }
    return _("%(name)s: %(booked)s of %(sessions)s booked, %(minutes)s minutes, until %(day)s") % rows


def consultation() -> Variant | None:
    """What somebody books for whom nothing is prescribed."""
    return variants().filter(therapy__kind=TherapyKind.CONSULTATION, is_default=True).first()


# --- times ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OfferedWeek:
    """Free times as components/days.html takes them, and where the weeks before and after begin.

    `next_free` is said only when none of the days has a time.
    """

    days: tuple[dict[str, Any], ...]
    earlier: dt.date | None
    later: dt.date
    next_free: dt.date | None = None


@dataclass(frozen=True)
class Offer:
    """A week of times for a wish; or `why` it is refused; or `ask`: whom the patient accepts must be known first.

    `consultation` is what can be booked in the place of something refused.
    """

    variant: Variant
    why: str = ""
    ask: bool = False
    week: OfferedWeek | None = None
    consultation: Variant | None = None


def offered_week(
    slot_request: SlotRequest,
    *,
    first: dt.date,
    now: dt.datetime,
    ignoring: int | None = None,
    patient_facts: PatientFacts | None = None,
) -> OfferedWeek:
    """Seven days from `first`, but not before today; `ignoring` as in `slots.search.starts`.

    With a `patient_facts` the days that the patient's orders do not cover are closed.
    """
    today = slot_request.clinic.today(now)
    first = max(first, today)
    later = first + dt.timedelta(days=DAYS)

    def free(begin: dt.date, end: dt.date) -> list[Day]:
        days = starts(slot_request, first=begin, last=end, now=now, desk=True, ignoring=ignoring)
        return bookable_orders.within_orders(days, slot_request, patient_facts) if patient_facts else days

    days = free(first, later - dt.timedelta(days=1))
    ahead = [] if any(day.starts for day in days) else free(later, later + LOOK_AHEAD)
    return OfferedWeek(
        days=tuple(_row(day, slot_request.clinic, now) for day in days),
        earlier=max(first - dt.timedelta(days=DAYS), today) if first > today else None,
        later=later,
        next_free=next((day.on for day in ahead if day.starts), None),
    )


def offer(slot_request: SlotRequest, patient_facts: PatientFacts, *, first: dt.date, now: dt.datetime) -> Offer:
    """What can be booked from `first` on; the policies that the action asks are asked here too."""
    variant = slot_request.variants[0]
    if asks_whom(slot_request.variants) and not patient_facts.patient.accepts_therapist:
        return Offer(variant, ask=True)
    on = max(first, slot_request.clinic.today(now))
    why = bookable_orders.verdict_on(slot_request, patient_facts, on=on).why_never
    if why:
        return Offer(variant, why, consultation=consultation())
    return Offer(variant, week=offered_week(slot_request, first=first, now=now, patient_facts=patient_facts))


def patient_facts_of_orders(visit: Visit, now: dt.datetime) -> PatientFacts | None:
    """What is known of the patient while the visit is moved; None where it fulfils no order."""
    if visit.patient is None or not any(booking.item_id for booking in visit.bookings.all()):
        return None
    return patient_facts_of(visit.patient, now=now, ignoring=visit.pk)


def asks_whom(variants: Iterable[Variant]) -> bool:
    """Whether one of these asks whom the patient accepts."""
    return any(variant.therapy.same_gender for variant in variants)


def refusal_in_words(
    refusal: ActionRefused,
    slot_request: SlotRequest,
    start: dt.datetime,
    now: dt.datetime,
    patient_facts: PatientFacts | None = None,
) -> str:
    """Why not.

    And for somebody who came too late the nearest free times, with a `patient_facts` on covered days only.
    """
    if not isinstance(refusal, JustTaken):
        return refusal.reason
    if patient_facts:
        nearest_starts = bookable_orders.nearest_covered(slot_request, patient_facts, to=start, now=now, desk=True)
    else:
        nearest_starts = nearest(slot_request, to=start, now=now, desk=True)
    times = ", ".join(
        date_format(moment.astimezone(slot_request.clinic.zone), "D j M H:i") for moment in nearest_starts
    )
    return f"{refusal.reason} " + _("Nearest available times: %(times)s.") % {"times": times or _("none")}


def wished(visit: Visit) -> dict[str, Any]:
    """What this visit was wished as, for the address where its time is chosen again."""
    bookings = sorted(visit.bookings.all(), key=lambda booking: booking.position)
    first, items = bookings[0], [booking.item_id for booking in bookings if booking.item_id]
    on = first.starts_at.astimezone(visit.zone).date()
    return {
        "item": items,
        "what": "" if items else first.variant_id,
        "who": first.wanted_practitioner_id,
        "from_on": on.isoformat(),
    }


def _row(day: Day, clinic: Clinic, now: dt.datetime) -> dict[str, Any]:
    """As components/days.html takes it."""
    today = clinic.today(now)
    near = {today: _("Today"), today + dt.timedelta(days=1): _("Tomorrow")}
    return {
        "label": date_format(day.on, "l j F"),
        "short": near.get(day.on, ""),
        "times": [_button(start, clinic, now) for start in day.starts],
        "why_empty": day.why,
    }


def _button(start: dt.datetime, clinic: Clinic, now: dt.datetime) -> dict[str, str]:
    local = start.astimezone(clinic.zone)
    clock = clock_words(local)
    return {
        "value": start.astimezone(dt.UTC).isoformat(),
        "label": clock,
        "full_label": f"{clock}, {date_format(local, 'l j F Y')}",
        "note": _("now") if start - now < CELL else "",
    }
