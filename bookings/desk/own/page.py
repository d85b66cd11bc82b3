"""One's own day: who comes next with all that matters, the rest, and what is still to be written."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from bookings.desk.sessions.start_reasons import StartReason, start_reasons
from bookings.facts import sessions as session_facts
from bookings.facts.alert_rows import alerts_of_patients
from bookings.facts.alerts import Alerts
from bookings.facts.record_access import access_of
from bookings.models import Booking, SessionNote, Status, Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from therapies.models import Practitioner, TherapyKind

from . import lookups

OVER = (Status.COMPLETED, Status.STOPPED)
FIRST = (Status.IN_PROGRESS, Status.CHECKED_IN, Status.BOOKED)
"""Who comes next: whoever is being treated, then whoever waits, then whoever is expected."""


@dataclass(frozen=True)
class OwnLine:
    """One booking that this person serves; reads the visit's prefetched rows."""

    visit: Visit
    booking: Booking
    patient: Patient

    @property
    def room(self) -> str:
        rows = {
            row.resource.name for row in self.booking.occupancies.all() if row.resource and row.part.startswith("room")
        }
        return ", ".join(sorted(rows))

    @property
    def is_consultation(self) -> bool:
        return self.booking.variant.therapy.kind == TherapyKind.CONSULTATION


@dataclass(frozen=True)
class NextPatient:
    """The line on top: what speaks against a start, and, for who may read the record, alerts and the last session."""

    line: OwnLine
    reasons: tuple[StartReason, ...] = ()
    may_read: bool = False
    alerts: Alerts | None = None
    last: SessionNote | None = None


@dataclass(frozen=True)
class OwnDay:
    """`next` is None when nobody is to come; `later` and `done` are in the order of the plan."""

    next: NextPatient | None
    later: tuple[OwnLine, ...]
    done: tuple[OwnLine, ...]
    unfinished: tuple[Booking, ...]

    @property
    def patients(self) -> list[Patient]:
        """Whom the page names."""
        lines = [*self.later, *self.done, *([self.next.line] if self.next else [])]
        return [line.patient for line in lines] + [row.visit.patient for row in self.unfinished if row.visit.patient]


def own_day_of(person: Practitioner, clinic: Clinic, *, on: dt.date, by: User, now: dt.datetime) -> OwnDay:
    """This person's day at the clinic; of another day than today there is nobody next, and no record is missing."""
    lines = lines_of_person(lookups.own_visits(person, clinic, on, on), person)
    coming = [line for line in lines if line.booking.status in FIRST]
    done = tuple(line for line in lines if line.booking.status in OVER)
    if on != clinic.today(now):
        return OwnDay(next=None, later=tuple(coming), done=done, unfinished=())
    first = min(
        coming, key=lambda line: (FIRST.index(Status(line.booking.status)), line.booking.starts_at), default=None
    )
    return OwnDay(
        next=_next(first, clinic, by=by, now=now) if first else None,
        later=tuple(line for line in coming if line is not first),
        done=done,
        unfinished=tuple(lookups.without_record(person, clinic, now)),
    )


def lines_of_person(visits: Iterable[Visit], person: Practitioner) -> list[OwnLine]:
    """The bookings of these visits that the person serves or has taken over, by their start."""
    visits = list(visits)
    taken = lookups.taken_over(person, visits)
    lines = [
        OwnLine(visit, booking, visit.patient)
        for visit in visits
        if visit.patient
        for booking in visit.bookings.all()
        if booking.pk in taken
        or any(row.resource_id == person.pk and row.part.startswith("crew:") for row in booking.occupancies.all())
    ]
    return sorted(lines, key=lambda line: (line.booking.starts_at, line.booking.pk))


def by_date(lines: Iterable[OwnLine], dates: Iterable[dt.date], clinic: Clinic) -> list[tuple[dt.date, list[OwnLine]]]:
    """Each of these dates of the clinic with its lines."""
    rows: dict[dt.date, list[OwnLine]] = {}
    for line in lines:
        rows.setdefault(line.booking.starts_at.astimezone(clinic.zone).date(), []).append(line)
    return [(on, rows.get(on, [])) for on in dates]


def _next(line: OwnLine, clinic: Clinic, *, by: User, now: dt.datetime) -> NextPatient:
    readable = [line.patient] if access_of(user=by, patient=line.patient, now=now).is_open else []
    reasons = () if line.is_consultation else tuple(start_reasons(line.booking, by=by, now=now))
    if not readable:
        return NextPatient(line, reasons)
    alerts = alerts_of_patients(readable, on=clinic.today(now), now=now)
    last = session_facts.last_note_before(line.booking)
    return NextPatient(line, reasons, may_read=True, alerts=alerts.get(line.patient.pk), last=last)
