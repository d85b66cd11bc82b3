"""What a patient told that nobody has decided on: for which treatments and sessions, and why it matters."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings.desk.answers import answer_in_words
from bookings.facts.health_answers import Said, kept_form
from bookings.facts.orders import OrderProgress
from bookings.facts.patient import PatientFacts, counted_answer, patient_facts_of, profiled, undecided_findings
from bookings.facts.record_access import RecordAccess
from bookings.models import STILL_TO_COME, Booking, Clearance
from clinic.people.models import Patient
from therapies.decision_limits import LASTING
from therapies.models import Needs, Question, Source, Variant
from therapies.suitability import EMERGENCY_NOW, SAME_DAY_DOCTOR, Asked, Effect, Finding


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
    knows (the age)."""

    question: Question
    finding: Finding
    value: str | int
    text: str
    said: Said | None
    sources: tuple[str, ...]
    sessions: list[AffectedSession] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Names its form: another answer to the same question is another one."""
        answer = hashlib.sha256(repr((self.value, self.text)).encode()).hexdigest()
        return f"{self.question.pk}-{answer[:12]}"

    @property
    def answer(self) -> str:
        return answer_in_words(self.value, self.text, self.sessions[0].zone)

    @property
    def needs_report(self) -> bool:
        """Whether it is lifted only after a medical report (an urgent referral of the safety data)."""
        return self.finding.effect is Effect.REFER

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
    def of_today(self) -> bool:
        """Whether it is about a day, and not a lasting fact."""
        return self.finding.scope != LASTING

    @property
    def therapies(self) -> list[tuple[str, str]]:
        """Codes and names of the treatments that it speaks against."""
        return list({row.variant.therapy.code: str(row.variant.therapy) for row in self.sessions}.items())

    @property
    def bookings(self) -> list[Booking]:
        return [row.booking for row in self.sessions if row.booking]

    @property
    def until(self) -> dt.date:
        """The last day of a decision unless the Vaidya says otherwise: that of the order, or the day in question."""
        if self.of_today:
            return max(row.on for row in self.sessions)
        return max(row.last or row.on for row in self.sessions)


def open_answers(patient: Patient, *, now: dt.datetime) -> list[OpenAnswer]:
    """All of them, the strongest first."""
    patient_facts = patient_facts_of(patient, now=now)
    questions = {question.code: question for question in patient_facts.questions}
    by_answer: dict[tuple[str, str], list[tuple[Finding, AffectedSession]]] = defaultdict(list)
    for session in _sessions(patient_facts, patient, now):
        for finding in undecided_findings(patient_facts, profiled(session.variant), on=session.on, zone=session.zone):
            by_answer[finding.question, repr(finding.value)].append((finding, session))
    rows = Question.objects.in_bulk([code for code, _value in by_answer], field_name="code")
    titles = _titles(rows.values())
    answers = [
        _answer(patient_facts, questions[code], rows[code], against, titles)
        for (code, _value), against in by_answer.items()
    ]
    return sorted(answers, key=lambda row: (-row.finding.effect, row.question.position))


def _sessions(patient_facts: PatientFacts, patient: Patient, now: dt.datetime) -> list[AffectedSession]:
    """The sessions to come, each on its day, and what is prescribed, today."""
    rows = Booking.objects.filter(visit__patient=patient, status__in=STILL_TO_COME, ends_at__gt=now)
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
) -> OpenAnswer:
    strongest = max((finding for finding, _session in against), key=lambda finding: finding.effect)
    first = against[0][1]
    answer = counted_answer(patient_facts, asked, profiled(first.variant), first.on, first.zone)
    said = answer.said if answer else None
    sources = tuple(titles.get(code, code) for code in row.sources)
    sessions = [session for _finding, session in against]
    return OpenAnswer(row, strongest, kept_form(strongest.value), said.text if said else "", said, sources, sessions)


def _titles(questions: Iterable[Question]) -> dict[str, str]:
    codes = {code for question in questions for code in question.sources}
    return dict(Source.objects.filter(code__in=codes).values_list("code", "title"))


# --- what was decided -------------------------------------------------------------------------------------------------

SHOWN = 30


def earlier(patient: Patient, record: RecordAccess) -> list[Clearance]:
    """The latest decisions, the newest first, as far as the record is readable; all of them count."""
    rows = Clearance.objects.filter(patient=patient)
    readable = rows if record.clinics is None else rows.of(record.clinics)
    return list(readable.select_related("question", "by").order_by("-at", "-pk")[:SHOWN])
