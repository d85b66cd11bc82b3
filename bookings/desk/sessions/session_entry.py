"""What a form of a session is kept as: its note, and what was measured."""

import datetime as dt

from bookings.actions import measurements as measurement_actions
from bookings.actions import session_notes as session_note_actions
from bookings.models import Booking
from clinic.people.models import User

from .forms import BeforeForm


def keep_entry(booking: Booking, form: BeforeForm, *, by: User, now: dt.datetime) -> None:
    """Write the note, and add the readings where there are any. Raises PolicyRefused."""
    session_note_actions.note_session(booking=booking, by=by, now=now, **form.facts)
    if form.entry:
        measurement_actions.measure(booking=booking, by=by, now=now, **form.entry)
