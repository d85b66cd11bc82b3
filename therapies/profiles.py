"""The catalogue's rows in the words of `suitability`."""

from collections.abc import Mapping
from typing import Any

from therapies.models import Question, Variant
from therapies.models.words import lazy_in_reader_language
from therapies.suitability import Asked, Profile, proof_to_lift


def profile_of(variant: Variant) -> Profile:
    """What is judged for this variant. Reads the therapy and its contraindications (select and prefetch them)."""
    therapy = variant.therapy
    against = therapy.contraindications.all()
    return Profile(
        therapy=therapy.code,
        variant=variant.treatment,
        groups=frozenset(therapy.groups),
        levels={row.term.code: row.level for row in against if not row.variants or variant.treatment in row.variants},
        minimum_age=variant.youngest,
        maximum_age=variant.oldest,
        hours_after_meal=variant.fasting_hours,
    )


def asked_of(question: Question) -> Asked:
    """The question with its rule."""
    return asked_as(
        question.code,
        group=question.group,
        effect=question.effect,
        urgency=question.urgency,
        answer_type=question.answer_type,
        rule=question.data,
    )


def asked_as(code: str, *, group: str, effect: str, urgency: str, answer_type: str, rule: Mapping[str, Any]) -> Asked:
    """The question that a row of this content is; `rule` is its data."""
    return Asked(
        code=code,
        group=group,
        effect=effect,
        trigger=rule["trigger"],
        scope=rule["scope"],
        applies_to=frozenset(rule["applies_to"]),
        applies_to_variants=frozenset(rule.get("applies_to_variants", [])),
        terms=tuple(rule.get("terms", [])),
        overrides=rule.get("effect_overrides", {}),
        urgency=urgency,
        reason=lazy_in_reader_language((rule.get("words") or {}).get("reason", {}), rule["reason"]),
        answer_type=answer_type,
        stages=frozenset(rule["asked_when"]),
        by_staff=rule.get("asked_by") == "staff",
        known_from=rule.get("known_from", ""),
        not_asked_of=frozenset(rule.get("not_asked_of", [])),
        lasts_days=rule.get("lasts_days", 0),
        lifted_with=proof_to_lift(urgency, rule.get("lifted_with", "")),
        asked_of_ages=tuple((low, high) for low, high in rule.get("asked_of_ages", [])),
        replaced_by=tuple(rule.get("replaced_by", [])),
    )
