"""What is taken already: occupancies as cells, read in one query."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from bookings.models.booking import LAPSED_HOLD
from clinic.grid import from_cells
from clinic.statements import Statement
from therapies.rota import Calendar


class TakenRow(NamedTuple):
    """The cells in which the occupancies of a resource begin and end, and the hands-on minutes of each.

    `resource` is None for those of the patient, `hands_on` where nobody's hands are needed.
    """

    resource: int | None
    firsts: list[int]
    lasts: list[int]
    hands_on: list[int] | None


_IN_THE_DAYS = """lower(o.during) > %(begin)s::timestamptz - interval '1 day'
  AND lower(o.during) < %(end)s AND upper(o.during) > %(begin)s
  AND o.booking_id <> ALL (ARRAY(SELECT id FROM gone))"""
# By index from the window's beginning, a day earlier for what reaches into it (none lasts longer: see the constraint).
# Lapsed holds are left out, and the visit that is being moved. A row a resource: rows are what costs most to fetch.
TAKEN = Statement(
    f"""
SELECT taken.* FROM (
WITH gone AS (
    SELECT b.id FROM bookings_booking b WHERE {LAPSED_HOLD}
    UNION ALL
    SELECT id FROM bookings_booking WHERE visit_id = %(ignoring)s
)
SELECT o.resource_id AS resource,
       array_agg(date_part('epoch', lower(o.during))::bigint / 300 - %(origin)s) AS firsts,
       array_agg(date_part('epoch', upper(o.during))::bigint / 300 - %(origin)s) AS lasts,
       CASE WHEN bool_or(o.hands_on > 0) THEN array_agg(o.hands_on) END AS hands_on
FROM bookings_occupancy o
WHERE o.resource_id = ANY(%(resources)s::bigint[]) AND {_IN_THE_DAYS}
GROUP BY o.resource_id
UNION ALL
SELECT NULL,
       array_agg(date_part('epoch', lower(o.during))::bigint / 300 - %(origin)s),
       array_agg(date_part('epoch', upper(o.during))::bigint / 300 - %(origin)s),
       NULL
FROM bookings_occupancy o
WHERE o.patient_id = %(patient)s AND {_IN_THE_DAYS}
HAVING count(*) > 0
) taken
""",  # noqa: S608 - our own words
    TakenRow,
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
    rows = TAKEN.rows(
        resources=list(resources),
        patient=patient_id or 0,
        ignoring=ignoring or 0,
        begin=frame.start,
        end=frame.end,
        now=now,
        origin=int(frame.start.timestamp()) // 300,
    )
    taken: dict[int, int] = {}
    hands_on: dict[int, dict[int, int]] = defaultdict(dict)
    patient = 0
    for row in rows:
        bits = from_cells(zip(row.firsts, row.lasts, strict=True), frame.cells)
        if row.resource is None:
            patient = bits
        else:
            taken[row.resource] = bits
            for first, minutes in zip(row.firsts, row.hands_on or (), strict=row.hands_on is not None):
                day = day_number(days, first)
                hands_on[row.resource][day] = hands_on[row.resource].get(day, 0) + minutes
    return Demand(taken, hands_on, patient)


def day_number(days: Calendar, cell: int) -> int:
    """Which of the calendar's days a cell lies in; outside, the nearest."""
    guess = min(max(cell // 288, 0), len(days.days) - 1)
    while guess > 0 and days.days[guess].first > cell:
        guess -= 1
    while guess < len(days.days) - 1 and days.days[guess].last <= cell:
        guess += 1
    return guess
