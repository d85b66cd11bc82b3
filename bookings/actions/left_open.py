"""A visit of an earlier day that nobody closed is recorded as it was, with its true times."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bookings.actions import history
from bookings.actions.conditional_writes import set_status
from bookings.actions.occupancy import occupy
from bookings.actions.occupancy_rows import crew_rows, kept_rows
from bookings.actions.transaction import action
from bookings.actions.visits import check_version, lock_and_read
from bookings.errors import refuse_if
from bookings.facts.consultations import lacks_note
from bookings.facts.patient import patient_facts_of
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Booking, CancelledBy, Status, Visit
from bookings.rules.left_open import LEFT_OPEN, LateOutcome, why_not_at, why_not_close_late, why_not_so
from bookings.rules.paper import gaps_in
from clinic.people.models import User
from therapies.models import Needs


@dataclass(frozen=True)
class Afterwards:
    """What somebody says of it on a later day. `came` and `left`: the real times, none where they were as planned.

    `why_late` and `reason` are codes; `reason` and `ended_by` belong to a cancellation.
    """

    outcome: LateOutcome
    why_late: str
    came: dt.datetime | None = None
    left: dt.datetime | None = None
    reason: str = ""
    ended_by: CancelledBy = CancelledBy.CLINIC


@action
def close_late(*, visit: Visit, afterwards: Afterwards, by: User, now: dt.datetime, version: int) -> Visit:
    """The patient was here, did not come, or had cancelled. Nothing is sent, but a follow-up of who did not come.

    What a treatment lacks by the rules is kept with it, for a Vaidya to review. Raises PolicyRefused and StaleVersion.
    """
    every = lock_and_read(visit)
    check_version(every, version)
    bookings = [booking for booking in every if booking.status in LEFT_OPEN] or every[:1]
    for booking in bookings:
        refuse_if(why_not_close_late(booking, now=now) or why_not_so(booking, afterwards.outcome))
    was = bookings[0].status
    detail: dict[str, Any] = {
        "was_served": crew_rows(bookings),
        "was_taken": kept_rows(bookings),
        "reason": afterwards.why_late,
    }
    CLOSERS[afterwards.outcome](bookings, afterwards, now)
    for booking in bookings:
        booking.closed_at = now
    became = BECAME[afterwards.outcome]
    set_status(bookings, became, "closed_at", *FIELDS[afterwards.outcome])
    history.write(visit, "close_late", by=by, now=now, was=was, became=became, **detail)
    event = VisitEvent.NO_SHOW if afterwards.outcome is LateOutcome.NO_SHOW else VisitEvent.CLOSED_LATE
    plan_messages(visit=visit, event=event, by=by, now=now)
    return visit


def _came(bookings: Sequence[Booking], afterwards: Afterwards, _now: dt.datetime) -> None:
    """What was pressed on the day stays; what was not is as planned, or as somebody says it was."""
    first, last = bookings[0], bookings[-1]
    came, left = afterwards.came or first.starts_at, afterwards.left or last.ends_at
    refuse_if(why_not_at(first, came, left))
    for booking in bookings:
        began = booking.started_at or (came if booking is first else booking.starts_at)
        booking.arrived_at = booking.arrived_at or min(booking.visit.arrives_at, came)
        booking.started_at = began
        booking.ended_at = max(left if booking is last else booking.ends_at, began)
        booking.note_due = lacks_note(booking)
        booking.gaps = _gaps(booking)


def _gaps(booking: Booking) -> list[str]:
    """What a treatment lacked on its day; of one that was measured, not that it was not."""
    patient = booking.visit.patient
    if patient is None or booking.variant.therapy.needs == Needs.NOTHING:
        return []
    on = booking.starts_at.astimezone(booking.visit.zone).date()
    patient_facts = patient_facts_of(patient, now=booking.starts_at)
    lacking = gaps_in(booking, patient_facts, on=on, zone=booking.visit.zone)
    met = {"vitals"} if booking.measurements.exists() else set()
    met |= {"day_check"} if booking.day_checked_at else set()
    return [gap for gap in lacking if gap not in met]


def _free(bookings: Sequence[Booking], _afterwards: Afterwards, now: dt.datetime) -> None:
    occupy([], bookings, now=now)


def _cancel(bookings: Sequence[Booking], afterwards: Afterwards, now: dt.datetime) -> None:
    occupy([], bookings, now=now)
    for booking in bookings:
        booking.ended_by, booking.reason = afterwards.ended_by, afterwards.reason


CLOSERS = {LateOutcome.CAME: _came, LateOutcome.NO_SHOW: _free, LateOutcome.CANCELLED: _cancel}
BECAME = {
    LateOutcome.CAME: Status.COMPLETED,
    LateOutcome.NO_SHOW: Status.NO_SHOW,
    LateOutcome.CANCELLED: Status.CANCELLED,
}
FIELDS = {
    LateOutcome.CAME: ("arrived_at", "started_at", "ended_at", "note_due", "gaps"),
    LateOutcome.NO_SHOW: (),
    LateOutcome.CANCELLED: ("ended_by", "reason"),
}
"""What is saved beside the status."""
