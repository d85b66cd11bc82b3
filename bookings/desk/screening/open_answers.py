"""What a patient told that nobody has decided on: for which treatments and sessions, and why it matters."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.desk.answers import answer_in_words
from bookings.facts.decided_answers import state_print
from bookings.facts.decision_proofs import own_examination_at
from bookings.facts.health_answers import Said, kept_form
from bookings.facts.orders import OrderProgress
from bookings.facts.patient import (
    PatientFacts,
    counted_answer,
    patient_facts_of,
    profiled,
    told_emergency,
    undecided_findings,
)
from bookings.facts.record_access import RecordAccess
from bookings.models import STILL_TO_COME, Booking, Clearance, Visit
from bookings.models.booking import day_not_over
from bookings.rules.answer_states import AnswersSay, answers_say
from bookings.rules.clearances import RED_FLAG, Proof, is_of_a_day, proof_needed, why_proof_missing
from bookings.rules.session_verdicts import health_verdict
from clinic.people.models import Patient, User
from clinic.people.records import RecordsOf
from therapies.models import Needs, Question, Source, Variant
from therapies.suitability import EMERGENCY_NOW, OWN_EXAMINATION, REPORT, SAME_DAY_DOCTOR, Asked, Effect, Finding


@dataclass(frozen=True)
class AffectedSession:
    """A treatment on a day of its clinic; no `booking` where it is only prescribed, with the order's last day."""

    variant: Variant
    on: dt.date
    zone: ZoneInfo
    booking: Booking | None = None
    last: dt.date | None = None


@dataclass(frozen=True)
class OpenAnswer:
    """One answer against some treatments. `value` in the form in which it is kept; `said` is none for what the record
    knows (the age).

    `proof` is what whoever asks needs to allow it and `why_not` why it may not be allowed yet without a report, or "";
    `day_only`: the therapies (codes) for which a decision holds today only; `shown` the print of what was known.
    """

    question: Question
    finding: Finding
    value: str | int
    text: str
    said: Said | None
    sources: tuple[str, ...]
    sessions: list[AffectedSession]
    today: dt.date
    shown: str
    proof: str
    why_not: str
    day_only: frozenset[str]

    @property
    def key(self) -> str:
        """Names its form: another answer to the same question, or a decision on it, is another one."""
        answer = hashlib.sha256(repr((self.value, self.text, self.shown)).encode()).hexdigest()
        return f"{self.question.pk}-{answer[:12]}"

    @property
    def answer(self) -> str:
        return answer_in_words(self.value, self.text, self.sessions[0].zone)

    @property
    def needs_report(self) -> bool:
        """Whether it is lifted only after a medical report was reviewed: by the safety data, or for want of an own
        examination."""
        return self.proof == REPORT or bool(self.why_not)

    @property
    def proof_words(self) -> str:
        """What a Vaidya needs to allow it, in words; shown before anything is asked."""
        if self.proof == REPORT:
            return _("A medical report")
        if self.proof == OWN_EXAMINATION:
            return _("Your own signed examination after this answer, or a medical report")
        return _("Your written reason")

    @property
    def is_alarming(self) -> bool:
        """Whether it is a danger sign, which is never decided along with others unnoticed."""
        return self.question.group == RED_FLAG or self.finding.effect is Effect.REFER

    @property
    def only_asks(self) -> bool:
        """Whether it asks for a Vaidya's decision and no more."""
        return self.finding.effect is Effect.CONSULT and not self.is_alarming

    @property
    def lasts(self) -> str:
        """How long a decision may hold, in words."""
        if self.finding.urgency == EMERGENCY_NOW:
            return _("No treatment today. Allowed from tomorrow; the question is asked again before the next session.")
        names = [name for code, name in self.therapies if code in self.day_only]
        if len(names) == len(self.therapies):
            return _("Today only. The question is asked again before the next session.")
        last = date_format(self.until, "j M Y")
        if not names:
            return _("Until %(day)s at the latest") % {"day": last}
        words = {"day": last, "therapies": ", ".join(names)}
        return _("Until %(day)s at the latest; for %(therapies)s today only") % words

    @property
    def weight(self) -> str:
        """How strong it is and how soon a doctor should look, in words."""
        if self.finding.urgency == EMERGENCY_NOW:
            return _("Emergency: hospital immediately")
        if self.finding.effect is Effect.REFER:
            return (
                _("See a doctor today")
                if self.finding.urgency == SAME_DAY_DOCTOR
                else _("See a doctor within a few days")
            )
        return _("No treatment while this applies") if self.finding.effect is Effect.BLOCK else _("A Vaidya decides")

    @property
    def therapies(self) -> list[tuple[str, str]]:
        """Codes and names of the treatments that it speaks against."""
        return list({row.variant.therapy.code: str(row.variant.therapy) for row in self.sessions}.items())

    @property
    def bookings(self) -> list[Booking]:
        return [row.booking for row in self.sessions if row.booking]

    @property
    def until(self) -> dt.date:
        """The last day that a decision may hold, and does unless the Vaidya says otherwise: that of the order, or today
        for a sign of the moment."""
        if self.day_only.issuperset(row.variant.therapy.code for row in self.sessions):
            return self.today
        return max(self.today, *(row.last or row.on for row in self.sessions))


