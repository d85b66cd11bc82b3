"""What changing or cancelling a visit costs, said before somebody does it; the product charges nothing."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Booking
from clinic.clock import date_format


def late_change_words(notice_hours: int, price: str) -> str:
    """The same of a clinic, before anything is booked."""
    free = ngettext(
        "You can change or cancel free of charge up to %(hours)s hour before the appointment.",
        "You can change or cancel free of charge up to %(hours)s hours before the appointment.",
        notice_hours,
    ) % {"hours": notice_hours}
    return f"{free} {_after(price)}"


def _after(price: str) -> str:
    return _("After that it costs %(price)s.") % {"price": price} if price else _("We do not charge after that either.")


def cost_of_change(booking: Booking, *, now: dt.datetime) -> str:
    """Until when it is free, and the clinic's price afterwards; or that the clinic charges nothing."""
    until, price = booking.free_change_until, booking.visit.clinic.late_change_price
    if until <= now:
        if price:
            return _("A change or cancellation now costs %(price)s. If you cannot come, please still let us know.") % {
                "price": price
            }
        return _("We do not charge for a late change or cancellation. If you cannot come, please let us know.")
    time = date_format(until.astimezone(booking.visit.zone), "D j M, H:i")
    free = _("You can change or cancel free of charge until %(time)s.") % {"time": time}
    return f"{free} {_after(price)}"
