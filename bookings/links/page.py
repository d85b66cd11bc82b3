"""How a visit stands, in the words that its letters use."""

import datetime as dt
from dataclasses import dataclass

from bookings.messages.content.appointment import Appointment, appointment_of
from bookings.messages.content.words import when_and_where
from bookings.models import Booking, Status, Visit
from bookings.pages.late_changes import cost_of_change
from bookings.rules import visits as visit_rules


@dataclass(frozen=True)
class VisitState:
    """`why_not_…` is empty when the button is shown; `version` goes with it, against a change in between."""

    appointment: Appointment
    facts: tuple[tuple[str, str], ...]
    stands: bool
    why_not_cancel: str
    why_not_move: str
    version: int
    cost_of_change: str


def visit_state_of(visit: Visit, *, now: dt.datetime) -> VisitState:
    """Reads the visit as it is now. Words are in the language that is active."""
    appointment = appointment_of(visit)
    first: Booking = min(visit.bookings.all(), key=lambda booking: booking.position)
    return VisitState(
        appointment=appointment,
        facts=when_and_where(appointment),
        stands=first.status in (Status.REQUESTED, Status.BOOKED) and first.starts_at > now,
        why_not_cancel=visit_rules.why_not_cancel(first, now=now, desk=False),
        why_not_move=next((why for b in visit.bookings.all() if (why := visit_rules.why_not_move(b, now=now))), ""),
        version=first.version,
        cost_of_change=cost_of_change(first, now=now),
    )
