"""Many changes of a migration in one step leave the same models as one after the other."""

from collections import Counter
from collections.abc import Sequence

from django.db import models
from django.db.migrations import AlterField, AlterModelOptions, CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.state import ModelState, ProjectState
from pgtrigger.migrations import AddTrigger

from clinic.one_step import OneStep

OPERATIONS = [
    AlterModelOptions("room", {"verbose_name": "therapy room"}),
    AlterField("room", "name", models.CharField(max_length=20, verbose_name="name")),
]


def a_room() -> ProjectState:
    state = ProjectState()
    fields: list[tuple[str, models.Field]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=10)),
    ]
    state.add_model(ModelState("house", "Room", fields))
    return state


def test_models_after_one_step_are_those_after_each_of_its_operations() -> None:
    together, one_by_one = a_room(), a_room()
    assert together.apps.get_model("house", "room")._meta.get_field("name").max_length == 10  # drawn before

    OneStep(OPERATIONS).state_forwards("house", together)
    for operation in OPERATIONS:
        operation.state_forwards("house", one_by_one)

    drawn = together.apps.get_model("house", "room")._meta
    assert together.models == one_by_one.models
    assert (drawn.verbose_name, drawn.get_field("name").max_length) == ("therapy room", 20)


def steps() -> list[tuple[tuple[str, str], Sequence[Operation]]]:
    return [
        (key, operation.operations)
        for key, migration in MigrationLoader(None).disk_migrations.items()
        for operation in migration.operations
        if isinstance(operation, OneStep)
    ]


def test_no_step_changes_anything_twice() -> None:
    """An operation of a step does not see what an earlier one did to the same field or trigger."""
    twice = {key: [what for what, count in Counter(map(_what, inner)).items() if count > 1] for key, inner in steps()}

    assert {key: changes for key, changes in twice.items() if changes} == {}
    assert {app for app, _name in twice} == {"people", "premises", "therapies", "bookings"}


def test_no_step_adds_to_a_table_of_its_own_but_triggers() -> None:
    """A new table comes with all that the step says of it: a column that was added too would come twice."""
    added = [
        (key, new.name, operation.describe())
        for key, inner in steps()
        for new in inner
        if isinstance(new, CreateModel)
        for operation in inner
        if getattr(operation, "model_name", "").lower() == new.name_lower and not isinstance(operation, AddTrigger)
    ]

    assert added == []


def _what(operation: Operation) -> tuple[str, str, str]:
    """What the operation changes, and how; to add a field and then to alter it is to change it twice."""
    parts = [getattr(operation, kind) for kind in ("trigger", "constraint", "index") if hasattr(operation, kind)]
    how = "Field" if isinstance(operation, FieldOperation) else type(operation).__name__
    return how, getattr(operation, "model_name", ""), getattr([*parts, operation][0], "name", "")
