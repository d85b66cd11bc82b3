"""What is on file of a patient's health, in one statement: the questions, what was said and what was decided.

`patient_facts` judges it. Written by hand: it is read for every page and every act of a session, and building its
queries costs several times what reading the rows does.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple, TypedDict

from bookings.facts.catalogue_numbers import MINIMUM_AGE, QUESTIONNAIRE_DAYS, Rules
from bookings.models import Answer
from clinic.people.models import Patient
from clinic.people.records import RecordsOf
from clinic.statements import Statement
from therapies.profiles import asked_as
from therapies.suitability import Asked, Value


class QuestionRow(TypedDict):
    """A question; `rule` is JSON text, so that the question of the same content is made once.

    `since`: when it came, or got other words, in ISO form; `retired`: nobody is asked any more.
    """

    code: str
    group: str
    effect: str
    urgency: str
    answer_type: str
    rule: str
    since: str | None
    retired: bool


class AnswerRow(TypedDict):
    """An answer in its kept form; the moment in ISO form."""

    question: str
    answer_type: str
    value: object
    text: str
    at: str


class DecisionRow(AnswerRow):
    """A Vaidya's decision on an answer."""

    therapies: list[str]
    allowed: bool
    until: str
    provisional: bool


class FileRows(NamedTuple):
    """The rows behind `OnFile`; `suspended` a list of therapies for each pause, `stopped_at` in ISO form."""

    questions: list[QuestionRow]
    answers: list[AnswerRow]
    decisions: list[DecisionRow]
    suspended: list[list[str]]
    stopped_at: str | None
    consents: list[str]
    has_prescriptions: bool
    rules: Rules


ON_FILE = Statement(
    """
SELECT
  coalesce((SELECT json_agg(question) FROM (
    SELECT code, "group", effect, urgency, answer_type, data::text AS rule, asked_since AS since,
           NOT is_active AS retired
      FROM therapies_question q
     WHERE is_active
        OR EXISTS (SELECT FROM bookings_answer a
                    WHERE a.patient_id = ANY(people_records_of(%(patient)s)) AND a.question_id = q.id)
     ORDER BY position, id
  ) question), '[]') AS questions,
  coalesce((SELECT json_agg(answer) FROM (
    SELECT q.code AS question, q.answer_type, a.value, a.text, a.at
      FROM bookings_answer a JOIN therapies_question q ON q.id = a.question_id
     WHERE a.patient_id = ANY(people_records_of(%(patient)s)) ORDER BY a.at, a.id
  ) answer), '[]') AS answers,
  coalesce((SELECT json_agg(decision) FROM (
    SELECT q.code AS question, q.answer_type, c.value, c.text, c.therapies, c.allowed, c.at, c.until,
           c.written_by_id IS NOT NULL AS provisional
      FROM bookings_clearance c JOIN therapies_question q ON q.id = c.question_id
     WHERE c.patient_id = ANY(people_records_of(%(patient)s)) ORDER BY c.at, c.id
  ) decision), '[]') AS decisions,
  coalesce((SELECT json_agg(s.therapies) FROM bookings_suspension s
    WHERE s.patient_id = ANY(people_records_of(%(patient)s)) AND s.lifted_at IS NULL), '[]') AS suspended,
  (SELECT to_json(max(s.at)) #>> '{}' FROM bookings_suspension s
    WHERE s.patient_id = ANY(people_records_of(%(patient)s)) AND NOT s.mistaken) AS stopped_at,
  ARRAY(SELECT coalesce(t.code, '')
     FROM bookings_consent c LEFT JOIN therapies_therapy t ON t.id = c.therapy_id
    WHERE c.patient_id = ANY(people_records_of(%(patient)s)) AND c.withdrawn_at IS NULL) AS consents,
  EXISTS (SELECT FROM bookings_prescription p
           WHERE p.patient_id = ANY(people_records_of(%(patient)s))) AS has_prescriptions,
  coalesce((SELECT json_object_agg(r.code, r.data) FROM therapies_rule r
    WHERE r.code = ANY(%(rules)s::varchar[])), '{}') AS rules
""",
    FileRows,
)
NUMBERS = (MINIMUM_AGE, QUESTIONNAIRE_DAYS)


