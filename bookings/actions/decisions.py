"""A Vaidya decides on what a patient answered: one answer or several at once, each with its own row."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bookings.actions import history
from bookings.actions.conditional_writes import set_status
from bookings.actions.locks import lock
from bookings.actions.occupancy import occupy
from bookings.actions.occupancy_rows import resource_ids
from bookings.actions.sessions_ahead import look_again
from bookings.actions.transaction import action
from bookings.actions.visits import raise_ics_sequence
from bookings.errors import ActionRefused, PolicyRefused, refuse_if
from bookings.facts.decided_answers import answered_at, state_print
from bookings.facts.decision_proofs import own_examination_at
from bookings.facts.patient import PatientFacts, patient_facts_of, profiles_by_therapy
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import STILL_TO_COME, Booking, CancelledBy, Clearance, Status
from bookings.rules.clearances import Proof, earliest, why_not_clear
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from therapies.models import Question
from therapies.suitability import Profile


class DecidedMeanwhile(ActionRefused):
    """Somebody decided on the same answer, or it was answered again, after the page was shown; nothing was written."""

    def __init__(self, question: object, latest: Clearance | None) -> None:
        if latest is None:
            reason = _("“%(question)s” was answered again in the meantime. Please check it again.")
            super().__init__(reason % {"question": question})
            return
        reason = _("%(vaidya)s decided on “%(question)s” in the meantime. Please read it, then decide again.")
        super().__init__(reason % {"question": question, "vaidya": latest.by})


@dataclass(frozen=True)
class AnswerDecision:
    """What is decided on one answer, for these therapies (codes), until that moment at the latest.

    `shown` is the print of the answer's state on the page (`state_print`); without one it is not compared. With a
    `booking` that is not allowed: that session is not given, and costs nothing.
    """

    question: Question
    value: str | int
    text: str
    therapies: tuple[str, ...]
    allowed: bool
    reason: str
    until: dt.datetime
    report_seen: bool = False
    booking: Booking | None = None
    shown: str = ""

    @property
    def blocked(self) -> Booking | None:
        """The session that is called off."""
        return None if self.allowed else self.booking


@action
def decide(
    *, patient: Patient, decisions: Sequence[AnswerDecision], clinic: Clinic, by: User, now: dt.datetime
) -> list[Clearance]:
    """A Vaidya's written decisions on answers of this patient: all of them, or none.

    Each ends no later than its kind of sign allows. Raises Busy, DecidedMeanwhile, and PolicyRefused without a reason
    or without the proof that a sign needs.
    """
    for each in decisions:
        refuse_if("" if each.reason.strip() else _("Please give a reason."))
        if each.until <= now:
            raise PolicyRefused(_("The decision must be valid for some time."))
    blocked = [each.blocked for each in decisions if each.blocked]
    lock(resources=resource_ids(blocked) if blocked else (), patients=[patient.pk])
    patient_facts = patient_facts_of(patient, now=now)
    for each in decisions:
        _refuse_what_changed(each, patient_facts)
        refuse_if(_why_not(each, patient_facts, by=by) if each.allowed else "")
    profiles = profiles_by_therapy(code for each in decisions for code in each.therapies)
    rows = [_row(each, profiles, patient_facts, clinic=clinic, by=by) for each in decisions]
    Clearance.objects.bulk_create(rows)
    for booking in blocked:
        _block(booking, by=by, now=now)
    look_again(patient, by=by, now=now)
    return rows


def _refuse_what_changed(decision: AnswerDecision, patient_facts: PatientFacts) -> None:
    code = decision.question.code
    answers = patient_facts.said.get(code, ())
    if not decision.shown or decision.shown == state_print(code, answers, patient_facts.decided):
        return
    newest = max((row.at for row in answers), default=None)
    of_question = Clearance.objects.filter(patient=patient_facts.patient, question=decision.question)
    latest = of_question.select_related("by").order_by("-at", "-pk").first()
    again = latest is None or (newest is not None and newest > latest.at)
    raise DecidedMeanwhile(decision.question, None if again else latest)


def _why_not(decision: AnswerDecision, patient_facts: PatientFacts, *, by: User) -> str:
    question = decision.question
    told = answered_at(patient_facts.said.get(question.code, ()), decision.value, decision.text)
    examined = own_examination_at(patient_facts.patient, by=by, now=patient_facts.now)
    proof = Proof(decision.report_seen, own_examination=examined is not None and (told is None or examined >= told))
    return why_not_clear(question, decision.value, decision.therapies, reason=decision.reason, proof=proof)


def _row(
    decision: AnswerDecision,
    profiles: Mapping[str, Sequence[Profile]],
    patient_facts: PatientFacts,
    *,
    clinic: Clinic,
    by: User,
) -> Clearance:
    end: dict[str, Any] = {"now": patient_facts.now, "zone": clinic.zone}
    return Clearance(
        patient=patient_facts.patient,
        clinic=clinic,
        question=decision.question,
        value=decision.value,
        text=decision.text,
        therapies=list(decision.therapies),
        allowed=decision.allowed,
        reason=decision.reason,
        until=earliest(decision.until, decision.question, decision.therapies, profiles, **end),
        report_seen=decision.allowed and decision.report_seen,
        by=by,
        at=patient_facts.now,
    )


def _block(booking: Booking, *, by: User, now: dt.datetime) -> None:
    """This session is not given, for safety. The others of the same arrival stand."""
    row = Booking.objects.select_related("visit__clinic", "variant__therapy").get(pk=booking.pk)
    was = row.status
    if row.status == Status.REQUESTED:
        row.ended_by, became = CancelledBy.CLINIC, Status.CANCELLED
    else:
        refuse_if("" if row.may_become(Status.BLOCKED) else _("It is too late to call off this session."))
        became = Status.BLOCKED
    occupy([], [row], now=now)
    row.reason, row.expires_at = "screening", None
    set_status([row], became, "ended_by", "reason", "expires_at")
    visit = row.visit
    history.write(visit, "block", by=by, now=now, was=was, became=became, booking=row)
    if visit.bookings.filter(status__in=STILL_TO_COME).exists():
        return
    raise_ics_sequence(visit, visit.arrives_at)
    event = VisitEvent.DECLINED if was == Status.REQUESTED else VisitEvent.CANCELLED_BY_CLINIC
    plan_messages(visit=visit, event=event, by=by, now=now)
