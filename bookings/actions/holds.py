"""Holding a time while its owner signs in and says who comes."""

import datetime as dt
import uuid
from typing import NamedTuple

from bookings.actions import history, idempotency
from bookings.actions.conditional_writes import save_fields, update_once
from bookings.actions.locks import lock
from bookings.actions.occupancy import BookingChannel, Placement, end_holds, occupy
from bookings.actions.transaction import action
from bookings.actions.visits import new_bookings, new_visit, read_again
from bookings.errors import HoldExpired, refuse_if
from bookings.models import Booking, Status, Visit
from bookings.models.booking import LASTING_HOLD
from bookings.rules import visits as visit_rules
from bookings.slots.search_space import SlotRequest
from clinic.people.models import User
from clinic.statements import Statement


class HeldRow(NamedTuple):
    """The bookings that a browser session holds, and how many other visits its account and its address hold."""

    bookings: list[int]
    by_account: int
    by_address: int


# What the browser session holds, lapsed or not; and how many other visits its account and its address hold now.
HELD = Statement(
    f"""
SELECT ARRAY(SELECT own.id FROM bookings_booking own JOIN bookings_visit visit ON visit.id = own.visit_id
              WHERE visit.holder = %(holder)s AND own.status = 'held') AS bookings,
       count(DISTINCT v.id) FILTER (WHERE v.held_by_id = %(account)s) AS by_account,
       count(DISTINCT v.id) FILTER (WHERE v.holder_address = %(address)s AND %(address)s <> '') AS by_address
FROM bookings_booking b JOIN bookings_visit v ON v.id = b.visit_id
WHERE {LASTING_HOLD} AND v.holder <> %(holder)s
""",  # noqa: S608 - our own words
    HeldRow,
)
HOLD = dt.timedelta(minutes=visit_rules.HOLD_MINUTES)


@action
def hold(
    *,
    slot_request: SlotRequest,
    start: dt.datetime,
    holder: str,
    by: User | None,
    now: dt.datetime,
    key: uuid.UUID,
    desk: bool = False,
    address: str = "",
) -> Visit:
    """Keep a time for 15 minutes, without a patient yet; the browser session's earlier hold is given back.

    `holder` names the browser session and `address` the network address, both hashed by the door. Raises JustTaken,
    PolicyRefused (too many holds, or not an offered time) and Busy.
    """
    content = (
        slot_request.clinic.pk,
        [variant.pk for variant in slot_request.variants],
        slot_request.practitioner_id,
        start,
    )
    visit = new_visit(slot_request, start, now)
    before = idempotency.answered(key=key, owner=holder, verb="hold", content=content, answer=visit.public_id, now=now)
    if before is not None:
        return before
    lock(holders=[holder, address] if address else [holder])
    held = HELD.one(holder=holder, account=by.pk if by else None, address=address, now=now)
    if not desk:
        refuse_if(visit_rules.why_not_hold(by_account=held.by_account, by_address=held.by_address))
    earlier = Booking.objects.filter(pk__in=held.bookings)
    given_back = list(earlier.order_by("visit", "pk")) if held.bookings else []
    visit.holder, visit.held_by, visit.holder_address = holder, by, address
    visit.save()
    bookings = new_bookings(visit, slot_request, start, Status.HELD)
    for booking in bookings:
        booking.expires_at = now + HOLD
    Booking.objects.bulk_create(bookings)
    channel = BookingChannel.DESK if desk else BookingChannel.PATIENT
    occupy([Placement(slot_request, start, bookings, channel)], given_back, now=now)
    if given_back:
        end_holds(earlier, now=now)
    history.write(visit, "hold", by=by, now=now, became=Status.HELD, start=start.isoformat())
    return visit


@action
def extend_hold(*, visit: Visit, holder: str, by: User | None, now: dt.datetime) -> Visit:
    """Fifteen more minutes from now, once.

    Raises HoldExpired, PolicyRefused, and StaleVersion where it was swept meanwhile.
    """
    lock(holders=[holder])
    bookings = _own(visit, holder)
    refuse_if(visit_rules.why_not_extend(visit, bookings[0], now=now))
    for booking in bookings:
        booking.expires_at = now + HOLD
    save_fields(bookings, "expires_at")
    update_once(Visit.objects.filter(pk=visit.pk, holder=holder, extended=False), extended=True)
    visit.extended = True
    history.write(visit, "extend", by=by, now=now, was=Status.HELD, became=Status.HELD)
    return visit


@action
def release_hold(*, visit: Visit, holder: str, by: User | None, now: dt.datetime) -> Visit:
    """Give the time back before the hold lapses. Where it has lapsed already, nothing is left to give."""
    lock(holders=[holder])
    _own(visit, holder)
    end_holds(Booking.objects.filter(visit=visit), now=now, verb="release", by=by)
    return visit


def _own(visit: Visit, holder: str) -> list[Booking]:
    """The bookings of a visit that this browser session holds, read under its lock."""
    bookings = read_again(visit)
    if visit.holder != holder or not holder:
        raise HoldExpired
    return bookings
