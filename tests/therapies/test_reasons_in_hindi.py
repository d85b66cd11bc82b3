"""Why an answer matters and what a rule asks for, in the language of whoever reads it: on the shipped data, pure."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.utils.translation import override

from tests.therapies.shipped_profiles import SHIPPED, shipped_profiles
from therapies.profiles import asked_as
from therapies.suitability import Asked, judge

NOW = dt.datetime(2027, 1, 4, 9, 0, tzinfo=dt.UTC)
PROFILE = shipped_profiles()[0]
FIELDS = ("rule", "sign", "note")
"""What a session page says of the rules that therapists keep to and of the signs that stop."""
DEVANAGARI = re.compile(r"[\u0900-\u097f]")
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def shown_words() -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Every sentence of these kinds that a page shows: its place, the English and the translations."""
    for question in SHIPPED.questions:
        data: dict[str, Any] = question.rule.model_dump()
        yield f"{question.code}/reason", data["reason"], (data["words"] or {}).get("reason", {})
    for rule in SHIPPED.rules:
        data = dict(rule.rule)
        if isinstance(data.get("says"), dict):
            yield f"{rule.code}/says", data["says"]["en"], data["says"]
        for name in FIELDS if rule.kind in ("session", "stop") else ():
            if name in data:
                yield f"{rule.code}/{name}", data[name], data.get("words", {}).get(name, {})


WORDS = {place: (english, by_language) for place, english, by_language in shown_words()}


@pytest.mark.parametrize("place", WORDS)
def test_every_reason_that_a_page_shows_has_its_hindi(place: str) -> None:
    english, by_language = WORDS[place]
    hindi = by_language.get("hi", "")

    assert DEVANAGARI.search(hindi)
    figures = {figure for figure in NUMBER.findall(english) if figure not in NUMBER.findall(hindi)}
    assert figures == set()


def test_one_reason_has_one_translation() -> None:
    translations: dict[str, set[str]] = {}
    for english, by_language in WORDS.values():
        translations.setdefault(english, set()).add(by_language.get("hi", ""))

    assert {english: rows for english, rows in translations.items() if len(rows) > 1} == {}


def question_of(code: str) -> Asked:
    shape = next(question for question in SHIPPED.questions if question.code == code)
    parts = {name: getattr(shape, name) for name in ("group", "effect", "urgency", "answer_type")}
    return asked_as(code, rule=shape.rule.model_dump(), **parts)


def reason_read_in(language: str, question: Asked, answer: str) -> str:
    with override(language):
        return judge(PROFILE, [question], {question.code: answer}, now=NOW)[0].reason


def test_same_question_gives_its_reason_to_each_reader_in_their_language() -> None:
    question = question_of("rf_saddle_numbness")

    assert reason_read_in("hi", question, "yes") == WORDS["rf_saddle_numbness/reason"][1]["hi"]
    assert reason_read_in("en", question, "yes") == WORDS["rf_saddle_numbness/reason"][0]


def test_reason_of_the_clinics_own_question_is_shown_as_it_was_written() -> None:
    shape = next(question for question in SHIPPED.questions if question.code == "rf_saddle_numbness")
    rule = shape.rule.model_dump() | {"reason": "seen here before", "words": None}
    question = asked_as("own", group="general", effect=shape.effect, urgency="", answer_type="yes_no_unsure", rule=rule)

    assert reason_read_in("hi", question, "yes") == "seen here before"


def test_rule_that_cannot_be_evaluated_says_so_in_hindi() -> None:
    said = reason_read_in("hi", question_of("rf_saddle_numbness"), "perhaps")

    assert said.startswith("क्लिनिक का एक नियम जाँचा नहीं जा सका, इसलिए उपचार रुका है। वैद्य से पूछें।")
