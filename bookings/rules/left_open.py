"""Visits of earlier days of which nobody said what became of them: what may be recorded, and with which times."""

import datetime as dt
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Booking, Status

LEFT_OPEN = frozenset({Status.BOOKED, Status.CHECKED_IN, Status.IN_PROGRESS})
"""In these a booking does not end by itself."""


class LateOutcome(StrEnum):
    """What became of a visit, found out on a later day."""

    CAME = "came"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


OUTCOMES: dict[LateOutcome, str | Promise] = {
    LateOutcome.CAME: gettext_lazy("The patient was here"),
    LateOutcome.NO_SHOW: gettext_lazy("The patient did not come"),
    LateOutcome.CANCELLED: gettext_lazy("It had been cancelled"),
}
WHY_LATE: dict[str, str | Promise] = {
    "forgotten": gettext_lazy("Forgotten on the day"),
    "system_down": gettext_lazy("The computers were down"),
    "told_later": gettext_lazy("Known only later"),
}
"""Why it is recorded only now: codes, because the history keeps no free text."""


def why_not_close_late(booking: Booking, *, now: dt.datetime) -> str:
    """What is open, once its day is over: on the day itself the buttons of the day do it."""
    if booking.status not in LEFT_OPEN:
        return _("It is already recorded what became of this visit.")
    return "" if booking.is_day_over(now) else _("The day of this visit is not over yet.")


def why_not_so(booking: Booking, outcome: LateOutcome) -> str:
    """Whether this can have become of it: who was checked in did come, and what began was not cancelled."""
    if outcome is LateOutcome.NO_SHOW and booking.status != Status.BOOKED:
        return _("The patient was checked in on that day.")
    if outcome is LateOutcome.CANCELLED and booking.status == Status.IN_PROGRESS:
        return _("This treatment had started on that day.")
    return ""


def why_not_at(booking: Booking, came: dt.datetime, left: dt.datetime) -> str:
    """Whether these can be the real times: in order, on the day of the visit."""
    zone = booking.visit.zone
    days = {moment.astimezone(zone).date() for moment in (came, left, booking.starts_at)}
    if came >= left:
        return _("The end must be after the start.")
    return "" if len(days) == 1 else _("The times must be on the day of the visit.")
