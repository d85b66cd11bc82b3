"""Taken time as rows: who serves, what is given back, what lapsed holds are in the way, and what is written.

The statements of the one writer (`occupancy`) and of the verbs' locks and history, by hand: each is asked several times
for every booking, and building it as a query costs five times what running it does.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from bookings.models import Booking, Occupancy, Visit
from bookings.models.booking import LAPSED_HOLD

OF_BOOKINGS = "SELECT resource_id, patient_id FROM bookings_occupancy WHERE booking_id = ANY(%s::bigint[])"
OF_VISIT = """
SELECT o.resource_id FROM bookings_occupancy o JOIN bookings_booking b ON b.id = o.booking_id
WHERE b.visit_id = %s AND o.resource_id IS NOT NULL
"""
SERVED = """
SELECT booking_id, resource_id, part FROM bookings_occupancy
WHERE booking_id = ANY(%s::bigint[]) AND resource_id IS NOT NULL ORDER BY id
"""
STATES = "SELECT id, status, version FROM bookings_booking WHERE visit_id = %s"
FREE = "DELETE FROM bookings_occupancy WHERE booking_id = ANY(%s::bigint[])"
# Two halves, so that each walks the index of its exclusion constraint: only rows that truly overlap are looked at.
IN_THE_WAY = f"""
WITH wanted AS (
    SELECT * FROM unnest(%(resources)s::bigint[], %(patients)s::bigint[], %(begins)s::timestamptz[],
                         %(ends)s::timestamptz[]) AS row (resource, patient, begins, ends)
), there AS (
    SELECT o.booking_id FROM wanted JOIN bookings_occupancy o
        ON o.resource_id = wanted.resource AND o.during && tstzrange(wanted.begins, wanted.ends)
    UNION
    SELECT o.booking_id FROM wanted JOIN bookings_occupancy o
        ON o.patient_id = wanted.patient AND o.during && tstzrange(wanted.begins, wanted.ends)
)
SELECT b.id FROM there JOIN bookings_booking b ON b.id = there.booking_id
WHERE {LAPSED_HOLD} ORDER BY b.id
"""  # noqa: S608 - our own words
TAKE = """
INSERT INTO bookings_occupancy (booking_id, resource_id, patient_id, during, part, hands_on)
SELECT booking, resource, patient, tstzrange(begins, ends), part, hands_on
FROM unnest(%(bookings)s::bigint[], %(resources)s::bigint[], %(patients)s::bigint[], %(begins)s::timestamptz[],
            %(ends)s::timestamptz[], %(parts)s::varchar[], %(hands_on)s::smallint[])
     WITH ORDINALITY AS row (booking, resource, patient, begins, ends, part, hands_on, number)
ORDER BY number
"""


def resources_and_patients(bookings: Iterable[Booking]) -> tuple[set[int], set[int]]:
    """Whose time these bookings take now."""
    rows = _read(OF_BOOKINGS, [[booking.pk for booking in bookings]])
    return {row[0] for row in rows if row[0] is not None}, {row[1] for row in rows if row[1] is not None}


def resource_ids(bookings: Iterable[Booking]) -> frozenset[int]:
    """The resources that serve these bookings now."""
    return frozenset(resources_and_patients(bookings)[0])


def resource_ids_of_visit(visit: Visit) -> frozenset[int]:
    """The resources that serve a visit now."""
    return frozenset(row[0] for row in _read(OF_VISIT, [visit.pk]))


def crew_rows(bookings: Iterable[Booking]) -> list[list[object]]:
    """Who and what serves these bookings now, as [booking, resource, part] for the history."""
    return [[*row] for row in _read(SERVED, [[booking.pk for booking in bookings]])]


def states_now(visit: Visit) -> dict[int, tuple[str, int]]:
    """The status and the version of each of the visit's bookings as they are on record now."""
    return {row[0]: (row[1], row[2]) for row in _read(STATES, [visit.pk])}


def delete_rows(bookings: Sequence[Booking]) -> None:
    """Give the time of these bookings back."""
    if bookings:
        _write(FREE, [[booking.pk for booking in bookings]])


def lapsed_holds_overlapping(rows: Sequence[Occupancy], now: dt.datetime) -> list[int]:
    """The lapsed holds whose time one of these rows is to take."""
    return [row[0] for row in _read(IN_THE_WAY, {**_columns(rows), "now": now})] if rows else []


def insert_rows(rows: Sequence[Occupancy]) -> None:
    """Write these rows, in this order. The database refuses what overlaps."""
    if rows:
        _write(TAKE, _columns(rows))


def _columns(rows: Sequence[Occupancy]) -> dict[str, list[Any]]:
    return {
        "bookings": [row.booking_id for row in rows],
        "resources": [row.resource_id for row in rows],
        "patients": [row.patient_id for row in rows],
        "begins": [row.during.lower for row in rows],
        "ends": [row.during.upper for row in rows],
        "parts": [row.part for row in rows],
        "hands_on": [row.hands_on for row in rows],
    }


def _read(statement: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _write(statement: str, values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
