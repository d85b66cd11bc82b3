"""Brings a catalogue into the database: all of it or nothing; what a manager edited stays unless forced.

It upgrades a clinic that is at work. A question that the catalogue no longer has is asked no more, and its answers
count until a Vaidya has decided; one that is new or says other words is asked of everybody again. A rule or a
contraindication that nobody edited goes with the catalogue; therapies, variants, terms and sources stay, and are told.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import pghistory
from django.db import transaction
from pydantic import JsonValue

from therapies.models import Question, Rule, Source, Term, Therapy
from therapies.models.safety import Catalogued

from . import stored_rows
from .checks import check
from .entries import Entries, entries_of
from .merge import Flat, Kept, Merged, joined, merge, split
from .reader import Catalogue, CatalogueBroken

SPLIT = frozenset({"labels", "texts", "signs", "data", "names"})
"""Columns whose keys are edited, and upgraded, each by itself: words by language, and what a rule says."""
SPLIT_OF_THERAPY = frozenset({"names"})
YES_OR_NO = frozenset({"yes_no_unsure", "yes_no_prefer_not", "yes_no_text"})
NUMBER = frozenset({"integer", "integer_0_10"})


@dataclass
class Report:
    """What loading did. Entries are named as `model: code`.

    `retired`: what the catalogue no longer has and nobody edited: questions are asked no more, the others are gone.
    `removed`: what it no longer has and is still here.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    kept: list[Kept] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    @property
    def is_upgrade(self) -> bool:
        """Whether anything is not as it was."""
        return bool(self.added or self.changed or self.retired)

    def note(self, entry: str, merged: Merged, *, is_new: bool) -> None:
        self.kept += merged.kept
        if is_new:
            self.added.append(entry)
        elif merged.write or merged.dropped:
            self.changed.append(entry)
        else:
            self.unchanged += 1


@transaction.atomic(durable=True)
def load_catalogue(*, catalogue: Catalogue, now: dt.datetime, force: bool = False) -> Report:
    """Raises CatalogueBroken when the files disagree, or a question would no longer fit its answers."""
    check(catalogue)
    return load_entries(entries_of(catalogue), now=now, force=force)


@transaction.atomic
def load_entries(entries: Entries, *, now: dt.datetime, force: bool = False) -> Report:
    """The same of entries that were checked before."""
    report = Report()
    with pghistory.context(command="load_catalogue"):
        _load_rows(Source, entries.sources, report, force=force)
        _load_rows(Term, entries.terms, report, force=force)
        _load_questions(entries.questions, report, now=now, force=force)
        _load_rows(Rule, entries.rules, report, force=force)
        _load_therapies(entries.therapies, report, force=force)
    return report


# --- rows of plain models ---------------------------------------------------------------------------------------------


def _load_rows(model: type[Catalogued], rows: dict[str, Flat], report: Report, *, force: bool) -> None:
    standing_rows = _standing(model)
    new = []
    for code, parts in rows.items():
        row = standing_rows.get(code) or model(code=code)  # type: ignore[misc]
        if _bring(row, parts, report, force=force) and not row.pk:
            new.append(row)
    model._default_manager.bulk_create(new)
    gone = {code: row for code, row in standing_rows.items() if code not in rows}
    _part_with(gone.values(), report) if model is Rule else _tell_removed(gone.values(), report)


def _standing(model: type[Catalogued]) -> dict[str, Catalogued]:
    return {row.code: row for row in model._default_manager.all()}  # type: ignore[attr-defined]


def _bring(row: Catalogued, parts: Flat, report: Report, *, force: bool) -> dict[str, JsonValue] | None:
    """Merge what the catalogue says into the row, and save it where it was there; the columns that changed, if any."""
    here = stored_rows.row(row, parts) if row.pk else {}
    loaded = stored_rows.with_new_columns(type(row), row.loaded, parts)
    merged = _merged(_named(row), SPLIT, said=parts, loaded=loaded, here=here, force=force)
    report.note(_named(row), merged, is_new=row.pk is None)
    if not (merged.write or merged.dropped or row.loaded != parts):
        return None
    columns = joined(here, merged, SPLIT)
    for column, value in columns.items():
        setattr(row, column, value)
    row.loaded = {**parts}
    if row.pk:
        row.save()
    return columns


