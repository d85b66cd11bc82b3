"""What changing or cancelling a visit costs, said before somebody does it; the product charges nothing."""

import datetime as dt

from django.utils.translation import gettext as _

from bookings.models import Booking
from bookings.pages.words import in_short
from bookings.rules.visits import free_change_until


def cost_of_change(booking: Booking, *, now: dt.datetime) -> str:
    """Until when it is free, and the clinic's price afterwards; or that the clinic charges nothing."""
    until, price = free_change_until(booking), booking.visit.clinic.late_change_price
    if until <= now:
        if price:
            return _("A change or cancellation now costs %(price)s. If you cannot come, please still let us know.") % {
                "price": price
            }
        return _("We do not charge for a late change or cancellation. If you cannot come, please let us know.")
    free = _("You can change or cancel free of charge until %(time)s.") % {"time": in_short(until, booking.visit.zone)}
    after = (
        _("After that it costs %(price)s.") % {"price": price} if price else _("We do not charge after that either.")
    )
    return f"{free} {after}"
