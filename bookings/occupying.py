"""The one function that writes time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from bookings import diary
from bookings.assigning import Taken, assign
from bookings.availability import allowed, possible
from bookings.fit import Field, Leg, Wish, ends_at, legs_of, read, starting_cell
from bookings.locking import candidate_ids, lock
from bookings.models import Booking, History, Occupancy, Status
from bookings.refusals import JustTaken, Refused
from clinic.grid import fits
from therapies.rules import Session


class Door(Enum):
    """Which starts may be chosen: as offered to patients, as offered to the desk, or any (already held, or past)."""

    PATIENT = "patient"
    DESK = "desk"
    ANY = "any"


Judge = Callable[[dt.datetime], str]


@dataclass(frozen=True)
class Want:
    """Time that somebody wants: a visit's bookings, one for each variant of the wish, at this start.

    `before` are resources that served before; `judge` gives a policy's reason against it on the re-read facts, or "".
    `chosen`, where given, says outright who serves (reassigning, or writing down what was done on paper).
    """

    wish: Wish
    start: dt.datetime
    bookings: Sequence[Booking]
    door: Door
    before: frozenset[int] = frozenset()
    judge: Judge | None = None
    chosen: Callable[[Field, int], list[list[Taken]]] | None = None


def occupy(wanted: Sequence[Want], release: Sequence[Booking], *, now: dt.datetime) -> None:
    """Give the wanted visits their time and free the released ones: all of it, or nothing.

    Called once with everything an act touches, inside the verb's transaction. (a) Sorted locks on every patient, every
    resource that is released and every candidate; (b) re-reads in a new statement; (c) asks the policies on what it
    re-read; (d) deletes what is released, lapsed holds included, then inserts. Never updates `during`. Sets the
    bookings' planned times. Raises Refused, or JustTaken when somebody was quicker.
    """
    legs = [legs_of(want.wish) for want in wanted]
    _lock(wanted, legs, release)
    rows: list[Occupancy] = []
    planned: dict[int | None, list[Session]] = defaultdict(list)
    own = frozenset(booking.visit_id for want in wanted for booking in want.bookings)
    for want in wanted:
        known = read(want.wish, *_dates(want), now, ignoring=_visit(release), own=own)
        known.limits = known.limits.beside(planned[want.wish.patient_id])  # a course counts its own sessions
        planned[want.wish.patient_id] += known.limits.sessions(want.start)
        cell = _permitted_cell(known, want)
        rows.extend(_rows(known, want, want.chosen(known, cell) if want.chosen else _assigned(known, cell, want)))
    diary.free(release)
    _sweep(rows, now)
    diary.take(rows)


def _lock(wanted: Sequence[Want], legs: Sequence[tuple[Leg, ...]], release: Sequence[Booking]) -> None:
    resources: set[int] = set()
    for want, want_legs in zip(wanted, legs, strict=True):
        resources |= candidate_ids(want.wish.clinic, want_legs) | want.before
    patients = {want.wish.patient_id for want in wanted if want.wish.patient_id is not None}
    if release:
        theirs, of = diary.resources_and_patients(release)
        resources, patients = resources | theirs, patients | of
    lock(resources=resources, patients=patients)


def _visit(release: Sequence[Booking]) -> int | None:
    """The visit whose own time counts as free while it is moved; all released bookings belong to one."""
    return release[0].visit_id if release else None


def _dates(want: Want) -> tuple[dt.date, dt.date]:
    """The clinic's date of the start, as first and last: a visit does not cross midnight."""
    day = want.start.astimezone(want.wish.clinic.zone).date()
    return day, day


def _permitted_cell(known: Field, want: Want) -> int:
    cell = starting_cell(known, want.start)
    if cell < 0:
        raise Refused(_("This is not a time that is offered."))
    if want.door is not Door.ANY and not allowed(known, desk=want.door is Door.DESK) >> cell & 1:
        raise Refused(_("This time can no longer be booked. Please choose another."))
    reason = want.judge(want.start) if want.judge else ""
    if not want.chosen:  # what was done on paper, or keeps its time, is not one more
        reason = reason or known.limits.why_not(want.start)
    if reason:
        raise Refused(reason)
    return cell


def _assigned(known: Field, cell: int, want: Want) -> list[list[Taken]]:
    """Who serves, by the same bits that a search offers; raises when nobody can."""
    if known.asks_gender:
        raise Refused(_("Please say first whom the patient accepts as therapist."))
    free_patient = ~known.demand.patient
    if not all(fits(free_patient, leg.shape.patient) >> (cell + leg.offset) & 1 for leg in known.legs):
        raise Refused(_("The patient has another appointment at this time."))
    taken = assign(known, cell, before=want.before) if possible(known) >> cell & 1 else None
    if taken is None:
        raise JustTaken
    return taken


def _rows(known: Field, want: Want, taken: list[list[Taken]]) -> list[Occupancy]:
    frame = known.days.window
    rows = []
    for booking, leg, parts in zip(want.bookings, known.legs, taken, strict=True):
        start = frame.time(starting_cell(known, want.start) + leg.offset)
        booking.starts_at, booking.ends_at = start, ends_at(want.start, leg)
        for part in parts:
            during = DateTimeTZRange(frame.time(part.first), frame.time(part.last), "[)")
            rows.append(
                Occupancy(
                    booking=booking, resource_id=part.resource_id, during=during, part=part.part, hands_on=part.hands_on
                )
            )
        if want.wish.patient_id is not None:
            first = starting_cell(known, start)
            for offset, length in leg.shape.patient:
                during = DateTimeTZRange(frame.time(first + offset), frame.time(first + offset + length), "[)")
                rows.append(Occupancy(booking=booking, patient_id=want.wish.patient_id, during=during, part="patient"))
    return rows


def _sweep(rows: Sequence[Occupancy], now: dt.datetime) -> None:
    """End the lapsed holds that stand where the new rows go. Their owners would need the locks that we hold."""
    gone = diary.in_the_way(rows, now)
    for booking in Booking.objects.filter(pk__in=gone) if gone else ():
        expire(booking, now)


def expire(booking: Booking, now: dt.datetime) -> None:
    """A hold or request whose limit has passed gives its time back."""
    was = booking.status
    diary.free([booking])
    booking.status = Status.EXPIRED
    booking.version += 1
    booking.save(update_fields=["status", "version"])
    History.objects.create(
        visit_id=booking.visit_id, booking=booking, verb="expire", was=was, became=Status.EXPIRED, by=None, at=now
    )
