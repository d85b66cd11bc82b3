"""The limits of booking online, asked once more under the locks."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bookings.facts.open_visits import open_visits_of
from bookings.models import Booking
from bookings.rules.online_limits import LimitReached, why_not_online, why_not_that_day
from clinic.people.models import Patient, User


def holders_of_account(account: User) -> list[str]:
    """What to lock: one booking of an account after the other, so that a burst counts what it has booked itself."""
    return [f"account:{account.pk}"]


@dataclass(frozen=True)
class Online:
    """Who books without the front desk; `was_here`: they say that the patient has been here before."""

    account: User
    was_here: bool


def asks_first(bookings: Sequence[Booking], patient: Patient, online: Online, *, now: dt.datetime) -> bool:
    """Whether the clinic has to say yes first. Raises LimitReached. Call it under the locks on account and patient."""
    if all(booking.item_id for booking in bookings):
        return False  # sessions of an order: it has limits of its own
    again = any(booking.variant.therapy.follow_up for booking in bookings)
    clinic = bookings[0].visit.clinic
    open_visits = open_visits_of([patient], account=online.account, clinic=clinic, now=now, follow_up=again)
    verdict = why_not_online(bookings, patient, open_visits, was_here=online.was_here)
    if verdict.reason:
        raise LimitReached(verdict)
    return verdict.only_asks


def why_not_moved(bookings: Sequence[Booking], patient: Patient | None, start: dt.datetime, *, now: dt.datetime) -> str:
    """Whether a consultation of the same kind is on that day already. Call it under the lock on the patient."""
    if patient is None or not any(booking.variant.therapy.is_consultation for booking in bookings):
        return ""
    open_visits = open_visits_of([patient], account=None, clinic=bookings[0].visit.clinic, now=now)
    return why_not_that_day(bookings, patient, open_visits, start=start).reason
