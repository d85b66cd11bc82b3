"""What the sheet of a day shows: each visit under its person or its room, with boxes for what is written by hand."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bookings.desk.day.lanes import PEOPLE, ROOMS, natural, read_lanes
from bookings.desk.day.marks import read_marks
from bookings.desk.day.snapshot import read_snapshot
from bookings.models import Booking, Status
from clinic.clock import short_clock
from clinic.people.models import Patient
from clinic.premises.models import Clinic, Resource
from therapies.models import Needs

BY = (PEOPLE, ROOMS)
PARTS = {PEOPLE: "crew:", ROOMS: "room"}
LEFT_OUT = (Status.CANCELLED, Status.BLOCKED, Status.EXPIRED, Status.HELD)
FEW, MANY = 34, 52
"""Up to so many lines and headings the sheet has its usual size on one A4, then a smaller one, then the smallest."""


@dataclass(frozen=True)
class SheetLine:
    """A treatment as one line. `others`: who else serves it, or the room. `has_boxes`: something is measured.

    `tells_apart`: the year of birth, where somebody else of that name comes that day.
    """

    booking: Booking
    patient: Patient
    age: int
    others: str
    has_boxes: bool
    tells_apart: int | None = None

    @property
    def begins(self) -> str:
        return short_clock(self.booking.starts_at.astimezone(self.booking.visit.zone))

    @property
    def ends(self) -> str:
        return short_clock(self.booking.ends_at.astimezone(self.booking.visit.zone))

    @property
    def is_known(self) -> bool:
        """Whether nobody need tick that the patient is here."""
        return self.booking.status not in (Status.BOOKED, Status.REQUESTED)

    @property
    def is_to_measure(self) -> bool:
        """Whether something is still to be measured before it begins."""
        return self.has_boxes and self.booking.status in (Status.BOOKED, Status.REQUESTED, Status.CHECKED_IN)


@dataclass(frozen=True)
class SheetGroup:
    """The lines of one person or room; without a name, of nobody and nowhere."""

    name: str
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True)
class DaySheet:
    """A date of a clinic on one sheet. `size` is a word for how closely it is written."""

    clinic: Clinic
    on: dt.date
    by: str
    groups: tuple[SheetGroup, ...]
    visits: int

    @property
    def lines(self) -> list[SheetLine]:
        return [line for group in self.groups for line in group.lines]

    @property
    def size(self) -> str:
        rows = len(self.lines) + len(self.groups)
        return "usual" if rows <= FEW else "small" if rows <= MANY else "smallest"


def read_day_sheet(clinic: Clinic, on: dt.date, by: str, now: dt.datetime) -> DaySheet:
    """The visits of a date that take place, by person or by room."""
    snapshot = read_snapshot(clinic, on, edition=read_marks(clinic, on, now).edition)
    snapshot.with_resources(read_lanes(clinic, on, serving=snapshot.serving))
    bookings = [
        booking
        for visit in snapshot.visits
        for booking in visit.bookings.all()
        if booking.status not in LEFT_OUT and visit.patient
    ]
    names = Counter(_name(booking) for booking in {booking.visit_id: booking for booking in bookings}.values())
    groups: Mapping[str, list[SheetLine]] = defaultdict(list)
    for booking in sorted(bookings, key=lambda booking: (booking.starts_at, booking.pk)):
        for name in _served(booking, PARTS[by]) or [""]:
            groups[name].append(_line(booking, name, is_double=names[_name(booking)] > 1))
    rows = tuple(SheetGroup(name, tuple(groups[name])) for name in sorted(groups, key=natural))
    return DaySheet(clinic, on, by, rows, len({booking.visit_id for booking in bookings}))


def _name(booking: Booking) -> str:
    return booking.visit.patient.full_name.casefold() if booking.visit.patient else ""


def _line(booking: Booking, name: str, *, is_double: bool) -> SheetLine:
    patient = booking.visit.patient
    assert patient is not None  # noqa: S101 - chosen by that
    served = [*_served(booking, PARTS[PEOPLE]), *_served(booking, PARTS[ROOMS])]
    return SheetLine(
        booking=booking,
        patient=patient,
        age=patient.age(booking.starts_at.astimezone(booking.visit.zone).date()),
        others=", ".join(each for each in served if each != name),
        has_boxes=booking.variant.therapy.needs != Needs.NOTHING,
        tells_apart=patient.birth_date.year if is_double and patient.birth_date else None,
    )


def _served(booking: Booking, part: str) -> list[str]:
    """Who or where, each once."""
    resources: Iterable[Resource | None] = [
        row.resource for row in booking.occupancies.all() if row.part.startswith(part)
    ]
    return sorted({resource.name for resource in resources if resource}, key=natural)


def patients_of(sheet: DaySheet) -> Sequence[Patient]:
    """Whom the sheet names."""
    return [line.patient for line in sheet.lines]
