"""A whole timetable is booked in one transaction, or nothing of it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.actions import history, idempotency
from bookings.actions.locks import lock, watching_ids
from bookings.actions.occupancy import BookingChannel, Placement, take_chosen
from bookings.actions.occupancy_rows import crew_of
from bookings.actions.transaction import action
from bookings.actions.visits import new_bookings, new_visit
from bookings.errors import JustTaken, PolicyRefused, refuse_if
from bookings.facts.patient import PatientFacts, patient_facts_of
from bookings.facts.prices import prices_at
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Booking, History, Occupancy, ScreeningState, Status, Visit
from bookings.rules.deaths import why_not_for
from bookings.rules.session_verdicts import VisitVerdict, visit_verdict
from bookings.slots.assignment import Assignment
from bookings.slots.care_plan import CourseVisit
from bookings.slots.course_plan import Course, PlannedSession
from bookings.slots.course_search import ClinicDiary
from clinic.people.models import Patient, User

Taken = list[list[Assignment]]


class CourseChanged(PolicyRefused):
    """The prescription is no longer what the timetable was made from."""

    def __init__(self) -> None:
        super().__init__(_("The prescription has changed since these times were proposed. Please look at it again."))


@action
def book_course(
    *, visits: Sequence[CourseVisit], patient: Patient, by: User, now: dt.datetime, key: uuid.UUID
) -> list[Visit]:
    """Book these visits of a signed prescription for this patient at the desk, by the people and rooms that they name.

    Only those, and the patient, are locked; everything is asked once more under the locks. Raises JustTaken with the
    date that no longer fits, CourseChanged, PolicyRefused, IdempotencyKeyReused and Busy; then nothing is booked.
    """
    refuse_if(why_not_for(patient, desk=True) or ("" if visits else _("Nothing is left to be booked.")))
    made = [new_visit(visit.slot_request, visit.start, now) for visit in visits]
    content = (patient.pk, [(visit.start, [item.pk for item in visit.slot_request.items if item]) for visit in visits])
    owner = f"user:{by.pk}"
    answer = made[0].public_id
    before = idempotency.answered(key=key, owner=owner, verb="book_course", content=content, answer=answer, now=now)
    if before is not None:
        return [before]
    clinic = visits[0].slot_request.clinic
    only = frozenset[int]().union(*(visit.resources for visit in visits)) | watching_ids(clinic)
    lock(resources=only, patients=[patient.pk])
    facts = _facts(visits, patient, now=now)
    diary = _diary(visits, facts, only, now=now)
    taken = _assignments(visits, diary)
    bookings = _write_bookings(made, visits, _verdicts(visits, facts), patient)
    placements = [
        Placement(diary.wish(number), visit.start, bookings[number], BookingChannel.DESK, visit.resources)
        for number, visit in enumerate(visits)
    ]
    zone = clinic.zone
    spaces = [diary.space(number, visit.start.astimezone(zone).date()) for number, visit in enumerate(visits)]
    rows = take_chosen([*zip(spaces, placements, taken, strict=True)], now=now)
    patient.clinics.add(clinic)
    _write_history(made, bookings, rows, by=by, now=now)
    _plan_messages(made, bookings, by=by, now=now)
    return made


def booked_before(*, patient: Patient, key: uuid.UUID, by: User) -> int:
    """How many visits of this patient the same press has booked already; 0 where it is new."""
    first = idempotency.made_before(key=key, owner=f"user:{by.pk}", verb="book_course")
    if first is None:
        return 0
    return History.objects.filter(visit__patient=patient, verb="book", detail__course=str(first)).count()


def _facts(visits: Sequence[CourseVisit], patient: Patient, *, now: dt.datetime) -> PatientFacts:
    """What is known of the patient, with the orders that the timetable fulfils and no others."""
    facts = patient_facts_of(patient, now=now)
    wanted = {item.pk for visit in visits for item in visit.slot_request.items if item}
    orders = tuple(order for order in facts.ordered if order.item.pk in wanted)
    if len(orders) < len(wanted):
        raise CourseChanged
    return replace(facts, ordered=orders)


def _diary(
    visits: Sequence[CourseVisit], facts: PatientFacts, only: frozenset[int], *, now: dt.datetime
) -> ClinicDiary:
    """The clinic's diary on the dates of the timetable, read under the locks, in which nobody else may serve."""
    dates = [visit.start.astimezone(visit.slot_request.clinic.zone).date() for visit in visits]
    course = Course(len(visits), dates[0], days=tuple((date - dates[0]).days for date in dates))
    requests = [visit.slot_request for visit in visits]
    return ClinicDiary(requests, course, now, desk=True, orders=facts.ordered, only=only)


