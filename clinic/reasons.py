"""Whether a written reason says anything: one judge for decisions, overrides and whatever else asks for a reason."""

import unicodedata

from django.utils.translation import gettext as _

LEAST_LETTERS, LEAST_DIFFERENT = 6, 4
"""Letters of any script, their marks counted, and how many of them differ (clinic default)."""


def why_no_reason(words: str) -> str:
    """Why these words are no reason, or "": none at all, a lone "x", dots, one letter pressed again and again."""
    if not words.strip():
        return _("Please give a reason.")
    letters = [letter for letter in words.casefold() if unicodedata.category(letter)[0] in "LM"]
    if len(letters) < LEAST_LETTERS or len({*letters}) < LEAST_DIFFERENT:
        return _("Please give the reason in words, for example what you found.")
    return ""
