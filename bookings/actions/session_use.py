"""The action that writes down what was used in a session, and what came of it."""

import datetime as dt
from typing import Any

from bookings.actions import history
from bookings.actions.transaction import action
from bookings.actions.visits import lock_and_read
from bookings.errors import refuse_if
from bookings.facts.session_use import use_of
from bookings.models import Booking, SessionUse
from bookings.rules.amounts import AMOUNT_FIELDS, why_not_amounts
from bookings.rules.session_use import why_not_use
from bookings.rules.sessions import why_not_note
from clinic.people.models import User

FIELDS = frozenset({*AMOUNT_FIELDS, "material_reason", "in_at", "out_at", "bouts", "blood_ml"})


class NoSuchUse(TypeError):
    """Something was given that the record of what was used has no place for."""


@action
def note_use(*, booking: Booking, by: User, now: dt.datetime, **facts: Any) -> SessionUse:
    """Write it until the end of the clinic's day; what is not said stays. Raises PolicyRefused."""
    if facts.keys() - FIELDS:
        raise NoSuchUse(", ".join(sorted(facts.keys() - FIELDS)))
    row = next(each for each in lock_and_read(booking.visit) if each.pk == booking.pk)
    refuse_if(why_not_note(row, now=now))
    use = use_of(row) or SessionUse(booking=row)
    for name, value in facts.items():
        setattr(use, name, value)
    refuse_if(why_not_use(use, now=now) or why_not_amounts(use, row.variant))
    use.by, use.at = by, now
    use.save()
    history.write(row.visit, "note", by=by, now=now, was=row.status, became=row.status, booking=row)
    return use
