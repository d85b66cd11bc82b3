"""Writes one append-only row for each act."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from bookings.models import Booking, History, Visit
from clinic.people.models import User


def write(
    visit: Visit,
    verb: str,
    *,
    by: User | None,
    now: dt.datetime,
    was: str = "",
    became: str = "",
    booking: Booking | None = None,
    **detail: Any,
) -> None:
    """Record an act on a visit, or on one of its bookings; `detail` holds ids and codes only."""
    History.objects.create(
        visit=visit, booking=booking, verb=verb, was=was, became=became, by=by, at=now, detail=detail
    )


def write_each(
    verb: str, details: Iterable[tuple[Booking, dict[str, Any]]], *, by: User | None, now: dt.datetime
) -> None:
    """Record the same act on many bookings, none of which changes its status, each with its own detail: in one go."""
    History.objects.bulk_create(
        History(visit_id=booking.visit_id, booking=booking, verb=verb, by=by, at=now, detail=detail)
        for booking, detail in details
    )
