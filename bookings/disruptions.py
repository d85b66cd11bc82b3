"""What upsets the diary: absences, closures and changed hours. Verbs that return the visits they hit."""

import datetime as dt
from collections.abc import Iterable

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from bookings.locking import lock
from bookings.models import Occupancy, Status, Visit
from bookings.refusals import Refused
from bookings.verbs import verb
from clinic.people.models import User
from clinic.premises.models import Absence, Clinic, Closure, OpeningHours, Resource
from clinic.wall import edge
from therapies.models import Practitioner, WorkingHours

GOING_ON = [Status.REQUESTED, Status.BOOKED, Status.CHECKED_IN, Status.IN_PROGRESS]


@verb
def enter_absence(
    *, resource: Resource, during: tuple[dt.datetime, dt.datetime], reason: str, by: User, now: dt.datetime
) -> list[Visit]:
    """Somebody is away, or a room is out of order; returns the visits that are hit, earliest first.

    Nothing new can be booked there from this moment; the visits keep their time until somebody moves them.
    """
    if during[0] >= during[1]:
        raise Refused(_("The end must be after the beginning."))
    lock(resources=[resource.pk])
    stretch = DateTimeTZRange(*during, "[)")
    Absence.objects.create(resource=resource, during=stretch, reason=reason, by=by, at=now)
    return _hit([resource.pk], stretch, now)


@verb
def end_absence(*, absence: Absence, by: User, now: dt.datetime) -> None:
    """The absence is taken back: its resource can be booked again."""
    lock(resources=[absence.resource_id])
    absence.delete()


@verb
def close_day(
    *, clinic: Clinic, on: dt.date, use: str, reason: str, by: User, now: dt.datetime, **hours: int
) -> list[Visit]:
    """The clinic is closed on a date (for everyone, or all but running courses); returns the visits that are hit."""
    resources = _resources(clinic)
    lock(resources=resources)
    Closure.objects.update_or_create(clinic=clinic, on=on, defaults={"use": use, "reason": reason, **hours})
    zone = clinic.zone
    stretch = DateTimeTZRange(edge(on, 0, zone), edge(on + dt.timedelta(days=1), 0, zone), "[)")
    return _hit(resources, stretch, now)


@verb
def open_day(*, closure: Closure, by: User, now: dt.datetime) -> None:
    """The closure is taken back."""
    lock(resources=_resources(closure.clinic))
    closure.delete()


@verb
def change_opening_hours(*, clinic: Clinic, hours: Iterable[OpeningHours], by: User, now: dt.datetime) -> list[Visit]:
    """The clinic's weekly hours are replaced; returns the visits that now lie outside them."""
    resources = _resources(clinic)
    lock(resources=resources)
    clinic.opening_hours.all().delete()
    OpeningHours.objects.bulk_create(hours)
    return _outside(resources, clinic, now)


@verb
def change_working_hours(
    *, practitioner: Practitioner, hours: Iterable[WorkingHours], by: User, now: dt.datetime
) -> list[Visit]:
    """A practitioner's hours are replaced; returns their visits that now lie outside them."""
    lock(resources=[practitioner.pk])
    practitioner.working_hours.all().delete()
    WorkingHours.objects.bulk_create(hours)
    hit: list[Visit] = []
    for clinic in Clinic.objects.filter(visits__bookings__occupancies__resource=practitioner).distinct():
        hit.extend(_outside([practitioner.pk], clinic, now, practitioner=practitioner))
    return hit


def _resources(clinic: Clinic) -> list[int]:
    rooms = clinic.rooms.values_list("pk", flat=True)
    equipment = clinic.equipment.values_list("pk", flat=True)
    people = clinic.working_hours.values_list("practitioner", flat=True)
    return sorted({*rooms, *equipment, *people})


def _hit(resources: Iterable[int], stretch: DateTimeTZRange, now: dt.datetime) -> list[Visit]:
    """Visits still to come that occupy one of the resources in that stretch."""
    rows = Occupancy.objects.filter(
        resource__in=list(resources), during__overlap=stretch, booking__status__in=GOING_ON, booking__ends_at__gt=now
    )
    return list(Visit.objects.filter(bookings__in=rows.values("booking")).distinct().order_by("arrives_at"))


def _outside(
    resources: Iterable[int], clinic: Clinic, now: dt.datetime, *, practitioner: Practitioner | None = None
) -> list[Visit]:
    """Visits to come with an occupancy that no longer lies inside the hours."""
    rows = list(
        Occupancy.objects.filter(
            resource__in=list(resources),
            booking__visit__clinic=clinic,
            booking__status__in=GOING_ON,
            booking__ends_at__gt=now,
        ).select_related("booking__visit")
    )
    hours = list((practitioner or clinic).working_hours.filter(clinic=clinic)) if practitioner else list(
        clinic.opening_hours.all()
    )  # fmt: skip
    hit = {row.booking.visit_id: row.booking.visit for row in rows if not _inside(row, hours, clinic)}
    return sorted(hit.values(), key=lambda visit: visit.arrives_at)


def _inside(row: Occupancy, hours: Iterable[OpeningHours | WorkingHours], clinic: Clinic) -> bool:
    begin = row.during.lower.astimezone(clinic.zone)
    minute = begin.hour * 60 + begin.minute
    end = minute + int((row.during.upper - row.during.lower).total_seconds() // 60)
    return any(h.weekday == begin.weekday() and h.from_minute <= minute and end <= h.to_minute for h in hours)
