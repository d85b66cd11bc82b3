"""The day of a clinic as the desk reads it: who comes when, to whom, into which room, and how far they are."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.desk.buttons import DESK, Button, buttons
from bookings.desk.payments.page import money_of
from bookings.facts.alert_rows import alerts_of_patients
from bookings.facts.alerts import Alerts
from bookings.facts.desk_flags import desk_flags_of, desk_patient_of
from bookings.facts.record_access import patients_read_on_day
from bookings.facts.urgent import urgent_calls
from bookings.models import Booking, ScreeningState, Status, Visit
from clinic.fields import number_of
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic, Resource
from clinic.wall import edge

from .lanes import PEOPLE, DayFrame, Span, day_cell, frame_of, read_lanes
from .snapshot import Snapshot, read_snapshot
from .watch import WatchLine, watch_of_day

GONE = (Status.CANCELLED, Status.BLOCKED, Status.EXPIRED)
SCREENING_WORDS: dict[str, str | Promise] = {
    ScreeningState.DUE: _("Health questions due"),
    ScreeningState.CLEAR: _("Health answers clear"),
    ScreeningState.WAITING: _("Waiting for the Vaidya"),
}
"""All that the day list says of a screening."""


@dataclass(frozen=True)
class DayLine:
    """One booking of the day. `flags`: what to do, for everybody; `alerts`: only for who may read the record.

    `urgent`: a Vaidya must see the patient now. `money`: what is open or paid, for the desk.
    """

    visit: Visit
    booking: Booking
    patient: Patient
    age: int
    crew: tuple[Resource, ...]
    room: str
    screening: str
    late: bool
    acts: tuple[Button, ...]
    movable: bool
    stretchable: bool = False
    flags: tuple[str, ...] = ()
    alerts: Alerts | None = None
    urgent: bool = False
    money: str = ""

    @property
    def first(self) -> bool:
        """Whether the visit begins with it."""
        return self.booking.position == 0

    @property
    def waits(self) -> bool:
        """Whether the patient sits in the waiting room."""
        return self.booking.status == Status.CHECKED_IN


@dataclass(frozen=True)
class DayList:
    """A date of a clinic. `lines` are by arrival; `gone` are the visits that were called off."""

    on: dt.date
    frame: DayFrame
    lines: tuple[DayLine, ...] = ()
    gone: tuple[DayLine, ...] = ()
    counts: tuple[tuple[str, str | Promise, int], ...] = field(default=())
    watch: tuple[WatchLine, ...] = ()

    @property
    def team(self) -> list[tuple[int, str]]:
        """Who works or serves that day, as (id, name)."""
        return [(lane.id, lane.name) for lane in self.frame.of(PEOPLE)]

    @property
    def waiting(self) -> list[DayLine]:
        """Who sits in the waiting room, the longest first."""
        here = [line for line in self.lines if line.waits and line.booking.arrived_at]
        return sorted(here, key=lambda line: (line.booking.arrived_at, line.booking.pk))


@dataclass(frozen=True)
class DayReader:
    """Who reads the day of a clinic, in which roles there."""

    clinic: Clinic
    user: User
    roles: frozenset[str]

    @property
    def desk(self) -> bool:
        """Whether to offer what only the desk may do."""
        return not self.roles.isdisjoint(DESK)


def read_day(
    reader: DayReader, on: dt.date, *, now: dt.datetime, edition: str, only: Collection[int] | None = None
) -> DayList:
    """All visits of this date, or `only` these; `edition`: of the catalogue."""
    clinic, desk, by, roles = reader.clinic, reader.desk, reader.user, reader.roles
    snapshot = read_snapshot(clinic, on, edition=edition, only=only)
    lanes = read_lanes(clinic, on, serving=snapshot.serving)
    visits = snapshot.with_resources(lanes).visits
    people = {visit.pk: desk_patient_of(visit, now=now) for visit in visits}
    flags = desk_flags_of([*people.values()], zone=clinic.zone, now=now, paused=snapshot.paused)
    readable = patients_read_on_day(user=by, clinic=clinic, visits=visits, now=now, roles=roles)
    alerts = alerts_of_patients(readable, on=on, now=now)
    urgent = urgent_calls([visit.patient_id for visit in visits if visit.patient_id], now=now)
    lines = [
        replace(
            _line(visit, booking, now=now, desk=desk),
            flags=tuple(flags[people[visit.pk]]),
            alerts=alerts.get(visit.patient_id or 0),
            urgent=visit.patient_id in urgent,
        )
        for visit in visits
        for booking in sorted(visit.bookings.all(), key=lambda booking: booking.position)
    ]
    here = tuple(line for line in lines if line.booking.status not in GONE)
    gone = tuple(line for line in lines if line.booking.status in GONE)
    frame = frame_of(lanes, clinic, on, taken=_taken(snapshot, clinic, on))
    return DayList(on, frame, here, gone, counts(here), watch_of_day(clinic, [line.booking for line in here], now))


def _taken(snapshot: Snapshot, clinic: Clinic, on: dt.date) -> list[Span]:
    midnight = edge(on, 0, clinic.zone)
    return [
        (day_cell(row.during.lower, midnight), day_cell(row.during.upper, midnight)) for row in snapshot.occupancies
    ]


def only_with(day: DayList, resource_id: int | None) -> DayList:
    """The same day, with the bookings that this person serves; all of them when nobody is named."""
    if resource_id is None:
        return day
    lines = tuple(line for line in day.lines if resource_id in {person.pk for person in line.crew})
    return replace(day, lines=lines, counts=counts(lines))


def counts(lines: Iterable[DayLine]) -> tuple[tuple[str, str | Promise, int], ...]:
    """How many bookings are expected, here, in progress, done and missing, with a code for the colour."""
    tally = Counter(_stage(line) for line in lines)
    words = (
        ("expected", _("Expected")),
        ("here", _("Arrived")),
        ("in_progress", _("In progress")),
        ("done", _("Completed")),
        ("missing", _("Not arrived")),
    )
    return tuple((code, label, tally[code]) for code, label in words)


STAGES = {
    Status.CHECKED_IN: "here",
    Status.IN_PROGRESS: "in_progress",
    Status.COMPLETED: "done",
    Status.STOPPED: "done",
    Status.NO_SHOW: "missing",
}


def _stage(line: DayLine) -> str:
    if line.late:
        return "missing"
    return STAGES.get(Status(line.booking.status), "expected")


def _line(visit: Visit, booking: Booking, *, now: dt.datetime, desk: bool) -> DayLine:
    patient = visit.patient
    if patient is None:
        raise ValueError("A visit of the day has a patient.")
    offered = buttons(visit, booking, now=now, desk=desk)
    pressed = [button for button in offered if not button.act.asks]
    return DayLine(
        visit=visit,
        booking=booking,
        patient=patient,
        age=patient.age(booking.starts_at.astimezone(visit.zone).date()),
        crew=tuple(resources_of(booking, "crew:")),
        room=", ".join(resource.name for resource in resources_of(booking, "room")),
        screening=str(SCREENING_WORDS.get(ScreeningState(booking.screening), "")),
        late=booking.status == Status.BOOKED and booking.starts_at <= now,
        acts=tuple(sorted(pressed, key=lambda button: not button.act.leads)),
        movable=any(button.act.code == "move" for button in offered),
        stretchable=any(button.act.code == "length" for button in offered),
        money=money_of(visit, booking.paid).words if desk and booking.position == 0 else "",  # type: ignore[attr-defined]
    )


def resources_of(booking: Booking, part: str) -> list[Resource]:
    """Who or what serves a booking as this part, each once; reads the prefetched occupancies."""
    rows = {row.resource_id: row.resource for row in booking.occupancies.all() if row.part.startswith(part)}
    return sorted((resource for resource in rows.values() if resource), key=lambda resource: resource.name)


def filter_choice(words: str, day: DayList, reader: DayReader) -> int | None:
    """Whose day to show: who was asked for; else, for those who treat and do not keep the desk, their own."""
    team = day.frame.of(PEOPLE)
    number = number_of(words)
    if number in {lane.id for lane in team}:
        return number
    own = next((lane.id for lane in team if lane.account == reader.user.pk), None)
    return own if not words and not reader.desk else None
