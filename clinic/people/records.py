"""All records of one person: the one that goes on, and those that were merged into it.

What was signed or told stays with the record under which it was written, so whatever reads it asks for all records of
the person. The set is worked out in one place, a function of the database, so that statements of Django and those
written by hand ask the same.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Expression, F, Field, Func, OuterRef, Value
from django.db.models.functions import Coalesce

from clinic.people.models import Patient


class RecordIds(Func):
    """The ids of all records of a person, as an array.

    It takes a patient, an id, or an expression that names one; a merged record names the same set as its survivor.
    """

    function = "people_records_of"
    output_field: "Field[Any, Any]" = ArrayField(BigIntegerField())

    def __init__(self, patient: Patient | int | Expression | F | OuterRef | None) -> None:
        named = patient.pk if isinstance(patient, Patient) else patient
        super().__init__(Value(named, BigIntegerField()) if isinstance(named, int | None) else named)


class RecordsOf(RecordIds):
    """For a filter such as `patient__in=RecordsOf(patient)`: any record of the same person."""

    template = "(SELECT unnest(%(function)s(%(expressions)s)))"
    output_field = BigIntegerField()


class RecordIdsOfAll(RecordIds):
    """The ids of all records of many people, whose ids, or an expression that is an array of them, it takes."""

    function = "people_records_of_all"

    def __init__(self, patients: ArraySubquery | Collection[int]) -> None:
        ids = patients if isinstance(patients, ArraySubquery) else Value([*patients], ArrayField(BigIntegerField()))
        Func.__init__(self, ids)


class RecordsOfAll(RecordIdsOfAll):
    """For a filter such as `patient__in=RecordsOfAll(ids)`."""

    template = RecordsOf.template
    output_field = BigIntegerField()


def person_at(path: str) -> Coalesce:
    """The id of the record that goes on, of the patient to whom `path` leads from a row."""
    return Coalesce(f"{path}__merged_into", path)
