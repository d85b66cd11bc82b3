"""What whoever treats must know before a hand is laid on: allergies, a Vaidya's cautions, medicines, precautions, age.

Pure: rows in, alerts out. What was once told stays in sight: a later "no" is shown beside it, and takes nothing away.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from therapies.materials import ToldAllergy, allergies_to
from therapies.models.words import in_reader_language


class AlertKind(StrEnum):
    """What a "yes" to a question is, as the catalogue's key `alert` says."""

    ALLERGY = "allergy"
    MEDICINE = "medicine"
    IMPLANT = "implant"
    CONDITION = "condition"


class AllergyState(StrEnum):
    TOLD = "told"
    NONE_TOLD = "none_told"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class AlertQuestion:
    """A question that is marked: its kind, and what a "yes" is called, by language. `trigger` is the catalogue's."""

    code: str
    kind: str
    names: Mapping[str, str]
    trigger: object
    answer_type: str
    terms: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AlertAnswer:
    """One answer to a marked question, in its kept form; the moment is aware."""

    question: AlertQuestion
    value: object
    text: str
    at: dt.datetime


@dataclass(frozen=True)
class Caution:
    """A Vaidya's decision that allows with a reason: what it was about, for which therapies, until when."""

    question: str
    names: Mapping[str, str]
    reason: str
    therapies: tuple[str, ...]
    allowed: bool
    by: str
    at: dt.datetime
    until: dt.datetime

    @property
    def last_moment(self) -> dt.datetime:
        """The last at which it holds: `until` is the midnight after its last day."""
        return self.until - dt.timedelta.resolution

    @property
    def about(self) -> str:
        return in_reader_language(self.names) or self.question


@dataclass(frozen=True)
class Precaution:
    """How a therapy is to be given: pressure, note, what the examination found. `therapy` is its name."""

    therapy: str
    words: str


@dataclass(frozen=True)
class MaterialMatch:
    """A material of an order in force that matches a told allergy; `reason`: why it is used all the same, or ""."""

    therapy: str
    materials: str
    allergies: str
    reason: str


@dataclass(frozen=True)
class OrderedMaterial:
    """What an order in force, or what is usual, puts on or into the body."""

    therapy: str
    materials: str
    reason: str


@dataclass(frozen=True)
class AlertLine:
    """What was told: its name, the patient's own words, when; `unsure` where they were not sure.

    `denied_at` is when it was answered with "no" afterwards.
    """

    kind: str
    name: str
    words: str
    at: dt.datetime
    unsure: bool = False
    denied_at: dt.datetime | None = None
    terms: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Alerts:
    """Age in whole years; the newest lines first. `allergies_asked_at`: when they were last asked about.

    `asked`: the kinds of which a question was answered.
    """

    age: int
    lines: tuple[AlertLine, ...] = ()
    allergies_asked_at: dt.datetime | None = None
    cautions: tuple[Caution, ...] = ()
    precautions: tuple[Precaution, ...] = ()
    matches: tuple[MaterialMatch, ...] = ()
    asked: frozenset[str] = frozenset()

    @property
    def allergies(self) -> list[AlertLine]:
        return self._of(AlertKind.ALLERGY)

    @property
    def medicines(self) -> list[AlertLine]:
        return self._of(AlertKind.MEDICINE)

    @property
    def implants(self) -> list[AlertLine]:
        return self._of(AlertKind.IMPLANT)

    @property
    def conditions(self) -> list[AlertLine]:
        return self._of(AlertKind.CONDITION)

    @property
    def allergy_state(self) -> AllergyState:
        """ "Nothing told" is another thing than "never asked"."""
        if self.allergies:
            return AllergyState.TOLD
        return AllergyState.NONE_TOLD if self.allergies_asked_at else AllergyState.NOT_ASKED

    def _of(self, kind: AlertKind) -> list[AlertLine]:
        return [line for line in self.lines if line.kind == kind]


