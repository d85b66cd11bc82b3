"""The catalogue's rows in the words of `suitability`."""

from therapies.models import Question, Variant
from therapies.suitability import Asked, Profile


def profile_of(variant: Variant) -> Profile:
    """What is judged for this variant. Reads the therapy and its contraindications (select and prefetch them)."""
    therapy = variant.therapy
    against = therapy.contraindications.all()
    return Profile(
        therapy=therapy.code,
        variant=variant.treatment,
        groups=frozenset(therapy.groups),
        levels={row.term.code: row.level for row in against if not row.variants or variant.treatment in row.variants},
        minimum_age=therapy.minimum_age,
        maximum_age=therapy.maximum_age,
        hours_after_meal=therapy.hours_after_meal,
    )


def asked_of(question: Question) -> Asked:
    """The question with its rule."""
    data = question.data
    return Asked(
        code=question.code,
        group=question.group,
        effect=question.effect,
        trigger=data["trigger"],
        scope=data["scope"],
        applies_to=frozenset(data["applies_to"]),
        applies_to_variants=frozenset(data.get("applies_to_variants", [])),
        terms=tuple(data.get("terms", [])),
        overrides=data.get("effect_overrides", {}),
        urgency=question.urgency,
        reason=data["reason"],
        answer_type=question.answer_type,
        stages=frozenset(data["asked_when"]),
        by_staff=data.get("asked_by") == "staff",
        known_from=data.get("known_from", ""),
        not_asked_of=frozenset(data.get("not_asked_of", [])),
        lasts_days=data.get("lasts_days", 0),
    )
