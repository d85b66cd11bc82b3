"""What was asked for is accepted, declined, or lapses: a request keeps its time until a limit that everybody sees."""

import datetime as dt

from bookings.actions import history
from bookings.actions.conditional_writes import set_status
from bookings.actions.occupancy import occupy
from bookings.actions.transaction import action
from bookings.actions.visits import confirm_request, lock_and_read, raise_ics_sequence
from bookings.errors import refuse_if
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Booking, CancelledBy, Status, Visit
from bookings.rules import visits as visit_rules
from clinic.people.models import User


@action
def accept(*, visit: Visit, by: User, now: dt.datetime) -> Visit:
    """The clinic says yes: also after the limit, as long as nothing has ended the request and its time is ahead.

    Raises PolicyRefused where it has ended, or a Vaidya has not decided yet.
    """
    bookings = _asked(lock_and_read(visit))
    for booking in bookings:
        refuse_if(visit_rules.why_not_accept(booking, now=now))
    confirm_request(visit, bookings, by=by, now=now)
    return visit


@action
def decline(*, visit: Visit, by: User, now: dt.datetime, reason: str = "") -> Visit:
    """The clinic says no; its time is free again. `reason` is a code, never free text."""
    bookings = _asked(lock_and_read(visit))
    for booking in bookings:
        refuse_if(visit_rules.why_not_decline(booking))
    occupy([], bookings, now=now)
    for booking in bookings:
        booking.ended_by, booking.reason, booking.expires_at = CancelledBy.CLINIC, reason, None
    set_status(bookings, Status.CANCELLED, "ended_by", "reason", "expires_at")
    raise_ics_sequence(visit, visit.arrives_at)
    history.write(visit, "decline", by=by, now=now, was=Status.REQUESTED, became=Status.CANCELLED, reason=reason)
    plan_messages(visit=visit, event=VisitEvent.DECLINED, by=by, now=now)
    return visit


@action
def lapse(*, visit: Visit, now: dt.datetime) -> bool:
    """A request that nobody answered gives its time back, and its patient is told. False where it was answered."""
    bookings = lock_and_read(visit)
    gone = [row for row in bookings if row.status == Status.REQUESTED and row.is_past_limit(now)]
    if not gone:
        return False
    occupy([], gone, now=now)
    set_status(gone, Status.EXPIRED)
    raise_ics_sequence(visit, visit.arrives_at)
    was, became = Status.REQUESTED, Status.EXPIRED
    for booking in gone:
        history.write(visit, "expire", by=None, now=now, was=was, became=became, booking=booking)
    plan_messages(visit=visit, event=VisitEvent.EXPIRED, by=None, now=now)
    return True


def lapsed_requests(now: dt.datetime) -> list[Visit]:
    """The visits whose request has passed its limit."""
    rows = Booking.objects.requests_past_limit(now)
    return list(Visit.objects.filter(pk__in=rows.values("visit")).order_by("pk"))


def _asked(bookings: list[Booking]) -> list[Booking]:
    """What is still asked for: one therapy of a visit may have been ruled out for safety, and the others stand."""
    return [booking for booking in bookings if booking.status == Status.REQUESTED] or bookings[:1]
