"""What the demo's Vaidya found, prescribed and signed, and what the patients consented to and answered."""

import datetime as dt
from collections.abc import Mapping, Sequence

from bookings.actions import (
    assessments as assessment_actions,
)
from bookings.actions import (
    prescriptions as prescription_actions,
)
from bookings.actions import (
    signing,
)
from bookings.actions.consents import Signature, give_consent
from bookings.actions.screening import GivenAnswer, screen
from bookings.demo.findings import DemoFinding, DemoOrder
from bookings.facts.patient import patient_facts_of, profiled, questions_due
from bookings.models import Prescription, Visit
from bookings.rules.prescriptions import Item
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from therapies import questionnaire
from therapies.consent_texts import OWN_CONSENT
from therapies.models import Question, Therapy, Variant

VALID = dt.timedelta(days=90)
REVIEW = dt.timedelta(days=21)
CONSENT_TEXT = "1"
A_USUAL_MEAL = dt.timedelta(hours=4, minutes=15)


def variant_of(therapy: str, variant: str = "") -> Variant:
    """By the codes of the catalogue; without the second one the usual variant."""
    rows = Variant.objects.select_related("therapy").prefetch_related("steps__crews").filter(therapy__code=therapy)
    return rows.get(code=variant) if variant else rows.get(is_default=True)


def prescribe_and_sign(found: DemoFinding, visit: Visit, patient: Patient, by: User) -> Prescription:
    """The examination of that visit with its order, both signed, and the consents that the order asks for."""
    now, clinic = visit.bookings.get().ends_at, visit.clinic
    examined = assessment_actions.assess(
        patient=patient,
        clinic=clinic,
        visit=visit,
        by=by,
        now=now,
        complaint=found.complaint,
        pain=found.pain,
        examination={"prashna": found.prashna, "nadi": "Vata leads"},
        vikriti="vata",
        diagnosis=found.complaint,
    )
    order = prescription_actions.prescribe(
        assessment=examined,
        clinic=clinic,
        by=by,
        now=now,
        items=[_item(one) for one in found.ordered],
        valid_until=clinic.today(now) + VALID,
        review_on=clinic.today(now) + REVIEW,
        aim="Less pain",
    )
    signing.sign(assessment=examined, prescription=order, clearing=[], by=by, now=now)
    therapies = Therapy.objects.filter(code__in=[one.therapy for one in found.ordered])
    for therapy in (None, *therapies.filter(consent=OWN_CONSENT)):
        _consent(patient, clinic, therapy, by, now)
    return order


def _item(one: DemoOrder) -> Item:
    return Item(variant_of(one.therapy, one.variant), one.sessions, one.days_between)


def _consent(patient: Patient, clinic: Clinic, therapy: Therapy | None, by: User, now: dt.datetime) -> None:
    give_consent(
        patient=patient,
        clinic=clinic,
        therapy=therapy,
        text_version=CONSENT_TEXT,
        language=patient.language,
        signature=Signature(how="screen", name=patient.full_name),
        explained_by=by,
        by=by,
        now=now,
    )


def answer(
    patient: Patient,
    clinic: Clinic,
    variants: Sequence[Variant],
    stage: str,
    now: dt.datetime,
    visit: Visit | None = None,
    told: Mapping[str, str] | None = None,
) -> None:
    """All questions that are due, as somebody answers them by link to whom nothing applies but what is `told`."""
    patient_facts, told = patient_facts_of(patient, now=now), told or {}
    due = questions_due(patient_facts, [profiled(variant) for variant in variants], stage=stage, zone=clinic.zone)
    due += [question for question in patient_facts.questions if question.code in told and question not in due]
    if not due:
        return
    rows = {row.code: row for row in Question.objects.filter(code__in=[question.code for question in due])}
    given = [
        GivenAnswer(
            rows[question.code], told.get(question.code) or all_is_well(question.answer_type, question.trigger, now)
        )
        for question in due
    ]
    screen(
        patient=patient,
        clinic=clinic,
        stage=stage,
        given=given,
        shown=questionnaire.questions_version(due),
        variants=variants,
        by=None,
        now=now,
        visit=visit,
    )


def all_is_well(answer_type: str, trigger: object, now: dt.datetime) -> str | int:
    """What somebody answers to whom the question does not apply."""
    match answer_type:
        case "integer_0_10":
            return 3
        case "datetime":
            return (now - A_USUAL_MEAL).isoformat()
        case "free_text":
            return ""
        case _:
            return "yes" if trigger == "no" else "no"
