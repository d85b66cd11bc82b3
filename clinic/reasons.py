"""Whether a written reason says anything: one judge for decisions, overrides and whatever else asks for a reason.

It keeps slips and filler from counting: an "x", dots, keys pressed side by side. Whether the words are true no machine
can tell; they stand with the name of who wrote them, for a person to read.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

LEAST_LETTERS, LEAST_WORDS = 6, 2
"""Letters of any script, their marks counted, and different words that can be spoken (clinic default)."""
LONG_IN_LATIN, LONG_ELSEWHERE = 4, 3
"""Letters of the longest word at least: a consonant of an Indian script carries its vowel (clinic default)."""
ROWS = tuple(row + " " + row[::-1] for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz"))
"""Keys that lie side by side, and the alphabet, both ways."""
RUN = 5
VOWELS = frozenset("aeiouy")


def why_no_reason(words: str) -> str:
    """Why these words are no reason, or "": none at all, a lone "x", one word, or keys pressed again and again."""
    if not words.strip():
        return _("Please give a reason.")
    spoken = {word for word in _words(words) if _can_be_spoken(word)}
    letters = sum(map(len, spoken))
    if len(spoken) < LEAST_WORDS or letters < LEAST_LETTERS or not any(map(_is_long, spoken)):
        return _("Please give the reason in words, for example what you found.")
    return ""


def _words(text: str) -> list[str]:
    """Runs of letters with their marks."""
    marked = "".join(sign if unicodedata.category(sign)[0] in "LM" else " " for sign in text.casefold())
    return marked.split()


def _can_be_spoken(word: str) -> bool:
    """Not one letter, nor one letter three times running, nor keys in their order; a longer Latin word has a vowel."""
    if len({*word}) < 2 or re.search(r"(.)\1\1", word):
        return False
    window = min(len(word), RUN)
    pieces = {word[start : start + window] for start in range(len(word) - window + 1)}
    if len(word) > 2 and any(piece in row for piece in pieces for row in ROWS):
        return False
    plain = unicodedata.normalize("NFD", word)
    return not _is_latin(word) or len(word) < LONG_IN_LATIN or not VOWELS.isdisjoint(plain)


def _is_long(word: str) -> bool:
    return len(word) >= (LONG_IN_LATIN if _is_latin(word) else LONG_ELSEWHERE)


def _is_latin(word: str) -> bool:
    return "LATIN" in unicodedata.name(word[0], "")
