"""Pure: what the catalogue says now, what it said last time, and what stands in the database, part by part.

An entry is a flat mapping from a path such as `texts/en/summary` to a JSON value. A part that nobody has edited follows
the catalogue; one that a manager has edited stays, and is told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

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
    dropped: list[str]
    """Parts that the catalogue no longer says and nobody has edited."""


class _Absent:
    """Nothing there; not the same as None."""


ABSENT = _Absent()


def merge(entry: str, *, said: Flat, loaded: Flat, here: Flat, force: bool) -> Merged:
    """Which parts of `entry` to write, which a manager's edit keeps, and which go with the catalogue.

    A part that the catalogue has dropped goes; where a manager has edited it, it stays and is told.
    """
    write: dict[str, JsonValue] = {}
    rows = []
    for part, value in said.items():
        now, before = here.get(part, ABSENT), loaded.get(part, ABSENT)
        if now == value:
            continue
        if force or now == before or _is_new(before, now):
            write[part] = value
        else:
            rows.append(Kept(entry, part, value, None if isinstance(now, _Absent) else now))
    dropped = []
    for part in sorted((loaded.keys() - said.keys()) & here.keys()):
        if force or here[part] == loaded[part]:
            dropped.append(part)
        else:
            rows.append(Kept(entry, part, None, here[part]))
    return Merged(write, rows, dropped)


def _is_new(before: object, now: object) -> bool:
    """Whether the catalogue never spoke of the part and nobody has filled it in: a column that came with an upgrade."""
    return isinstance(before, _Absent) and now in (None, "", [], {})


def split(parts: Flat, columns: Collection[str]) -> dict[str, JsonValue]:
    """The same with the keys of these columns as parts of their own: `texts` → `texts/en`, `texts/hi`."""
    result: dict[str, JsonValue] = {}
    for part, value in parts.items():
        if part in columns and isinstance(value, Mapping):
            result |= {f"{part}/{key}": inner for key, inner in value.items()}
        else:
            result[part] = value
    return result


def joined(here: Flat, merged: Merged, columns: Collection[str]) -> dict[str, JsonValue]:
    """The columns to write, whole again: what was there, with what is written and without what goes."""
    result: dict[str, Any] = {}
    for part in [*merged.write, *merged.dropped]:
        column, _slash, key = part.partition("/")
        if column not in columns:
            if part in merged.write:
                result[part] = merged.write[part]
            continue
        inner = result.setdefault(column, {**_dictionary(here.get(column))})
        if part in merged.write:
            inner[key] = merged.write[part]
        else:
            inner.pop(key, None)
    return result


def _dictionary(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}
