"""May a session be handed over: "" or the reason in words."""

from django.utils.translation import gettext as _

from bookings.models import Booking, Status


def why_not_hand_over(booking: Booking, *, may_take: bool = True) -> str:
    """While the patient is here; `may_take`: whether the colleague may give this therapy to this patient today."""
    if booking.status not in (Status.CHECKED_IN, Status.IN_PROGRESS):
        return _("A session can be handed over from check-in until it ends.")
    return "" if may_take else _("This person may not give this treatment today.")
