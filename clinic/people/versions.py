"""What a form showed when it was opened, so that an older page does not undo a newer change unseen."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Model


class ChangedMeanwhile(Exception):
    """The row is no longer as the form showed it: `row` as it stands, `names` of the fields that differ."""

    def __init__(self, row: Any, names: list[str]) -> None:
        self.row, self.names = row, names
        super().__init__(", ".join(names))


def version_of(row: Model, names: Iterable[str]) -> str:
    """A short mark for the value of each field."""
    return " ".join(f"{name}:{mark_of(row, name)}" for name in names)


def marks_in(version: str) -> dict[str, str]:
    """The mark of each field that a version names; words of any other form name none."""
    parts = (word.partition(":") for word in version.split())
    return {name: mark for name, colon, mark in parts if colon}


def changed_since(row: Model, version: str, names: Iterable[str]) -> list[str]:
    """Those of `names` whose value is no longer the one that was shown; a field without a mark was not shown."""
    shown = marks_in(version)
    return [name for name in names if name in shown and mark_of(row, name) != shown[name]]


def mark_of(row: Model, name: str) -> str:
    value = json.dumps(row._meta.get_field(name).value_to_string(row), sort_keys=True, default=str)  # type: ignore[union-attr]
    return hashlib.sha256(value.encode()).hexdigest()[:12]
