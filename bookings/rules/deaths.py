"""What follows from it that a patient has died."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from bookings.models import Booking, Status
from clinic.people.models import Patient


def why_not_for(patient: Patient, *, desk: bool) -> str:
    """Whether anything is still booked for this patient; in the portal the clinic is called."""
    if patient.death_noted_at is None:
        return ""
    if desk:
        return _("It is noted that this patient has died. If that is a mistake, take it back on the patient's page.")
    return _("Please call the clinic about this.")


def why_death_stands(patient: Patient, *, now: dt.datetime) -> str:
    """On the same day: whoever noted it sees the mistake at once."""
    if patient.death_noted_at is None:
        return _("This has been taken back already.")
    if now - patient.death_noted_at > dt.timedelta(days=1):
        return _("This can only be undone on the same day.")
    return ""


def why_not_restore(bookings: Sequence[Booking], *, now: dt.datetime) -> str:
    """Whether a visit that was called off may stand again."""
    if any(booking.status != Status.CANCELLED for booking in bookings) or bookings[0].starts_at <= now:
        return _("This time has passed.")
    return ""
