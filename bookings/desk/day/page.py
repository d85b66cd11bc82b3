"""The day of a clinic as the desk reads it: who comes when, to whom, into which room, and how far they are."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.desk.buttons import Button, buttons
from bookings.facts.alert_rows import alerts_of_patients
from bookings.facts.alerts import Alerts
from bookings.facts.desk_flags import desk_flags_of, desk_patient_of
from bookings.facts.record_access import patients_read_on_day
from bookings.facts.urgent import urgent_calls
from bookings.models import Booking, Occupancy, ScreeningState, Status, Visit
from clinic.fields import number_of
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic, Resource
from therapies.models import Practitioner, WorkingHours

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

    `urgent`: a Vaidya must see the patient now.
    """

    visit: Visit
    booking: Booking
    patient: Patient
    age: int
    crew: tuple[Resource, ...]
    room: str
    screening: str
    late: bool
    lead: Button | None
    more: tuple[Button, ...]
    flags: tuple[str, ...] = ()
    alerts: Alerts | None = None
    urgent: bool = False

    @property
    def first(self) -> bool:
        """Whether the visit begins with it."""
        return self.booking.position == 0


@dataclass(frozen=True)
class DayList:
    """A date of a clinic. `lines` are by arrival; `gone` are the visits that were called off."""

    on: dt.date
    lines: tuple[DayLine, ...] = ()
    gone: tuple[DayLine, ...] = ()
    counts: tuple[tuple[str, str | Promise, int], ...] = field(default=())
    watch: tuple[WatchLine, ...] = ()


def read_day(clinic: Clinic, on: dt.date, *, now: dt.datetime, desk: bool, by: User) -> DayList:
    """All visits of this date; `desk` whether to offer what only the desk may do, `by` who reads it."""
    rows = Visit.objects.filter(clinic=clinic).on(on, clinic.zone).with_everything().order_by("arrives_at", "pk")
    visits = list(rows.distinct())
    flags = desk_flags_of([desk_patient_of(visit, now=now) for visit in visits], zone=clinic.zone, now=now)
    alerts = alerts_of_patients(patients_read_on_day(user=by, clinic=clinic, visits=visits, now=now), on=on, now=now)
    urgent = urgent_calls([visit.patient_id for visit in visits if visit.patient_id], now=now)
    lines = [
        replace(
            _line(visit, booking, now=now, desk=desk),
            flags=tuple(flags[desk_patient_of(visit, now=now)]),
            alerts=alerts.get(visit.patient_id or 0),
            urgent=visit.patient_id in urgent,
        )
        for visit in visits
        for booking in sorted(visit.bookings.all(), key=lambda booking: booking.position)
    ]
    here = tuple(line for line in lines if line.booking.status not in GONE)
    gone = tuple(line for line in lines if line.booking.status in GONE)
    return DayList(on, here, gone, counts(here), watch_of_day(clinic, [line.booking for line in here], now))


def only_with(day: DayList, resource_id: int | None) -> DayList:
    """The same day, with the bookings that this person serves; all of them when nobody is named."""
    if resource_id is None:
        return day
    lines = tuple(line for line in day.lines if resource_id in {person.pk for person in line.crew})
    return DayList(day.on, lines, day.gone, counts(lines), day.watch)


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
    offered = buttons(visit, booking, now=now, desk=desk)
    lead = next((button for button in offered if button.act.leads), None)
    patient = visit.patient
    if patient is None:
        raise ValueError("A visit of the day has a patient.")
    return DayLine(
        visit=visit,
        booking=booking,
        patient=patient,
        age=patient.age(booking.starts_at.astimezone(visit.zone).date()),
        crew=tuple(resources_of(booking, "crew:")),
        room=", ".join(resource.name for resource in resources_of(booking, "room")),
        screening=str(SCREENING_WORDS.get(ScreeningState(booking.screening), "")),
        late=booking.status == Status.BOOKED and booking.starts_at <= now,
        lead=lead,
        more=tuple(button for button in offered if button is not lead),
    )


def resources_of(booking: Booking, part: str) -> list[Resource]:
    """Who or what serves a booking as this part, each once; reads the prefetched occupancies."""
    rows = {row.resource_id: row.resource for row in booking.occupancies.all() if row.part.startswith(part)}
    return sorted((resource for resource in rows.values() if resource), key=lambda resource: resource.name)


def taken_by_resources(lines: Iterable[DayLine]) -> list[tuple[DayLine, Occupancy]]:
    """Each stretch that a person, room or piece of equipment is taken for."""
    return [(line, row) for line in lines for row in line.booking.occupancies.all() if row.resource_id is not None]


def rooms_of(clinic: Clinic) -> list[tuple[int, str]]:
    """Its rooms in use, as (id, name)."""
    return list(clinic.rooms.filter(is_active=True).order_by("name").values_list("pk", "name"))


def team_of(clinic: Clinic, on: dt.date) -> list[tuple[int, str]]:
    """Everybody whose hours bring them to this clinic on that weekday, as (id, name)."""
    hours = WorkingHours.objects.filter(clinic=clinic, weekday=on.weekday(), valid_from__lte=on)
    working = hours.exclude(valid_until__lte=on).values("practitioner")
    people = Practitioner.objects.filter(pk__in=working, is_active=True).order_by("name")
    return list(people.values_list("pk", "name"))


def own_resource(user: User) -> int | None:
    """The practitioner that this account is."""
    return Practitioner.objects.filter(user=user, is_active=True).values_list("pk", flat=True).first()


def filter_choice(words: str, team: Sequence[tuple[int, str]], *, own: int | None, desk: bool) -> int | None:
    """Whose day to show: who was asked for; else, for those who treat and do not keep the desk, their own."""
    number = number_of(words)
    if number in {person for person, _name in team}:
        return number
    in_team = own in {person for person, _name in team}
    return own if not words and not desk and in_team else None
