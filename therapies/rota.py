"""Who works where and when: hours − absences − closures, as bitmaps. The only place where wall time becomes bits."""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import F, Func, Value

from clinic.grid import Window, shifted, span, union, window
from clinic.premises.models import Absence, Clinic, Closure, Equipment, OpeningHours, Room, Use
from clinic.wall import closing, edge
from therapies.models import Qualification, WorkingHours

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
        begin = next((day.first for day in self.days if day.on >= first), self.window.cells)
        end = next((day.first for day in self.days if until is not None and day.on >= until), self.window.cells)
        return span(begin, end)

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
    hours = list(OpeningHours.objects.filter(clinic=clinic).values_list("weekday", "from_minute", "to_minute", "use"))
    uses = {Use.EVERYONE, Use.RUNNING_COURSES} if running_course else {Use.EVERYONE}
    bits = union(days.weekly(weekday, begin, end) for weekday, begin, end, use in hours if use in uses)
    reasons = {}
    for closure in Closure.objects.filter(clinic=clinic, on__gte=days.days[0].on, on__lte=days.days[-1].on):
        day = days.days[(closure.on - days.days[0].on).days]
        bits &= ~span(day.first, day.last)
        reasons[closure.on] = closure.reason
        if running_course and closure.use == Use.RUNNING_COURSES:
            bits |= days.stretch(day, closure.from_minute, closure.to_minute)
    return bits, reasons


def absences(resources: Iterable[int], days: Calendar) -> Callable[[int], int]:
    """For a resource, the cells in which it is away, rounded outward."""
    rows = Absence.objects.filter(
        resource__in=list(resources), during__overlap=(days.window.start, days.window.end)
    ).values_list("resource_id", "during")
    away: dict[int, int] = defaultdict(int)
    for resource, during in rows:
        away[resource] |= days.window.mask(during.lower, during.upper)
    return lambda resource: away.get(resource, 0)


def _qualified(therapy_ids: Iterable[int], days: Calendar) -> dict[int, dict[int, int]]:
    """For each practitioner and therapy the cells of the days on which they are qualified for it."""
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    rows = Qualification.objects.filter(therapy__in=set(therapy_ids)).in_force(days.days[0].on, days.days[-1].on)
    for person, therapy, start, end in rows.values_list("practitioner", "therapy", "starts_on", "ends_on"):
        found[person][therapy] |= days.dates(start, end)
    return found


def _people(clinic: Clinic, days: Calendar, therapy_ids: Iterable[int]) -> list[Person]:
    rows = WorkingHours.objects.filter(
        clinic=clinic, practitioner__is_active=True, valid_from__lte=days.days[-1].on
    ).values_list(
        "practitioner_id", "weekday", "from_minute", "to_minute", "valid_from", "valid_until",
        "practitioner__gender", "practitioner__roles", "practitioner__hands_on_limit",
    )  # fmt: skip
    weekly: dict[tuple[int, int, int], int] = {}
    works: dict[int, int] = defaultdict(int)
    facts: dict[int, tuple[str, list[str], int]] = {}
    for person, weekday, begin, end, start, until, gender, roles, limit in rows:
        pattern = (weekday, begin, end)
        if pattern not in weekly:
            weekly[pattern] = days.weekly(*pattern)
        bits = weekly[pattern]
        if start > days.days[0].on or until is not None:
            bits &= days.dates(start, until)
        works[person] |= bits
        facts[person] = (gender, roles, limit)
    qualified = _qualified(therapy_ids, days)
    return [
        Person(person, facts[person][0], frozenset(facts[person][1]), facts[person][2], bits, qualified.get(person, {}))
        for person, bits in sorted(works.items())
    ]


Provided = list[tuple[int, list[str]]]


def _places(clinic: Clinic, kinds: list[str]) -> tuple[Provided, Provided]:
    """The rooms with their features and the equipment of these kinds, in one query."""
    rooms = Room.objects.filter(clinic=clinic, is_active=True).values_list("pk", "features", Value(value=True))
    if not kinds:
        return [(pk, features) for pk, features, _is_room in rooms], []
    kind = Func(F("kind"), template="ARRAY[%(expressions)s]", output_field=Room._meta.get_field("features"))
    pieces = Equipment.objects.filter(clinic=clinic, is_active=True, kind__in=kinds)
    both = list(rooms.union(pieces.values_list("pk", kind, Value(value=False)), all=True))
    return [(pk, has) for pk, has, is_room in both if is_room], [(pk, has) for pk, has, is_room in both if not is_room]


def supply(
    clinic: Clinic, days: Calendar, *, therapy_ids: Iterable[int], kinds: Iterable[str], running_course: bool = False
) -> Supply:
    """Everything the clinic could give in these days: rooms, equipment of these kinds, and people with their hours.

    Practitioners come with their qualifications for `therapy_ids`.
    """
    open_bits, reasons = opening(clinic, days, running_course=running_course)
    rooms, equipment = _places(clinic, list(kinds))
    people = _people(clinic, days, therapy_ids)
    away = absences([*(pk for pk, _ in rooms), *(pk for pk, _ in equipment), *(p.id for p in people)], days)
    return Supply(
        days,
        open_bits,
        reasons,
        tuple(Place(pk, frozenset(features), open_bits & ~away(pk)) for pk, features in sorted(rooms)),
        tuple(Place(pk, frozenset(kind), open_bits & ~away(pk)) for pk, kind in sorted(equipment)),
        tuple(Person(p.id, p.gender, p.roles, p.limit, p.works & open_bits & ~away(p.id), p.qualified) for p in people),
    )
