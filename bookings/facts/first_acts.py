"""Of two who press at the same time, the second is told who was first, and when."""

from django.db.models import F
from django.utils.translation import gettext as _

from bookings.models import Booking, Status
from clinic.clock import clock_words


def who_was_first(booking: Booking, became: Status) -> str:
    """Who made this booking what the asker wanted to make it; "" where it is something else, or nobody is on record."""
    if booking.status != became:
        return ""
    visit = booking.visit
    act = visit.history.filter(became=became).exclude(was=F("became")).select_related("by").last()
    if act is None or act.by is None:
        return ""
    at = clock_words(act.at.astimezone(visit.zone))
    return _("%(name)s was first, at %(time)s: %(state)s.") % {"name": act.by, "time": at, "state": became.label}
