"""May a treatment end at another time: "" or the reason in words. Pure."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from bookings.facts.real_minutes import InTheWay
from bookings.models import Booking, Status
from bookings.rules.starts import hits_in_words
from bookings.rules.visits import why_day_over
from clinic.grid import CELL

CHANGEABLE = frozenset({Status.BOOKED, Status.CHECKED_IN, Status.IN_PROGRESS})


def why_not_change_length(booking: Booking, *, now: dt.datetime) -> str:
    """While it is planned or goes on, on its day at the latest."""
    if booking.status not in CHANGEABLE:
        return _("Only a visit that is booked or in progress can be made shorter or longer.")
    return why_day_over(booking, now=now)


def why_not_end_at(booking: Booking, ends_at: dt.datetime, *, now: dt.datetime) -> str:
    """Whether it may end then: in steps of five minutes, after its start, on its day, and not in the past."""
    if reason := why_not_change_length(booking, now=now):
        return reason
    zone = booking.visit.zone
    if ends_at <= booking.starts_at or ends_at.astimezone(zone).date() != booking.starts_at.astimezone(zone).date():
        return _("The end must be after the start, on the same day.")
    if (ends_at - booking.starts_at) % CELL:
        return _("Choose an end in steps of five minutes.")
    if booking.status == Status.IN_PROGRESS and ends_at <= now - CELL:
        return _("This end has passed. Complete the visit instead.")
    return _("This is its end already.") if ends_at == booking.ends_at else ""


def why_runs_into(hits: Iterable[InTheWay]) -> str:
    """Who has the minutes by which it would be longer."""
    words = _("These minutes are taken: %(names)s. Change that visit, or the staff or room of this one, first.")
    return words % {"names": hits_in_words(hits)}
