"""Writes one append-only row for each act."""

import datetime as dt
from typing import Any

from bookings.models import Booking, History, Visit
from clinic.people.models import User


def write(
    visit: Visit, verb: str, *, by: User | None, now: dt.datetime, was: str = "", became: str = "",
    booking: Booking | None = None, **detail: Any,
) -> History:  # fmt: skip
    """Record an act on a visit, or on one of its bookings; `detail` holds ids and codes only."""
    return History.objects.create(
        visit=visit, booking=booking, verb=verb, was=was, became=became, by=by, at=now, detail=detail
    )
