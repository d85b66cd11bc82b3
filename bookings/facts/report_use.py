"""How much people, rooms and equipment were used in a period: minutes taken by hour of the day."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookings.facts.report_period import ReportPeriod
from bookings.models import HOLDS_TIME, Occupancy, Status

HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class UseRow:
    """One person, room or piece of equipment: how often and how long it was taken, and the minutes of each hour."""

    name: str
    kind: str
    visits: int
    minutes: int
    by_hour: tuple[int, ...]


@dataclass(frozen=True)
class UseOfHours:
    """Rows in the order of kind and name; `hours` are the hours of the wall in which anything was taken."""

    hours: tuple[int, ...]
    rows: tuple[UseRow, ...]
    days: int

    @property
    def most(self) -> int:
        """The largest number of minutes in one cell."""
        return max((minutes for row in self.rows for minutes in row.by_hour), default=0)


def use_of_hours(period: ReportPeriod) -> UseOfHours:
    """Reads the occupancies of the period once; a stretch counts in each hour of the clinic's wall that it touches."""
    begin, end = period.span
    taken = Occupancy.objects.filter(
        booking__visit__clinic=period.clinic,
        booking__status__in=HOLDS_TIME - {Status.HELD, Status.REQUESTED},
        booking__starts_at__gte=begin,
        booking__starts_at__lt=end,
        resource__isnull=False,
    )
    minutes: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    visits: dict[int, set[int]] = defaultdict(set)
    names: dict[int, tuple[str, str]] = {}
    columns = ("resource", "resource__name", "part", "booking", "during")
    for resource, name, part, booking, during in taken.values_list(*columns).iterator(chunk_size=2000):
        names.setdefault(resource, (_kind(part), name))
        visits[resource].add(booking)
        for hour, count in _hours_of(during.lower, during.upper, period):
            minutes[resource][hour] += count
    hours = tuple(sorted({hour for row in minutes.values() for hour in row}))
    rows = [
        UseRow(
            name, kind, len(visits[pk]), sum(minutes[pk].values()), tuple(minutes[pk].get(hour, 0) for hour in hours)
        )
        for pk, (kind, name) in names.items()
    ]
    return UseOfHours(hours, tuple(sorted(rows, key=lambda row: (row.kind, row.name))), period.days)


def _hours_of(begin: dt.datetime, end: dt.datetime, period: ReportPeriod) -> list[tuple[int, int]]:
    """The hours of the wall that a stretch touches, with the minutes in each."""
    rows, at = [], begin.astimezone(period.clinic.zone)
    end = end.astimezone(period.clinic.zone)
    while at < end:
        following = min(end, at.replace(minute=0, second=0, microsecond=0) + HOUR)
        rows.append((at.hour, int((following - at).total_seconds() // 60)))
        at = following
    return rows


def _kind(part: str) -> str:
    if part.startswith("crew:"):
        return _("Person")
    return _("Room") if part.startswith("room") else _("Equipment")
