"""Which rows decide for whom a therapy is safe, which of their fields do, and copies of them as plain data.

A copy names fields by their names and other rows by their codes, so that it can be kept as JSON and compared.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, QuerySet

from therapies.models import Contraindication, Question, Rule, Term, Therapy, Variant

Copy = Mapping[str, Any]

MODELS: dict[str, type[Model]] = {
    "question": Question,
    "rule": Rule,
    "contraindication": Contraindication,
    "term": Term,
    "therapy": Therapy,
    "variant": Variant,
}
FIELDS: dict[str, frozenset[str]] = {
    "question": frozenset(
        {"group", "texts", "signs", "answer_type", "effect", "urgency", "data", "position", "is_active", "sources"}
    ),
    "rule": frozenset({"kind", "is_hard", "data", "sources"}),
    "contraindication": frozenset({"therapy", "term", "level", "variants", "note", "sources"}),
    "term": frozenset({"group", "labels"}),
    "therapy": frozenset(
        {
            "kind",
            "groups",
            "same_gender",
            "needs",
            "consent",
            "minimum_age",
            "maximum_age",
            "age_is_absolute",
            "hours_after_meal",
            "whole_day",
            "is_active",
        }
    ),
    "variant": frozenset(
        {
            "smaller_crew_of",
            "window_from",
            "window_to",
            "hours_after_meal",
            "minimum_age",
            "maximum_age",
            "age_is_absolute",
        }
    ),
}
"""By model: the fields that change only by a proposal."""


def with_relations(model: type[Model]) -> QuerySet[Any]:
    """Its rows with the rows that their copies and names need."""
    rows = model._default_manager.all()
    named = {"contraindication": ("therapy", "term"), "variant": ("therapy",)}.get(kind_of(model), ())
    return rows.select_related(*named) if named else rows


def kind_of(model: type[Model]) -> str:
    """The name under which proposals know a model."""
    return str(model._meta.model_name)


def safety_fields(model: type[Model]) -> frozenset[str]:
    """None for a model that decides nothing."""
    return FIELDS.get(kind_of(model), frozenset())


def row_copy(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """These values of a row."""
    return {name: _value(row, name) for name in names}


def whole(row: Model) -> dict[str, Any]:
    """All values of a row that count for safety."""
    return row_copy(row, sorted(safety_fields(type(row))))


def _value(row: Model, name: str) -> Any:
    value = getattr(row, name)
    return value.code if isinstance(value, Model) else value  # type: ignore[attr-defined]


def with_rows(model: type[Model], copy: Copy) -> dict[str, Any]:
    """The same values with rows in the place of their codes. Raises DoesNotExist."""
    result = {}
    for name, value in copy.items():
        others = model._meta.get_field(name).related_model
        result[name] = others._default_manager.get(code=value) if isinstance(others, type) else value
    return result


def stands_as(row: Model, copy: Copy) -> bool:
    """Whether the row has these values now."""
    return row_copy(row, copy) == dict(copy)
