"""The one function that writes time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bookings.actions import history, occupancy_rows
from bookings.actions.conditional_writes import set_status
from bookings.actions.locks import candidate_ids, lock
from bookings.errors import JustTaken, PolicyRefused, SoftLimit, refuse_if
from bookings.facts.plans import plan_of
from bookings.models import Booking, Occupancy, Status
from bookings.rules.soft_limits import Override, notes_open
from bookings.slots.assignment import Assignment, assign
from bookings.slots.search import allowed, possible
from bookings.slots.search_space import (
    SearchSpace,
    SlotRequest,
    VisitPart,
    ends_at,
    read_search_space,
    starting_cell,
    visit_parts_of,
)
from clinic.grid import fits
from clinic.people.models import User
from therapies.rules import Session


class BookingChannel(Enum):
    """Which starts may be chosen: as offered to patients, as offered to the desk, or any (already held, or past)."""

    PATIENT = "patient"
    DESK = "desk"
    ANY = "any"


@dataclass(frozen=True)
class Placement:
    """Time that somebody wants: a visit's bookings, one for each variant that was asked for, at this start.

    `before` are resources that served before. `keeps_plan`: the planned times and the patient's own time stay as they
    are on record, whatever the catalogue says today. `override`: where rules that close nothing ask for a reason.
    """

    slot_request: SlotRequest
    start: dt.datetime
    bookings: Sequence[Booking]
    channel: BookingChannel
    before: frozenset[int] = frozenset()
    keeps_plan: bool = False
    override: Override | None = None


def occupy(placements: Sequence[Placement], release: Sequence[Booking], *, now: dt.datetime) -> list[Occupancy]:
    """Give the placements their time and free that of the released bookings: all of it, or nothing.

    Called once with everything an act touches, inside its transaction: takes the locks, then the time. Sets the
    bookings' planned times. Returns the rows it wrote. Raises PolicyRefused, or JustTaken when somebody was quicker.
    """
    lock_time(placements, release)
    return take_time(placements, release, now=now)


def lock_time(placements: Sequence[Placement], release: Sequence[Booking], *, patients: Iterable[int] = ()) -> None:
    """Sorted locks on every patient, every resource that is released and every candidate; on further `patients` too.

    An action that judges what it read under these locks calls this itself, and `take_time` afterwards.
    """
    resources: set[int] = set()
    for placement in placements:
        visit_parts = visit_parts_of(placement.slot_request, _dates(placement)[0])
        resources |= candidate_ids(placement.slot_request.clinic, visit_parts) | placement.before
    theirs = {placement.slot_request.patient_id for placement in placements}
    everybody = {*patients, *(patient for patient in theirs if patient is not None)}
    if release:
        serving, of = occupancy_rows.resources_and_patients(release)
        resources, everybody = resources | serving, everybody | of
    lock(resources=resources, patients=everybody)


def take_time(placements: Sequence[Placement], release: Sequence[Booking], *, now: dt.datetime) -> list[Occupancy]:
    """Under the locks: read again what is free and what the limits say, choose who serves, and write these rows."""
    rows: list[Occupancy] = []
    planned: dict[int | None, list[Session]] = defaultdict(list)
    for placement in placements:
        space = space_for(placement, placements, release, now=now)
        space.limits = space.limits.beside(
            planned[placement.slot_request.patient_id]
        )  # a course counts its own sessions
        planned[placement.slot_request.patient_id] += space.limits.sessions(placement.start)
        cell = permitted_cell(space, placement)
        refuse_if(space.limits.why_not(placement.start))
        if placement.override and (notes := notes_open(space.limits.asking(placement.start), placement.override)):
            raise SoftLimit(notes)
        rows.extend(_rows(space, placement, _assigned(space, cell, placement)))
    _write(rows, release, now=now)
    return rows


def give_time(
    space: SearchSpace,
    placement: Placement,
    taken: Sequence[Sequence[Assignment]],
    release: Sequence[Booking],
    *,
    now: dt.datetime,
) -> None:
    """The same where the action says outright who serves, one list a booking: no limit counts what was done already."""
    _write(_rows(space, placement, taken), release, now=now)


def take_chosen(
    chosen: Sequence[tuple[SearchSpace, Placement, Sequence[Sequence[Assignment]]]], *, now: dt.datetime
) -> list[Occupancy]:
    """Under the locks of all that was chosen: write many placements at once, each as it was found in its space."""
    rows = [row for space, placement, taken in chosen for row in _rows(space, placement, taken)]
    _write(rows, [], now=now)
    return rows


def space_for(
    placement: Placement, placements: Sequence[Placement], release: Sequence[Booking], *, now: dt.datetime
) -> SearchSpace:
    """What is free on the date of the placement, read under the locks; what is released counts as free."""
    own = frozenset(booking.visit_id for each in placements for booking in each.bookings)
    return read_search_space(placement.slot_request, *_dates(placement), now, ignoring=_visit(release), own=own)


def _write(rows: Sequence[Occupancy], release: Sequence[Booking], *, now: dt.datetime) -> None:
    """Delete what is released, and the lapsed holds in the way, then insert. Never updates `during`."""
    occupancy_rows.delete_rows(release)
    _sweep(rows, now)
    occupancy_rows.insert_rows(rows)


def put_back(rows: Sequence[Occupancy], *, now: dt.datetime, release: Sequence[Booking] = ()) -> None:
    """Write rows that were given back before, or take the place of those of `release`, under the locks of all they
    name. The database refuses what overlaps."""
    _write(rows, release, now=now)


def _visit(release: Sequence[Booking]) -> int | None:
    """The visit whose own time counts as free while it is moved; all released bookings belong to one."""
    return release[0].visit_id if release else None


def _dates(placement: Placement) -> tuple[dt.date, dt.date]:
    """The clinic's date of the start, as first and last: a visit does not cross midnight."""
    day = placement.start.astimezone(placement.slot_request.clinic.zone).date()
    return day, day


