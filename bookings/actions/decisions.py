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
from bookings.facts.health_answers import answer_value
from bookings.facts.on_duty import vaidyas_present
from bookings.facts.patient import PatientFacts, patient_facts_of, profiles_by_therapy
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import STILL_TO_COME, Booking, CancelledBy, Clearance, Status
from bookings.rules.clearances import Proof, earliest, why_not_by_telephone, why_not_clear
from bookings.rules.telephone import WHY_BY_TELEPHONE, why_not_while_here
from clinic.people.models import Patient, User
from clinic.people.records import RecordsOf
from clinic.premises.models import Clinic
from clinic.reasons import why_no_reason
from clinic.wall import edge
from therapies.models import Question, Therapy
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
    *,
    patient: Patient,
    decisions: Sequence[AnswerDecision],
    clinic: Clinic,
    by: User,
    now: dt.datetime,
    written_by: User | None = None,
    why_by_telephone: str = "",
) -> list[Clearance]:
    """A Vaidya's written decisions on answers of this patient: all of them, or none.

    Each ends no later than its kind of sign allows. `written_by`: who writes down what the Vaidya said on the phone;
    that is for ordinary answers only, ends with the day, and needs a named reason (`why_by_telephone`) while a Vaidya
    is at the clinic. Raises Busy, DecidedMeanwhile, and PolicyRefused without a reason or without the proof that a sign
    needs.
    """
    for each in decisions:
        refuse_if(why_no_reason(each.reason))
        if each.until <= now:
            raise PolicyRefused(_("The decision must be valid for some time."))
    blocked = [each.blocked for each in decisions if each.blocked]
    lock(resources=resource_ids(blocked) if blocked else (), patients=[patient.pk])
    patient_facts = patient_facts_of(patient, now=now)
    for each in decisions:
        _refuse_what_changed(each, patient_facts)
        refuse_if(_why_not(each, patient_facts, by=by) if each.allowed else "")
    profiles = profiles_by_therapy(code for each in decisions for code in each.therapies)
    if written_by is not None:
        refuse_if(why_not_while_here(vaidyas_present(clinic, now), why_by_telephone))
        refuse_if(_why_not_by_telephone(decisions, profiles, now=now))
    rows = [_row(each, profiles, patient_facts, clinic=clinic, by=by) for each in decisions]
    for row in rows:
        row.written_by = written_by
        if written_by is not None:
            row.reason = " ".join(filter(None, [row.reason, str(WHY_BY_TELEPHONE.get(why_by_telephone, ""))]))
            row.until = min(row.until, edge(clinic.today(now) + dt.timedelta(days=1), 0, clinic.zone))
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
    of_question = Clearance.objects.filter(patient__in=RecordsOf(patient_facts.patient), question=decision.question)
    latest = of_question.select_related("by").order_by("-at", "-pk").first()
    again = latest is None or (newest is not None and newest > latest.at)
    raise DecidedMeanwhile(decision.question, None if again else latest)


def _why_not(decision: AnswerDecision, patient_facts: PatientFacts, *, by: User) -> str:
    question = decision.question
    told = answered_at(patient_facts.said.get(question.code, ()), decision.value, decision.text)
    examined = own_examination_at(patient_facts.patient, by=by, now=patient_facts.now)
    proof = Proof(decision.report_seen, own_examination=examined is not None and (told is None or examined >= told))
    return why_not_clear(question, decision.value, decision.therapies, reason=decision.reason, proof=proof)


def _why_not_by_telephone(
    decisions: Sequence[AnswerDecision], profiles: Mapping[str, Sequence[Profile]], *, now: dt.datetime
) -> str:
    codes = {code for each in decisions for code in each.therapies}
    if any(therapy.purifies for therapy in Therapy.objects.filter(code__in=codes)):
        return _("Purification is never decided by telephone.")
    reasons = (
        why_not_by_telephone(
            each.question,
            answer_value(each.question.answer_type, each.value),
            [profile for code in each.therapies for profile in profiles.get(code, ())],
            now=now,
        )
        for each in decisions
    )
    return next(filter(None, reasons), "")


@action
def confirm(*, clearance: Clearance, by: User, now: dt.datetime) -> Clearance:
    """The Vaidya who was named confirms, on the same day, what was written down from the telephone.

    It then holds as long as the order, as any decision of theirs. Raises Busy, and PolicyRefused where it is somebody
    else's, of an earlier day, or decided on already.
    """
    lock(patients=[clearance.patient_id])
    waiting = Clearance.objects.by_telephone().select_related("patient", "clinic", "question").filter(pk=clearance.pk)
    row = waiting.first()
    if row is None or row.clinic is None:
        raise PolicyRefused(_("This has already been decided."))
    refuse_if("" if row.by_id == by.pk else _("Only the Vaidya who decided by telephone can confirm it."))
    clinic, day = row.clinic, row.at.astimezone(row.clinic.zone).date()
    refuse_if("" if clinic.today(now) == day else _("This was decided on an earlier day. Please decide again."))
    patient_facts = patient_facts_of(row.patient, now=now)
    orders = [order for order in patient_facts.ordered if order.item.variant.therapy.code in row.therapies]
    last = max([day, *(order.item.prescription.valid_until for order in orders)])
    own = AnswerDecision(
        question=row.question,
        value=row.value,
        text=row.text,
        therapies=tuple(row.therapies),
        allowed=row.allowed,
        reason=row.reason,
        until=edge(last + dt.timedelta(days=1), 0, clinic.zone),
    )
    confirmed = _row(own, profiles_by_therapy(row.therapies), patient_facts, clinic=clinic, by=by)
    confirmed.confirms = row
    confirmed.save()
    look_again(row.patient, by=by, now=now)
    return confirmed


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
