"""Preparation and after-care in words that do not reveal the treatment."""

from collections.abc import Callable, Sequence

from bookings.models import Visit
from therapies.meal_words import one_meal
from therapies.models import Therapy, TherapyText


def neutral_points(visit: Visit, language: str, *, also: Sequence[Visit] = ()) -> tuple[str, ...]:
    """How to prepare for this visit (and `also` for others of the day), without sentences that name a treatment.

    The patient reads the complete text after signing in. Each sentence is given once, and only one about the last meal.
    """
    return _neutral([visit, *also], language, lambda text: text.preparation)


def neutral_advice(visit: Visit, language: str) -> tuple[str, ...]:
    """After-care for the treatments of the visit, in the same way."""
    return _neutral([visit], language, lambda text: text.aftercare)


def _neutral(
    visits: Sequence[Visit], language: str, sentences: Callable[[TherapyText], Sequence[str]]
) -> tuple[str, ...]:
    therapies = list(Therapy.objects.filter(variants__bookings__visit__in=visits).distinct())
    texts = TherapyText.objects.filter(therapy__in=therapies, language=language).select_related("therapy")
    texts = texts.order_by("therapy__position", "pk")
    names = [name for therapy in therapies for name in names_in_visit(therapy)]
    neutral = [[point for point in sentences(text) if not _names_any(point, names)] for text in texts]
    hours = [text.therapy.hours_after_meal for text in texts]
    return tuple(one_meal(zip(hours, neutral, strict=True)))


def names_in_visit(therapy: Therapy) -> list[str]:
    """All names of the therapy, case-folded."""
    spoken = [therapy.name, therapy.name_iast, therapy.name_devanagari, *therapy.names.values(), *therapy.synonyms]
    names = [*spoken, therapy.code.replace("_", " ").replace("-", " ")]
    return [name.casefold() for name in names if len(name) > 2]


def _names_any(point: str, names: list[str]) -> bool:
    folded = point.casefold()
    return any(name in folded for name in names)
