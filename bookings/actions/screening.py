"""The patient's answers are kept, and a Vaidya lifts what was suspended after a stop.

After each of them every session to come is looked at anew: the front desk sees due, clear, or waits for the Vaidya.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookings.actions import history
from bookings.actions.conditional_writes import update_once
from bookings.actions.locks import lock
from bookings.actions.sessions_ahead import look_again
from bookings.actions.transaction import action
from bookings.actions.visits import lock_and_read
from bookings.errors import ActionRefused, refuse_if
from bookings.facts.health_answers import answer_value
from bookings.facts.in_person import waits_for_a_talk
from bookings.facts.patient import PatientFacts, open_findings, patient_facts_of, profiled
from bookings.facts.sessions import is_examined_since, lift_needs_examination
from bookings.messages.schedule.patient_messages import ask_desk_to_call
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import channel_for, plan_messages, void_messages
from bookings.models import (
    STILL_TO_COME,
    Answer,
    Booking,
    Channel,
    Message,
    MessageKind,
    Screening,
    ScreeningState,
    State,
    Suspension,
    Visit,
)
from bookings.rules.sessions import why_not_lift
from clinic.people.models import Patient, User
from clinic.people.records import RecordsOf
from clinic.premises.models import Clinic
from therapies import questionnaire
from therapies.decision_limits import acts_at_once
from therapies.models import Question, Variant
from therapies.suitability import Asked, Effect, Finding


class QuestionsChanged(ActionRefused):
    """The questions are not those that the page showed; nothing was kept."""

    def __init__(self) -> None:
        super().__init__(
            _("Some of the questions have changed. Please check them again. Your answers have been saved.")
        )


@dataclass(frozen=True)
class GivenAnswer:
    """One answer as a form gives it: `value` fits the question's type (a moment as ISO text)."""

    question: Question
    value: str | int
    text: str = ""


@dataclass(frozen=True)
class ScreeningOutcome:
    """What was kept, and what it means: the open findings of each therapy that was asked for, the strongest first.

    `is_emergency`: somebody should get help now, whatever they wanted to book and whatever was decided before.
    """

    screening: Screening
    findings: tuple[Finding, ...]
    is_emergency: bool

    @property
    def see_a_doctor(self) -> bool:
        """A medical doctor should look, today or within days."""
        return any(finding.effect is Effect.REFER for finding in self.findings)


@action
def screen(
    *,
    patient: Patient,
    clinic: Clinic,
    stage: str,
    given: Sequence[GivenAnswer],
    shown: str,
    variants: Sequence[Variant],
    by: User | None,
    now: dt.datetime,
    visit: Visit | None = None,
) -> ScreeningOutcome:
    """Keep the answers and judge them for these therapies, or for none yet, and for every session to come.

    `shown` is the version of the questions on the page. An emergency puts the patient on the desk's list of calls.
    Raises QuestionsChanged, Busy.
    """
    lock(patients=[patient.pk])
    facts = patient_facts_of(patient, now=now)
    codes = {answer.question.code for answer in given}
    if questionnaire.questions_version(question for question in facts.questions if question.code in codes) != shown:
        raise QuestionsChanged
    row = Screening(patient=patient, clinic=clinic, visit=visit, stage=stage, questionnaire=shown, by=by, at=now)
    fresh = facts.with_answers({answer.question.code: (answer.value, answer.text) for answer in given}, at=now)
    findings = _open(fresh, variants, clinic)
    row.findings = [_kept(finding) for finding in findings]
    row.save()
    Answer.objects.bulk_create(
        Answer(screening=row, patient=patient, question=each.question, value=each.value, text=each.text, at=now)
        for each in given
    )
    outcome = ScreeningOutcome(row, tuple(findings), is_emergency=tells_emergency(facts.questions, given))
    if outcome.is_emergency:
        patient.clinics.add(clinic)  # also where nothing is booked yet: whoever calls opens the record
        ask_desk_to_call(patient=patient, clinic=clinic, visit=visit, now=now, by=by)
    look_again(patient, by=by, now=now, patient_facts=fresh)
    if any(each.value == questionnaire.PREFER_NOT for each in given):
        _ask_no_more_by_letter(patient, now=now)
    return outcome


