"""Profiles and questions as the files of the catalogue have them, read a second time, without a database."""

from tests.shipped import CATALOGUE as SHIPPED
from therapies.catalogue.shapes import AgeShape
from therapies.suitability import Asked, Profile

QUESTIONS = [question.code for question in SHIPPED.questions]


def ages(own: AgeShape, of_therapy: AgeShape) -> tuple[int | None, int | None]:
    """What a variant says, else its therapy."""
    youngest = of_therapy.minimum if own.minimum is None else own.minimum
    return youngest, of_therapy.maximum if own.maximum is None else own.maximum


def shipped_profiles() -> list[Profile]:
    """Every variant of every shipped therapy."""
    return [
        Profile(
            therapy.code,
            variant.code,
            frozenset(therapy.groups),
            {
                term: against.level
                for term, against in therapy.contraindications.items()
                if not against.variants or variant.code in against.variants
            },
            *ages(variant.age, therapy.age),
            therapy.hours_after_meal if variant.hours_after_meal is None else variant.hours_after_meal,
        )
        for therapy in SHIPPED.therapies.values()
        for variant in therapy.variants
    ]


def asked(code: str) -> Asked:
    """The question as the files have it."""
    shape = next(question for question in SHIPPED.questions if question.code == code)
    rule = shape.rule
    return Asked(
        code,
        shape.group,
        shape.effect,
        rule.trigger,
        rule.scope,
        frozenset(rule.applies_to),
        frozenset(rule.applies_to_variants),
        tuple(rule.terms),
        rule.effect_overrides,
        shape.urgency,
        rule.reason,
        shape.answer_type,
        frozenset(rule.asked_when),
        rule.asked_by == "staff",
        rule.known_from,
        frozenset(rule.not_asked_of),
        rule.lasts_days,
        proof(code),
        tuple((low, high) for low, high in rule.asked_of_ages),
        tuple(rule.replaced_by),
    )


def proof(code: str) -> str:
    """What the files name, else a report for what a doctor must see the same day."""
    shape = next(question for question in SHIPPED.questions if question.code == code)
    soon = shape.urgency in ("emergency_now", "same_day_doctor")
    return shape.rule.lifted_with or ("report" if soon else "own_examination")
