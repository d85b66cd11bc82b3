"""What is taken already: occupancies as cells, read in one query."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from clinic.grid import from_cells
from therapies.rota import Calendar

# One index look-up for each resource; lapsed holds are left out, and the visit that is being moved.
TAKEN = """
SELECT o.resource_id, o.patient_id,
       floor(extract(epoch FROM lower(o.during)) / 300)::int - %(origin)s AS first,
       ceil(extract(epoch FROM upper(o.during)) / 300)::int - %(origin)s AS last,
       o.hands_on
FROM unnest(%(resources)s::bigint[]) AS wanted(id)
JOIN bookings_occupancy o ON o.resource_id = wanted.id AND o.during && tstzrange(%(begin)s, %(end)s)
WHERE o.booking_id NOT IN ({gone})
UNION ALL
SELECT o.resource_id, o.patient_id,
       floor(extract(epoch FROM lower(o.during)) / 300)::int - %(origin)s,
       ceil(extract(epoch FROM upper(o.during)) / 300)::int - %(origin)s,
       0
FROM bookings_occupancy o
WHERE o.patient_id = %(patient)s AND o.during && tstzrange(%(begin)s, %(end)s)
  AND o.booking_id NOT IN ({gone})
""".replace(
    "{gone}",
    "SELECT id FROM bookings_booking WHERE (status IN ('held', 'requested') AND expires_at <= %(now)s)"
    " OR visit_id = %(ignoring)s",
)


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
    values = {
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
