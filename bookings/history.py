"""Writes one append-only row for each act."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.db import connection

from bookings.models import Booking, Visit
from clinic.people.models import User

# By hand: every act of every verb writes one.
WRITE = """
INSERT INTO bookings_history (visit_id, booking_id, verb, was, became, by_id, at, detail)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def write(
    visit: Visit, verb: str, *, by: User | None, now: dt.datetime, was: str = "", became: str = "",
    booking: Booking | None = None, **detail: Any,
) -> None:  # fmt: skip
    """Record an act on a visit, or on one of its bookings; `detail` holds ids and codes only."""
    values = [visit.pk, booking.pk if booking else None, verb, was, became, by.pk if by else None, now]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [*values, json.dumps(detail)])


def write_each(
    verb: str, details: Iterable[tuple[Booking, dict[str, Any]]], *, by: User | None, now: dt.datetime
) -> None:
    """Record the same act on many bookings, none of which changes its status, each with its own detail: in one go."""
    number = by.pk if by else None
    rows = [
        (booking.visit_id, booking.pk, verb, "", "", number, now, json.dumps(detail)) for booking, detail in details
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(WRITE, rows)
