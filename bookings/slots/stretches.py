"""The stretches that a booking takes, when it really begins later or earlier, or ends at another time. Pure."""

import datetime as dt
from collections.abc import Iterable

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.models import Occupancy


def rows_later(rows: Iterable[Occupancy], by: dt.timedelta) -> list[Occupancy]:
    """The same stretches, so much later (or earlier, where it is negative), as rows that are not written yet."""
    return [_row(row, row.during.lower + by, row.during.upper + by) for row in rows]


def rows_with_end(rows: Iterable[Occupancy], was: dt.datetime, becomes: dt.datetime) -> list[Occupancy]:
    """The same where the treatment ends at another time: what follows it, such as cleaning, comes along.

    Shorter, the last minutes are cut; longer, whoever and whatever serves to its end serves longer. The minutes of work
    with the hands change with the stretch.
    """
    by = becomes - was

    def moved(moment: dt.datetime) -> dt.datetime:
        return moment + by if moment >= was else min(moment, becomes)

    rows = [_row(row, moved(row.during.lower), moved(row.during.upper)) for row in rows]
    return [row for row in rows if row.during.lower < row.during.upper]


def rows_added(rows: Iterable[Occupancy], before: Iterable[Occupancy]) -> list[Occupancy]:
    """What the rows take beyond what was taken before: of each that ends later, the minutes behind its old end."""
    ends = {(row.resource_id, row.patient_id, row.part): row.during.upper for row in before}
    longer = []
    for row in rows:
        old = ends.get((row.resource_id, row.patient_id, row.part))
        if old is not None and row.during.upper > old:
            longer.append(_row(row, max(old, row.during.lower), row.during.upper))
    return longer


def _row(row: Occupancy, lower: dt.datetime, upper: dt.datetime) -> Occupancy:
    minutes = (upper - lower - (row.during.upper - row.during.lower)) // dt.timedelta(minutes=1)
    return Occupancy(
        booking=row.booking,
        resource=row.resource,
        patient_id=row.patient_id,
        part=row.part,
        during=DateTimeTZRange(lower, upper, "[)"),
        hands_on=max(row.hands_on + minutes, 0) if row.hands_on else row.hands_on,
    )
