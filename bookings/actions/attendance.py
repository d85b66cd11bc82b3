"""The day itself: arriving, beginning, ending, not coming; and taking a slip of the hand back."""

import datetime as dt
from collections.abc import Callable, Sequence

from bookings.actions import history
from bookings.actions.conditional_writes import set_status
from bookings.actions.occupancy import BookingChannel, Placement, occupy
from bookings.actions.occupancy_rows import crew_rows
from bookings.actions.pauses import settle_pain
from bookings.actions.transaction import action
from bookings.actions.visits import arrival, lock_and_read, lock_booking, raise_ics_sequence
from bookings.errors import StaleVersion, refuse_if
from bookings.facts.measurements import vitals_of
from bookings.facts.patient import PatientFacts, patient_facts_of
from bookings.facts.real_minutes import in_the_way
from bookings.facts.sessions import accounts_serving, note_of
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Booking, Status, Visit
from bookings.rules import visits as visit_rules
from bookings.rules.measurements import why_not_begin_with
from bookings.rules.session_use import why_not_begin_using
from bookings.rules.session_verdicts import health_verdict
from bookings.rules.starts import why_not_begin_now, why_not_give
from bookings.slots.search_space import slot_request_of
from clinic.people.models import User
from therapies.models import Needs


@action
def check_in(*, visit: Visit, by: User, now: dt.datetime) -> Visit:
    """The patient is here."""
    bookings = _ready(visit, lambda booking: visit_rules.why_not_check_in(booking, now=now))
    patient_facts = _facts_of(bookings, now=now)
    for booking in bookings:
        booking.arrived_at = now
        if patient_facts:
            on = now.astimezone(visit.zone).date()
            booking.screening = health_verdict(booking.variant, patient_facts, on=on, zone=visit.zone).screening
    set_status(bookings, Status.CHECKED_IN, "arrived_at", "screening")
    history.write(visit, "check_in", by=by, now=now, was=Status.BOOKED, became=Status.CHECKED_IN)
    return visit


@action
def start(*, booking: Booking, by: User, now: dt.datetime, despite: bool = False) -> Visit:
    """The treatment begins, when nothing speaks against it now. Actual times lie apart from the plan.

    Begun earlier or later than planned, it must not run into a session that goes on; `despite`: whoever begins it knows
    which planned ones it runs into. Raises PolicyRefused.
    """
    row = lock_booking(booking)
    patient_facts = _facts_of([row], now=now)
    if patient_facts:  # as it is now: the meal of this morning is further away than when they came
        on = now.astimezone(row.visit.zone).date()
        verdict = health_verdict(row.variant, patient_facts, on=on, zone=row.visit.zone)
        refuse_if(verdict.why_unreadable)
        row.screening = verdict.screening
    refuse_if(_why_not_give(row, by=by, now=now))
    refuse_if(visit_rules.why_not_start(row))
    hits = in_the_way(row, now=now)
    refuse_if(why_not_begin_now(hits, despite=despite))
    if patient_facts:
        refuse_if(visit_rules.why_not_begin(row, patient_facts))
        refuse_if(why_not_begin_with(vitals_of(row), row.variant.therapy))
        refuse_if(why_not_begin_using(row, note_of(row)))
    row.started_at = now
    set_status([row], Status.IN_PROGRESS, "started_at", "screening")
    detail = {"runs_into": len(hits)} if hits else {}
    was, became = Status.CHECKED_IN, Status.IN_PROGRESS
    history.write(row.visit, "start", by=by, now=now, was=was, became=became, booking=row, **detail)
    return row.visit


@action
def complete(*, booking: Booking, by: User, now: dt.datetime) -> Visit:
    """The treatment is over."""
    row = lock_booking(booking)
    refuse_if(_why_not_give(row, by=by, now=now))
    refuse_if(visit_rules.why_not_complete(row))
    row.ended_at = now
    set_status([row], Status.COMPLETED, "ended_at")
    settle_pain(row, by=by, now=now)
    history.write(row.visit, "complete", by=by, now=now, was=Status.IN_PROGRESS, became=Status.COMPLETED, booking=row)
    plan_messages(visit=row.visit, event=VisitEvent.COMPLETED, by=by, now=now)
    return row.visit


