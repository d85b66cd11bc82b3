"""Giving a session into a colleague's hands."""

import datetime as dt

from bookings.actions import history
from bookings.actions.transaction import action
from bookings.actions.visits import lock_booking
from bookings.errors import refuse_if
from bookings.facts.hand_overs import could_take_over
from bookings.facts.sessions import accounts_serving
from bookings.models import Booking, HandOver
from bookings.rules.hand_overs import why_not_hand_over
from bookings.rules.starts import why_not_give
from clinic.people.models import User


@action
def hand_session_over(*, booking: Booking, to: User, words: str, by: User, now: dt.datetime) -> HandOver:
    """From now on the colleague may start and complete the session too, and reads its record. Who is booked stays.

    Raises PolicyRefused.
    """
    row = lock_booking(booking)
    held = by.memberships.holding_at(now).filter(clinic=row.visit.clinic_id)
    roles = set(held.values_list("role", flat=True))
    refuse_if(why_not_give(row, crew=accounts_serving(row), by=by.pk, roles=roles))
    may_take = could_take_over(row, by=by.pk, now=now).filter(user=to).exists()
    refuse_if(why_not_hand_over(row, may_take=may_take))
    given = HandOver.objects.create(booking=row, to=to, words=words, by=by, at=now)
    history.write(row.visit, "hand_over", by=by, now=now, was=row.status, became=row.status, booking=row, to=to.pk)
    return given
