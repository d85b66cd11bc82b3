"""What a clinic has, read once and looked at cell by cell: the ground that the oracle stands on.

A cell is a whole number: the seconds since 1970 in UTC, divided by three hundred.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from bookings.models import Booking, Occupancy
from clinic.premises.models import Absence, Clinic, Closure, Equipment, OpeningHours, Room
from therapies.models import Practitioner, Qualification, WorkingHours

FIVE_MINUTES = 300
HOLDS_NO_TIME = ("cancelled", "no_show", "expired", "blocked")

Cells = frozenset[int]


def cell_of(moment: dt.datetime) -> int:
    """The cell that contains the moment."""
    return int(moment.timestamp()) // FIVE_MINUTES


def moment_of(cell: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(cell * FIVE_MINUTES, dt.UTC)


def touched(begin: dt.datetime, end: dt.datetime) -> Cells:
    """The cells that a stretch touches with any of its minutes."""
    first, last = cell_of(begin), cell_of(end)
    return frozenset(range(first, last + (1 if moment_of(last) < end else 0)))


def cells_by_owner() -> defaultdict[int | None, set[int]]:
    return defaultdict(set)


@dataclass
class Busy:
    """The cells that resources and patients have given away, and each person's minutes with patients by date."""

    resources: defaultdict[int | None, set[int]] = field(default_factory=cells_by_owner)
    patients: defaultdict[int | None, set[int]] = field(default_factory=cells_by_owner)
    hands_on: defaultdict[tuple[int, dt.date], int] = field(default_factory=lambda: defaultdict(int))


class Ground:
    """One clinic at one moment. Reads when it is made; ask as often as you like."""

    def __init__(self, clinic: Clinic, now: dt.datetime) -> None:
        self.clinic, self.now, self.zone = clinic, now, clinic.zone
        self._walls: dict[int, tuple[dt.date, int]] = {}  # each cell is looked at once
        self._open: dict[tuple[int, bool], bool] = {}
        self._rota: dict[tuple[int, int], bool] = {}
        self._busy: dict[int | None, Busy] = {}
        self.opening = list(OpeningHours.objects.filter(clinic=clinic))
        self.closures = {closure.on: closure for closure in Closure.objects.filter(clinic=clinic)}
        self.rooms = [room for room in Room.objects.filter(clinic=clinic) if room.is_active]
        self.equipment = [thing for thing in Equipment.objects.filter(clinic=clinic) if thing.is_active]
        self.hours: dict[int, list[WorkingHours]] = defaultdict(list)
        for hours in WorkingHours.objects.filter(clinic=clinic):
            self.hours[hours.practitioner_id].append(hours)
        self.people = [p for p in Practitioner.objects.order_by("pk") if p.is_active and p.pk in self.hours]
        self.qualifications: dict[tuple[int, int], list[Qualification]] = defaultdict(list)
        for row in Qualification.objects.all():
            self.qualifications[row.practitioner_id, row.therapy_id].append(row)
        self.absent: dict[int, set[int]] = defaultdict(set)
        for absence in Absence.objects.all():
            self.absent[absence.resource_id] |= touched(absence.during.lower, absence.during.upper)
        self.occupancies = [o for o in Occupancy.objects.select_related("booking") if not self._lapsed(o.booking)]
        self.bookings = [
            b
            for b in Booking.objects.select_related("visit", "variant__therapy", "item")
            if b.status not in HOLDS_NO_TIME and not self._lapsed(b)
        ]

    def _lapsed(self, booking: Booking) -> bool:
        return booking.status == "held" and booking.expires_at <= self.now

    def wall(self, cell: int) -> tuple[dt.date, int]:
        """The date and the minute after midnight that the clinic's clock shows when the cell begins."""
        if cell not in self._walls:
            local = moment_of(cell).astimezone(self.zone)
            self._walls[cell] = local.date(), local.hour * 60 + local.minute
        return self._walls[cell]

    def is_open(self, cell: int, *, running_course: bool) -> bool:
        """Opening hours and closures, for everyone or for running courses."""
        key = (cell, running_course)
        if key not in self._open:
            self._open[key] = self._is_open(*self.wall(cell), running_course=running_course)
        return self._open[key]

    def _is_open(self, on: dt.date, minute: int, *, running_course: bool) -> bool:
        uses = {"everyone", "running_courses"} if running_course else {"everyone"}
        closure = self.closures.get(on)
        if closure:
            may_run = closure.use == "running_courses" and running_course
            return may_run and closure.from_minute <= minute < closure.to_minute
        return any(
            hours.weekday == on.weekday() and hours.from_minute <= minute < hours.to_minute and hours.use in uses
            for hours in self.opening
        )

    def is_on_rota(self, person: int, cell: int) -> bool:
        """Works at this clinic then, and is not away."""
        key = (person, cell)
        if key not in self._rota:
            self._rota[key] = cell not in self.absent[person] and self._works(person, *self.wall(cell))
        return self._rota[key]

    def _works(self, person: int, on: dt.date, minute: int) -> bool:
        return any(
            hours.weekday == on.weekday()
            and hours.from_minute <= minute < hours.to_minute
            and hours.valid_from <= on
            and (hours.valid_until is None or on < hours.valid_until)
            for hours in self.hours[person]
        )

    def is_qualified(self, person: int, therapy: int, on: dt.date) -> bool:
        return any(
            row.starts_on <= on and (row.ends_on is None or on < row.ends_on)
            for row in self.qualifications[person, therapy]
        )

    def busy(self, ignoring: int | None) -> Busy:
        """What is taken, the visit `ignoring` left out; minutes count on the date on which they begin."""
        if ignoring not in self._busy:
            self._busy[ignoring] = found = Busy()
            for row in self.occupancies:
                if row.booking.visit_id == ignoring:
                    continue
                cells = touched(row.during.lower, row.during.upper)
                if row.resource_id is None:
                    found.patients[row.patient_id] |= cells
                else:
                    found.resources[row.resource_id] |= cells
                    found.hands_on[row.resource_id, self.wall(min(cells))[0]] += row.hands_on
        return self._busy[ignoring]