def alerts_of(
    *,
    age: int,
    answers: Iterable[AlertAnswer],
    decisions: Iterable[Caution],
    precautions: Iterable[Precaution],
    now: dt.datetime,
    ordered: Iterable[OrderedMaterial] = (),
) -> Alerts:
    """`answers` and `decisions` the oldest first."""
    answers = list(answers)
    lines = lines_of(answers)
    asked_at = [answer.at for answer in answers if answer.question.kind == AlertKind.ALLERGY]
    return Alerts(
        age=age,
        lines=tuple(lines),
        allergies_asked_at=max(asked_at, default=None),
        cautions=tuple(cautions_in_force(decisions, now=now)),
        precautions=tuple(precautions),
        matches=tuple(_matches(ordered, allergies_in(lines))),
        asked=frozenset(answer.question.kind for answer in answers),
    )


def lines_of(answers: Iterable[AlertAnswer]) -> list[AlertLine]:
    """What was told, the newest first; `answers` the oldest first."""
    by_question: dict[str, list[AlertAnswer]] = {}
    for answer in answers:
        by_question.setdefault(answer.question.code, []).append(answer)
    lines = [line for rows in by_question.values() for line in _lines(rows)]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def allergies_in(lines: Iterable[AlertLine]) -> list[ToldAllergy]:
    """The allergies among the lines, as materials are compared with them."""
    return [ToldAllergy(line.name, line.terms, line.words) for line in lines if line.kind == AlertKind.ALLERGY]


def _matches(ordered: Iterable[OrderedMaterial], allergies: Sequence[ToldAllergy]) -> list[MaterialMatch]:
    rows = ((row, allergies_to(row.materials, allergies)) for row in ordered)
    return [
        MaterialMatch(row.therapy, row.materials, "; ".join(str(each) for each in touched), row.reason)
        for row, touched in rows
        if touched
    ]


def cautions_in_force(decisions: Iterable[Caution], *, now: dt.datetime) -> list[Caution]:
    """Allowed, not over, and not followed by another decision on the same question for the same therapies.

    A later "no" of the patient does not hide a Vaidya's words: they hold until they end. The newest first.
    """
    newest: dict[tuple[str, tuple[str, ...]], Caution] = {}
    for row in decisions:
        newest[row.question, tuple(sorted(row.therapies))] = row
    rows = [row for row in newest.values() if row.allowed and row.until > now]
    same_words = {(row.question, row.reason): row for row in sorted(rows, key=lambda row: row.at)}
    return sorted(same_words.values(), key=lambda row: row.at, reverse=True)


def is_positive(answer: AlertAnswer) -> bool:
    """Whether it tells something: yes, not sure, or words where words were asked for."""
    if answer.question.answer_type == "free_text":
        return bool(str(answer.value).strip())
    if answer.value == "no" and answer.text.strip():
        return True
    return answer.value in (answer.question.trigger, "unsure")


def _lines(answers: Sequence[AlertAnswer]) -> list[AlertLine]:
    """Of one question. A list in own words is as it was last written; of other answers all words that were told."""
    newest = answers[-1]
    positive = [answer for answer in answers if is_positive(answer)]
    if newest.question.answer_type == "free_text":
        positive = positive[-1:] if is_positive(newest) else []
    denied_at = None if not positive or is_positive(newest) else newest.at
    by_words = {_words(answer).casefold(): answer for answer in positive}
    if len(by_words) > 1:
        by_words.pop("", None)
    return [_line(answer, denied_at) for answer in by_words.values()]


def _words(answer: AlertAnswer) -> str:
    return str(answer.value).strip() if answer.question.answer_type == "free_text" else answer.text.strip()


def _line(answer: AlertAnswer, denied_at: dt.datetime | None) -> AlertLine:
    question = answer.question
    name = in_reader_language(question.names) or question.code
    return AlertLine(
        question.kind, name, _words(answer), answer.at, answer.value == "unsure", denied_at, question.terms
    )