def _ask_no_more_by_letter(patient: Patient, *, now: dt.datetime) -> None:
    """Letters that would ask before a visit what the patient would rather tell the clinic."""
    for visit in Visit.objects.filter(patient__in=RecordsOf(patient)).upcoming(now).with_everything():
        if waits_for_a_talk(visit, now=now):
            void_messages(visit=visit, only=MessageKind.QUESTIONS)


def tells_emergency(questions: Iterable[Asked], given: Iterable[GivenAnswer]) -> bool:
    """Whether one of these answers sends to a hospital now."""
    asked = {question.code: question for question in questions}
    return any(
        acts_at_once(asked[answer.question.code], answer_value(answer.question.answer_type, answer.value))
        for answer in given
    )


def _open(patient_facts: PatientFacts, variants: Iterable[Variant], clinic: Clinic) -> list[Finding]:
    """The open findings of today, each once, the strongest first."""
    rows: dict[str, Finding] = {}
    today = clinic.today(patient_facts.now)
    for profile in [profiled(variant) for variant in variants] or [questionnaire.BODY]:
        for finding in open_findings(patient_facts, profile, on=today, zone=clinic.zone):
            if finding.question not in rows or finding.effect > rows[finding.question].effect:
                rows[finding.question] = finding
    return sorted(rows.values(), key=lambda finding: (-finding.effect, finding.question))


def _kept(finding: Finding) -> dict[str, object]:
    return {
        "question": finding.question,
        "kind": str(finding.kind),
        "effect": finding.effect.name.lower(),
        "urgency": finding.urgency,
        "scope": finding.scope,
    }


@action
def lift(*, suspension: Suspension, reason: str, by: User, now: dt.datetime) -> Suspension:
    """A Vaidya has looked: treatments go on. Raises PolicyRefused without a reason, without the new examination that
    the sign asks for, or where it was lifted already.
    """
    lock(patients=[suspension.patient_id])
    row = Suspension.objects.select_related("patient").get(pk=suspension.pk)
    examined = is_examined_since(row.patient, row.at)
    needed = lift_needs_examination(row.sign)
    lifted = row.lifted_at is not None
    refuse_if(why_not_lift(lifted=lifted, reason=reason, needs_examination=needed, examined=examined))
    active = Suspension.objects.active().filter(pk=row.pk)
    update_once(active, lifted_at=now, lifted_by=by, lift_reason=reason)
    row.lifted_at, row.lifted_by, row.lift_reason = now, by, reason
    return row


@action
def note_rung(*, patient: Patient, clinics: Iterable[Clinic], by: User, now: dt.datetime) -> list[Suspension]:
    """Somebody of these clinics has told the patient that treatments go on. Raises PolicyRefused where that is done."""
    lock(patients=[patient.pk])
    rows = list(Suspension.objects.to_ring_about().filter(patient__in=RecordsOf(patient), clinic__in=clinics))
    refuse_if("" if rows else _("The patient has already been informed."))
    for row in rows:
        update_once(Suspension.objects.to_ring_about().filter(pk=row.pk), rung_at=now, rung_by=by)
        row.rung_at, row.rung_by = now, by
    return rows


@action
def send_questions(*, visit: Visit, by: User, now: dt.datetime) -> Visit:
    """The patient is asked by a letter to answer what is due. Raises PolicyRefused where nobody need be asked so."""
    bookings = lock_and_read(visit)
    refuse_if(_why_not_ask_by_letter(visit, bookings, now=now))
    history.write(visit, "send_questions", by=by, now=now)
    plan_messages(visit=visit, event=VisitEvent.QUESTIONS_DUE, by=by, now=now)
    return visit


def _why_not_ask_by_letter(visit: Visit, bookings: Sequence[Booking], *, now: dt.datetime) -> str:
    if visit.patient is None or not any(
        row.screening == ScreeningState.DUE and row.status in STILL_TO_COME for row in bookings
    ):
        return _("No health questions are due for this visit.")
    if channel_for(visit.patient) != Channel.EMAIL:
        return _(
            "This patient does not receive e-mails. They answer the questions with the therapist before the treatment."
        )
    messages = Message.objects.filter(visit=visit, sequence=visit.sequence, kind=MessageKind.QUESTIONS)
    if messages.exclude(state=State.VOID).exists():
        return _("The questions have already been sent. You can resend them from the messages of the visit.")
    if waits_for_a_talk(visit, now=now):
        return _("The patient would rather answer the remaining questions in person. Please ask them at the clinic.")
    return ""