def _assignments(visits: Sequence[CourseVisit], diary: ClinicDiary) -> list[Taken]:
    """Who serves each visit; raises for the first that no longer fits."""
    planned: list[PlannedSession] = []
    every: list[Taken] = []
    for number, visit in enumerate(visits):
        start = visit.start.astimezone(visit.slot_request.clinic.zone)
        if why_not := diary.why_not(number, start, planned):
            raise PolicyRefused(_on(start, why_not))
        taken = (
            diary.assignments(number, start, visit.resources) if start in diary.starts(number, start.date()) else None
        )
        if taken is None:
            raise JustTaken(_on(start, _("this time is no longer free.")))
        planned.append(PlannedSession(number, start, visit.resources))
        every.append(taken)
    return every


def _on(start: dt.datetime, why: str) -> str:
    return _("%(date)s: %(reason)s") % {"date": date_format(start.date(), "l j F"), "reason": why}


def _verdicts(visits: Sequence[CourseVisit], facts: PatientFacts) -> list[VisitVerdict]:
    """What the rules say of each visit when those before it are booked; raises where one refuses it."""
    verdicts = []
    for visit in visits:
        zone = visit.slot_request.clinic.zone
        on = visit.start.astimezone(zone).date()
        verdict = visit_verdict(visit.slot_request.variants, facts, on=on, zone=zone)
        if verdict.why_not:
            raise PolicyRefused(_on(visit.start.astimezone(zone), verdict.why_not))
        verdicts.append(verdict)
        of = {item.pk for item in visit.slot_request.items if item}
        orders = tuple(order.with_session(on) if order.item.pk in of else order for order in facts.ordered)
        facts = replace(facts, ordered=orders)
    return verdicts


def _write_bookings(
    made: Sequence[Visit], visits: Sequence[CourseVisit], verdicts: Sequence[VisitVerdict], patient: Patient
) -> list[list[Booking]]:
    for visit in made:
        visit.patient = patient
    Visit.objects.bulk_create(made)
    prices = prices_at(made[0].clinic_id)
    every = []
    for visit, chosen, verdict in zip(made, visits, verdicts, strict=True):
        bookings = new_bookings(visit, chosen.slot_request, chosen.start, Status.BOOKED)
        for booking, session in zip(bookings, verdict.sessions, strict=True):
            booking.plan = booking.plan | {"price": prices.get(booking.variant.therapy_id, "")}
            booking.screening = session.health.screening
        every.append(bookings)
    Booking.objects.bulk_create([booking for bookings in every for booking in bookings])
    return every


def _write_history(
    made: Sequence[Visit],
    bookings: Sequence[Sequence[Booking]],
    rows: Sequence[Occupancy],
    *,
    by: User,
    now: dt.datetime,
) -> None:
    for visit, own in zip(made, bookings, strict=True):
        ids = {booking.pk for booking in own}
        served = crew_of(row for row in rows if row.booking_id in ids)
        detail: dict[str, Any] = {
            "patient": visit.patient_id,
            "desk": True,
            "course": str(made[0].public_id),
            "served": served,
        }
        history.write(visit, "book", by=by, now=now, became=Status.BOOKED, **detail)


def _plan_messages(made: Sequence[Visit], bookings: Sequence[Sequence[Booking]], *, by: User, now: dt.datetime) -> None:
    """One confirmation, that of the first visit, names all dates; questions are asked once."""
    for visit in made:
        event = VisitEvent.BOOKED if visit is made[0] else VisitEvent.BOOKED_TOGETHER
        plan_messages(visit=visit, event=event, by=by, now=now)
    if any(booking.screening == ScreeningState.DUE for each in bookings for booking in each):
        plan_messages(visit=made[0], event=VisitEvent.QUESTIONS_DUE, by=by, now=now)
