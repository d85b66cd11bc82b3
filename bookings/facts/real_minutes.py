"""The minutes that a visit really takes, when it begins earlier or later than planned: who is in their way."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from bookings.models import Booking, Occupancy, Status
from bookings.models.booking import GOING_ON
from clinic.grid import CELL

A_DAY = dt.timedelta(days=1)
WHOLE_DAY = "room"
"""A room is used until its session is completed; people go on when their own part is planned to end."""


@dataclass(frozen=True)
class TakenMinutes:
    """A person, room or device and the minutes it serves. Times are aware.

    `since`: it serves now, in a session that began then; None: it is only planned.
    """

    resource: int
    name: str
    begins: dt.datetime
    ends: dt.datetime
    is_room: bool = False
    since: dt.datetime | None = None
    patient: str = ""


@dataclass(frozen=True)
class InTheWay:
    """Somebody else's minutes that a start now would run into; `is_going_on`: their session has begun already."""

    resource: str
    patient: str
    begins: dt.datetime
    is_going_on: bool


def shift_of(planned: dt.datetime, now: dt.datetime) -> dt.timedelta:
    """How much later (or earlier) than planned it begins now, in whole cells: a few minutes are none."""
    return CELL * int((now - planned) / CELL)


def ahead_from(rows: Iterable[TakenMinutes], by: dt.timedelta, now: dt.datetime) -> list[TakenMinutes]:
    """What is still ahead of these minutes, when all of them lie so much later."""
    moved = [TakenMinutes(r.resource, r.name, max(r.begins + by, now), r.ends + by, r.is_room) for r in rows]
    return [row for row in moved if row.begins < row.ends]


def clashes(own: Sequence[TakenMinutes], others: Iterable[TakenMinutes], now: dt.datetime) -> list[InTheWay]:
    """Whom of the others a session that begins now runs into, those whose session goes on first. Pure.

    A session that goes on takes the minutes since it really began, and its room for as long as nobody completes it.
    """
    ahead = {row.resource: row for row in own}
    hits: dict[tuple[str, str], InTheWay] = {}
    for other in others:
        planned = ahead.get(other.resource)
        ends = other.ends if other.since is None or not other.is_room else max(other.ends, now + CELL)
        if planned is None or not (other.begins < planned.ends and planned.begins < ends):
            continue
        hit = InTheWay(other.name, other.patient, other.begins, other.since is not None and other.begins <= now)
        hits.setdefault((hit.patient, hit.resource), hit)
    return sorted(hits.values(), key=lambda hit: (not hit.is_going_on, hit.begins, hit.patient, hit.resource))


def in_the_way(booking: Booking, *, now: dt.datetime) -> list[InTheWay]:
    """Whom this booking would run into if it began now: asked of what people, room and equipment are booked for."""
    rows = list(_rows(Occupancy.objects.filter(booking=booking)))
    own = ahead_from((_taken(row) for row in rows), shift_of(booking.starts_at, now), now)
    if not own:
        return []
    near = Occupancy.objects.filter(
        resource__in={row.resource for row in own}, during__overlap=(now - A_DAY, now + A_DAY)
    )
    until = max(row.ends for row in own)
    ahead = Q(booking__status__in=GOING_ON, during__overlap=(now, until))
    others = near.filter(ahead | Q(booking__status=Status.IN_PROGRESS)).exclude(booking__visit=booking.visit_id)
    return clashes(own, [_as_it_goes(row) for row in _rows(others)], now)


def _rows(rows: QuerySet[Occupancy]) -> QuerySet[Occupancy]:
    rows = rows.filter(resource__isnull=False).select_related("resource", "booking__visit__patient")
    return rows.order_by("during", "pk")


def _taken(row: Occupancy) -> TakenMinutes:
    name = row.resource.name if row.resource else ""
    return TakenMinutes(row.resource_id or 0, name, row.during.lower, row.during.upper, row.part == WHOLE_DAY)


def _as_it_goes(row: Occupancy) -> TakenMinutes:
    """The minutes of somebody else's booking: as planned, or since its session really began."""
    taken, booking, patient = _taken(row), row.booking, row.booking.visit.patient
    began = booking.started_at if booking.status == Status.IN_PROGRESS else None
    late = shift_of(booking.starts_at, began) if began else dt.timedelta()
    name = patient.full_name if patient else ""
    return TakenMinutes(taken.resource, taken.name, taken.begins + late, taken.ends + late, taken.is_room, began, name)
