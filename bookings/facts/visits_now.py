"""A visit and its bookings as they are on record now, with all that actions ask: four statements, each compiled once.

Nothing is kept between two readings but the words of the statements.
"""

import datetime as dt
from collections import defaultdict
from functools import cache
from typing import Any

from bookings.models import Booking, Status, Visit
from clinic.compiled_query import MOMENT, CompiledQuery, CompiledRows, ids_to_be, keep_related
from therapies.models import Step, StepCrew


def refresh(visit: Visit) -> None:
    """Read the row again, with its clinic and its patient; what was read of it before is forgotten.

    Raises Visit.DoesNotExist.
    """
    row = _visits().first(ids=[visit.pk], now=MOMENT)
    if row is None:
        raise Visit.DoesNotExist
    for field in row._meta.concrete_fields:
        setattr(visit, field.attname, getattr(row, field.attname))
    visit._state.fields_cache = row._state.fields_cache
    vars(visit).pop("_prefetched_objects_cache", None)


def bookings_of(visit: Visit) -> list[Booking]:
    """The visit's bookings in order, freshly read, with their variants, steps, crews and orders."""
    bookings = _bookings().rows(ids=[visit.pk], now=MOMENT)
    crews: dict[int, list[StepCrew]] = defaultdict(list)
    for crew in _crews().rows(ids=[visit.pk], now=MOMENT):
        crews[crew.step_id].append(crew)
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in _steps().rows(ids=[visit.pk], now=MOMENT):
        steps[step.variant_id].append(step)
        keep_related(step, "crews", crews[step.pk])
    for booking in bookings:
        booking.visit = visit
        keep_related(booking.variant, "steps", steps[booking.variant_id])
    return bookings


def request_limit_now(visit: Visit) -> dt.datetime | None:
    """Until when a visit that was asked for waits for its answer; None for what is booked."""
    limits = _limits().rows(ids=[visit.pk], now=MOMENT)
    return next((expires_at for status, expires_at in limits if status == Status.REQUESTED), None)


def states_now(visit: Visit) -> dict[int, tuple[str, int]]:
    """The status and the version of each of the visit's bookings as they are on record now."""
    return {pk: (status, version) for pk, status, version in _states().rows(ids=[visit.pk], now=MOMENT)}


@cache
def _visits() -> CompiledRows[Visit]:
    return CompiledRows(Visit.objects.filter(pk__in=ids_to_be(1)).select_related("clinic", "patient"))


@cache
def _bookings() -> CompiledRows[Booking]:
    rows = Booking.objects.filter(visit__in=ids_to_be(1)).select_related("variant__therapy", "item")
    return CompiledRows(rows.order_by("position"))


@cache
def _steps() -> CompiledRows[Step]:
    return CompiledRows(Step.objects.filter(variant__in=_variants()))


@cache
def _crews() -> CompiledRows[StepCrew]:
    return CompiledRows(StepCrew.objects.filter(step__variant__in=_variants()))


@cache
def _limits() -> CompiledQuery:
    rows = Booking.objects.filter(visit__in=ids_to_be(1), position=0).order_by()
    return CompiledQuery.of(rows.values_list("status", "expires_at"))


@cache
def _states() -> CompiledQuery:
    rows = Booking.objects.filter(visit__in=ids_to_be(1)).order_by()
    return CompiledQuery.of(rows.values_list("pk", "status", "version"))


def _variants() -> Any:
    return Booking.objects.filter(visit__in=ids_to_be(1)).order_by().values("variant")
