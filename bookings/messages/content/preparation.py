"""Preparation and after-care in words that do not reveal the treatment."""

from collections.abc import Callable, Sequence

from bookings.models import Visit
from therapies.meal_words import one_meal
from therapies.models import Therapy, TherapyText, Variant
from therapies.preparation import preparation_of


def neutral_points(visit: Visit, language: str, *, also: Sequence[Visit] = ()) -> tuple[str, ...]:
    """How to prepare for this visit (and `also` for others of the day), without sentences that name a treatment.

    The patient reads the complete text after signing in. Each sentence is given once, and only one about the last meal.
    """
    return _neutral([visit, *also], language, preparation_of)


def neutral_advice(visit: Visit, language: str) -> tuple[str, ...]:
    """After-care for the treatments of the visit, in the same way."""
    return _neutral([visit], language, lambda _variant, text: text.aftercare)


def _neutral(
    visits: Sequence[Visit], language: str, sentences: Callable[[Variant, TherapyText], Sequence[str]]
) -> tuple[str, ...]:
    given = Variant.objects.filter(bookings__visit__in=visits).select_related("therapy").distinct()
    variants = list(given.order_by("therapy__position", "pk"))
    written = TherapyText.objects.filter(therapy__in={variant.therapy for variant in variants}, language=language)
    texts = {text.therapy_id: text for text in written}
    names = [name for therapy in {variant.therapy for variant in variants} for name in names_in_visit(therapy)]
    rows = []
    for variant in variants:
        lines = sentences(variant, texts[variant.therapy_id]) if variant.therapy_id in texts else []
        rows.append((variant.fasting_hours, [point for point in lines if not _names_any(point, names)]))
    return tuple(one_meal(rows))


def names_in_visit(therapy: Therapy) -> list[str]:
    """All names of the therapy, case-folded."""
    spoken = [therapy.name, therapy.name_iast, therapy.name_devanagari, *therapy.names.values(), *therapy.synonyms]
    names = [*spoken, therapy.code.replace("_", " ").replace("-", " ")]
    return [name.casefold() for name in names if len(name) > 2]


def _names_any(point: str, names: list[str]) -> bool:
    folded = point.casefold()
    return any(name in folded for name in names)