def permitted_cell(space: SearchSpace, placement: Placement) -> int:
    """The cell of the placement's start. Raises PolicyRefused where its channel does not offer that start."""
    cell = starting_cell(space, placement.start)
    if cell < 0:
        raise PolicyRefused(_("This time is not available."))
    if (
        placement.channel is not BookingChannel.ANY
        and not allowed(space, desk=placement.channel is BookingChannel.DESK) >> cell & 1
    ):
        raise PolicyRefused(_("This time can no longer be booked. Please choose another one."))
    return cell


def _assigned(space: SearchSpace, cell: int, placement: Placement) -> list[list[Assignment]]:
    """Who serves, by the same bits that a search offers; raises when nobody can."""
    if space.asks_gender:
        raise PolicyRefused(_("First choose whether a woman or a man may treat the patient."))
    free_patient = ~space.demand.patient
    if not all(
        fits(free_patient, visit_part.shape.patient) >> (cell + visit_part.offset) & 1
        for visit_part in space.visit_parts
    ):
        raise PolicyRefused(_("The patient has another appointment at this time."))
    taken = assign(space, cell, before=placement.before) if possible(space) >> cell & 1 else None
    if taken is None:
        raise JustTaken
    return taken


def _rows(space: SearchSpace, placement: Placement, taken: Sequence[Sequence[Assignment]]) -> list[Occupancy]:
    frame = space.days.window
    rows = []
    for booking, visit_part, parts in zip(placement.bookings, space.visit_parts, taken, strict=True):
        start = frame.time(starting_cell(space, placement.start) + visit_part.offset)
        if not placement.keeps_plan:
            booking.starts_at, booking.ends_at = start, ends_at(placement.start, visit_part)
            day = _dates(placement)[0]
            booking.plan = plan_of(booking.variant, visit_part.shape, booking.plan.get("price"), on=day)
        for part in parts:
            during = DateTimeTZRange(frame.time(part.first), frame.time(part.last), "[)")
            rows.append(
                Occupancy(
                    booking=booking, resource_id=part.resource_id, during=during, part=part.part, hands_on=part.hands_on
                )
            )
        rows.extend(
            Occupancy(booking=booking, patient_id=placement.slot_request.patient_id, during=during, part="patient")
            for during in _of_patient(space, placement, booking, visit_part, start)
        )
    return rows


def _of_patient(
    space: SearchSpace, placement: Placement, booking: Booking, visit_part: VisitPart, start: dt.datetime
) -> list[DateTimeTZRange]:
    """The patient's own time in this booking: as it is on record where the plan is kept."""
    if placement.slot_request.patient_id is None:
        return []
    if placement.keeps_plan:
        return [row.during for row in booking.occupancies.all() if row.patient_id is not None]
    frame, first = space.days.window, starting_cell(space, start)
    stretches = [(first + offset, first + offset + length) for offset, length in visit_part.shape.patient]
    return [DateTimeTZRange(frame.time(begin), frame.time(end), "[)") for begin, end in stretches]


def _sweep(rows: Sequence[Occupancy], now: dt.datetime) -> None:
    """End the lapsed holds that stand where the new rows go, each whole. One that was extended meanwhile stays."""
    gone = occupancy_rows.lapsed_holds_overlapping(rows, now)
    if gone:
        visits = Booking.objects.filter(pk__in=gone).values("visit")
        end_holds(Booking.objects.lapsed_holds(now).filter(visit__in=visits), now=now)


def end_holds(rows: QuerySet[Booking], *, now: dt.datetime, verb: str = "expire", by: User | None = None) -> int:
    """Those of the rows that are still held give their time back; returns how many.

    Locks the rows themselves: an owner who extends or books is waited for, and what they kept is left alone.
    """
    held = rows.filter(status=Status.HELD).select_related("visit").order_by("pk")
    ended = list(held.select_for_update(of=("self",), no_key=True))
    set_status(ended, Status.EXPIRED)
    occupancy_rows.delete_rows(ended)
    for booking in ended:
        history.write(booking.visit, verb, by=by, now=now, was=Status.HELD, became=Status.EXPIRED, booking=booking)
    return len(ended)
