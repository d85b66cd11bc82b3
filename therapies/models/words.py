"""Words kept by language, such as {"en": "Rest", "hi": "विश्राम"}."""

from collections.abc import Mapping

from django.utils.functional import lazy
from django.utils.translation import get_language


def in_reader_language(words: Mapping[str, str], otherwise: str = "") -> str:
    """The words in the reader's language, else `otherwise`, else the English ones."""
    language = (get_language() or "en").split("-")[0]
    return words.get(language) or otherwise or words.get("en", "")


lazy_in_reader_language = lazy(in_reader_language, str)
"""The same, in the language of whoever reads it: for what is kept beyond one request."""
