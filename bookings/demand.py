"""What is taken already: occupancies as cells, read in one query."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from clinic.grid import from_cells
from therapies.rota import Calendar

# By index from the window's beginning, a day earlier for what reaches into it (none lasts longer: see the constraint).
# Lapsed holds are left out, and the visit that is being moved.
TAKEN = """
WITH gone AS (
    SELECT id FROM bookings_booking WHERE status IN ('held', 'requested') AND expires_at <= %(now)s
    UNION ALL
    SELECT id FROM bookings_booking WHERE visit_id = %(ignoring)s
)
SELECT o.resource_id, o.patient_id,
       date_part('epoch', lower(o.during))::bigint / 300 - %(origin)s AS first,
       date_part('epoch', upper(o.during))::bigint / 300 - %(origin)s AS last,
       o.hands_on
FROM bookings_occupancy o
WHERE o.resource_id = ANY(%(resources)s::bigint[])
  AND lower(o.during) > %(begin)s - interval '1 day' AND lower(o.during) < %(end)s AND upper(o.during) > %(begin)s
  AND o.booking_id <> ALL (ARRAY(SELECT id FROM gone))
UNION ALL
SELECT o.resource_id, o.patient_id,
       date_part('epoch', lower(o.during))::bigint / 300 - %(origin)s,
       date_part('epoch', upper(o.during))::bigint / 300 - %(origin)s,
       0
FROM bookings_occupancy o
WHERE o.patient_id = %(patient)s
  AND lower(o.during) > %(begin)s - interval '1 day' AND lower(o.during) < %(end)s AND upper(o.during) > %(begin)s
  AND o.booking_id <> ALL (ARRAY(SELECT id FROM gone))
"""


@dataclass(frozen=True)
class Demand:
    """Taken cells of each resource, hands-on minutes of each (resource, local day number), and the patient's cells."""

    taken: dict[int, int]
    hands_on: dict[int, dict[int, int]]
    patient: int


def demand(
    resources: Iterable[int], days: Calendar, *, now: dt.datetime, patient_id: int | None, ignoring: int | None
) -> Demand:
    """What is taken of these resources, and of the patient, in these days."""
    frame = days.window
    values: dict[str, Any] = {
        "resources": list(resources),
        "patient": patient_id or 0,
        "ignoring": ignoring or 0,
        "begin": frame.start,
        "end": frame.end,
        "now": now,
        "origin": int(frame.start.timestamp()) // 300,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, values)
        rows = cursor.fetchall()
    stretches: dict[int, list[tuple[int, int]]] = defaultdict(list)
    mine: list[tuple[int, int]] = []
    hands_on: dict[int, dict[int, int]] = defaultdict(dict)
    for resource, _patient, first, last, minutes in rows:
        if resource is None:
            mine.append((first, last))
            continue
        stretches[resource].append((first, last))
        if minutes:
            day = day_number(days, first)
            hands_on[resource][day] = hands_on[resource].get(day, 0) + minutes
    size = frame.cells
    return Demand(
        {resource: from_cells(parts, size) for resource, parts in stretches.items()}, hands_on, from_cells(mine, size)
    )


def day_number(days: Calendar, cell: int) -> int:
    """Which of the calendar's days a cell lies in; outside, the nearest."""
    guess = min(max(cell // 288, 0), len(days.days) - 1)
    while guess > 0 and days.days[guess].first > cell:
        guess -= 1
    while guess < len(days.days) - 1 and days.days[guess].last <= cell:
        guess += 1
    return guess
