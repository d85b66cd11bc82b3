"""What a patient does before one variant of a therapy: said alike on the page, the sheet, the reminder."""

from therapies.meal_words import without_hours
from therapies.models import TherapyText, Variant


def preparation_of(variant: Variant, text: TherapyText) -> list[str]:
    """The sentences of the therapy, in the text's language, then those of the variant alone.

    A variant that waits for no meal leaves out the therapy's hours, also where a clinic wrote them into its own text.
    """
    own = variant.preparation.get(text.language, [])
    lines = text.preparation
    if variant.hours_after_meal == 0:
        lines = without_hours(lines, variant.therapy.hours_after_meal)
    return [*lines, *own]
