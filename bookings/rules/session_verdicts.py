"""What the rules say of one session of a patient on one day of the clinic, and of a visit of several. Pure.

Judged once, of facts that were read under the locks: the same value refuses a booking, fills in the screening state
and the order, says who must say yes to a request, and is what the pages show.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings.facts.catalogue_numbers import QUESTIONNAIRE_DAYS
from bookings.facts.orders import OrderProgress
from bookings.facts.patient import PatientFacts, open_findings, profiled, questions_due
from bookings.models import Booking, ScreeningState
from bookings.rules import visits as visit_rules
from clinic.people.models import Patient
from therapies import questionnaire
from therapies.models import Needs, Therapy, Variant
from therapies.rules import AGE_LIMIT
from therapies.suitability import Asked, Finding, FindingKind, Profile


class SessionRule(StrEnum):
    """The rules that may speak against a session, in the order in which they are told."""

    AGE = "age"
    ACCEPTED_THERAPIST = "accepted_therapist"
    SUSPENSION = "suspension"
    ORDER = "order"
    HEALTH = "health"
    APPROVAL = "approval"


class ObjectionKind(StrEnum):
    """`REFUSED`: it is not booked. `ASKS_VAIDYA`, `ASKS_CLINIC`: it becomes a request, and they say yes or no."""

    REFUSED = "refused"
    ASKS_VAIDYA = "vaidya"
    ASKS_CLINIC = "clinic"


@dataclass(frozen=True)
class Objection:
    """One rule that does not simply let a session be booked. `words` say why it is refused, to whoever books it.

    `another_day`: it depends on the day alone.
    """

    rule: SessionRule
    kind: ObjectionKind
    words: str = ""
    another_day: bool = False


@dataclass(frozen=True)
class HealthVerdict:
    """What the patient's answers mean for a session on a date of the clinic: each part is judged once, when asked for.

    `profile` is what is given; None where no answer matters for it.
    """

    profile: Profile | None
    patient_facts: PatientFacts
    on: dt.date
    zone: ZoneInfo

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Those that nobody has decided on."""
        if self.profile is None:
            return ()
        return tuple(open_findings(self.patient_facts, self.profile, on=self.on, zone=self.zone))

    @cached_property
    def due_before_booking(self) -> tuple[Asked, ...]:
        """The questions that the patient has to answer before it is booked.

        None where only an upgrade of the catalogue brought new ones to somebody whose history was complete: those are
        asked at check-in, and the session does not begin without them.
        """
        due = self._due(questionnaire.BOOKING)
        return () if all(self.patient_facts.is_new_since_history(question) for question in due) else due

    @cached_property
    def due(self) -> tuple[Asked, ...]:
        """The questions to be answered now: on the day of the session also those about that day, staff's included."""
        return self._due(questionnaire.DAY if self.is_today else questionnaire.BOOKING, staff=True)

    @property
    def is_today(self) -> bool:
        """Whether it is on the date of this moment at the clinic."""
        return self.on == self.patient_facts.now.astimezone(self.zone).date()

    @property
    def why_unreadable(self) -> str:
        """That the catalogue does not say how long answers count, or ""."""
        if self.profile is None or self.patient_facts.questionnaire_days is not None:
            return ""
        return QUESTIONNAIRE_DAYS.why_unreadable

    @property
    def stops(self) -> bool:
        """Whether an answer rules the session out until a Vaidya has decided."""
        return any(finding.kind is FindingKind.STOP for finding in self.findings)

    @property
    def screening(self) -> ScreeningState:
        """What the front desk sees of the answers: all of it, and nothing more."""
        if self.profile is None:
            return ScreeningState.NOT_NEEDED
        if self.findings:
            return ScreeningState.WAITING
        return ScreeningState.DUE if self.due else ScreeningState.CLEAR

    def _due(self, stage: str, *, staff: bool = False) -> tuple[Asked, ...]:
        if self.profile is None:
            return ()
        return tuple(questions_due(self.patient_facts, [self.profile], stage=stage, zone=self.zone, staff=staff))


@dataclass(frozen=True)
class SessionVerdict:
    """All that the rules say of one session: `objections` in the order of `SessionRule`, and the order it fulfils."""

    variant: Variant
    objections: tuple[Objection, ...]
    health: HealthVerdict
    order: OrderProgress | None = None

    @property
    def refusal(self) -> Objection | None:
        """The first rule that refuses it."""
        return next((row for row in self.objections if row.kind is ObjectionKind.REFUSED), None)

    @property
    def lasting_refusal(self) -> Objection | None:
        """The first rule that refuses it on any day."""
        refusals = (row for row in self.objections if row.kind is ObjectionKind.REFUSED)
        return next((row for row in refusals if not row.another_day), None)


