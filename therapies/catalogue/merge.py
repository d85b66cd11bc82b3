"""Pure: what the catalogue says now, what it said last time, and what stands in the database, part by part.

An entry is a flat mapping from a path such as `texts/en/summary` to a JSON value. A part that nobody has edited follows
the catalogue; one that a manager has edited stays, and is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

Flat = Mapping[str, JsonValue]


@dataclass(frozen=True)
class Kept:
    """A part that a manager has edited: the catalogue says one thing, the database another."""

    entry: str
    part: str
    said: JsonValue
    here: JsonValue


@dataclass(frozen=True)
class Merged:
    write: dict[str, JsonValue]
    kept: list[Kept]
    removed: list[str]
    """Parts that the catalogue no longer says and that are still here."""


class _Absent:
    """Nothing there; not the same as None."""


ABSENT = _Absent()


def merge(entry: str, *, said: Flat, loaded: Flat, here: Flat, force: bool) -> Merged:
    """Which parts of `entry` to write, which a manager's edit keeps, and which the catalogue has dropped."""
    write: dict[str, JsonValue] = {}
    rows = []
    for part, value in said.items():
        now, before = here.get(part, ABSENT), loaded.get(part, ABSENT)
        if now == value:
            continue
        if force or now == before:
            write[part] = value
        else:
            rows.append(Kept(entry, part, value, None if isinstance(now, _Absent) else now))
    removed = [part for part in loaded if part not in said and part in here]
    return Merged(write, rows, removed)
