"""One kind of what waits, as a part of the one query: the same columns for each."""

import datetime as dt
from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, Func, QuerySet, UUIDField, Value
from django.db.models.functions import Cast

from bookings.models import Prescription
from clinic.wall import wall_date

from .owners import LIMIT, TaskKind

A_DAY = dt.timedelta(days=1)
COLUMNS = ("t_kind", "t_patient", "t_clinic", "t_owner", "t_since", "t_due", "t_visit")


def part(rows: QuerySet[Any], kind: TaskKind, **columns: Any) -> QuerySet[Any]:
    """These rows as tasks. Columns: patient, clinic, since, due; owner and visit where there is one."""
    nobody = {"owner": Cast(Value(None), BigIntegerField()), "visit": Cast(Value(None), UUIDField())}
    values = nobody | {"due": _later(columns["since"])} | columns
    named = {f"t_{name}": value for name, value in values.items()}
    kind_of = Value(kind.value, CharField())
    return rows.order_by().annotate(t_kind=kind_of, **named).values_list(*COLUMNS)


def _later(since: Any) -> Func:
    return Func(since, Value(LIMIT), template="%(expressions)s", arg_joiner=" + ", output_field=DateTimeField())


def today(zone: str, now: dt.datetime) -> Cast:
    """The date of a clinic at that moment; `zone` is the path to its time zone."""
    return wall_date(zone, Value(now))


def prescriptions_in_force(clinics: list[int], now: dt.datetime) -> QuerySet[Prescription]:
    """The orders of living patients at these clinics that hold on the clinic's date of that moment."""
    living = Prescription.objects.filter(clinic__in=clinics, patient__death_noted_at=None)
    rows = living.in_force((now - A_DAY).date())
    return rows.filter(valid_until__gte=today("clinic__timezone", now))