@dataclass(frozen=True)
class VisitVerdict:
    """The verdicts on the sessions of a visit at one moment. `asks_clinic`: the clinic must say yes in any case."""

    sessions: tuple[SessionVerdict, ...]
    judged_at: dt.datetime
    asks_clinic: bool = False

    @property
    def why_not(self) -> str:
        """The first reason against one of the sessions on that day, or ""."""
        return next((row.refusal.words for row in self.sessions if row.refusal), "")

    @property
    def why_never(self) -> str:
        """The first reason that holds on every day, or ""."""
        return next((row.lasting_refusal.words for row in self.sessions if row.lasting_refusal), "")

    @property
    def has_questions(self) -> bool:
        """Whether health questions are to be answered before it is booked."""
        return any(row.health.due_before_booking for row in self.sessions)

    @property
    def decided_by(self) -> str:
        """Who must say yes before it is booked: "vaidya", "clinic", or "" for nobody."""
        kinds = {objection.kind for row in self.sessions for objection in row.objections}
        if ObjectionKind.ASKS_VAIDYA in kinds:
            return ObjectionKind.ASKS_VAIDYA
        return ObjectionKind.ASKS_CLINIC if self.asks_clinic or ObjectionKind.ASKS_CLINIC in kinds else ""


def visit_verdict(
    variants: Iterable[Variant],
    patient_facts: PatientFacts,
    *,
    on: dt.date,
    zone: ZoneInfo,
    asks_clinic: bool = False,
) -> VisitVerdict:
    """The verdict on sessions of these variants on that date of the clinic, whose zone is `zone`."""
    sessions = tuple(session_verdict(variant, patient_facts, on=on, zone=zone) for variant in variants)
    return VisitVerdict(sessions, patient_facts.now, asks_clinic)


def request_limit(
    verdict: VisitVerdict, first: Booking, *, opens: Callable[..., dt.datetime | None]
) -> dt.datetime | None:
    """Until when the visit whose first booking this is keeps its time as a request; None where nobody must say yes.

    `opens(clinic, now=…)` tells when the clinic opens next; it is asked only where somebody must say yes.
    """
    if not verdict.decided_by:
        return None
    lead = dt.timedelta(minutes=first.visit.clinic.lead_minutes)
    reached = opens(first.visit.clinic, now=verdict.judged_at + visit_rules.REQUEST_LASTS)
    return visit_rules.request_until(first.starts_at, lead, verdict.judged_at, opens=reached)


def session_verdict(variant: Variant, patient_facts: PatientFacts, *, on: dt.date, zone: ZoneInfo) -> SessionVerdict:
    """The verdict on one more session of this variant on that date. A consultation is never refused for health."""
    therapy = variant.therapy
    health = health_verdict(variant, patient_facts, on=on, zone=zone)
    order = None if therapy.needs == Needs.NOTHING else patient_facts.order_for(variant, on)
    refusals = [
        (
            SessionRule.AGE,
            visit_rules.why_not_at_age(
                variant,
                patient_facts.patient,
                on=on,
                youngest=patient_facts.youngest,
                written=order.item.lifted.get(AGE_LIMIT, "") if order else "",
            ),
        ),
        (SessionRule.ACCEPTED_THERAPIST, _why_not_unasked(therapy, patient_facts.patient)),
        (SessionRule.SUSPENSION, visit_rules.why_suspended(therapy, patient_facts)),
    ]
    objections = [Objection(rule, ObjectionKind.REFUSED, words) for rule, words in refusals if words]
    if words := visit_rules.why_not_ordered(order, variant, on=on):
        another_day = order is not None and order.left > 0
        objections.append(Objection(SessionRule.ORDER, ObjectionKind.REFUSED, words, another_day))
    if health.why_unreadable:
        objections.append(Objection(SessionRule.HEALTH, ObjectionKind.REFUSED, health.why_unreadable))
    if health.stops:
        words = _("Because of your answers, a Vaidya must see you first. Please book a consultation.")
        objections.append(Objection(SessionRule.HEALTH, ObjectionKind.REFUSED, words))
    if who := visit_rules.who_decides(therapy, waits=bool(health.findings)):
        rule = SessionRule.HEALTH if who == ObjectionKind.ASKS_VAIDYA else SessionRule.APPROVAL
        objections.append(Objection(rule, ObjectionKind(who)))
    return SessionVerdict(variant, tuple(objections), health, order)


def health_verdict(variant: Variant, patient_facts: PatientFacts, *, on: dt.date, zone: ZoneInfo) -> HealthVerdict:
    """What the patient's answers mean for a session of this variant on that date of the clinic."""
    profile = None if variant.therapy.needs == Needs.NOTHING else profiled(variant)
    return HealthVerdict(profile, patient_facts, on, zone)


def _why_not_unasked(therapy: Therapy, patient: Patient) -> str:
    """Whether the therapy asks whom the patient accepts, and nobody has said."""
    if therapy.same_gender and not patient.accepts_therapist:
        return _("First choose whether a woman or a man may treat the patient.")
    return ""
