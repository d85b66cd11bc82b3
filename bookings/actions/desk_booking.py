"""Booking at the desk in one press: the time is taken and becomes a visit at once."""

import datetime as dt
import uuid
from contextlib import suppress

from bookings.actions import holds
from bookings.actions.confirmation import book
from bookings.errors import ActionRefused
from bookings.models import Visit
from bookings.rules.soft_limits import NOTHING_OVERRIDDEN, Override
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User


def book_at_once(
    *,
    slot_request: SlotRequest,
    start: dt.datetime,
    patient: Patient,
    by: User,
    now: dt.datetime,
    holder: str,
    key: uuid.UUID,
    override: Override = NOTHING_OVERRIDDEN,
) -> Visit:
    """The chosen time becomes a visit of this patient, by the two actions that hold and book.

    Raises what they raise; where the second refuses, the time is given back. A double click books once.
    """
    visit = holds.hold(slot_request=slot_request, start=start, holder=holder, by=by, now=now, key=key, desk=True)
    try:
        return book(visit=visit, patient=patient, holder=holder, by=by, now=now, key=key, desk=True, override=override)
    except ActionRefused:
        with suppress(ActionRefused):  # swept meanwhile: nothing is left to give back
            holds.release_hold(visit=visit, holder=holder, by=by, now=now)
        raise
