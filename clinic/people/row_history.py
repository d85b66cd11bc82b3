"""What happened to a row and its parts, read from the append-only tables: who, when, which values from what to what."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignKey, Model
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clinic.field_words import FieldChange, Words, differences
from clinic.history import BASELINE
from clinic.people.models import User

ACTS: Mapping[str, str | Promise] = {
    "insert": _("added"),
    "update": _("changed"),
    "delete": _("removed"),
    BASELINE: _("first recorded"),
}
COMMANDS: Mapping[str, str | Promise] = {"load_catalogue": _("catalogue (loaded by the operator)")}


@dataclass(frozen=True)
class RecordedPart:
    """Rows of one recorded model: those whose records match `where` (look-ups on its events)."""

    model: type[Model]
    where: Mapping[str, object]


@dataclass(frozen=True)
class Record:
    """One change of one row."""

    at: dt.datetime
    who: str
    act: str
    row: str
    changes: list[FieldChange]


def is_recorded(model: type[Model]) -> bool:
    return hasattr(model, "pgh_event_models")


def events_of_row(model: type[Any]) -> Any:
    """The records of a model, as a QuerySet."""
    return model.pgh_event_model.objects.order_by("pgh_id")


def records(parts: Iterable[RecordedPart], words: Words) -> list[Record]:
    """All that happened to the rows of these parts, the newest first."""
    lines = [line for part in parts for line in _lines(part)]
    people = User.objects.in_bulk({user for line in lines if (user := _metadata(line.event).get("user"))})
    newest_first = sorted(lines, key=lambda line: (line.event.pgh_created_at, line.event.pgh_id), reverse=True)
    return [_record(line, people, words) for line in newest_first]


@dataclass(frozen=True)
class Line:
    """An event, its copy of the row, and the copy before it."""

    event: Any
    row: Model
    before: Model | None


def _lines(part: RecordedPart) -> list[Line]:
    events = list(events_of_row(part.model).filter(**part.where).select_related("pgh_context"))
    last: dict[int, Model] = {}
    lines = []
    for event, row in zip(events, _copies(part.model, events), strict=True):
        lines.append(Line(event, row, last.get(event.pgh_obj_id)))
        last[event.pgh_obj_id] = row
    return _without_replacements(lines)


def _copies(model: type[Model], events: list[Any]) -> list[Model]:
    """The rows as the events have them, joined to the rows they name; each other table is asked once."""
    names = {field.attname for field in events[0]._meta.concrete_fields} if events else set()
    fields = [field for field in model._meta.concrete_fields if field.attname in names]
    rows = [model(**{field.attname: getattr(event, field.attname) for field in fields}) for event in events]
    for field in fields:
        if isinstance(field, ForeignKey):
            others = field.related_model._default_manager.in_bulk({getattr(row, field.attname) for row in rows})
            for row in rows:
                if getattr(row, field.attname) in others:
                    setattr(row, field.name, others[getattr(row, field.attname)])
    return rows


def _without_replacements(lines: list[Line]) -> list[Line]:
    """A row that was removed and added again as it was, in the same moment, did not change."""
    removed = Counter(_content(line) for line in lines if line.event.pgh_label == "delete")
    added = Counter(_content(line) for line in lines if line.event.pgh_label == "insert")
    same = {"delete": removed & added, "insert": removed & added}
    result = []
    for line in lines:
        counts, content = same.get(line.event.pgh_label, Counter()), _content(line)
        if counts[content] > 0:
            counts[content] -= 1
        else:
            result.append(line)
    return result


def _content(line: Line) -> str:
    return repr((line.event.pgh_created_at, values_of(line.row)))


def values_of(row: Model) -> dict[str, Any]:
    """Its values by the names of its fields, without its number; a row it points to by that row's name."""
    return {field.name: _value(row, field) for field in row._meta.concrete_fields if not field.primary_key}


def _value(row: Model, field: Any) -> Any:
    if isinstance(field, ForeignKey) and field.is_cached(row):
        return str(getattr(row, field.name))
    return getattr(row, field.attname)


def _metadata(event: Any) -> Mapping[str, Any]:
    return event.pgh_context.metadata if event.pgh_context else {}


def _record(line: Line, people: Mapping[int, User], words: Words) -> Record:
    event, model = line.event, type(line.row)
    row, before = values_of(line.row), values_of(line.before) if line.before is not None else {}
    if event.pgh_label == "delete":
        row, before = {}, row
    changes = [] if event.pgh_label == BASELINE else differences(model, before, row, words)
    name = f"{capfirst(model._meta.verbose_name)}: {line.row}"
    return Record(event.pgh_created_at, _who(event, people), str(ACTS[event.pgh_label]), name, changes)


def _who(event: Any, people: Mapping[int, User]) -> str:
    metadata = _metadata(event)
    user = people.get(metadata.get("user") or 0)
    return str(user or COMMANDS.get(metadata.get("command", ""), _("the system")))
