"""Where what stands in the database differs from what the catalogue last said: "catalogue says …, yours says …"."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from clinic.field_words import FieldChange, differences, spelled, value_in_words
from therapies.catalogue import stored_rows
from therapies.models import Question, Rule, Term, Therapy

from .words import vocabulary

Words = Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """One row that a manager edited, or made. Each change: before is what the catalogue says, after what stands here.

    `is_own`: the catalogue does not know it.
    """

    row: Model
    kind: str
    changes: tuple[FieldChange, ...]
    is_own: bool = False

    @property
    def admin_page(self) -> str:
        """The name of the address of its page in the admin."""
        return f"admin:{self.row._meta.app_label}_{self.row._meta.model_name}_change"


def catalogue_differences() -> list[Difference]:
    """Of all questions, rules, terms and therapies, in the order of the catalogue."""
    words = vocabulary()
    rows: list[Model] = [row for model in (Question, Rule, Term) for row in model._default_manager.all()]
    rows += stored_rows.stored_therapies().values()
    return [difference for row in rows if (difference := difference_of(row, words)) is not None]


def difference_of(row: Any, words: Words) -> Difference | None:
    """Of one of these rows (a therapy read by `stored_therapies`); None where it is as the catalogue says."""
    kind = str(row._meta.verbose_name)
    if not row.loaded:
        return Difference(row, kind, (), is_own=True)
    changes = tuple(_of_therapy(row, words) if isinstance(row, Therapy) else _of_row(row, words))
    return Difference(row, kind, changes) if changes else None


def _of_row(row: Any, words: Words) -> Iterator[FieldChange]:
    here = stored_rows.row(row, row.loaded)
    if here != row.loaded:
        yield from differences(type(row), row.loaded, here, words)


def _of_therapy(therapy: Therapy, words: Words) -> Iterator[FieldChange]:
    here = stored_rows.therapy(therapy)
    for part, value in therapy.loaded.items():
        if here.get(part) != value and not part.endswith("/reviewed"):
            label = " · ".join(value_in_words(word, words) for word in part.split("/"))
            yield FieldChange(label, spelled(value, words), spelled(here.get(part), words))
