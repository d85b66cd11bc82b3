"""What was typed while reading aloud and not saved, beside what was saved meanwhile: for whoever reads the record."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.translation import gettext as _

from bookings.desk.answers import answer_in_words
from bookings.facts.health_answers import Said
from bookings.questionnaire.forms import NO
from bookings.questionnaire.questionnaire import Questionnaire
from bookings.questionnaire.typed_meanwhile import TypedAnswers, unsaved_of
from therapies.models import Question

NONE = "none"
"""The tick of a group, for whichever of its questions has no answer of its own."""
AN_HOUR = dt.timedelta(hours=1)
"""How exactly the form asks for a moment."""


@dataclass(frozen=True)
class BothAnswers:
    """One question with both answers in words. `saved_at`: none where nothing is saved; `differ`: one is another."""

    words: str
    typed: str
    saved: str
    saved_at: dt.datetime | None
    differ: bool


def both_answers(request: HttpRequest, health_questions: Questionnaire) -> list[BothAnswers]:
    """Those that differ first; nothing where this browser typed nothing that could not be saved."""
    typed = unsaved_of(request, health_questions.key)
    if typed is None:
        return []
    answers, zone = health_questions.patient_facts.said, health_questions.clinic.zone
    rows = [_both(row, answers.get(row.code, ()), value, typed, zone) for row, value in _typed(typed)]
    return sorted(rows, key=lambda row: not row.differ)


def _typed(typed: TypedAnswers) -> Iterator[tuple[Question, str]]:
    """Each question that was answered here, also by the tick "none of these" of its group, in order."""
    numbers = {int(name.removeprefix("none").removeprefix("q").removesuffix("-text")) for name in typed.said}
    rows = list(Question.objects.filter(pk__in=numbers).order_by("position", "pk"))
    none = {row.group for row in rows if f"none{row.pk}" in typed.said}
    for row in rows:
        value = typed.said.get(f"q{row.pk}", "") or (NONE if row.group in none else "")
        if value:
            yield row, value


def _both(row: Question, answers: tuple[Said, ...], value: str, typed: TypedAnswers, zone: ZoneInfo) -> BothAnswers:
    saved, text = answers[-1] if answers else None, typed.said.get(f"q{row.pk}-text", "")
    moment = typed.at - dt.timedelta(hours=int(value)) if row.answer_type == "datetime" and value.isdigit() else None
    here: object = moment.isoformat() if moment else value
    if saved is None:
        differ = True
    elif moment is not None and isinstance(saved.value, dt.datetime):
        differ = abs(saved.value - moment) > AN_HOUR
    else:
        differ = (str(saved.value), saved.text) != (NO if value == NONE else value, text)
    return BothAnswers(
        str(row),
        _("None of these") if value == NONE else answer_in_words(here, text, zone),
        answer_in_words(_kept(saved.value), saved.text, zone) if saved else "",
        saved.at if saved else None,
        differ,
    )


def _kept(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.datetime) else value
