"""What a catalogue says, as flat entries: pure, from shapes to the columns of the models."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import JsonValue

from .meals import MEALS
from .merge import Flat
from .reader import Catalogue
from .shapes import Sentences, StepShape, TextShape, TherapyShape, VariantShape


@dataclass(frozen=True)
class Entries:
    """All that a catalogue says, in the form in which it is merged: by model, by code."""

    sources: dict[str, Flat]
    terms: dict[str, Flat]
    questions: dict[str, Flat]
    rules: dict[str, Flat]
    therapies: dict[str, Flat]


def entries_of(catalogue: Catalogue) -> Entries:
    return Entries(sources(catalogue), terms(catalogue), questions(catalogue), rules(catalogue), therapies(catalogue))


def sources(catalogue: Catalogue) -> dict[str, Flat]:
    return {code: source.model_dump(mode="json") for code, source in catalogue.sources.items()}


def terms(catalogue: Catalogue) -> dict[str, Flat]:
    return {code: {"group": term.group, "labels": {**term.by_language}} for code, term in catalogue.terms.items()}


def questions(catalogue: Catalogue) -> dict[str, Flat]:
    return {
        question.code: {
            "group": question.group,
            "texts": {**question.text},
            "signs": {**question.sign},
            "answer_type": question.answer_type,
            "effect": question.effect,
            "urgency": question.urgency,
            "data": question.rule.model_dump(mode="json"),
            "sources": [*question.sources],
            "position": question.position,
            "is_active": True,
        }
        for question in catalogue.questions
    }


def rules(catalogue: Catalogue) -> dict[str, Flat]:
    return {
        rule.code: {"kind": rule.kind, "is_hard": rule.hard, "data": {**rule.rule}, "sources": [*rule.sources]}
        for rule in catalogue.rules
    }


def therapies(catalogue: Catalogue) -> dict[str, Flat]:
    return {code: _therapy(therapy, catalogue) for code, therapy in catalogue.therapies.items()}


def _therapy(therapy: TherapyShape, catalogue: Catalogue) -> Flat:
    result: dict[str, JsonValue] = {
        **_columns(therapy),
        "facts": _facts(therapy),
        "sources": _all_sources(therapy),
    }
    for language, texts in catalogue.texts.items():
        if therapy.code in texts:
            text = _text(therapy, texts[therapy.code], language, catalogue)
            result |= {f"texts/{language}/{column}": value for column, value in text.items()}
    for variant in therapy.variants:
        columns = _variant(variant, therapy, catalogue)
        result |= {f"variants/{variant.code}/{column}": value for column, value in columns.items()}
    for term, against in therapy.contraindications.items():
        result[f"contraindications/{term}"] = against.model_dump(mode="json")
    return result


def _columns(therapy: TherapyShape) -> dict[str, JsonValue]:
    names = therapy.names
    return {
        "kind": therapy.kind.value,
        "name": names.en,
        "names": {code: name for code, name in names.by_language.items() if code != "en"},
        "name_iast": names.iast,
        "name_devanagari": names.devanagari,
        "description": therapy.description,
        "synonyms": [*therapy.synonyms],
        "who_id": therapy.who_id,
        "category": therapy.category,
        "phase": therapy.phase,
        "scope": therapy.scope,
        "groups": [*therapy.groups],
        "same_gender": therapy.same_gender,
        "needs": therapy.needs.value,
        "consent": therapy.consent,
        "booking_mode": therapy.booking_mode.value,
        "arrival_lead_minutes": therapy.arrival_lead_minutes,
        "reminder_hours": [*therapy.reminder_hours],
        "minimum_age": therapy.age.minimum,
        "maximum_age": therapy.age.maximum,
        "age_is_absolute": therapy.age.absolute is not False,
        "hours_after_meal": therapy.hours_after_meal,
        "whole_day": therapy.whole_day,
        "follow_up": therapy.follow_up,
        "position": therapy.position,
    }


def _facts(therapy: TherapyShape) -> dict[str, JsonValue]:
    """What has no column of its own; the codes of preparation and after-care stay readable for rules."""
    facts: dict[str, JsonValue] = therapy.facts.model_dump(mode="json", exclude_defaults=True)
    facts |= {
        "also_phases": [*therapy.also_phases],
        "heat": therapy.heat,
        "invasive": therapy.invasive,
        "preparation_codes": [*therapy.preparation],
        "aftercare_codes": [*therapy.aftercare],
        "basis": {field: [*given] for field, given in therapy.basis.items()},
        "variants": {variant.code: {**variant.facts} for variant in therapy.variants if variant.facts},
    }
    return facts


def _all_sources(therapy: TherapyShape) -> list[JsonValue]:
    """Every source the entry rests on, once, in the order in which it is first named."""
    given = [source for field in therapy.basis.values() for source in field]
    given += [source for variant in therapy.variants for field in variant.basis.values() for source in field]
    given += [source for against in therapy.contraindications.values() for source in against.sources]
    return [*dict.fromkeys(given)]


def _text(therapy: TherapyShape, text: TextShape, language: str, catalogue: Catalogue) -> dict[str, JsonValue]:
    words, hours = catalogue.vocabulary, therapy.hours_after_meal
    codes = [code for code in _preparation_codes(therapy) if code not in text.preparation_replaces]
    result: dict[str, JsonValue] = {
        "summary": text.summary,
        "what_happens": text.what_happens,
        "preparation": [*_sentences(codes, words.preparation, language, hours), *text.preparation],
        "aftercare": [*_sentences(therapy.aftercare, words.aftercare, language, hours), *text.aftercare],
        "not_given": [*text.not_given],
    }
    if text.reviewed:
        result["reviewed"] = {"by": text.reviewed.by, "on": text.reviewed.date.isoformat()}
    return result


def _preparation_codes(therapy: TherapyShape) -> list[str]:
    """The therapy's codes; where neither they nor a variant's speak of the last meal, the plain sentence joins."""
    codes = [*therapy.preparation]
    of_variants = [code for variant in therapy.variants for code in variant.preparation]
    if therapy.hours_after_meal and not {*MEALS} & {*codes, *of_variants}:
        codes.append("meal_hours")
    return codes


def _sentences(codes: Iterable[str], texts: dict[str, Sentences], language: str, hours: int | None) -> list[str]:
    """In the language, or nothing where a code has no words in it: an English line in a Hindi list helps nobody."""
    rows = [texts[code][language] for code in codes if language in texts[code]]
    return [sentence.replace("{hours}", str(hours)) for sentence in rows]


def _variant(variant: VariantShape, therapy: TherapyShape, catalogue: Catalogue) -> dict[str, JsonValue]:
    model = next((other for other in therapy.variants if other.code == variant.same_as), variant)
    window = variant.window or model.window
    names: dict[str, str] = {**(variant.names or {})}
    hours = therapy.hours_after_meal if variant.hours_after_meal is None else variant.hours_after_meal
    return {
        "name": names.pop("en", ""),
        "names": {**names},
        "who_id": variant.who_id,
        "is_default": variant.default,
        "room_feature": variant.room or model.room or "",
        "smaller_crew_of": variant.smaller_crew_of or "",
        "window_from": window.earliest if window else None,
        "window_to": window.latest if window else None,
        "hours_after_meal": variant.hours_after_meal,
        "minimum_age": variant.age.minimum,
        "maximum_age": variant.age.maximum,
        "age_is_absolute": variant.age.absolute,
        "preparation": {
            language: [*_sentences(variant.preparation, catalogue.vocabulary.preparation, language, hours)]
            for language in catalogue.texts
            if variant.preparation
        },
        "steps": [_step(step, catalogue) for step in sorted(model.steps, key=lambda step: step.offset)],
    }


def _step(step: StepShape, catalogue: Catalogue) -> JsonValue:
    names = {**catalogue.vocabulary.steps[step.code]}
    return {
        "code": step.code,
        "name": names.pop("en"),
        "names": {**names},
        "offset": step.offset,
        "minutes": step.minutes,
        "room_kept": step.room,
        "patient_present": step.patient,
        "equipment": [*step.equipment],
        "crews": [
            {
                "role": crew.role,
                "count": crew.count,
                "minimum": crew.count if crew.minimum is None else crew.minimum,
                "presence": crew.presence.value,
            }
            for crew in sorted(step.crew, key=lambda crew: crew.role)
        ],
    }
