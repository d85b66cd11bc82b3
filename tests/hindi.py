"""All words of the house with their Hindi: read by the first test that asks, not by each worker that collects tests."""

from functools import cache
from pathlib import Path

from django.conf import settings

from clinic.words.entry import WordEntry
from clinic.words.files import LanguageFiles

HOUSE = LanguageFiles(Path(settings.BASE_DIR), "hi")


@cache
def entries() -> list[WordEntry]:
    """Read once for all tests: they change nothing in it."""
    return HOUSE.entries()
