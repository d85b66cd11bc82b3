"""Migrations that copy fields make what Django makes by building them anew."""

from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import CASCADE, Field, ForeignKey

from clinic import migrating


def test_copied_field_of_every_migration_is_as_one_built_anew() -> None:
    state = MigrationLoader(None).project_state()
    fields = [field for model in state.models.values() for field in model.fields.values()]

    other = [field for field in fields if said_of(migrating._copied(field), state) != said_of(field.clone(), state)]

    assert len(fields) > 500
    assert other == []


def said_of(field: Field, state: ProjectState) -> object:  # type: ignore[type-arg]
    """All that a migration would say of it, fields within fields too."""
    return MigrationAutodetector(state, state).deep_deconstruct(field)


def test_copied_field_remembers_no_related_model_of_the_first() -> None:
    field = ForeignKey("people.User", CASCADE)
    assert field.related_model == "people.User"  # kept from now on

    copied = migrating._copied(field)

    assert ("related_model" in vars(field), "related_model" in vars(copied)) == (True, False)
