"""The course sheet: the booked days with the hour to arrive, the food before, and festivals."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Booking
from clinic.premises.holidays import public_holidays
from clinic.premises.models import Clinic


@dataclass(frozen=True)
class SheetDay:
    """One visit of the course, in the clinic's zone."""

    starts_at: dt.datetime
    arrives_at: dt.datetime
    bookings: Sequence[Booking]
    festival: str

    @property
    def names(self) -> list[str]:
        return [str(booking.variant) for booking in self.bookings]

    @property
    def food(self) -> str:
        """How long before no meal is eaten: the longest that one of its treatments asks for."""
        hours = max((booking.variant.fasting_hours or 0 for booking in self.bookings), default=0)
        if hours:
            return ngettext("no meal for %(count)s hour", "no meal for %(count)s hours", hours) % {"count": hours}
        return _("a light meal")


def sheet_days(bookings: Sequence[Booking], clinic: Clinic) -> list[SheetDay]:
    """The visits of these bookings, which are in order of time."""
    if not bookings:
        return []
    zone = clinic.zone
    first, last = (booking.starts_at.astimezone(zone).date() for booking in (bookings[0], bookings[-1]))
    festivals = public_holidays(clinic.holidays, first, last)
    days = []
    for visit, own in groupby(bookings, key=lambda booking: booking.visit):
        rows = list(own)
        starts_at = rows[0].starts_at.astimezone(zone)
        festival = festivals.get(starts_at.date(), "")
        days.append(SheetDay(starts_at, visit.arrives_at.astimezone(zone), rows, festival))
    return days
