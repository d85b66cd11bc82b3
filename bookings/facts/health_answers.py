"""What is on file of a patient's health, in one statement: the questions, what was said and what was decided.

`patient_facts` judges it. Written by hand: it is read for every page and every act of a session, and building its
queries
cost several times what reading the rows does.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from bookings.facts.catalogue_numbers import MINIMUM_AGE, QUESTIONNAIRE_DAYS, Rules
from clinic.people.models import Patient
from therapies.profiles import asked_as
from therapies.suitability import Asked, Value

ON_FILE = """
SELECT
  (SELECT jsonb_agg(jsonb_build_array(q.code, q."group", q.effect, q.urgency, q.answer_type, q.data::text)
                    ORDER BY q.position, q.id)
     FROM therapies_question q WHERE q.is_active),
  (SELECT jsonb_agg(jsonb_build_array(q.code, q.answer_type, a.value, a.text, a.at) ORDER BY a.at, a.id)
     FROM bookings_answer a JOIN therapies_question q ON q.id = a.question_id
    WHERE a.patient_id = %(patient)s),
  (SELECT jsonb_agg(jsonb_build_array(q.code, q.answer_type, c.value, c.text, c.therapies, c.allowed, c.at, c.until)
                    ORDER BY c.at, c.id)
     FROM bookings_clearance c JOIN therapies_question q ON q.id = c.question_id
    WHERE c.patient_id = %(patient)s),
  (SELECT jsonb_agg(s.therapies) FROM bookings_suspension s
    WHERE s.patient_id = %(patient)s AND s.lifted_at IS NULL),
  (SELECT jsonb_agg(coalesce(t.code, ''))
     FROM bookings_consent c LEFT JOIN therapies_therapy t ON t.id = c.therapy_id
    WHERE c.patient_id = %(patient)s AND c.withdrawn_at IS NULL),
  (SELECT to_jsonb(EXISTS (SELECT FROM bookings_prescription p WHERE p.patient_id = %(patient)s))),
  (SELECT coalesce(jsonb_object_agg(r.code, r.data), '{}') FROM therapies_rule r
    WHERE r.code = ANY(%(rules)s::varchar[]))
"""
NUMBERS = (MINIMUM_AGE, QUESTIONNAIRE_DAYS)


@dataclass(frozen=True)
class Said:
    """One answer. `value` as the question's type has it; a moment is aware."""

    value: Value
    text: str
    at: dt.datetime


@dataclass(frozen=True)
class Decided:
    """A Vaidya's decision on an answer."""

    question: str
    value: Value
    text: str
    therapies: frozenset[str]
    allowed: bool
    at: dt.datetime
    until: dt.datetime


@dataclass(frozen=True)
class OnFile:
    """Answers by question and decisions, both the oldest first.

    `suspended` are the therapies and groups of what is paused; `consents` the therapies consented to, "" in general;
    `rules` the data of the catalogue's rules that say the numbers of NUMBERS.
    """

    questions: tuple[Asked, ...]
    said: Mapping[str, tuple[Said, ...]]
    decided: tuple[Decided, ...]
    suspended: frozenset[str]
    consents: frozenset[str]
    has_prescriptions: bool
    rules: Rules


def on_file(patient: Patient) -> OnFile:
    """One query, whatever the history."""
    with connection.cursor() as cursor:
        cursor.execute(ON_FILE, {"patient": patient.pk, "rules": [number.rule for number in NUMBERS]})
        columns = [json.loads(rows or "[]") for rows in cursor.fetchone()]
    questions, answers, decided, suspended, consents, has_prescriptions, rules = columns
    return OnFile(
        questions=tuple(_asked(*row) for row in questions),
        said=_by_question(answers),
        decided=tuple(_decided(row) for row in decided),
        suspended=frozenset(name for therapies in suspended for name in therapies),
        consents=frozenset(consents),
        has_prescriptions=has_prescriptions,
        rules=rules,
    )


@lru_cache(maxsize=1024)
def _asked(code: str, group: str, effect: str, urgency: str, answer_type: str, rule: str) -> Asked:
    """The question of exactly this content, made once a process: a changed row is another question."""
    return asked_as(code, group=group, effect=effect, urgency=urgency, answer_type=answer_type, rule=json.loads(rule))


def _by_question(rows: Sequence[tuple[str, str, object, str, str]]) -> dict[str, tuple[Said, ...]]:
    columns: dict[str, list[Said]] = {}
    for code, answer_type, value, text, at in rows:
        columns.setdefault(code, []).append(Said(answer_value(answer_type, value), text, dt.datetime.fromisoformat(at)))
    return {code: tuple(answers) for code, answers in columns.items()}


def _decided(row: Sequence[Any]) -> Decided:
    code, answer_type, value, text, therapies, allowed, at, until = row
    moment = dt.datetime.fromisoformat
    return Decided(
        code, answer_value(answer_type, value), text, frozenset(therapies), allowed, moment(at), moment(until)
    )


def answer_value(answer_type: str, stored: object) -> Value:
    """An answer as it is judged, from the form in which it is kept."""
    if answer_type == "datetime" and isinstance(stored, str):
        return dt.datetime.fromisoformat(stored)
    return stored if isinstance(stored, int) else str(stored)


def kept_form(value: Value) -> str | int:
    """The form in which an answer is kept: the way back from `value_of`."""
    return value.isoformat() if isinstance(value, dt.datetime) else value
