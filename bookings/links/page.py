"""How a visit stands, in the words that its letters use."""

import datetime as dt
from dataclasses import dataclass

from bookings.messages.content.appointment import Appointment, appointment_of
from bookings.messages.content.late_changes import cost_of_change
from bookings.messages.content.words import when_and_where
from bookings.models import STILL_TO_COME, Booking, Status, Suspension, Visit
from bookings.pages.pause_words import call_words
from bookings.rules import visits as visit_rules
from clinic.people.records import RecordsOf


@dataclass(frozen=True)
class VisitState:
    """`why_not_…` is empty when the button is shown; `version` goes with it, against a change in between.

    `call`: when the clinic calls, where one of its treatments is paused; the letter about the pause said so.
    """

    appointment: Appointment
    facts: tuple[tuple[str, str], ...]
    stands: bool
    why_not_cancel: str
    why_not_move: str
    version: int
    cost_of_change: str
    call: str = ""


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
        call=call_words(visit.clinic, now) if _is_paused(visit) else "",
    )


def _is_paused(visit: Visit) -> bool:
    """Whether one of its treatments to come waits for the Vaidya after a sign."""
    paused = (
        Suspension.objects.active().filter(patient__in=RecordsOf(visit.patient_id)).values_list("therapies", flat=True)
    )
    names = {name for therapies in paused for name in therapies}
    coming = [booking for booking in visit.bookings.all() if booking.status in STILL_TO_COME]
    return bool(names) and any(visit_rules.is_paused(booking.variant.therapy, names) for booking in coming)
