"""What stands in the database, in the same flat form as what the catalogue says; and the way back into rows."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Prefetch
from pydantic import JsonValue

from therapies.models import Contraindication, Step, StepCrew, Term, Therapy, TherapyText, Variant

from .merge import Flat

THERAPY = (
    "kind",
    "name",
    "names",
    "name_iast",
    "name_devanagari",
    "description",
    "synonyms",
    "who_id",
    "category",
    "phase",
    "scope",
    "groups",
    "same_gender",
    "needs",
    "consent",
    "booking_mode",
    "arrival_lead_minutes",
    "reminder_hours",
    "minimum_age",
    "maximum_age",
    "age_is_absolute",
    "hours_after_meal",
    "whole_day",
    "follow_up",
    "facts",
    "sources",
    "position",
)
TEXT = ("summary", "what_happens", "preparation", "aftercare", "not_given")
VARIANT = (
    "name",
    "names",
    "who_id",
    "is_default",
    "room_feature",
    "smaller_crew_of",
    "window_from",
    "window_to",
    "hours_after_meal",
    "minimum_age",
    "maximum_age",
    "age_is_absolute",
    "preparation",
)
STEP = ("code", "name", "names", "offset", "minutes", "room_kept", "patient_present", "equipment")
CREW = ("role", "count", "minimum", "presence")
AGAINST = ("level", "variants", "note", "sources")


def _columns(row: Model, columns: Iterable[str]) -> dict[str, Any]:
    return {column: getattr(row, column) for column in columns}


def row(row: Model, columns: Iterable[str]) -> Flat:
    """A row of a plain model."""
    return _columns(row, columns)


def with_new_columns(model: type[Model], loaded: Flat, parts: Flat) -> Flat:
    """What the catalogue said last time, and of columns that are new since then their defaults: nobody edited those.

    Of a row, and of the variants of a therapy, that it said something of.
    """
    owners = {part.rpartition("/")[0] for part in loaded}
    result = dict(loaded)
    for part in parts.keys() - loaded.keys():
        owner, _slash, column = part.rpartition("/")
        of = model if not owner else Variant if owner.startswith("variants/") else None
        fields = {field.name: field for field in of._meta.concrete_fields} if of is not None else {}
        if owner in owners and column in fields:
            result[part] = fields[column].get_default()
    return result


def stored_therapies() -> dict[str, Therapy]:
    """All therapies with all their parts, in seven queries."""
    steps = Step.objects.order_by("offset", "pk").prefetch_related(Prefetch("crews", StepCrew.objects.order_by("role")))
    against = Contraindication.objects.select_related("term")
    therapies = Therapy.objects.prefetch_related(
        "texts", Prefetch("variants__steps", steps), Prefetch("contraindications", against)
    )
    return {therapy.code: therapy for therapy in therapies}


def therapy(found: Therapy) -> Flat:
    """A therapy read by `therapies()`, with texts, variants, steps, crews and contraindications."""
    here: dict[str, JsonValue] = _columns(found, THERAPY)
    for text in found.texts.all():
        here |= {f"texts/{text.language}/{column}": value for column, value in _columns(text, TEXT).items()}
        if text.reviewed_on:
            review = {"by": text.reviewed_by, "on": text.reviewed_on.isoformat()}
            here[f"texts/{text.language}/reviewed"] = review
    for variant in found.variants.all():
        here |= {f"variants/{variant.code}/{column}": value for column, value in _columns(variant, VARIANT).items()}
        here[f"variants/{variant.code}/steps"] = [_step(step) for step in variant.steps.all()]
    for against in found.contraindications.all():
        here[f"contraindications/{against.term.code}"] = _columns(against, AGAINST)
    return here


def _step(step: Step) -> JsonValue:
    return _columns(step, STEP) | {"crews": [_columns(crew, CREW) for crew in step.crews.all()]}


def write_therapy(found: Therapy, parts: Flat, gone: Iterable[str] = ()) -> None:
    """Brings the parts into rows; the therapy itself is saved too. `gone` are contraindications that end."""
    for column in set(THERAPY) & set(parts):
        setattr(found, column, parts[column])
    found.save()
    for language, part in _grouped(parts, "texts").items():
        _write_text(found, language, part)
    for code, part in sorted(_grouped(parts, "variants").items(), key=lambda item: bool(item[1].get("is_default"))):
        _write_variant(found, code, part)
    _write_contraindications(found, _grouped(parts, "contraindications"))
    ended = [part.split("/")[1] for part in gone]
    found.contraindications.filter(term__code__in=ended).delete()


def _grouped(parts: Flat, kind: str) -> dict[str, dict[str, Any]]:
    """`variants/local/name` → {"local": {"name": …}}; a part without a column is under the empty name."""
    result: dict[str, dict[str, Any]] = {}
    for part, value in parts.items():
        words = part.split("/")
        if words[0] == kind:
            result.setdefault(words[1], {})[words[2] if len(words) > 2 else ""] = value
    return result


def _write_text(found: Therapy, language: str, rows: dict[str, Any]) -> None:
    """A Vaidya's review is of the words they read: other words are not reviewed, unless the catalogue says by whom."""
    review = rows.pop("reviewed", None)
    defaults = rows | {"reviewed_by": review["by"] if review else "", "reviewed_on": review["on"] if review else None}
    TherapyText.objects.update_or_create(therapy=found, language=language, defaults=defaults)


def _write_contraindications(found: Therapy, said: dict[str, dict[str, Any]]) -> None:
    terms = Term.objects.in_bulk(list(said), field_name="code")
    rows = [Contraindication(therapy=found, term=terms[code], **against[""]) for code, against in said.items()]
    Contraindication.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["therapy", "term"], update_fields=AGAINST
    )


def _write_variant(found: Therapy, code: str, rows: dict[str, Any]) -> None:
    steps = rows.pop("steps", None)
    variant, _ = Variant.objects.update_or_create(therapy=found, code=code, defaults=rows)
    if steps is not None:
        variant.steps.all().delete()
        made = Step.objects.bulk_create(
            [Step(variant=variant, **{column: step[column] for column in STEP}) for step in steps]
        )
        StepCrew.objects.bulk_create(
            [StepCrew(step=row, **crew) for row, step in zip(made, steps, strict=True) for crew in step["crews"]]
        )