def open_answers(patient: Patient, *, by: User, now: dt.datetime) -> list[OpenAnswer]:
    """All of them, the strongest first, as this Vaidya may decide on them."""
    patient_facts = patient_facts_of(patient, now=now)
    questions = {question.code: question for question in patient_facts.questions}
    by_answer: dict[tuple[str, str], list[tuple[Finding, AffectedSession]]] = defaultdict(list)
    for session in _sessions(patient_facts, patient, now):
        for finding in undecided_findings(patient_facts, profiled(session.variant), on=session.on, zone=session.zone):
            by_answer[finding.question, repr(finding.value)].append((finding, session))
    rows = Question.objects.in_bulk([code for code, _value in by_answer], field_name="code")
    titles = _titles(rows.values())
    examined = own_examination_at(patient, by=by, now=now) if by_answer else None
    answers = [
        _answer(patient_facts, questions[code], rows[code], against, titles, examined)
        for (code, _value), against in by_answer.items()
    ]
    return sorted(answers, key=lambda row: (-row.finding.effect, row.question.position))


@dataclass(frozen=True)
class AnswersStanding:
    """What the page says of all answers together; `due`: how many questions are open or were answered too long ago."""

    say: AnswersSay
    due: int


def answers_standing(patient: Patient, visit: Visit | None, *, now: dt.datetime) -> AnswersStanding:
    """Of the sessions of this visit, or of all that is booked and prescribed: as `start` judges them."""
    patient_facts = patient_facts_of(patient, now=now)
    sessions = _sessions(patient_facts, patient, now)
    if visit is not None:
        sessions = [row for row in sessions if row.booking and row.booking.visit_id == visit.pk]
    verdicts = [(row.booking, health_verdict(row.variant, patient_facts, on=row.on, zone=row.zone)) for row in sessions]
    booked = [verdict for booking, verdict in verdicts if booking]
    prescribed = [verdict for booking, verdict in verdicts if not booking]
    questions = {question.code for verdict in booked for question in verdict.due}
    questions |= {question.code for verdict in prescribed for question in verdict.due_before_booking}
    return AnswersStanding(answers_say(booked, prescribed), len(questions))


def is_emergency_day(patient: Patient, *, zone: ZoneInfo, now: dt.datetime) -> bool:
    """Whether an emergency sign was told today: no treatment today, also where a Vaidya has decided on it."""
    patient_facts = patient_facts_of(patient, now=now)
    return told_emergency(patient_facts, on=now.astimezone(zone).date(), zone=zone)


def _sessions(patient_facts: PatientFacts, patient: Patient, now: dt.datetime) -> list[AffectedSession]:
    """The sessions to come, each on its day, and what is prescribed, today."""
    rows = Booking.objects.filter(day_not_over(now), visit__patient=patient, status__in=STILL_TO_COME)
    rows = rows.exclude(variant__therapy__needs=Needs.NOTHING).order_by("starts_at")
    last = {order.item.pk: order.item.prescription.valid_until for order in patient_facts.ordered}
    coming = [
        AffectedSession(
            row.variant,
            row.starts_at.astimezone(row.visit.zone).date(),
            row.visit.zone,
            row,
            last.get(row.item_id or 0),
        )
        for row in rows.select_related("variant__therapy", "visit__clinic")
        if row.is_still_to_come(now)
    ]
    return [*coming, *(_prescribed(order, now) for order in patient_facts.ordered)]


def _prescribed(order: OrderProgress, now: dt.datetime) -> AffectedSession:
    prescription = order.item.prescription
    clinic = prescription.clinic
    return AffectedSession(order.item.variant, clinic.today(now), clinic.zone, last=prescription.valid_until)


def _answer(
    patient_facts: PatientFacts,
    asked: Asked,
    row: Question,
    against: Sequence[tuple[Finding, AffectedSession]],
    titles: dict[str, str],
    examined: dt.datetime | None,
) -> OpenAnswer:
    strongest = max((finding for finding, _session in against), key=lambda finding: finding.effect)
    first = against[0][1]
    answer = counted_answer(patient_facts, asked, profiled(first.variant), first.on, first.zone)
    said = answer.said if answer else None
    sources = tuple(titles.get(code, code) for code in row.sources)
    sessions = [session for _finding, session in against]
    profiles = {session.variant.therapy.code: profiled(session.variant) for session in sessions}
    value = kept_form(strongest.value)
    proof = proof_needed(row, value, profiles)
    own = examined is not None and (said is None or examined >= said.at)
    return OpenAnswer(
        question=row,
        finding=strongest,
        value=value,
        text=said.text if said else "",
        said=said,
        sources=sources,
        sessions=sessions,
        today=patient_facts.now.astimezone(first.zone).date(),
        shown=state_print(asked.code, patient_facts.said.get(asked.code, ()), patient_facts.decided),
        proof=proof,
        why_not=why_proof_missing(proof, Proof(own_examination=own)),
        day_only=frozenset(code for code, profile in profiles.items() if is_of_a_day(asked, [profile])),
    )


def _titles(questions: Iterable[Question]) -> dict[str, str]:
    codes = {code for question in questions for code in question.sources}
    return dict(Source.objects.filter(code__in=codes).values_list("code", "title"))


# --- what was decided -------------------------------------------------------------------------------------------------

SHOWN = 30


def by_telephone(patient: Patient) -> QuerySet[Clearance]:
    """What was written down from the telephone and nobody has confirmed or decided anew."""
    rows = Clearance.objects.by_telephone().filter(patient__in=RecordsOf(patient))
    return rows.select_related("question", "by", "written_by").order_by("-at", "-pk")


def earlier(patient: Patient, record: RecordAccess) -> list[Clearance]:
    """The latest decisions, the newest first, as far as the record is readable; all of them count."""
    rows = Clearance.objects.filter(patient__in=RecordsOf(patient))
    readable = rows if record.clinics is None else rows.of(record.clinics)
    return list(readable.select_related("question", "by", "written_by").order_by("-at", "-pk")[:SHOWN])