def _merged(entry: str, columns: frozenset[str], *, said: Flat, loaded: Flat, here: Flat, force: bool) -> Merged:
    parts = {"said": split(said, columns), "loaded": split(loaded, columns), "here": split(here, columns)}
    return merge(entry, **parts, force=force)


def _named(row: Catalogued) -> str:
    return f"{row._meta.model_name}: {row.code}"  # type: ignore[attr-defined]


def _edited(row: Catalogued) -> bool:
    """Whether a manager made it, or changed it since the catalogue was loaded."""
    return stored_rows.row(row, row.loaded) != row.loaded or not row.loaded


def _part_with(rows: Iterable[Catalogued], report: Report) -> None:
    """Rules that the catalogue no longer has: one that was edited is the clinic's own from now on."""
    for row in rows:
        if _edited(row):
            _tell_removed([row], report)
            type(row)._default_manager.filter(pk=row.pk).update(loaded={})
        else:
            report.retired.append(_named(row))
            row.delete()


def _tell_removed(rows: Iterable[Catalogued], report: Report) -> None:
    report.removed += [_named(row) for row in rows]


# --- questions --------------------------------------------------------------------------------------------------------


def _load_questions(rows: dict[str, Flat], report: Report, *, now: dt.datetime, force: bool) -> None:
    standing_rows = {row.code: row for row in Question.objects.all()}
    _check_answers_fit(standing_rows, rows)
    new = []
    for code, parts in rows.items():
        row = standing_rows.get(code) or Question(code=code, asked_since=now if standing_rows else None)
        before = (row.texts, row.data.get("trigger"), row.is_active)
        columns = _bring(row, parts, report, force=force)
        if columns is not None and not row.pk:
            new.append(row)
        elif columns and before != (row.texts, row.data.get("trigger"), row.is_active):
            row.asked_since = now
            row.save(update_fields=["asked_since"])
    Question.objects.bulk_create(new)
    for code in standing_rows.keys() - rows.keys():
        _retire(standing_rows[code], report)


def _check_answers_fit(standing_rows: dict[str, Question], rows: dict[str, Flat]) -> None:
    """What was answered with yes or no cannot be read as a number: such a question is another one, of its own code."""
    problems = [
        f"questions.yaml: {code}: answer_type: answers of the kind “{row.answer_type}” are kept under this code; "
        "give the new question a code of its own"
        for code, row in standing_rows.items()
        if code in rows and _kind_of_answer(row.answer_type) != _kind_of_answer(str(rows[code]["answer_type"]))
    ]
    if problems:
        raise CatalogueBroken(problems)


def _kind_of_answer(answer_type: str) -> frozenset[str]:
    return next((kind for kind in (YES_OR_NO, NUMBER) if answer_type in kind), frozenset({answer_type}))


def _retire(row: Question, report: Report) -> None:
    """It is asked no more; what was answered counts on. One that a manager made or edited is asked as before."""
    if not row.is_active:
        return
    if _edited(row):
        _tell_removed([row], report)
        return
    row.is_active, row.loaded = False, row.loaded | {"is_active": False}
    row.save()
    report.retired.append(_named(row))


# --- therapies --------------------------------------------------------------------------------------------------------


def _load_therapies(rows: dict[str, Flat], report: Report, *, force: bool) -> None:
    standing_rows = stored_rows.stored_therapies()
    for code, parts in rows.items():
        therapy = standing_rows.get(code) or Therapy(code=code)
        here = stored_rows.therapy(therapy) if therapy.pk else {}
        merged = _merged(
            _named(therapy),
            SPLIT_OF_THERAPY,
            said=parts,
            loaded=stored_rows.with_new_columns(Therapy, therapy.loaded, parts),
            here=here,
            force=force,
        )
        gone = [part for part in merged.dropped if part.startswith("contraindications/")]
        stays = [part for part in merged.dropped if part not in gone]
        merged = Merged(merged.write, merged.kept, gone)
        report.note(_named(therapy), merged, is_new=therapy.pk is None)
        report.retired += [f"{_named(therapy)} {part}" for part in gone]
        report.removed += dict.fromkeys(f"{_named(therapy)} {'/'.join(part.split('/')[:2])}" for part in stays)
        if merged.write or gone or therapy.loaded != parts:
            therapy.loaded = {**parts}
            stored_rows.write_therapy(therapy, joined(here, merged, SPLIT_OF_THERAPY), gone)
    _tell_removed([row for code, row in standing_rows.items() if code not in rows], report)
