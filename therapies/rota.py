"""Who works where and when: hours − absences − closures, as bitmaps. The only place where wall time becomes bits."""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from clinic.grid import Window, shifted, span, union, window
from clinic.premises.models import Clinic, Use
from clinic.wall import closing, edge
from therapies.inventory import Inventory, PlaceRow, SpanRow, WorkRow, inventory

QUALIFIED_ROLES = frozenset({"vaidya", "therapist"})
"""Roles that give a therapy only when qualified for it; attendants and nurses assist everywhere."""


@dataclass(frozen=True)
class LocalDay:
    """A date of the clinic, and the cells from its midnight to the next. `regular`: no clock change within it."""

    on: dt.date
    first: int
    last: int
    regular: bool


@dataclass(frozen=True)
class Calendar:
    """A window of whole local days."""

    window: Window
    zone: ZoneInfo
    days: tuple[LocalDay, ...]

    def stretch(self, day: LocalDay, from_minute: int, to_minute: int) -> int:
        """The cells of a wall-time stretch of one day."""
        if day.regular:
            return span(day.first + from_minute // 5, day.first + to_minute // 5)
        begin, end = edge(day.on, from_minute, self.zone), closing(day.on, to_minute, self.zone)
        return self.window.whole(begin, end)

    def weekly(self, weekday: int, from_minute: int, to_minute: int) -> int:
        """The cells of the same stretch on every such weekday."""
        return union(self.stretch(day, from_minute, to_minute) for day in self.days if day.on.weekday() == weekday)

    def dates(self, first: dt.date, until: dt.date | None) -> int:
        """The cells of the days from `first` up to, not including, `until`."""
        return span(self._midnight(first), self.window.cells if until is None else self._midnight(until))

    def _midnight(self, on: dt.date) -> int:
        """The cell at which a date begins; of a date outside, the nearer end of the window."""
        number = max((on - self.days[0].on).days, 0)
        return self.days[number].first if number < len(self.days) else self.window.cells

    def within_a_day(self, before: int, after: int) -> int:
        """The cells from which `before` cells back to `after` cells on lie in one date: no visit crosses midnight."""
        return union(span(day.first + before, day.last - after + 1) for day in self.days)

    def marks(self, minutes: int) -> int:
        """The cells at which the local clock shows a multiple of `minutes` after midnight."""
        return _marks(self, minutes)


@lru_cache(maxsize=256)
def calendar(zone: ZoneInfo, first: dt.date, last: dt.date) -> Calendar:
    """The local days from `first` to `last`, both included."""
    midnights = [edge(first + dt.timedelta(days=n), 0, zone) for n in range((last - first).days + 2)]
    frame = window(midnights[0], midnights[-1])
    days = []
    for number, (begin, end) in enumerate(itertools.pairwise(midnights)):
        regular = end - begin == dt.timedelta(days=1) and begin.astimezone(zone).hour == 0
        same = begin.astimezone(zone).utcoffset() == (end - dt.timedelta(seconds=1)).astimezone(zone).utcoffset()
        days.append(LocalDay(first + dt.timedelta(days=number), frame.floor(begin), frame.floor(end), regular and same))
    return Calendar(frame, zone, tuple(days))


@lru_cache(maxsize=256)
def _marks(days: Calendar, minutes: int) -> int:
    pattern = union(1 << minute // 5 for minute in range(0, 1440, minutes))
    result = 0
    for day in days.days:
        if day.regular:
            result |= shifted(pattern, -day.first)
            continue
        for cell in range(day.first, day.last):
            local = days.window.time(cell).astimezone(days.zone)
            if (local.hour * 60 + local.minute) % minutes == 0:
                result |= 1 << cell
    return result


@dataclass(frozen=True)
class Place:
    """A room or a piece of equipment; `provides` are its features, or its one kind."""

    id: int
    provides: frozenset[str]
    free: int


@dataclass(frozen=True)
class Person:
    """A practitioner; `works` are the cells on the rota of this clinic, absences taken out.

    `qualified` has, for each therapy asked about, the cells of the days on which they may give it.
    """

    id: int
    gender: str
    roles: frozenset[str]
    limit: int
    works: int
    qualified: Mapping[int, int]


@dataclass(frozen=True)
class Supply:
    """What a clinic has, before anything is booked. `reason` says why a date is closed."""

    calendar: Calendar
    open: int
    reasons: dict[dt.date, str]
    rooms: tuple[Place, ...]
    equipment: tuple[Place, ...]
    people: tuple[Person, ...]

    def ids(self) -> list[int]:
        """Every resource, sorted."""
        everything: tuple[Place | Person, ...] = (*self.rooms, *self.equipment, *self.people)
        return sorted(item.id for item in everything)


def opening(clinic: Clinic, days: Calendar, *, running_course: bool = False) -> tuple[int, dict[dt.date, str]]:
    """The cells in which the clinic is open, and the reasons of closed dates."""
    have = inventory(clinic, days.days[0].on, days.days[-1].on, days.window)
    return _opening(have, days, running_course=running_course)


def _opening(have: Inventory, days: Calendar, *, running_course: bool) -> tuple[int, dict[dt.date, str]]:
    uses = {Use.EVERYONE, Use.RUNNING_COURSES} if running_course else {Use.EVERYONE}
    bits = union(
        days.weekly(row["weekday"], row["from_minute"], row["to_minute"]) for row in have.hours if row["use"] in uses
    )
    reasons = {}
    for closure in have.closures:
        day = days.days[(dt.date.fromisoformat(closure["on"]) - days.days[0].on).days]
        bits &= ~span(day.first, day.last)
        reasons[day.on] = closure["reason"]
        if running_course and closure["use"] == Use.RUNNING_COURSES:
            bits |= days.stretch(day, closure["from_minute"], closure["to_minute"])
    return bits, reasons


def _away(have: Inventory, days: Calendar) -> dict[int, int]:
    """For each resource that is away, the cells in which it is, rounded outward."""
    away: dict[int, int] = defaultdict(int)
    for row in have.absences:
        away[row["resource_id"]] |= span(max(row["first"], 0), min(row["last"], days.window.cells))
    return away


def _cells_between(days: Calendar, row: SpanRow) -> int:
    """The cells of the days from one date up to, not including, another; of all days without them."""
    first, until = row["first"], row["until"]
    if first is None and until is None:
        return days.window.all
    begin = dt.date.fromisoformat(first) if first else days.days[0].on
    return days.dates(begin, dt.date.fromisoformat(until) if until else None)


def _qualified(have: Inventory, days: Calendar) -> dict[int, dict[int, int]]:
    """For each practitioner and therapy the cells of the days on which they are qualified for it."""
    result: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in have.qualifications:
        result[row["practitioner_id"]][row["therapy_id"]] |= _cells_between(days, row)
    return result


def _works(hours: Iterable[WorkRow], days: Calendar, weekly: dict[tuple[int, int, int], int]) -> int:
    """The cells of a person's hours; `weekly` keeps what the hours of a weekday are, which many share."""
    works = 0
    for row in hours:
        pattern = (row["weekday"], row["from_minute"], row["to_minute"])
        if pattern not in weekly:
            weekly[pattern] = days.weekly(*pattern)
        works |= weekly[pattern] & _cells_between(days, row)
    return works


def _people(have: Inventory, days: Calendar, open_bits: int, away: Mapping[int, int]) -> tuple[Person, ...]:
    qualified = _qualified(have, days)
    weekly: dict[tuple[int, int, int], int] = {}
    return tuple(
        Person(
            id=row["id"],
            gender=row["gender"],
            roles=frozenset(row["roles"]),
            limit=row["hands_on_limit"],
            works=_works(row["hours"], days, weekly)
            & _employed(row["spans"], days)
            & open_bits
            & ~away.get(row["id"], 0),
            qualified=qualified.get(row["id"], {}),
        )
        for row in have.people
    )


def _employed(spans: list[SpanRow] | None, days: Calendar) -> int:
    """The cells of the days on which the person's account holds a role here; all without an account."""
    return days.window.all if spans is None else union(_cells_between(days, row) for row in spans)


def _places(rows: Iterable[PlaceRow], open_bits: int, away: Mapping[int, int]) -> tuple[Place, ...]:
    return tuple(Place(row["id"], frozenset(row["provides"]), open_bits & ~away.get(row["id"], 0)) for row in rows)


def supply(
    clinic: Clinic, days: Calendar, *, therapy_ids: Iterable[int], kinds: Iterable[str], running_course: bool = False
) -> Supply:
    """Everything the clinic could give in these days: rooms, equipment of these kinds, and people with their hours.

    Practitioners come with their qualifications for `therapy_ids`. One query.
    """
    have = inventory(clinic, days.days[0].on, days.days[-1].on, days.window, therapy_ids=therapy_ids, kinds=kinds)
    open_bits, reasons = _opening(have, days, running_course=running_course)
    away = _away(have, days)
    return Supply(
        days,
        open_bits,
        reasons,
        _places(have.rooms, open_bits, away),
        _places(have.equipment, open_bits, away),
        _people(have, days, open_bits, away),
    )
