"""Who watches over patients at a clinic, when, and where too few are on duty for it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.facts.taken import demand
from bookings.models import Occupancy, Visit
from bookings.models.booking import GOING_ON, day_not_over
from clinic.grid import cells
from clinic.premises.models import Clinic
from therapies.rota import Calendar, calendar, supply
from therapies.shape import WATCH_PLACE
from therapies.watch import Watch, watch_of

PART = f"equipment:{WATCH_PLACE}"
"""As what a watch place is taken."""


@dataclass(frozen=True)
class WatchStretch:
    """From when to when the same patients are watched (by the places they lie in) and the same staff are on duty.

    `is_enough`: whether these are enough for the patients.
    """

    first: dt.datetime
    last: dt.datetime
    places: tuple[Occupancy, ...]
    people: tuple[int, ...]
    is_enough: bool


@dataclass(frozen=True)
class UnwatchedVisits:
    """Visits for whose watch too few are on duty, by their numbers, each with when in steps of five minutes."""

    visits: dict[int, Visit]
    times: dict[int, set[dt.datetime]]

    def since(self, after: "UnwatchedVisits") -> list[Visit]:
        """Those that lack somebody in `after` at a time at which they had enough."""
        return [visit for pk, visit in after.visits.items() if after.times[pk] - self.times.get(pk, set())]


def watched_rows(clinics: Iterable[int], during: DateTimeTZRange | None, now: dt.datetime) -> list[Occupancy]:
    """The watch places that visits still to come or going on take at these clinics, in that stretch."""
    rows = Occupancy.objects.filter(
        day_not_over(now, "booking__"), part=PART, booking__visit__clinic__in=[*clinics], booking__status__in=GOING_ON
    )
    rows = rows if during is None else rows.filter(during__overlap=during)
    return list(rows.select_related("booking__visit__clinic").order_by("during"))


def unwatched_visits(
    clinics: Iterable[int], now: dt.datetime, *, during: DateTimeTZRange | None = None, without: Collection[int] = ()
) -> UnwatchedVisits:
    """The visits at these clinics for whose watch too few are on duty; `without` are practitioners who would be gone.

    One query where nobody is watched.
    """
    visits: dict[int, Visit] = {}
    times: dict[int, set[dt.datetime]] = defaultdict(set)
    by_clinic: dict[Clinic, list[Occupancy]] = defaultdict(list)
    for row in watched_rows(clinics, during, now):
        by_clinic[row.booking.visit.clinic].append(row)
    for clinic, rows in by_clinic.items():
        lacking = _unwatched(clinic, rows, now, without)
        for row in rows:
            if row.pk in lacking:
                visits[row.booking.visit_id] = row.booking.visit
                times[row.booking.visit_id] |= lacking[row.pk]
    return UnwatchedVisits(visits, times)


def _unwatched(
    clinic: Clinic, rows: list[Occupancy], now: dt.datetime, without: Collection[int]
) -> dict[int, set[dt.datetime]]:
    """By the row's number: when too few are on duty; rows that have enough are left out."""
    days, watch, _people = _read(clinic, rows, now, without)
    frame, lacking = days.window, watch.lacking()
    moments = {
        row.pk: {frame.time(cell) for cell in cells(frame.mask(row.during.lower, row.during.upper) & lacking)}
        for row in rows
    }
    return {number: times for number, times in moments.items() if times}


def watch_stretches(clinic: Clinic, rows: Iterable[Occupancy], now: dt.datetime) -> list[WatchStretch]:
    """Who lies where and who is on duty, from change to change, in order; `rows` are watch places that are taken."""
    rows = sorted(rows, key=lambda row: (row.during.lower, row.pk))
    if not rows:
        return []
    days, watch, people = _read(clinic, rows, now)
    frame, lacking = days.window, watch.lacking()
    on_duty = dict(zip(people, watch.free, strict=True))
    first, last = frame.floor(min(row.during.lower for row in rows)), frame.ceil(max(row.during.upper for row in rows))
    states = [
        (
            tuple(row for row in rows if row.during.lower <= frame.time(cell) < row.during.upper),
            tuple(person for person, bits in on_duty.items() if bits >> cell & 1),
            not lacking >> cell & 1,
        )
        for cell in range(first, last)
    ]
    marks = [n for n, state in enumerate(states) if n == 0 or state != states[n - 1]] + [len(states)]
    return [
        WatchStretch(frame.time(first + begin), frame.time(first + end), *states[begin])
        for begin, end in pairwise(marks)
        if states[begin][0]
    ]


def _read(
    clinic: Clinic, rows: list[Occupancy], now: dt.datetime, without: Collection[int] = ()
) -> tuple[Calendar, Watch, list[int]]:
    """The clinic's watch on the dates of these rows, and who is in it, in the order of its bitmaps."""
    dates = [moment.astimezone(clinic.zone).date() for row in rows for moment in (row.during.lower, row.during.upper)]
    days = calendar(clinic.zone, min(dates), max(dates))
    have = supply(clinic, days, therapy_ids=[], kinds=[WATCH_PLACE], running_course=True)
    places = sorted({*have.ids(), *(row.resource_id for row in rows if row.resource_id)})
    taken = demand(places, days, now=now, patient_id=None, ignoring=None).taken
    watched = {place.id for place in have.equipment} | {row.resource_id for row in rows}
    staff = [person for person in have.people if person.id not in without]
    free = {person.id: person.works & ~taken.get(person.id, 0) for person in staff}
    watch = watch_of(clinic, staff, lambda person: free[person.id], [taken.get(place or 0, 0) for place in watched])
    return days, watch, [person.id for person in staff if person.id in watch.people]
