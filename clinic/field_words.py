"""Values of a row in words, and which of them differ between two copies of it: for people, never raw JSON."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from clinic.wall import MinuteField, written

Words = Mapping[str, str]
"""Codes in the reader's words; a code that is not among them is shown without its underscores."""

NOTHING = "–"
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True)
class FieldChange:
    """One value of a row before and after a change, in words. `NOTHING` where there was, or is, none."""

    label: str
    before: str
    after: str


def differences(
    model: type[Model], before: Mapping[str, Any], after: Mapping[str, Any], words: Words
) -> list[FieldChange]:
    """The values that differ, by the names of the model's fields; a field that is in one copy only had no value."""
    changes = []
    for field in model._meta.concrete_fields:
        if field.name not in before and field.name not in after:
            continue
        old, new = (dict(_parts(field, copy.get(field.name), words)) for copy in (before, after))
        for label in dict.fromkeys([*old, *new]):
            change = FieldChange(label, old.get(label, NOTHING), new.get(label, NOTHING))
            if change.before != change.after:
                changes.append(change)
    return changes


def _parts(field: Any, value: Any, words: Words) -> Iterator[tuple[str, str]]:
    """A value as pairs of label and words: one for each language, or for each name of structured data."""
    is_unnamed = field.is_relation and field.verbose_name == field.name.replace("_", " ")
    label = str(capfirst(field.related_model._meta.verbose_name if is_unnamed else field.verbose_name))
    if isinstance(value, dict):
        yield from _named(label, value, words)
    else:
        yield label, _shown(field, value, words)


def _named(label: str, data: Mapping[str, Any], words: Words) -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        inner = _language(name) if name in LANGUAGES else value_in_words(name, words)
        if isinstance(value, dict):
            yield from _named(f"{label}, {inner}", value, words)
        else:
            yield f"{label}, {inner}", spelled(value, words)


def _language(code: str) -> str:
    return str(get_language_info(code)["name_translated"])


def _shown(field: Any, value: Any, words: Words) -> str:
    if isinstance(field, MinuteField) and isinstance(value, int):
        return written(value)
    if field.choices and value not in (None, ""):
        named: Mapping[Any, Any] = dict(field.flatchoices)
        return str(named.get(value, value))
    return spelled(value, words)


def spelled(value: Any, words: Words) -> str:
    """Any value in words."""
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, list | tuple):
        return ", ".join(spelled(each, words) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{value_in_words(name, words)}: {spelled(inner, words)}" for name, inner in value.items())
    return _single(value, words)


def _single(value: Any, words: Words) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.datetime):
        return date_format(value, "DATETIME_FORMAT")
    if isinstance(value, dt.date):
        return date_format(value)
    return value_in_words(value, words) if isinstance(value, str) else str(value)


def value_in_words(code: str, words: Words) -> str:
    """A code as people say it; what is no code is left as it is."""
    if code in words:
        return words[code]
    return code.replace("_", " ") if code.replace("_", "").isalnum() and code.islower() else code
