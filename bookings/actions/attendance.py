"""The day itself: arriving, beginning, ending, not coming; and taking a slip of the hand back."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import F, Q

from bookings.actions import history
from bookings.actions.conditional_writes import set_status
from bookings.actions.lengths import follow_start
from bookings.actions.occupancy import occupy
from bookings.actions.occupancy_rows import crew_rows, kept_rows
from bookings.actions.pauses import settle_pain
from bookings.actions.restored_time import resources_given_back, retake
from bookings.actions.transaction import action
from bookings.actions.visits import lock_and_read, lock_booking, raise_ics_sequence
from bookings.errors import StaleVersion, refuse_if
from bookings.facts.consultations import lacks_note
from bookings.facts.first_acts import who_was_first
from bookings.facts.measurements import vitals_of
from bookings.facts.patient import PatientFacts, patient_facts_of
from bookings.facts.real_minutes import in_the_way, shift_of
from bookings.facts.sessions import accounts_serving, note_of
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages, settle_on_arrival
from bookings.models import Booking, CancelledBy, Status, Visit
from bookings.rules import visits as visit_rules
from bookings.rules.measurements import why_not_begin_with
from bookings.rules.session_use import why_not_begin_using
from bookings.rules.session_verdicts import health_verdict
from bookings.rules.starts import why_not_begin_now, why_not_give, why_not_undo_by
from clinic.people.models import User
from therapies.models import Needs


@action
def check_in(*, visit: Visit, by: User, now: dt.datetime) -> Visit:
    """The patient is here."""
    bookings = _ready(visit, lambda booking: visit_rules.why_not_check_in(booking, now=now), Status.CHECKED_IN)
    patient_facts = _facts_of(bookings, now=now)
    for booking in bookings:
        booking.arrived_at = now
        if patient_facts:
            on = now.astimezone(visit.zone).date()
            booking.screening = health_verdict(booking.variant, patient_facts, on=on, zone=visit.zone).screening
    set_status(bookings, Status.CHECKED_IN, "arrived_at", "screening")
    history.write(visit, "check_in", by=by, now=now, was=Status.BOOKED, became=Status.CHECKED_IN)
    settle_on_arrival(visit=visit)
    return visit


@action
def start(*, booking: Booking, by: User, now: dt.datetime, despite: bool = False) -> Visit:
    """The treatment begins, when nothing speaks against it now. What it takes follows the real start, where free.

    Begun earlier or later than planned, it must not run into a session that goes on; `despite`: whoever begins it knows
    which planned ones it runs into. Raises PolicyRefused.
    """
    bookings = lock_and_read(booking.visit)
    row = next(each for each in bookings if each.pk == booking.pk)
    patient_facts = _facts_of([row], now=now)
    if patient_facts:  # as it is now: the meal of this morning is further away than when they came
        on = now.astimezone(row.visit.zone).date()
        verdict = health_verdict(row.variant, patient_facts, on=on, zone=row.visit.zone)
        refuse_if(verdict.why_unreadable)
        row.screening = verdict.screening
    refuse_if(_why_not_give(row, by=by, now=now))
    if reason := visit_rules.why_not_start(row):
        refuse_if(who_was_first(row, Status.IN_PROGRESS) or reason)
    hits = in_the_way(row, now=now)
    refuse_if(why_not_begin_now(hits, despite=despite))
    if patient_facts:
        refuse_if(visit_rules.why_not_begin(row, patient_facts))
        refuse_if(why_not_begin_with(vitals_of(row), row.variant.therapy))
        refuse_if(why_not_begin_using(row, note_of(row)))
    minutes = 0 if hits else follow_start(row, bookings, shift_of(row.starts_at, now), now=now)
    row.started_at = now
    set_status([row], Status.IN_PROGRESS, "started_at", "screening", *RETIMED)
    detail = ({"runs_into": len(hits)} if hits else {}) | ({"shifted_by": minutes} if minutes else {})
    was, became = Status.CHECKED_IN, Status.IN_PROGRESS
    history.write(row.visit, "start", by=by, now=now, was=was, became=became, booking=row, **detail)
    return row.visit


@action
def complete(*, booking: Booking, by: User, now: dt.datetime) -> Visit:
    """The treatment is over."""
    row = lock_booking(booking)
    refuse_if(_why_not_give(row, by=by, now=now))
    if reason := visit_rules.why_not_complete(row):
        refuse_if(who_was_first(row, Status.COMPLETED) or reason)
    row.ended_at, row.note_due = now, lacks_note(row)
    set_status([row], Status.COMPLETED, "ended_at", "note_due")
    settle_pain(row, by=by, now=now)
    history.write(row.visit, "complete", by=by, now=now, was=Status.IN_PROGRESS, became=Status.COMPLETED, booking=row)
    plan_messages(visit=row.visit, event=VisitEvent.COMPLETED, by=by, now=now)
    return row.visit


@action
def mark_no_show(*, visit: Visit, by: User, now: dt.datetime) -> Visit:
    """The patient did not come: only ever said by a person. The time is free again."""
    bookings = _ready(visit, lambda booking: visit_rules.why_not_no_show(booking, now=now), Status.NO_SHOW)
    detail: dict[str, Any] = {"was_served": crew_rows(bookings), "was_taken": kept_rows(bookings)}
    occupy([], bookings, now=now)
    for booking in bookings:
        booking.closed_at = now
    set_status(bookings, Status.NO_SHOW, "closed_at")
    history.write(visit, "no_show", by=by, now=now, was=Status.BOOKED, became=Status.NO_SHOW, **detail)
    plan_messages(visit=visit, event=VisitEvent.NO_SHOW, by=by, now=now)
    return visit


@action
def undo(*, visit: Visit, by: User, now: dt.datetime, shown: str = "") -> Visit:
    """The last act of the day is taken back: check-in, start, completing, no-show or cancelling.

    A visit that gave its time back needs it to be free still; else the refusal says who holds it. `shown` is the status
    that the page offered to take back: Stale where another one would be. Raises PolicyRefused.
    """
    bookings = lock_and_read(visit, candidates=True, also=resources_given_back(visit))
    last = visit_rules.last_to_undo(bookings, now=now)
    refuse_if(visit_rules.why_not_undo(last, now=now))
    was, acted_at = last.status, last.acted_at
    if shown and shown != was:
        raise StaleVersion
    refuse_if(why_not_undo_by(last, crew=accounts_serving(last), by=by.pk, roles=_roles(last, by, now)))
    going = [booking for booking in bookings if booking.status == was and booking.acted_at == acted_at]
    if last.paper:
        return _withdraw_paper(visit, going, by=by, now=now)
    if was in NO_TIME:
        retake(visit, going, now=now)
    if was == Status.IN_PROGRESS:
        follow_start(last, bookings, -_shifted_by(last), now=now)
    became = _before(visit, last)
    for booking in going:
        _as_before(booking, became)
    set_status(going, became, *TAKEN_BACK, *RETIMED)
    if was == Status.CANCELLED:
        raise_ics_sequence(visit, visit.arrives_at)
    history.write(visit, "undo", by=by, now=now, was=was, became=became)
    if was in AFTER_UNDO:
        plan_messages(visit=visit, event=AFTER_UNDO[Status(was)], by=by, now=now)
    return visit


WRITTEN_BY_MISTAKE = "entered_by_mistake"


def _withdraw_paper(visit: Visit, bookings: Sequence[Booking], *, by: User, now: dt.datetime) -> Visit:
    """A visit that was written down from paper, and was not: it is called off, and a Vaidya has nothing to review."""
    for booking in bookings:
        refuse_if(visit_rules.why_not_withdraw_paper(booking, has_note=note_of(booking) is not None))
    detail: dict[str, Any] = {"was_served": crew_rows(bookings), "reason": WRITTEN_BY_MISTAKE}
    occupy([], bookings, now=now)
    for booking in bookings:
        booking.ended_by, booking.reason = CancelledBy.CLINIC, WRITTEN_BY_MISTAKE
        booking.closed_at, booking.gaps = now, []
    set_status(bookings, Status.CANCELLED, "ended_by", "reason", "closed_at", "gaps")
    history.write(visit, "undo", by=by, now=now, was=Status.COMPLETED, became=Status.CANCELLED, **detail)
    return visit


NO_TIME = frozenset({Status.NO_SHOW, Status.CANCELLED})
"""After these the time was free for others."""
AFTER_UNDO = {
    Status.NO_SHOW: VisitEvent.RESTORED,
    Status.CANCELLED: VisitEvent.REINSTATED,
    Status.COMPLETED: VisitEvent.UNDONE,
}
USUALLY_BEFORE: dict[str, Status] = {
    Status.CHECKED_IN: Status.BOOKED,
    Status.IN_PROGRESS: Status.CHECKED_IN,
    Status.COMPLETED: Status.IN_PROGRESS,
    Status.NO_SHOW: Status.BOOKED,
    Status.CANCELLED: Status.BOOKED,
}
RETIMED = ("starts_at", "ends_at", "plan")
TAKEN_BACK = ("arrived_at", "started_at", "ended_at", "closed_at", "ended_by", "reason", "note_due")


def _before(visit: Visit, booking: Booking) -> str:
    """What it was before it became what it is, by the history."""
    acts = visit.history.filter(became=booking.status).exclude(was=F("became")).exclude(verb__in=["undo", "undo_stop"])
    act = acts.filter(Q(booking=None) | Q(booking=booking)).last()
    return act.was if act else USUALLY_BEFORE[booking.status]


def _shifted_by(booking: Booking) -> dt.timedelta:
    """By how much the start that is taken back had put it elsewhere."""
    act = booking.history.filter(verb="start").last()
    return dt.timedelta(minutes=act.detail.get("shifted_by", 0) if act else 0)


def _as_before(booking: Booking, became: str) -> None:
    """The moments of what had not happened yet go with it."""
    if became not in (Status.CHECKED_IN, Status.IN_PROGRESS):
        booking.arrived_at = None
    if became != Status.IN_PROGRESS:
        booking.started_at = None
    booking.ended_at = booking.closed_at = None
    booking.ended_by = booking.reason = ""
    booking.note_due = False


def _ready(visit: Visit, why_not: Callable[[Booking], str], becomes: Status) -> list[Booking]:
    """The visit's bookings under their locks, when the policy lets all of them; else who was first, or why not."""
    bookings = lock_and_read(visit)
    for booking in bookings:
        if reason := why_not(booking):
            refuse_if(who_was_first(booking, becomes) or reason)
    return bookings


def _why_not_give(booking: Booking, *, by: User, now: dt.datetime) -> str:
    """Whether this account begins and completes this booking."""
    return why_not_give(booking, crew=accounts_serving(booking), by=by.pk, roles=_roles(booking, by, now))


def _roles(booking: Booking, by: User, now: dt.datetime) -> set[str]:
    """What this account is at the clinic of the booking now."""
    return set(by.memberships.holding_at(now).filter(clinic=booking.visit.clinic_id).values_list("role", flat=True))


def _facts_of(bookings: Sequence[Booking], *, now: dt.datetime) -> PatientFacts | None:
    """What is known of the patient, read under the locks; None where no therapy asks for it."""
    patient = bookings[0].visit.patient
    needed = any(booking.variant.therapy.needs != Needs.NOTHING for booking in bookings)
    return patient_facts_of(patient, now=now) if patient and needed else None
