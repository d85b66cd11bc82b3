"""Taken time as rows: who serves, what is given back, what lapsed holds are in the way, and what is written."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.models import Booking, Occupancy, Visit
from bookings.models.booking import LAPSED_HOLD
from clinic.premises.models import Resource
from clinic.statements import Id, Nothing, Statement


class OccupancyRow(NamedTuple):
    """Whose time a booking takes, and for what: of a resource or of the patient."""

    booking: int
    resource: int | None
    patient: int | None
    part: str


OF_BOOKINGS = Statement(
    """
SELECT booking_id AS booking, resource_id AS resource, patient_id AS patient, part FROM bookings_occupancy
WHERE booking_id = ANY(%(bookings)s::bigint[]) ORDER BY id
""",
    OccupancyRow,
)
# Two halves, so that each walks the index of its exclusion constraint: only rows that truly overlap are looked at.
IN_THE_WAY = Statement(
    f"""
SELECT lapsed.id FROM (
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
) lapsed
""",  # noqa: S608 - our own words
    Id,
)
TAKE = Statement(
    """
INSERT INTO bookings_occupancy (booking_id, resource_id, patient_id, during, part, hands_on)
SELECT booking, resource, patient, tstzrange(begins, ends), part, hands_on
FROM unnest(%(bookings)s::bigint[], %(resources)s::bigint[], %(patients)s::bigint[], %(begins)s::timestamptz[],
            %(ends)s::timestamptz[], %(parts)s::varchar[], %(hands_on)s::smallint[])
     WITH ORDINALITY AS row (booking, resource, patient, begins, ends, part, hands_on, number)
ORDER BY number
""",
    Nothing,
)


def resources_and_patients(bookings: Iterable[Booking]) -> tuple[set[int], set[int]]:
    """Whose time these bookings take now."""
    rows = _of(bookings)
    resources = {row.resource for row in rows if row.resource is not None}
    return resources, {row.patient for row in rows if row.patient is not None}


def resource_ids(bookings: Iterable[Booking]) -> frozenset[int]:
    """The resources that serve these bookings now."""
    return frozenset(resources_and_patients(bookings)[0])


def resource_ids_of_visit(visit: Visit) -> frozenset[int]:
    """The resources that serve a visit now."""
    rows = Occupancy.objects.filter(booking__visit=visit, resource__isnull=False)
    return frozenset(rows.values_list("resource_id", flat=True))


def crew_rows(bookings: Iterable[Booking]) -> list[list[object]]:
    """Who and what serves these bookings now, as [booking, resource, part] for the history."""
    return [[row.booking, row.resource, row.part] for row in _of(bookings) if row.resource is not None]


def kept_rows(bookings: Iterable[Booking]) -> list[list[object]]:
    """All that these bookings take now, for the history: what an undo writes again. Times as text."""
    rows = Occupancy.objects.filter(booking__in=[booking.pk for booking in bookings]).order_by("pk")
    columns = rows.values_list("booking", "resource", "patient", "part", "during", "hands_on")
    return [
        [booking, resource, patient, part, during.lower.isoformat(), during.upper.isoformat(), hands_on]
        for booking, resource, patient, part, during, hands_on in columns
    ]


def rows_to_put_back(kept: Iterable[Sequence[Any]], bookings: Iterable[Booking]) -> list[Occupancy]:
    """The same as rows that are not written yet, each with its resource, of those bookings.

    The patient's time is that of whose visit it is now: records may have been merged meanwhile.
    """
    own = {booking.pk: booking for booking in bookings}
    columns = [row for row in kept if row[0] in own]
    resources = Resource.objects.in_bulk({row[1] for row in columns if row[1] is not None})
    return [
        Occupancy(
            booking_id=booking,
            resource=resources.get(resource),
            patient_id=None if patient is None else own[booking].visit.patient_id,
            part=part,
            during=DateTimeTZRange(dt.datetime.fromisoformat(begins), dt.datetime.fromisoformat(ends), "[)"),
            hands_on=hands_on,
        )
        for booking, resource, patient, part, begins, ends, hands_on in columns
    ]


def crew_of(rows: Iterable[Occupancy]) -> list[list[object]]:
    """The same of rows that were just written, in their order."""
    return [[row.booking_id, row.resource_id, row.part] for row in rows if row.resource_id is not None]


def delete_rows(bookings: Sequence[Booking]) -> None:
    """Give the time of these bookings back."""
    if bookings:
        Occupancy.objects.filter(booking__in=[booking.pk for booking in bookings]).delete()


def lapsed_holds_overlapping(rows: Sequence[Occupancy], now: dt.datetime) -> list[int]:
    """The lapsed holds whose time one of these rows is to take."""
    return [row.id for row in IN_THE_WAY.rows(**_columns(rows), now=now)] if rows else []


def insert_rows(rows: Sequence[Occupancy]) -> None:
    """Write these rows, in this order. The database refuses what overlaps."""
    if rows:
        TAKE.run(
            **_columns(rows),
            bookings=[row.booking_id for row in rows],
            parts=[row.part for row in rows],
            hands_on=[row.hands_on for row in rows],
        )


def _of(bookings: Iterable[Booking]) -> list[OccupancyRow]:
    return OF_BOOKINGS.rows(bookings=[booking.pk for booking in bookings])


def _columns(rows: Sequence[Occupancy]) -> dict[str, list[Any]]:
    """Whose time, and when."""
    return {
        "resources": [row.resource_id for row in rows],
        "patients": [row.patient_id for row in rows],
        "begins": [row.during.lower for row in rows],
        "ends": [row.during.upper for row in rows],
    }
