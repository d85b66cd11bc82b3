"""Many changes of a migration in one step leave the same models as one after the other."""

from collections import Counter

from django.db import models
from django.db.migrations import AlterField, AlterModelOptions
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

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


def test_no_step_changes_anything_twice() -> None:
    """An operation of a step does not see what an earlier one did to the same field or trigger."""
    loader = MigrationLoader(None)
    steps = [
        (key, operation.operations)
        for key, migration in loader.disk_migrations.items()
        for operation in migration.operations
        if isinstance(operation, OneStep)
    ]

    twice = {key: [what for what, count in Counter(map(_what, inner)).items() if count > 1] for key, inner in steps}

    assert {key: changes for key, changes in twice.items() if changes} == {}
    assert {app for app, _name in twice} == {"people", "premises", "therapies", "bookings"}


def _what(operation: Operation) -> tuple[str, str, str]:
    """What the operation changes, and how."""
    trigger = getattr(operation, "trigger", None)
    name = getattr(operation, "name", "") if trigger is None else trigger.name
    return type(operation).__name__, getattr(operation, "model_name", ""), name
