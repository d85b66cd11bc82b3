"""What pages read of one visit that is loaded already."""

import datetime as dt

from bookings.models import Booking, Visit
from bookings.slots.search_space import SlotRequest, slot_request_of
from clinic.people.models import Patient


def first_of(visit: Visit) -> Booking:
    """The visit's first booking; reads the prefetched ones."""
    return min(visit.bookings.all(), key=lambda booking: booking.position)


def named(visit: Visit) -> list[Patient]:
    """Whom a page of this visit names."""
    return [visit.patient] if visit.patient else []


def version(visit: Visit) -> int:
    """The version that actions compare: that of the first booking."""
    return first_of(visit).version


def on(visit: Visit) -> dt.date:
    """The clinic's date of the visit."""
    return first_of(visit).starts_at.astimezone(visit.zone).date()


def slot_request(visit: Visit) -> SlotRequest:
    """What the visit fulfils, as the search takes it."""
    bookings = sorted(visit.bookings.all(), key=lambda booking: booking.position)
    return slot_request_of(bookings, visit.patient)
