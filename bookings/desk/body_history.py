"""The history of the body beside an examination and a prescription: what was told, denied, and never answered."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bookings.facts.health_answers import Said
from bookings.facts.patient import PatientFacts, patient_facts_of, questions_due
from therapies import questionnaire
from therapies.models import Question
from therapies.suitability import Asked

from .alert_strip import patient_to_read
from .answers import answer_in_words
from .request import StaffRequest


@dataclass(frozen=True)
class ToldLine:
    """One question with the answer that says most. `denied_at`: when it was answered otherwise since."""

    words: str
    answer: str
    at: dt.datetime
    denied_at: dt.datetime | None = None


@dataclass(frozen=True)
class BodyHistory:
    """`told`: what a Vaidya wants to know; `denied`: all other answers; `due`: not answered, or too long ago."""

    told: tuple[ToldLine, ...]
    denied: tuple[ToldLine, ...]
    due: tuple[str, ...]

    @property
    def last_at(self) -> dt.datetime | None:
        """When something of it was answered last."""
        moments = [moment for line in (*self.told, *self.denied) for moment in (line.at, line.denied_at) if moment]
        return max(moments, default=None)


def shown_history(request: StaffRequest, now: dt.datetime) -> BodyHistory | None:
    """That of the patient whom the address names; None for whoever may not read this record."""
    patient = patient_to_read(request, now)
    return history_of(patient_facts_of(patient, now=now, with_orders=False), request.clinic.zone) if patient else None


def history_of(patient_facts: PatientFacts, zone: ZoneInfo) -> BodyHistory:
    """All that lasts, in the order of the catalogue, also where it is asked no more."""
    due = questions_due(patient_facts, [], stage=questionnaire.FIRST_VISIT, zone=zone, staff=True)
    lasting = [question for question in patient_facts.questions if questionnaire.is_history(question)]
    pairs = [(question, patient_facts.said.get(question.code, ())) for question in lasting]
    words = _words([question.code for question in (*lasting, *due)])
    tellings = [
        (question, says, answers[-1]) for question, answers in pairs if (says := _newest_telling(question, answers))
    ]
    codes = {question.code for question, _says, _last in tellings}
    return BodyHistory(
        tuple(
            ToldLine(words[question.code], _answer(says, zone), says.at, None if last is says else last.at)
            for question, says, last in tellings
        ),
        tuple(
            ToldLine(words[question.code], _answer(answers[-1], zone), answers[-1].at)
            for question, answers in pairs
            if answers and question.code not in codes
        ),
        tuple(words[question.code] for question in due),
    )


def _newest_telling(question: Asked, answers: Iterable[Said]) -> Said | None:
    """The newest answer that says something: neither the harmless one nor an empty text."""
    harmless = "yes" if question.trigger == "no" else "no"
    return next((each for each in reversed([*answers]) if each.value not in (harmless, "")), None)


def _answer(said: Said, zone: ZoneInfo) -> str:
    return answer_in_words(said.value, said.text, zone)


def _words(codes: Iterable[str]) -> dict[str, str]:
    return {row.code: str(row) for row in Question.objects.filter(code__in=codes)}
