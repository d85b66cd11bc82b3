"""Answers to health questions as staff read them."""

from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from bookings.desk.answers import answer_in_words

KOLKATA = ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize(
    ("value", "text", "words"),
    [
        ("yes", "", "Yes"),
        ("prefer_not", "", "Prefers to tell the clinic"),
        ("yes", "since Monday", "Yes: since Monday"),
        ("2026-11-28T23:41:25.020304+00:00", "", "29 November, 05:11"),
        (72, "", "72"),
    ],
)
def test_answer_reads_as_staff_speak(value: object, text: str, words: str) -> None:
    assert answer_in_words(value, text, KOLKATA) == words


def test_moment_is_told_in_the_readers_language() -> None:
    with translation.override("hi"):
        assert answer_in_words("2026-11-28T23:41:25+00:00", "", KOLKATA).endswith(", सुबह 5:11 बजे")
