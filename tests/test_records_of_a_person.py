"""Whoever reads what stays with a merged record asks for all records of the person: read from the source, everywhere.

A new table that names a patient must say here whether its rows move with a merge or stay where they are.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps

from bookings.actions.merges import MOVED
from clinic.people.models import Patient

ROOT = Path(__file__).parent.parent
STAY = {
    "Answer",
    "Assessment",
    "Clearance",
    "Consent",
    "ContactChange",
    "EmergencyOpening",
    "Prescription",
    "RecordOpening",
    "RecordSharing",
    "Screening",
    "Suspension",
}
"""What was signed, told, decided or noted under a record is read for all records of the person."""
OF_ONE_RECORD = {"Patient", "PatientClinic", "Patient_clinics", "PatientMerge", "PossibleTwin", "StoppedPatient"}
"""The record's own history and links; `bookings/actions/merges.py` joins what the survivor needs of them."""
ASK = {"filter", "exclude", "get", "get_or_create", "Q", "get_object_or_404"}
TAKEN_FOR_ALL = {"RecordsOf", "RecordsOfAll"}
PARTS = ("assessment", "consent", "prescription", "screening", "suspension")
OF_WHAT_MOVES = {
    "bookings/actions/merges.py": ["Q(patient=other)", "Q(patient=survivor)"],
    "bookings/actions/restored_time.py": [
        "Q(resource=row.resource_id, patient=row.patient_id, during__overlap=row.during)"
    ],
    "bookings/admin/visit_search.py": ["Q(patient__in=[patient.pk for patient in patients])"],
    "bookings/desk/lookups.py": ["Q(patient=patient)"],
    "bookings/facts/open_visits.py": ["around.filter(patient__in=asked)"],
    "bookings/messages/content/patient.py": ["message.made_by.accesses.filter(patient=message.patient_id)"],
    "bookings/models/visit.py": ["self.filter(patient__in=Patient.objects.of(user, on))"],
    "bookings/portal/lookups.py": ["patient.clinics.through.objects.filter(patient=patient)"],
    "bookings/portal/views/visits.py": ["mine.filter(patient=person)"],
}
"""Where a variable is narrowed, and not a model: looked at, each of them is about rows that move."""


@cache
def sources() -> list[tuple[str, ast.Module]]:
    """Each of our files, read once for all tests of this file."""
    paths = [path for top in ("bookings", "clinic", "therapies") for path in sorted((ROOT / top).rglob("*.py"))]
    return [
        (str(path.relative_to(ROOT)), ast.parse(path.read_text())) for path in paths if "migrations" not in path.parts
    ]


def is_of_patient(name: str) -> bool:
    path = name.removesuffix("__in").removesuffix("__exact").removesuffix("_id")
    return path == "patient" or path.endswith("__patient")


def model_of(call: ast.Call) -> str:
    """The model that a look-up begins at, by name; a variable's name where it begins at one."""
    if isinstance(call.func, ast.Name):
        return call.args[0].id if call.args and isinstance(call.args[0], ast.Name) else ""
    row: ast.AST = call.func
    while isinstance(row, ast.Attribute | ast.Call):
        row = row.value if isinstance(row, ast.Attribute) else row.func
    return row.id if isinstance(row, ast.Name) else ""


def look_ups(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    """Each look-up by a patient that does not ask for all records: its model, the path, the source."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        if (call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")) not in ASK:
            continue
        for keyword in call.keywords:
            value = keyword.value
            is_set = isinstance(value, ast.Call) and getattr(value.func, "id", "") in TAKEN_FOR_ALL
            is_nobody = isinstance(value, ast.Constant)
            if keyword.arg and is_of_patient(keyword.arg) and not is_set and not is_nobody:
                yield model_of(call), keyword.arg, ast.unparse(call)


def test_every_table_that_names_a_patient_moves_with_a_merge_or_is_read_for_all_records() -> None:
    named = {
        model.__name__
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if getattr(field, "concrete", False) and field.related_model is Patient
    }
    moved = {rows.model.__name__ for rows in MOVED.values()}

    assert {name for name in named if not name.endswith("Event")} == STAY | OF_ONE_RECORD | moved


def test_every_look_up_of_what_stays_asks_for_all_records_of_the_person() -> None:
    faults = []
    for path, tree in sources():
        for model, name, text in look_ups(tree):
            of_a_part = name.startswith(PARTS)
            of_a_variable = not model[:1].isupper() and name.startswith("patient")
            known = text in OF_WHAT_MOVES.get(path, ())
            if model in STAY or of_a_part or (of_a_variable and not known):
                faults.append(f"{path}: {text}")

    assert faults == []


def test_every_statement_about_what_stays_asks_for_all_records_of_the_person() -> None:
    tables = {model._meta.db_table for model in apps.get_models() if model.__name__ in STAY}
    faults = []
    for path, tree in sources():
        for row in ast.walk(tree):
            if not isinstance(row, ast.Constant) or not isinstance(row.value, str) or "patient_id" not in row.value:
                continue
            aliases = re.findall(r"(?:FROM|JOIN)\s+(\w+)\s+(?:AS\s+)?(\w+)", row.value)
            stays = {alias for table, alias in aliases if table in tables}
            for alias, value in re.findall(r"(\w+)\.patient_id\s*=\s*(\S+)", row.value):
                if alias in stays and not value.startswith("ANY(people_records_of("):
                    faults.append(f"{path}: {alias}.patient_id = {value}")

    assert faults == []


def test_nobody_goes_from_one_record_straight_to_what_stays() -> None:
    names = {
        field.remote_field.related_name
        for model in apps.get_models()
        if model.__name__ in STAY
        for field in model._meta.fields
        if field.related_model is Patient
    }
    faults = [
        f"{path}: {ast.unparse(row)}"
        for path, tree in sources()
        for row in ast.walk(tree)
        if isinstance(row, ast.Attribute) and row.attr in names
        if ast.unparse(row.value).rpartition(".")[2] in ("patient", "person")
    ]

    assert faults == []
