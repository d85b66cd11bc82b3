"""Consultations as queues: one for each Vaidya and session, of walk-ins and appointments alike. Pure.

Whoever has arrived is called at the planned time, or, who came late or without an appointment, by arrival.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bookings.models import Booking, Status, Visit
from clinic.grid import CELL
from clinic.premises.models import Clinic
from clinic.wall import edge
from therapies.models import PractitionerRole

from .day_list import DayLine, DayList
from .lanes import PEOPLE, Lane, Span

WALK_IN = dt.timedelta(minutes=15)
"""Booked so shortly before its start, it is a walk-in (a clinic default, unsourced)."""
LATE_CHOICES = (10, 15, 20, 30, 45, 60, 90, 120)
NOT_LATE, USUALLY_LATE = 5, 30
"""Minutes (clinic defaults, unsourced)."""
HEARS = (Status.BOOKED, Status.CHECKED_IN)
OPEN = (Status.BOOKED, Status.CHECKED_IN, Status.REQUESTED)
ENDED = (Status.COMPLETED, Status.STOPPED)


@dataclass(frozen=True)
class QueueEntry:
    """One in a queue. `token`: the number by arrival, None before. `about`: when their turn comes, else None."""

    line: DayLine
    token: int | None = None
    about: dt.datetime | None = None

    @property
    def walked_in(self) -> bool:
        return self.line.booking.starts_at - self.line.visit.made_at < WALK_IN

    @property
    def inside(self) -> bool:
        return self.line.booking.status == Status.IN_PROGRESS


@dataclass(frozen=True)
class Queue:
    """A Vaidya's session. `late`: by how many minutes whoever is next begins after the planned time.

    `told`: when its patients were last told that it runs late, and by how many minutes.
    """

    lane: Lane
    begins: dt.datetime
    ends: dt.datetime
    entries: tuple[QueueEntry, ...]
    ended: int
    late: int
    told: tuple[dt.datetime, int] | None = None

    @property
    def usual(self) -> int:
        """The minutes that are offered first: the next choice above how late it runs now."""
        if self.late < NOT_LATE:
            return USUALLY_LATE
        return next((minutes for minutes in LATE_CHOICES if minutes >= self.late), LATE_CHOICES[-1])

    @property
    def hears(self) -> list[Visit]:
        """Whose turn is still to come: who is told when it runs late."""
        return [entry.line.visit for entry in self.entries if entry.line.booking.status in HEARS]


def queues_of(day: DayList, clinic: Clinic, now: dt.datetime) -> list[Queue]:
    """The queues of a date in the order of names and hours; a Vaidya without a consultation has none.

    On another date than today nobody waits, and no turn is worked out.
    """
    midnight, queues = edge(day.on, 0, clinic.zone), []
    for lane in day.frame.of(PEOPLE):
        if PractitionerRole.VAIDYA not in lane.roles:
            continue
        lines = [line for line in day.lines if _consults(line, lane)]
        for span in lane.works or ((day.frame.first, day.frame.last),):
            begins, ends = midnight + span[0] * CELL, midnight + span[1] * CELL
            queue = _queue(lane, begins, ends, _of_session(lines, lane, span, midnight), now)
            if day.on != clinic.today(now):
                queue = replace(queue, late=0, entries=tuple(replace(each, about=None) for each in queue.entries))
            queues += [queue] if queue.entries or queue.ended else []
    return queues


def _consults(line: DayLine, lane: Lane) -> bool:
    return line.booking.variant.therapy.is_consultation and lane.id in {person.pk for person in line.crew}


def _of_session(lines: Iterable[DayLine], lane: Lane, span: Span, midnight: dt.datetime) -> list[DayLine]:
    """Those who begin in this session; who begins outside all of them belongs to the one before, or the first."""
    starts = [midnight + first * CELL for first, _last in lane.works] or [midnight]
    own = midnight + span[0] * CELL if lane.works else midnight
    return [
        line
        for line in lines
        if max((start for start in starts if start <= line.booking.starts_at), default=starts[0]) == own
    ]


def _queue(lane: Lane, begins: dt.datetime, ends: dt.datetime, lines: Sequence[DayLine], now: dt.datetime) -> Queue:
    came = sorted(
        (line for line in lines if line.booking.arrived_at), key=lambda line: (line.booking.arrived_at, line.booking.pk)
    )
    tokens = {line.booking.pk: number for number, line in enumerate(came, start=1)}
    entries = [QueueEntry(line, tokens.get(line.booking.pk)) for line in lines]
    inside = [entry for entry in entries if entry.inside]
    waiting = sorted((each for each in entries if each.line.booking.status in OPEN), key=lambda each: _turn(each, now))
    free_at = max([now, *(_ends(entry.line.booking) for entry in inside)])
    turns, late = [], 0
    for entry in waiting:
        booking = entry.line.booking
        about = free_at if booking.arrived_at else max(free_at, booking.starts_at)
        late = late or max((about - max(booking.starts_at, booking.arrived_at or about)) // dt.timedelta(minutes=1), 0)
        turns.append(replace(entry, about=about))
        free_at = about + (booking.ends_at - booking.starts_at)
    ended = sum(line.booking.status in ENDED for line in lines)
    return Queue(lane, begins, ends, (*inside, *turns), ended, late)


def _turn(entry: QueueEntry, now: dt.datetime) -> tuple[dt.datetime, int]:
    """When somebody is called: at the planned time, later by arrival; who is late and not here yet, after who is."""
    booking = entry.line.booking
    return max(booking.starts_at, booking.arrived_at or now), booking.pk


def _ends(booking: Booking) -> dt.datetime:
    """When somebody who is inside is expected to be ready."""
    return (booking.started_at or booking.starts_at) + (booking.ends_at - booking.starts_at)
