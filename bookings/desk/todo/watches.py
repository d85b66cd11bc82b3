"""Visits during whose watch too few would be on duty: somebody left, is away, or the clinic's roles changed."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from bookings.facts.watches import PART, unwatched_visits
from bookings.models import Booking, Occupancy
from bookings.models.occupancy import LONGEST
from clinic.premises.models import Equipment

from .owners import Task, TaskKind


def watched(clinics: list[int], now: dt.datetime) -> QuerySet[Booking]:
    """The bookings still to come or going on that take a watch place at these clinics.

    Asked from the places: of the bookings to come, most take none.
    """
    places = Equipment.objects.filter(clinic__in=clinics).order_by().values("pk")
    taken = Occupancy.objects.filter(resource__in=places, part=PART, during__startswith__gt=now - 2 * LONGEST)
    coming = Booking.objects.going_on(now).filter(visit__clinic__in=clinics)
    return coming.filter(pk__in=taken.values("booking"), visit__patient__isnull=False)


def only_unwatched(tasks: Iterable[Task], clinics: list[int], now: dt.datetime) -> list[Task]:
    """The same without watches for which enough are on duty; these are read only where anybody is watched."""
    rows = list(tasks)
    if all(task.kind is not TaskKind.UNWATCHED for task in rows):
        return rows
    lacking = {str(visit.public_id) for visit in unwatched_visits(clinics, now).visits.values()}
    return [task for task in rows if task.kind is not TaskKind.UNWATCHED or str(task.subject) in lacking]
