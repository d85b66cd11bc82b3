"""What upsets the diary: absences, closures and changed hours. Actions that return the visits they hit."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.actions.locks import lock
from bookings.actions.transaction import action
from bookings.errors import PolicyRefused, refuse_if
from bookings.facts.watches import unwatched_visits
from bookings.models import Occupancy, Visit
from bookings.models.booking import GOING_ON, day_not_over
from clinic.clock import stretch_words
from clinic.grid import union
from clinic.people.models import User
from clinic.premises.models import Absence, Clinic, Closure, OpeningHours, Resource
from clinic.wall import edge
from therapies.models import Practitioner, WorkingHours
from therapies.rota import Calendar, calendar, opening


@dataclass(frozen=True)
class Away:
    """An absence that was entered, and the visits that it hits, earliest first."""

    absence: Absence
    hit: list[Visit]


@action
def enter_absence(
    *, resource: Resource, during: tuple[dt.datetime, dt.datetime], reason: str, by: User, now: dt.datetime
) -> Away:
    """Somebody is away, or a room is out of order; returns the absence and the visits that are hit.

    Nothing new can be booked there from this moment; the visits keep their time until somebody moves them. Those are
    hit too for whose watch too few are left on duty. Raises PolicyRefused where an absence is entered there already.
    """
    if during[0] >= during[1]:
        raise PolicyRefused(_("The end must be after the start."))
    lock(resources=[resource.pk])
    stretch = DateTimeTZRange(*during, "[)")
    refuse_if(_why_not_away(resource, stretch))
    clinics = _clinics_of(resource)
    before = unwatched_visits(clinics, now, during=stretch)
    absence = Absence.objects.create(resource=resource, during=stretch, reason=reason, by=by, at=now)
    left = before.since(unwatched_visits(clinics, now, during=stretch))
    return Away(absence, _sorted(_hit([resource.pk], stretch, now), left))


def _why_not_away(resource: Resource, stretch: DateTimeTZRange) -> str:
    """Entered twice, one of them withdrawn would leave the other behind."""
    same = Absence.objects.filter(resource=resource, during__overlap=stretch).order_by("during").first()
    if same is None:
        return ""
    here = Q(working_hours__practitioner=resource.pk) | Q(rooms=resource.pk) | Q(equipment=resource.pk)
    clinic = Clinic.objects.filter(here).first()
    with timezone.override(clinic.zone if clinic else None):
        values = {"name": resource, "when": stretch_words(same.during.lower, same.during.upper)}
    return (
        _("%(name)s is already recorded as absent: %(when)s. Withdraw that absence first, or choose other times.")
        % values
    )


@action
def end_absence(*, absence: Absence, by: User, now: dt.datetime) -> None:
    """The absence is taken back: its resource can be booked again.

    Raises PolicyRefused where somebody did so already.
    """
    lock(resources=[absence.resource_id])
    ended, _rows = Absence.objects.filter(pk=absence.pk).delete()
    refuse_if("" if ended else _("This absence has already been withdrawn."))


@action
def close_day(
    *, clinic: Clinic, on: dt.date, use: str, reason: str, by: User, now: dt.datetime, **hours: int
) -> list[Visit]:
    """The clinic is closed on a date (for everyone, or all but running courses); returns the visits that are hit."""
    resources = _resources(clinic)
    lock(resources=resources)
    Closure.objects.update_or_create(clinic=clinic, on=on, defaults={"use": use, "reason": reason, **hours})
    begin, end = (edge(on + dt.timedelta(days=n), 0, clinic.zone) for n in (0, 1))
    rows = [row for row in _stretches(resources, clinic, now) if row.during.upper > begin and row.during.lower < end]
    return _outside_opening(rows, clinic)


@action
def open_day(*, closure: Closure, by: User, now: dt.datetime) -> None:
    """The closure is taken back."""
    lock(resources=_resources(closure.clinic))
    closure.delete()


@action
def change_opening_hours(
    *,
    clinic: Clinic,
    hours: Iterable[OpeningHours],
    by: User,
    now: dt.datetime,
    seen: Iterable[OpeningHours] | None = None,
) -> list[Visit]:
    """The clinic's weekly hours are replaced; returns the visits that now lie outside them.

    Raises PolicyRefused where the hours are no longer those `seen`.
    """
    resources = _resources(clinic)
    lock(resources=resources)
    _replace(clinic.opening_hours.all(), hours, seen)
    return _outside_opening(_stretches(resources, clinic, now), clinic)


@action
def change_working_hours(
    *,
    practitioner: Practitioner,
    clinics: Iterable[Clinic],
    hours: Iterable[WorkingHours],
    by: User,
    now: dt.datetime,
    seen: Iterable[WorkingHours] | None = None,
) -> list[Visit]:
    """A practitioner's hours at these clinics are replaced; returns their visits that now lie outside them.

    Hours at other clinics stay as they are. Raises PolicyRefused where the hours are no longer those `seen`.
    """
    lock(resources=[practitioner.pk])
    at = _clinics_of(practitioner)
    before = unwatched_visits(at, now)
    _replace(practitioner.working_hours.filter(clinic__in=list(clinics)), hours, seen)
    hit: list[Visit] = []
    for clinic in Clinic.objects.filter(visits__bookings__occupancies__resource=practitioner).distinct():
        hit += _outside_rota(_stretches([practitioner.pk], clinic, now), clinic, practitioner)
    return _sorted(hit, before.since(unwatched_visits(at, now)))


def _replace(present: QuerySet[Any], hours: Iterable[Any], seen: Iterable[Any] | None) -> None:
    """What stays the same keeps its row, so that nobody's open page takes it for another one."""
    rows = {_values(row): row for row in present}
    if seen is not None and rows.keys() != {_values(row) for row in seen}:
        raise PolicyRefused(
            _(
                "Someone else changed these hours in the meantime, so your changes were not saved. "
                "Please enter them again."
            )
        )
    new = [row for row in hours if rows.pop(_values(row), None) is None]
    present.filter(pk__in=[row.pk for row in rows.values()]).delete()
    present.model._default_manager.bulk_create(new)


