"""Rows whose every change is recorded by the database: what was added, changed and removed, by whom and when."""

from collections.abc import Callable
from typing import Any

import pghistory

from clinic.append_only import append_only

BASELINE = "baseline"
"""The label of the first record of a row that was there before its changes were recorded."""


def recorded(*, exclude: list[str] | None = None) -> Callable[[type[Any]], type[Any]]:
    """A class decorator for models: an append-only table of events with a copy of the row at each change."""
    return tracked(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=exclude)


def tracked(*trackers: Any, **options: Any) -> Callable[[type[Any]], type[Any]]:
    """`pghistory.track` (inserts and updates by default), whose table of events nobody can switch open."""
    decorate: Callable[[type[Any]], type[Any]] = pghistory.track(
        *trackers, append_only=False, meta={"triggers": append_only("event")}, **options
    )
    return decorate


def baseline(app_label: str, *names: str) -> Callable[[Any, Any], None]:
    """For a migration: one event for each row that exists already, so that its first change shows what was before."""

    def copy(apps: Any, schema_editor: Any) -> None:
        for name in names:
            model, event = apps.get_model(app_label, name), apps.get_model(app_label, f"{name}Event")
            schema_editor.execute(_copied(model._meta, event._meta, schema_editor.quote_name), [BASELINE])

    return copy


def _copied(model: Any, event: Any, quote: Callable[[str], str]) -> str:
    """Every column of the row goes to the column of the event with the same name."""
    columns = [quote(field.column) for field in event.concrete_fields if not field.name.startswith("pgh_")]
    listed = ", ".join(columns)
    return (
        f"INSERT INTO {quote(event.db_table)} (pgh_created_at, pgh_label, pgh_obj_id, {listed})"  # noqa: S608 - names of ours
        f" SELECT now(), %s, id, {listed} FROM {quote(model.db_table)}"
    )