@dataclass(frozen=True)
class Said:
    """One answer. `value` as the question's type has it; a moment is aware."""

    value: Value
    text: str
    at: dt.datetime


@dataclass(frozen=True)
class Decided:
    """A Vaidya's decision on an answer. `provisional`: written down from the telephone, it counts on its day only."""

    question: str
    value: Value
    text: str
    therapies: frozenset[str]
    allowed: bool
    at: dt.datetime
    until: dt.datetime
    provisional: bool = False


@dataclass(frozen=True)
class OnFile:
    """Answers by question and decisions, both the oldest first.

    `suspended` are the therapies and groups of what is paused; `stopped_at` when a sign paused something last;
    `consents` the therapies consented to, "" in general; `rules` the data of the catalogue's rules that say the numbers
    of NUMBERS. A question that is asked no more is among `questions` where the patient answered it: its stages are
    none.
    """

    questions: tuple[Asked, ...]
    said: Mapping[str, tuple[Said, ...]]
    decided: tuple[Decided, ...]
    suspended: frozenset[str]
    stopped_at: dt.datetime | None
    consents: frozenset[str]
    has_prescriptions: bool
    rules: Rules


def has_answered(patient: Patient) -> bool:
    """Whether there is an answer that could have been pressed by mistake."""
    return Answer.objects.filter(patient__in=RecordsOf(patient)).exists()


def on_file(patient: Patient) -> OnFile:
    """One query, whatever the history."""
    rows = ON_FILE.one(patient=patient.pk, rules=[number.rule for number in NUMBERS])
    return OnFile(
        questions=tuple(_question(row) for row in rows.questions),
        said=_by_question(rows.answers),
        decided=tuple(_decided(row) for row in rows.decisions),
        suspended=frozenset(name for therapies in rows.suspended for name in therapies),
        stopped_at=dt.datetime.fromisoformat(rows.stopped_at) if rows.stopped_at else None,
        consents=frozenset(rows.consents),
        has_prescriptions=rows.has_prescriptions,
        rules=rows.rules,
    )


def _question(row: QuestionRow) -> Asked:
    asked = _asked(row["code"], row["group"], row["effect"], row["urgency"], row["answer_type"], row["rule"])
    since = dt.datetime.fromisoformat(row["since"]) if row["since"] else None
    if since is None and not row["retired"]:
        return asked
    return replace(asked, asked_since=since, stages=frozenset() if row["retired"] else asked.stages)


@lru_cache(maxsize=1024)
def _asked(code: str, group: str, effect: str, urgency: str, answer_type: str, rule: str) -> Asked:
    """The question of exactly this content, made once a process: a changed row is another question."""
    return asked_as(code, group=group, effect=effect, urgency=urgency, answer_type=answer_type, rule=json.loads(rule))


def _by_question(rows: Sequence[AnswerRow]) -> dict[str, tuple[Said, ...]]:
    answers: dict[str, list[Said]] = {}
    for row in rows:
        value = answer_value(row["answer_type"], row["value"])
        answers.setdefault(row["question"], []).append(Said(value, row["text"], dt.datetime.fromisoformat(row["at"])))
    return {code: tuple(each) for code, each in answers.items()}


def _decided(row: DecisionRow) -> Decided:
    return Decided(
        question=row["question"],
        value=answer_value(row["answer_type"], row["value"]),
        text=row["text"],
        therapies=frozenset(row["therapies"]),
        allowed=row["allowed"],
        at=dt.datetime.fromisoformat(row["at"]),
        until=dt.datetime.fromisoformat(row["until"]),
        provisional=row["provisional"],
    )


def answer_value(answer_type: str, stored: object) -> Value:
    """An answer as it is judged, from the form in which it is kept."""
    if answer_type == "datetime" and isinstance(stored, str):
        return dt.datetime.fromisoformat(stored)
    return stored if isinstance(stored, int) else str(stored)


def kept_form(value: Value) -> str | int:
    """The form in which an answer is kept: the way back from `value_of`."""
    return value.isoformat() if isinstance(value, dt.datetime) else value
