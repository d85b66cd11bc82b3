"""Reads what `alerts` is made of, for one patient or for all of a day: as many queries for thirty as for one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypedDict

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bookings.facts.alerts import (
    AlertAnswer,
    AlertQuestion,
    Alerts,
    Caution,
    OrderedMaterial,
    Precaution,
    alerts_of,
    allergies_in,
    lines_of,
)
from bookings.models import Prescription, PrescriptionItem, Suitability, Suited
from clinic.people.models import Patient, User
from clinic.people.records import RecordsOfAll
from clinic.statements import Statement
from therapies.materials import ToldAllergy, usual_materials
from therapies.models import Therapy


class MarkedAnswerRow(TypedDict):
    """An answer to a question that the catalogue marks with `alert`; the moment in ISO form."""

    code: str
    alert: dict[str, str]
    trigger: object
    terms: list[str] | None
    answer_type: str
    value: object
    text: str
    at: str


class AllowedRow(TypedDict):
    """A Vaidya's decision with its reason; the moments in ISO form."""

    code: str
    names: dict[str, str]
    reason: str
    therapies: list[str]
    allowed: bool
    by: int
    at: str
    until: str


class AlertRow(NamedTuple):
    """The columns of ALERTS."""

    patient: int
    answers: list[MarkedAnswerRow]
    decisions: list[AllowedRow]


# Answers to questions that are asked no more still tell of an allergy: active or not.
ALERTS = Statement(
    """
SELECT patient.id AS patient,
  coalesce((SELECT json_agg(answer) FROM (
    SELECT q.code, q.data -> 'alert' AS alert, q.data -> 'trigger' AS trigger, q.data -> 'terms' AS terms,
           q.answer_type, a.value, a.text, a.at
      FROM bookings_answer a JOIN therapies_question q ON q.id = a.question_id
     WHERE a.patient_id = ANY(people_records_of(patient.id)) AND q.data -> 'alert' ->> 'kind' <> '' ORDER BY a.at, a.id
  ) answer), '[]') AS answers,
  coalesce((SELECT json_agg(decision) FROM (
    SELECT q.code, coalesce(nullif(q.data -> 'alert', 'null'), q.texts) AS names, c.reason, c.therapies, c.allowed,
           c.by_id AS by, c.at, c.until
      FROM bookings_clearance c JOIN therapies_question q ON q.id = c.question_id
     WHERE c.patient_id = ANY(people_records_of(patient.id)) ORDER BY c.at, c.id
  ) decision), '[]') AS decisions
  FROM unnest(%(patients)s::bigint[]) AS patient(id)
""",
    AlertRow,
)


def alerts_of_patients(patients: Sequence[Patient], *, on: dt.date, now: dt.datetime) -> dict[int, Alerts]:
    """By patient. `on` is the clinic's date, for the age."""
    if not patients:
        return {}
    rows = {row.patient: row for row in ALERTS.rows(patients=[patient.pk for patient in patients])}
    prescriptions = Prescription.objects.filter(patient__in=RecordsOfAll(rows)).in_force(on)
    items = list(_items(prescriptions))
    decisions, precautions = _decisions(rows.values()), _precautions(items, _with_care(prescriptions))
    ordered = _ordered(items)
    return {
        patient.pk: alerts_of(
            age=patient.age(on),
            answers=[_answer(row) for row in rows[patient.pk].answers],
            decisions=decisions[patient.pk],
            precautions=precautions[patient.pk],
            ordered=ordered[patient.pk],
            now=now,
        )
        for patient in patients
    }


def told_allergies(patient: Patient) -> list[ToldAllergy]:
    """What the patient may not be brought near, as materials are compared with it."""
    row = ALERTS.one(patients=[patient.pk])
    return allergies_in(lines_of(_answer(answer) for answer in row.answers))


def alerts_of_patient(patient: Patient, *, on: dt.date, now: dt.datetime) -> Alerts:
    return alerts_of_patients([patient], on=on, now=now)[patient.pk]


def _answer(row: MarkedAnswerRow) -> AlertAnswer:
    alert = row["alert"]
    names = {language: words for language, words in alert.items() if language != "kind"}
    question = AlertQuestion(
        row["code"], alert["kind"], names, row["trigger"], row["answer_type"], frozenset(row["terms"] or [])
    )
    return AlertAnswer(question, row["value"], row["text"], dt.datetime.fromisoformat(row["at"]))


def _decisions(rows: Iterable[AlertRow]) -> Mapping[int, list[Caution]]:
    """By patient, with the names of people and therapies: two queries where anything was decided."""
    rows = list(rows)
    people = User.objects.in_bulk({row["by"] for each in rows for row in each.decisions})
    codes = {code for each in rows for row in each.decisions for code in row["therapies"]}
    therapies = {therapy.code: str(therapy) for therapy in Therapy.objects.filter(code__in=codes)} if codes else {}
    return {
        each.patient: [
            Caution(
                question=row["code"],
                names={language: words for language, words in row["names"].items() if language != "kind"},
                reason=row["reason"],
                therapies=tuple(therapies.get(code, code) for code in row["therapies"]),
                allowed=row["allowed"],
                by=str(people[row["by"]]),
                at=dt.datetime.fromisoformat(row["at"]),
                until=dt.datetime.fromisoformat(row["until"]),
            )
            for row in each.decisions
        ]
        for each in rows
    }


# --- how it is to be given --------------------------------------------------------------------------------------------


def _precautions(items: Iterable[PrescriptionItem], with_care: Iterable[Suitability]) -> Mapping[int, list[Precaution]]:
    """Of the prescriptions in force: the pressure and the note of each therapy, and with what care it suits."""
    rows: dict[int, list[Precaution]] = defaultdict(list)
    for item in items:
        words = [_("%(pressure)s pressure") % {"pressure": item.get_pressure_display()} if item.pressure else ""]
        words.append(item.note)
        text = "; ".join(part for part in words if part)
        if text:
            rows[item.prescription.patient.person_id].append(Precaution(str(item.variant.therapy), text))
    for suitability in with_care:
        rows[suitability.assessment.patient.person_id].append(Precaution(str(suitability.therapy), suitability.reason))
    return rows


def _ordered(items: Iterable[PrescriptionItem]) -> Mapping[int, list[OrderedMaterial]]:
    rows: dict[int, list[OrderedMaterial]] = defaultdict(list)
    for item in items:
        materials = item.materials or usual_materials(item.variant).materials
        ordered = OrderedMaterial(str(item.variant.therapy), materials, item.material_reason)
        rows[item.prescription.patient.person_id].append(ordered)
    return rows


def _items(prescriptions: QuerySet[Prescription]) -> QuerySet[PrescriptionItem]:
    rows = PrescriptionItem.objects.filter(prescription__in=prescriptions).order_by(
        "-prescription__made_at", "position"
    )
    return rows.select_related("variant__therapy", "prescription__patient")


def _with_care(prescriptions: QuerySet[Prescription]) -> QuerySet[Suitability]:
    rows = Suitability.objects.filter(assessment__in=prescriptions.values("assessment"), level=Suited.WITH_CARE)
    return rows.select_related("therapy", "assessment__patient").order_by("pk")
