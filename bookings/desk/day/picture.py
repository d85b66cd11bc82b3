"""The day list, drawn: which room and which person is taken when."""

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.models import Occupancy
from clinic.premises.models import Absence, Clinic, OpeningHours
from clinic.wall import edge

from .page import DayLine, DayList, taken_by_resources
from .timeline import Stretch, Timeline, timeline

NINE_TO_FIVE = (9 * 60, 17 * 60)
"""Drawn when the clinic has no hours on that weekday (a clinic default, unsourced)."""


def by_room(day: DayList, rooms: Sequence[tuple[int, str]], clinic: Clinic, *, now: dt.datetime) -> Timeline:
    """A lane for each room."""
    return _draw(day, rooms, clinic, now=now, part="room")


def by_person(day: DayList, team: Sequence[tuple[int, str]], clinic: Clinic, *, now: dt.datetime) -> Timeline:
    """A lane for each person at work, and for those who serve although their hours do not say so."""
    rows = {person for person, _name in team}
    others = {person.pk: person.name for line in day.lines for person in line.crew if person.pk not in rows}
    return _draw(day, [*team, *sorted(others.items())], clinic, now=now, part="crew:")


def _draw(day: DayList, lanes: Sequence[tuple[int, str]], clinic: Clinic, *, now: dt.datetime, part: str) -> Timeline:
    taken = [_stretch(line, row) for line, row in taken_by_resources(day.lines) if row.part.startswith(part)]
    opens, closes = _hours(clinic, day.on)
    first = min([opens, *(stretch.start for stretch in taken)])
    last = max([closes, *(stretch.end for stretch in taken)])
    return timeline(
        lanes,
        [*_away(lanes, first, last), *taken],
        first=first,
        last=last,
        now=now,
        zone=clinic.zone,
    )


def _stretch(line: DayLine, row: Occupancy) -> Stretch:
    return Stretch(
        lane=row.resource_id or 0,
        start=row.during.lower,
        end=row.during.upper,
        label=line.patient.full_name,
        code="late" if line.late else line.booking.status,
        url=reverse("desk:visit", args=[line.visit.public_id]),
    )


def _away(lanes: Sequence[tuple[int, str]], first: dt.datetime, last: dt.datetime) -> list[Stretch]:
    """Who is away, and which room is out of order; the reason stays on the page of absences."""
    rows = Absence.objects.filter(resource__in=[lane for lane, _name in lanes], during__overlap=(first, last))
    return [Stretch(row.resource_id, row.during.lower, row.during.upper, _("away"), "away") for row in rows]


def _hours(clinic: Clinic, on: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From the first opening to the last closing of that weekday."""
    hours = list(
        OpeningHours.objects.filter(clinic=clinic, weekday=on.weekday()).values_list("from_minute", "to_minute")
    ) or [NINE_TO_FIVE]
    first, last = min(start for start, _end in hours), max(end for _start, end in hours)
    return edge(on, first, clinic.zone), edge(on, last, clinic.zone)
