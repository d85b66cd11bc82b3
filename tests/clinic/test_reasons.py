"""A reason is words."""

import pytest

from clinic.reasons import why_no_reason

FILLER = [
    "asdfgh",
    "qwerty",
    "asdf qwer",
    "dkfjgh skdjfh",
    "abcdef ghijkl",
    "aaa bbbb",
    "okokok",
    "Examined.",
]
PLAIN = ["BP 120/80, rests well", "Skin healed", "No pain now", "Property of the oil", "ठीक है अब", "She is well again"]
IN_WORDS = "Please give the reason in words, for example what you found."


@pytest.mark.parametrize("words", ["", " ", "\n"])
def test_nothing_is_no_reason(words: str) -> None:
    assert why_no_reason(words) == "Please give a reason."


@pytest.mark.parametrize(
    "words", ["x", "ok", "...", "12345678", "xxxxxxxx", "abababab", "n/a", "ठीक", "- - - - - -", *FILLER]
)
def test_reason_must_be_words_and_not_x(words: str) -> None:
    assert why_no_reason(words) == IN_WORDS


@pytest.mark.parametrize(
    "words", ["Examined today", "Seen by Dr Rao", "Rested, and well again.", "बुख़ार उतर गया", "जाँच की", *PLAIN]
)
def test_words_of_any_script_are_a_reason(words: str) -> None:
    assert why_no_reason(words) == ""
