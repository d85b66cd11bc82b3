"""What is to be prepared on a day: each session with its materials, amounts, and until when they must be warm."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.facts.session_use import first_use, materials_of
from bookings.models import Booking, Status, Visit
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from therapies.amounts import UNITS, Amount, plain
from therapies.models import Needs

PREPARED = frozenset({Status.BOOKED, Status.CHECKED_IN, Status.IN_PROGRESS})
"""What is still to be given, or goes on."""


@dataclass(frozen=True)
class PreparationLine:
    """One session. `set_up_at`: when its room is taken; `ready_at`: when the treatment begins, and all must be warm."""

    booking: Booking
    patient: Patient
    room: str
    people: str
    set_up_at: dt.datetime
    ready_at: dt.datetime
    materials: str
    note: str
    dose: Amount | None
    temperature: Amount | None
    has_order: bool


@dataclass(frozen=True)
class MaterialTotal:
    """How much of one material the day needs; `amount` is empty where a dose is not known as a number."""

    materials: str
    sessions: int
    amount: str | Promise


def preparation_lines(visits: Iterable[Visit]) -> list[PreparationLine]:
    """The sessions of these visits (`with_everything`) that are still to be given, by when the set-up begins."""
    bookings = [(visit, booking) for visit in visits for booking in visit.bookings.all()]
    lines = [_line(visit.patient, booking) for visit, booking in bookings if visit.patient and _is_prepared(booking)]
    return sorted(lines, key=lambda line: (line.set_up_at, line.ready_at, line.booking.pk))


def totals_of(lines: Iterable[PreparationLine]) -> list[MaterialTotal]:
    """What to take from the store, by material."""
    rows: dict[str, list[PreparationLine]] = {}
    for line in lines:
        if line.materials:
            rows.setdefault(line.materials, []).append(line)
    return [MaterialTotal(name, len(group), _total(group)) for name, group in sorted(rows.items())]


def sessions_of_day(clinic: Clinic, on: dt.date) -> list[Visit]:
    """The visits of this date."""
    rows = Visit.objects.filter(clinic=clinic).on(on, clinic.zone).with_everything().order_by("arrives_at", "pk")
    return list(rows.distinct())


def _is_prepared(booking: Booking) -> bool:
    return booking.status in PREPARED and booking.variant.therapy.needs != Needs.NOTHING


def _line(patient: Patient, booking: Booking) -> PreparationLine:
    taken = [row for row in booking.occupancies.all() if row.resource_id is not None]
    rooms = {row.resource.name for row in taken if row.resource and row.part.startswith("room")}
    people = {row.resource.name for row in taken if row.resource and row.part.startswith("crew:")}
    return PreparationLine(
        booking=booking,
        patient=patient,
        room=", ".join(sorted(rooms)),
        people=", ".join(sorted(people)),
        set_up_at=min((row.during.lower for row in taken if row.during.lower), default=booking.starts_at),
        ready_at=booking.starts_at,
        materials=materials_of(booking, None),
        note=booking.item.note if booking.item else "",
        has_order=booking.item is not None,
        **first_use(booking),
    )


def _total(group: list[PreparationLine]) -> str | Promise:
    doses = [line.dose for line in group if line.dose is not None]
    units = {dose.unit for dose in doses}
    if len(doses) < len(group) or len(units) != 1:
        return _("as written for each session")
    low, high = (sum((getattr(dose, end) for dose in doses), Decimal()) for end in ("low", "high"))
    unit = UNITS.get(doses[0].unit, doses[0].unit)
    return f"{plain(low)} {unit}" if low == high else f"{plain(low)}–{plain(high)} {unit}"
