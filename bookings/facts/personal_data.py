"""All that the system keeps about one person, row by row: for the person to read, keep and take elsewhere.

A row belongs to a person when one of `LEADS` leads from it there; a new table with such a field joins by itself.
Of other people only names are told, and no address.
"""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Count, Field, Max, Model, Q, QuerySet
from django.db.models.functions import TruncMonth

from clinic.people.models import Patient, Read
from clinic.people.records import RecordIds, RecordsOf

OWN_APPS = ("people", "premises", "therapies", "bookings")
LEADS = {
    "patient": "patient",
    "survivor": "survivor",
    "visit": "visit__patient",
    "booking": "booking__visit__patient",
    "prescription": "prescription__patient",
    "assessment": "assessment__patient",
    "consent": "consent__patient",
}
"""Field of a row, and the path by which it leads to a patient."""
LEFT_OUT = {
    "people.PossibleTwin": "names another person, who may be somebody else",
    "bookings.Occupancy": "the time of people and rooms; the booking says the same",
    "bookings.StoppedPatient": "only a mark that letters wait",
}
"""Tables that lead to a person and are not given, and why."""
KEYS = {
    "id",
    "pgh_id",
    "pgh_label",
    "code_hash",
    "secret",
    "key",
    "lease_token",
    "leased_until",
    "message_id",
    "ics_uid",
}
NEVER = KEYS | {"search_terms", "recipient", "holder", "holder_address", "moved"}
"""Fields that are keys, secrets, codes for a search, or addresses of others."""
SIGNED = {
    "bookings.Assessment": "signed_at",
    "bookings.Suitability": "assessment__signed_at",
    "bookings.Prescription": "signed_at",
    "bookings.PrescriptionItem": "prescription__signed_at",
}
"""A draft is its writer's own: rows of these tables are given once they are signed."""
Row = dict[str, object]


def personal_data(patient: Patient, *, now: dt.datetime) -> dict[str, object]:
    """By table, all rows of this person, the oldest first, as values that JSON knows. Also who read the record.

    Not in one snapshot: a row that is written meanwhile may be missing.
    """
    tables: dict[str, list[Row]] = {"patient": [_row(row) for row in Patient.objects.filter(pk__in=RecordsOf(patient))]}
    for model in tables_of_a_person():
        if rows := [_row(row) for row in rows_about(model, patient)]:
            tables[model._meta.model_name or ""] = rows
    return {"made_at": now.isoformat(), "tables": tables, "reads": [_read(row) for row in _reads(patient)]}


def tables_of_a_person() -> list[type[Model]]:
    """Every table that leads to a patient, but for those left out."""
    models = [model for label in OWN_APPS for model in apps.get_app_config(label).get_models()]
    return [model for model in models if paths_of(model) and model._meta.label not in LEFT_OUT]


def paths_of(model: type[Model]) -> list[str]:
    """By which paths rows of this table lead to a patient."""
    if model._meta.label == "people.PatientEvent":
        return ["pgh_obj"]  # what the record said before
    concrete = {field.name for field in model._meta.concrete_fields if field.is_relation}
    return [path for name, path in LEADS.items() if name in concrete]


def rows_about(model: type[Model], patient: Patient) -> QuerySet[Any]:
    """The rows of one table about this person, under whichever record they were written; drafts left out."""
    about = Q()
    for path in paths_of(model):
        about |= Q(**{f"{path}__in": RecordsOf(patient)})
    rows = model._base_manager.filter(about)
    if signed_at := SIGNED.get(model._meta.label):
        rows = rows.filter(**{f"{signed_at}__isnull": False})
    return rows.select_related(*_people(model)).order_by("pk")


def reads_by_month(patient: Patient, *, since: dt.datetime, zone: dt.tzinfo) -> list[Any]:
    """Who read this person's record, by month and person, the newest month first: month, name, clinic, times, last."""
    rows = _reads(patient).filter(at__gte=since).annotate(month=TruncMonth("at", tzinfo=zone))
    by_person = rows.values("month", "user__name", "clinic__name").annotate(times=Count("pk"), last=Max("at"))
    return list(by_person.order_by("-month", "user__name", "clinic__name"))


def _reads(patient: Patient) -> QuerySet[Read]:
    return Read.objects.filter(patients__overlap=RecordIds(patient)).select_related("user", "clinic").order_by("at")


def _read(row: Read) -> Row:
    clinic = row.clinic.name if row.clinic else ""
    return {"at": row.at.isoformat(), "by": row.user.name, "clinic": clinic, "page": row.door, "reason": row.reason}


def _people(model: type[Model]) -> list[str]:
    """Fields that name an account."""
    return [field.name for field in model._meta.concrete_fields if _names_an_account(field)]


def _names_an_account(field: "Field[Any, Any]") -> bool:
    return field.is_relation and getattr(field.related_model, "__name__", "") == "User"


def _row(row: Model) -> Row:
    """Its own values; of accounts the name, of other rows how they are called, of a file how large it is."""
    values: Row = {}
    for field in row._meta.concrete_fields:
        if field.name in NEVER or field.name in LEADS or (field.is_relation and field.name.startswith("pgh_")):
            continue
        values[field.name] = _value(row, field)
    return values


def _value(row: Model, field: "Field[Any, Any]") -> object:
    value = getattr(row, field.name)
    if value is None:
        return None
    if isinstance(field, BinaryField):
        return f"{len(value)} bytes"
    if _names_an_account(field):
        return value.name
    return json_value(value) if not field.is_relation else str(value)


def json_value(value: object) -> object:
    """As JSON knows it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(key): json_value(each) for key, each in value.items()}
    if isinstance(value, Collection):
        return [json_value(each) for each in value]
    return str(value)
