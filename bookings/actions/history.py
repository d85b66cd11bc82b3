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
# One statement, not `executemany`: the context of the tracked tables is put before each statement as a whole.
WRITE_EACH = """
INSERT INTO bookings_history (visit_id, booking_id, verb, was, became, by_id, at, detail)
SELECT visit, booking, %(verb)s, '', '', %(by)s::bigint, %(now)s, detail::jsonb
FROM unnest(%(visits)s::bigint[], %(bookings)s::bigint[], %(details)s::text[])
     WITH ORDINALITY AS row (visit, booking, detail, number)
ORDER BY number
"""


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
    values = [visit.pk, booking.pk if booking else None, verb, was, became, by.pk if by else None, now]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [*values, json.dumps(detail)])


def write_each(
    verb: str, details: Iterable[tuple[Booking, dict[str, Any]]], *, by: User | None, now: dt.datetime
) -> None:
    """Record the same act on many bookings, none of which changes its status, each with its own detail: in one go."""
    rows = list(details)
    if not rows:
        return
    values: dict[str, Any] = {
        "visits": [booking.visit_id for booking, _detail in rows],
        "bookings": [booking.pk for booking, _detail in rows],
        "details": [json.dumps(detail) for _booking, detail in rows],
        "verb": verb,
        "by": by.pk if by else None,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE_EACH, values)
