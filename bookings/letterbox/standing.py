"""How a visit stands, in the words that its letters use."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from bookings import policies
from bookings.letters.appointment import Appointment, appointment_of
from bookings.letters.words import when_and_where
from bookings.models import Booking, Status, Visit
from clinic.people.models import User


@dataclass(frozen=True)
class Standing:
    """`why_not_cancel` is empty when the button is shown; `version` goes with it, against a change in between.

    `mover` is in whose name the visit is moved from the letter's page; None: it is not.
    """

    appointment: Appointment
    facts: tuple[tuple[str, str], ...]
    stands: bool
    why_not_cancel: str
    version: int
    mover: User | None


def standing_of(visit: Visit, *, now: dt.datetime) -> Standing:
    """Reads the visit as it is now. Words are in the language that is active."""
    appointment = appointment_of(visit)
    first: Booking = min(visit.bookings.all(), key=lambda booking: booking.position)
    return Standing(
        appointment=appointment,
        facts=when_and_where(appointment),
        stands=first.status in (Status.REQUESTED, Status.BOOKED) and first.starts_at > now,
        why_not_cancel=policies.why_not_cancel(first, now=now, desk=False),
        version=first.version,
        mover=_mover(visit, now=now),
    )


def _mover(visit: Visit, *, now: dt.datetime) -> User | None:
    """The account behind the letter's address, where it acts for the patient and the visit may move.

    Whoever opens this address's mail could sign in to that account by a mailed code. Others sign in, or call.
    """
    patient = visit.patient
    if patient is None or not patient.email or any(policies.why_not_move(b, now=now) for b in visit.bookings.all()):
        return None
    on = now.date()
    current = Q(accesses__ends_on=None) | Q(accesses__ends_on__gt=on)
    accounts = User.objects.filter(current, accesses__patient=patient, accesses__starts_on__lte=on, is_active=True)
    return accounts.filter(email__iexact=patient.email).order_by("pk").first()