@action
def mark_no_show(*, visit: Visit, by: User, now: dt.datetime) -> Visit:
    """The patient did not come: only ever said by a person. The time is free again."""
    bookings = _ready(visit, lambda booking: visit_rules.why_not_no_show(booking, now=now))
    was_served = crew_rows(bookings)
    occupy([], bookings, now=now)
    set_status(bookings, Status.NO_SHOW)
    history.write(visit, "no_show", by=by, now=now, was=Status.BOOKED, became=Status.NO_SHOW, was_served=was_served)
    plan_messages(visit=visit, event=VisitEvent.NO_SHOW, by=by, now=now)
    return visit


@action
def undo(*, visit: Visit, by: User, now: dt.datetime, shown: str = "") -> Visit:
    """Check-in, start or no-show is taken back, on the same day. A no-show needs its time to be free still.

    `shown` is the status that the page offered to take back: Stale where another one would be. Raises PolicyRefused.
    """
    bookings = lock_and_read(visit, candidates=True)
    last = visit_rules.last_to_undo(bookings, now=now)
    refuse_if(visit_rules.why_not_undo(last, now=now))
    was = last.status
    if shown and shown != was:
        raise StaleVersion
    if was == Status.NO_SHOW:
        _retake(visit, bookings, now=now)
    became, emptied, fields = BACK[was]
    going = [booking for booking in bookings if booking.status == was]
    for booking in going:
        for field in emptied:
            setattr(booking, field, None)
    set_status(going, became, *emptied, *fields)
    history.write(visit, "undo", by=by, now=now, was=was, became=became)
    if was == Status.NO_SHOW:
        plan_messages(visit=visit, event=VisitEvent.RESTORED, by=by, now=now)
    return visit


BACK: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    Status.CHECKED_IN: (Status.BOOKED, ("arrived_at",), ()),
    Status.IN_PROGRESS: (Status.CHECKED_IN, ("started_at",), ()),
    Status.NO_SHOW: (Status.BOOKED, (), ("starts_at", "ends_at")),
}
"""What it was before, the moment that is taken back, and what is saved with it."""


def _retake(visit: Visit, bookings: list[Booking], *, now: dt.datetime) -> None:
    """The same start again, with whoever served before where they are still free.

    What is taken is as long as the catalogue says today: where that changed meanwhile, calendars are told.
    """
    planned = [booking.ends_at for booking in bookings]
    row = visit.history.filter(verb="no_show").last()
    before = frozenset(resource for _, resource, _ in row.detail["was_served"]) if row else frozenset()
    placement = Placement(
        slot_request_of(bookings, visit.patient), bookings[0].starts_at, bookings, BookingChannel.ANY, before=before
    )
    occupy([placement], [], now=now)
    if [booking.ends_at for booking in bookings] != planned:
        raise_ics_sequence(visit, arrival(bookings[0].variant, bookings[0].starts_at))


def _ready(visit: Visit, why_not: Callable[[Booking], str]) -> list[Booking]:
    """The visit's bookings under their locks, when the policy lets all of them."""
    bookings = lock_and_read(visit)
    for booking in bookings:
        refuse_if(why_not(booking))
    return bookings


def _why_not_give(booking: Booking, *, by: User, now: dt.datetime) -> str:
    """Whether this account begins and completes this booking."""
    held = by.memberships.holding_at(now).filter(clinic=booking.visit.clinic_id)
    roles = set(held.values_list("role", flat=True))
    return why_not_give(booking, crew=accounts_serving(booking), by=by.pk, roles=roles)


def _facts_of(bookings: Sequence[Booking], *, now: dt.datetime) -> PatientFacts | None:
    """What is known of the patient, read under the locks; None where no therapy asks for it."""
    patient = bookings[0].visit.patient
    needed = any(booking.variant.therapy.needs != Needs.NOTHING for booking in bookings)
    return patient_facts_of(patient, now=now) if patient and needed else None