def _values(row: Model) -> tuple[Any, ...]:
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key)


def _resources(clinic: Clinic) -> list[int]:
    rooms = clinic.rooms.values_list("pk", flat=True)
    equipment = clinic.equipment.values_list("pk", flat=True)
    people = clinic.working_hours.values_list("practitioner", flat=True)
    return sorted({*rooms, *equipment, *people})


def _hit(resources: Iterable[int], stretch: DateTimeTZRange, now: dt.datetime) -> list[Visit]:
    """Visits still to come that occupy one of the resources in that stretch."""
    rows = Occupancy.objects.filter(
        day_not_over(now, "booking__"),
        resource__in=list(resources),
        during__overlap=stretch,
        booking__status__in=GOING_ON,
    )
    return list(Visit.objects.filter(bookings__in=rows.values("booking")).distinct().order_by("arrives_at"))


def _clinics_of(resource: Resource) -> list[int]:
    """The clinics at which this person works; none of a room or a piece of equipment."""
    return list(Clinic.objects.filter(working_hours__practitioner=resource.pk).values_list("pk", flat=True).distinct())


def _sorted(*hit: list[Visit]) -> list[Visit]:
    """Each visit once, earliest first."""
    every = {visit.pk: visit for visits in hit for visit in visits}
    return sorted(every.values(), key=lambda visit: (visit.arrives_at, visit.pk))


def _stretches(resources: Iterable[int], clinic: Clinic, now: dt.datetime) -> list[Occupancy]:
    """The time that visits to come at this clinic take of these resources."""
    rows = Occupancy.objects.filter(
        day_not_over(now, "booking__"),
        resource__in=list(resources),
        booking__visit__clinic=clinic,
        booking__status__in=GOING_ON,
    )
    return list(rows.select_related("booking__visit").order_by("during"))


def _calendar(rows: list[Occupancy], clinic: Clinic) -> Calendar:
    """The clinic's dates from the first of these rows to the last."""
    first = min(row.during.lower for row in rows).astimezone(clinic.zone).date()
    return calendar(clinic.zone, first, max(row.during.upper for row in rows).astimezone(clinic.zone).date())


def _outside_opening(rows: list[Occupancy], clinic: Clinic) -> list[Visit]:
    """Visits with time that no longer lies inside the clinic's hours, each by the hours that hold for it."""
    if not rows:
        return []
    days = _calendar(rows, clinic)
    hours = {running: opening(clinic, days, running_course=running)[0] for running in (False, True)}
    return _visits(rows, days, lambda visit: hours[visit.running_course])


def _outside_rota(rows: list[Occupancy], clinic: Clinic, practitioner: Practitioner) -> list[Visit]:
    """Visits with time of this person that no longer lies inside their hours at the clinic."""
    if not rows:
        return []
    days = _calendar(rows, clinic)
    hours = practitioner.working_hours.filter(clinic=clinic)
    works = union(
        days.weekly(row.weekday, row.from_minute, row.to_minute) & days.dates(row.valid_from, row.valid_until)
        for row in hours
    )
    return _visits(rows, days, lambda _visit: works)


def _visits(rows: list[Occupancy], days: Calendar, hours: Callable[[Visit], int]) -> list[Visit]:
    """The visits of the rows that reach out of the hours, earliest first."""
    outside = [row for row in rows if days.window.mask(row.during.lower, row.during.upper) & ~hours(row.booking.visit)]
    hit = {row.booking.visit_id: row.booking.visit for row in outside}
    return sorted(hit.values(), key=lambda visit: visit.arrives_at)
