"""Brings a catalogue into the database: all of it or nothing; what a manager edited stays unless forced."""

from dataclasses import dataclass, field

import pghistory
from django.db import transaction

from therapies.models import Question, Rule, Source, Term, Therapy
from therapies.models.safety import Catalogued

from . import entries, stored_rows
from .checks import check
from .merge import Flat, Kept, Merged, merge
from .reader import Catalogue


@dataclass
class Report:
    """What loading did. Entries are named as `model: code`."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    kept: list[Kept] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def note(self, entry: str, merged: Merged, *, is_new: bool) -> None:
        self.kept += merged.kept
        self.removed += dict.fromkeys(f"{entry} {'/'.join(part.split('/')[:2])}" for part in merged.removed)
        if is_new:
            self.added.append(entry)
        elif merged.write:
            self.changed.append(entry)
        else:
            self.unchanged += 1


@transaction.atomic(durable=True)
def load_catalogue(*, catalogue: Catalogue, force: bool = False) -> Report:
    """Raises CatalogueBroken when the files disagree. Entries that the catalogue no longer has stay, and are told."""
    check(catalogue)
    report = Report()
    with pghistory.context(command="load_catalogue"):
        _load_rows(Source, entries.sources(catalogue), report, force=force)
        _load_rows(Term, entries.terms(catalogue), report, force=force)
        _load_rows(Question, entries.questions(catalogue), report, force=force)
        _load_rows(Rule, entries.rules(catalogue), report, force=force)
        _load_therapies(entries.therapies(catalogue), report, force=force)
    return report


def _load_rows(model: type[Catalogued], rows: dict[str, Flat], report: Report, *, force: bool) -> None:
    name, standing_rows = model._meta.model_name, {row.code: row for row in model._default_manager.all()}  # type: ignore[attr-defined]
    new: list[Catalogued] = []
    for code, parts in rows.items():
        row = standing_rows.get(code) or model(code=code)  # type: ignore[misc]
        here = stored_rows.row(row, parts) if row.pk else {}
        merged = merge(f"{name}: {code}", said=parts, loaded=row.loaded, here=here, force=force)
        report.note(f"{name}: {code}", merged, is_new=row.pk is None)
        if merged.write or row.loaded != parts:
            for column, value in merged.write.items():
                setattr(row, column, value)
            row.loaded = {**parts}
            if row.pk:
                row.save()
            else:
                new.append(row)
    model._default_manager.bulk_create(new)
    report.removed += [f"{name}: {code}" for code in standing_rows.keys() - rows.keys()]


def _load_therapies(rows: dict[str, Flat], report: Report, *, force: bool) -> None:
    standing_rows = stored_rows.stored_therapies()
    for code, parts in rows.items():
        therapy = standing_rows.get(code) or Therapy(code=code)
        here = stored_rows.therapy(therapy) if therapy.pk else {}
        merged = merge(f"therapy: {code}", said=parts, loaded=therapy.loaded, here=here, force=force)
        report.note(f"therapy: {code}", merged, is_new=therapy.pk is None)
        if merged.write or therapy.loaded != parts:
            therapy.loaded = {**parts}
            stored_rows.write_therapy(therapy, merged.write)
    report.removed += [f"therapy: {code}" for code in standing_rows.keys() - rows.keys()]
