"""For whom somebody must act at once: readings that call the Vaidya, and danger signs still to be called about."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, QuerySet, UUIDField, Value
from django.db.models.functions import Coalesce

from bookings.models import (
    Channel,
    MeasuredEffect,
    Measurement,
    MeasurementDecision,
    Message,
    MessageKind,
    State,
)

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class UrgentCall:
    """Since when, and at which clinic. `visit` and `position` name the session where it was measured."""

    patient: int
    clinic: int
    at: dt.datetime
    visit: object = None
    position: int | None = None


def urgent_calls(patients: Collection[int], *, now: dt.datetime) -> dict[int, list[UrgentCall]]:
    """By patient, the earliest first: what waits until a Vaidya has decided, or until somebody has called.

    What was measured is urgent for a day; as a task it waits however long it takes.
    """
    if not patients:
        return {}
    calls: dict[int, list[UrgentCall]] = {}
    rows = _measured(patients, now).union(_to_call(patients), all=True)
    for call in sorted((UrgentCall(*row) for row in rows), key=lambda call: call.at):
        calls.setdefault(call.patient, []).append(call)
    return calls


def _measured(patients: Collection[int], now: dt.datetime) -> QuerySet[Measurement, Any]:
    """Columns as `UrgentCall` takes them."""
    decided = MeasurementDecision.objects.filter(booking=OuterRef("booking"), at__gte=OuterRef("at"))
    rows = Measurement.objects.filter(
        effect=MeasuredEffect.STOP, at__gt=now - A_DAY, booking__visit__patient__in=patients
    )
    where = (
        "booking__visit__patient",
        "booking__visit__clinic",
        "at",
        "booking__visit__public_id",
        "booking__position",
    )
    return rows.filter(~Exists(decided)).values_list(*where)


def _to_call(patients: Collection[int]) -> QuerySet[Message, Any]:
    """The same columns: what is to be called about names no session."""
    rows = Message.objects.filter(kind=MessageKind.CALL_BACK, state=State.DUE, channel=Channel.CALL)
    named = rows.annotate(
        who=Coalesce("patient", "visit__patient"),
        session=Value(None, output_field=UUIDField()),
        place=Value(None, output_field=IntegerField()),
    )
    return named.filter(who__in=patients).values_list("who", "clinic", "made_at", "session", "place")
