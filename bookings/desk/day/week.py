"""The week of a clinic: who serves how many visits on which day, from when to when. No patient is named."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet

from bookings.models import HOLDS_TIME, Occupancy
from clinic.premises.models import Clinic
from clinic.wall import edge, wall_date

DAYS = 7


@dataclass(frozen=True)
class WeekCell:
    """One person on one day."""

    visits: int
    first: dt.datetime
    last: dt.datetime


@dataclass(frozen=True)
class WeekRow:
    """A person with a cell for each day; None where they serve nobody."""

    person: int
    name: str
    cells: tuple[tuple[dt.date, WeekCell | None], ...]


def week_of(clinic: Clinic, dates: Sequence[dt.date]) -> list[WeekRow]:
    """The people who serve on one of these dates, by name: one query."""
    begin, end = edge(dates[0], 0, clinic.zone), edge(dates[-1] + dt.timedelta(days=1), 0, clinic.zone)
    served: QuerySet[Any, Any] = Occupancy.objects.filter(
        booking__visit__clinic=clinic,
        booking__visit__patient__isnull=False,
        booking__status__in=HOLDS_TIME,
        booking__starts_at__gte=begin,
        booking__starts_at__lt=end,
        part__startswith="crew:",
    )
    on = wall_date("booking__visit__timezone", F("booking__starts_at"))
    served = served.order_by().annotate(on=on).values("resource", "resource__name", "on")
    visits, first, last = Count("booking__visit", distinct=True), Min("booking__starts_at"), Max("booking__ends_at")
    rows = served.annotate(visits=visits, first=first, last=last)
    cells: dict[tuple[str, int], dict[dt.date, WeekCell]] = defaultdict(dict)
    for person, name, date, *times in rows.values_list("resource", "resource__name", "on", "visits", "first", "last"):
        cells[name, person][date] = WeekCell(*times)
    return [
        WeekRow(person, name, tuple((date, days.get(date)) for date in dates))
        for (name, person), days in sorted(cells.items())
    ]
