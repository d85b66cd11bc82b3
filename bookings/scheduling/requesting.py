"""What was asked for is accepted, declined, or lapses: a request keeps its time until a limit that everybody sees."""

import datetime as dt

from bookings import history, policies
from bookings.letters.plan import Event
from bookings.letters.planning import plan_letters
from bookings.models import Booking, Exit, Status, Visit
from bookings.occupying import expire, occupy
from bookings.verbs import verb
from bookings.visits import announce, become, confirm_request, locked, refuse
from clinic.people.models import User


@verb
def accept(*, visit: Visit, by: User, now: dt.datetime) -> Visit:
    """The clinic says yes. Raises Refused where it has lapsed, or a Vaidya has not decided yet."""
    bookings = locked(visit)
    for booking in bookings:
        refuse(policies.why_not_accept(booking, now=now))
    confirm_request(visit, bookings, by=by, now=now)
    return visit


@verb
def decline(*, visit: Visit, by: User, now: dt.datetime, reason: str = "") -> Visit:
    """The clinic says no; its time is free again. `reason` is a code, never free text."""
    bookings = locked(visit)
    for booking in bookings:
        refuse(policies.why_not_decline(booking, now=now))
    occupy([], bookings, now=now)
    for booking in bookings:
        booking.ended_by, booking.reason, booking.expires_at = Exit.CLINIC, reason, None
    become(bookings, Status.CANCELLED, "ended_by", "reason", "expires_at")
    announce(visit, visit.arrives_at)
    history.write(visit, "decline", by=by, now=now, was=Status.REQUESTED, became=Status.CANCELLED, reason=reason)
    plan_letters(visit=visit, event=Event.DECLINED, by=by, now=now)
    return visit


@verb
def lapse(*, visit: Visit, now: dt.datetime) -> bool:
    """A request that nobody answered gives its time back, and its patient is told. False where it has not lapsed."""
    bookings = locked(visit)
    gone = [booking for booking in bookings if booking.status == Status.REQUESTED and booking.is_lapsed(now)]
    for booking in gone:
        expire(booking, now)
    if gone:
        announce(visit, visit.arrives_at)
        plan_letters(visit=visit, event=Event.EXPIRED, by=None, now=now)
    return bool(gone)


def lapsed_requests(now: dt.datetime) -> list[Visit]:
    """The visits whose request has passed its limit."""
    rows = Booking.objects.lapsed(now).filter(status=Status.REQUESTED)
    return list(Visit.objects.filter(pk__in=rows.values("visit")))
