"""What a patient whose treatments are paused reads: that the clinic calls, and from when by its opening hours."""

import datetime as dt

from django.utils.translation import gettext as _

from bookings.facts.opening_hours import next_opening
from bookings.pages.words import in_short
from clinic.premises.models import Clinic


def call_words(clinic: Clinic, now: dt.datetime) -> str:
    """One sentence."""
    opens = next_opening(clinic, now=now)
    if opens is None:
        return _("The clinic will call you.")
    if opens == now:
        return _("The clinic will call you today.")
    return _("The clinic will call you from %(time)s.") % {"time": in_short(opens, clinic.zone)}
