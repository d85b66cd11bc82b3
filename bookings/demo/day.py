"""The demo's own day, as people at the clinic would have lived it: booked before, pressed hour by hour until now."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bookings.actions.confirmation import book
from bookings.actions.holds import hold
from bookings.demo import acts
from bookings.demo.day_plan import WISHES, PlannedVisit, Wish, day_plan, staged
from bookings.demo.findings import FINDINGS_OF_TODAYS
from bookings.demo.hours import demo_day
from bookings.demo.orders import variant_of
from bookings.demo.visits import examined
from bookings.facts.patient import patient_facts_of
from bookings.models import Booking
from bookings.slots.bookable_orders import nearest_covered, slot_request_for
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from clinic.wall import edge
from therapies.models import Practitioner

DAYS_BEFORE = 5
"""The sessions of a course are booked so many days before, other visits one to four."""
EARLIER_AT = 9 * 60
"""When the sessions of the days before began, in minutes after midnight: on Sundays too the clinic is open then."""


@dataclass(frozen=True)
class DemoDiary:
    """Whose day it is: the clinic, its patients by their keys, and who books."""

    clinic: Clinic
    patients: Mapping[str, Patient]
    desk: User
    now: dt.datetime


def live(diary: DemoDiary, wishes: Sequence[Wish] = WISHES) -> list[tuple[PlannedVisit, Booking]]:
    """The visits of the day, each as far as it is by now, after examinations and sessions on the days before."""
    guests = {wish.guest for wish in wishes}
    for finding in FINDINGS_OF_TODAYS:
        if finding.guest in guests:
            examined(finding, diary.patients[finding.guest], diary.clinic, diary.desk, diary.now)
    for wish in wishes:
        _give_earlier(diary, wish)
    day = demo_day(diary.now, diary.clinic.zone)
    rows = [
        (planned, _booked(diary, planned.wish, planned.start, 1 + number % 4))
        for number, planned in enumerate(day_plan(day, diary.now, wishes))
    ]
    visits = _as_booked(rows, diary.now)
    acts.press(visits, diary.desk, diary.now)
    return visits


def _give_earlier(diary: DemoDiary, wish: Wish) -> None:
    """The sessions of a course that were given on the days before, with the pain before and after each."""
    today = diary.clinic.today(diary.now)
    for number in range(wish.earlier):
        on = today - dt.timedelta(days=wish.earlier - number)
        start = edge(on, EARLIER_AT, diary.clinic.zone)
        booking = _booked(diary, wish, start, DAYS_BEFORE)
        planned = PlannedVisit(wish, booking.starts_at, booking.ends_at, wish.ends_as, session=number)
        acts.press([(planned, booking)], diary.desk, diary.now)


def _booked(diary: DemoDiary, wish: Wish, start: dt.datetime, days_before: int) -> Booking:
    """The visit at this start, or at the one nearest to it where people and room are free."""
    patient, booked_at = diary.patients[wish.guest], diary.now - dt.timedelta(days=days_before)
    patient_facts = patient_facts_of(patient, now=booked_at)
    wanted = Practitioner.objects.filter(name=wish.with_whom).values_list("pk", flat=True).first()
    slot_request = slot_request_for(diary.clinic, [variant_of(wish.therapy)], patient_facts, practitioner_id=wanted)
    (free,) = nearest_covered(slot_request, patient_facts, to=start, now=booked_at, count=1, desk=True)
    return _taken(slot_request, patient, free, diary.desk, booked_at)


def _taken(slot_request: SlotRequest, patient: Patient, start: dt.datetime, desk: User, now: dt.datetime) -> Booking:
    key = uuid.uuid4()
    visit = hold(slot_request=slot_request, start=start, holder=f"demo-{key}", by=desk, now=now, key=key, desk=True)
    book(visit=visit, patient=patient, holder=visit.holder, by=desk, now=now, key=key, desk=True)
    return Booking.objects.select_related("visit__patient", "visit__clinic", "variant__therapy").get(visit=visit)


def _as_booked(rows: Sequence[tuple[PlannedVisit, Booking]], now: dt.datetime) -> list[tuple[PlannedVisit, Booking]]:
    """The plan with the times that were free."""
    real = [replace(planned, start=booking.starts_at, ends=booking.ends_at) for planned, booking in rows]
    order = sorted(range(len(rows)), key=lambda number: real[number].start)
    plan = staged([real[number] for number in order], now)
    return [(planned, rows[number][1]) for number, planned in zip(order, plan, strict=True)]
