"""What is known of a patient: answers, what was decided on them, orders, consents, suspensions. Read once, then pure.

Reading takes seven queries, whatever the history. Verbs read it again under the patient's lock.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects

from bookings.models import Answer, Booking, Clearance, Consent, Prescription, PrescriptionItem, Suspension
from clinic.people.models import Patient
from therapies import questionnaire
from therapies.models import Question, Rule, Variant
from therapies.profiles import asked_of, profile_of
from therapies.suitability import Asked, Finding, Kind, Profile, Value, is_worse, judge
from therapies.suitability import Clearance as Decision

LASTING = "until_physician_clears"


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
class Ordered:
    """A prescribed therapy, and the days (of the clinic) of the sessions that are booked or were given."""

    item: PrescriptionItem
    days: tuple[dt.date, ...]
    sequence: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """Sessions that may still be booked."""
        return max(0, self.item.sessions - len(self.days))

    @property
    def is_running(self) -> bool:
        """Whether the course has begun, so that Sundays and holidays must not break it."""
        return bool(self.days)

    @property
    def next_code(self) -> str:
        """The variant that a course by a schedule gives next."""
        return self.sequence[len(self.days) % len(self.sequence)]

    def serves(self, variant: Variant) -> bool:
        """Whether a session of this variant is one of this order; one with a smaller crew is."""
        ordered = self.item.variant
        if variant.therapy_id != ordered.therapy_id:
            return False
        return bool(self.sequence) or variant.treatment == ordered.code


@dataclass(frozen=True)
class Standing:
    """All that the policies of a therapy ask about one patient at one moment."""

    patient: Patient
    now: dt.datetime
    questions: tuple[Asked, ...]
    said: Mapping[str, tuple[Said, ...]]
    decided: tuple[Decided, ...]
    suspended: tuple[Suspension, ...]
    ordered: tuple[Ordered, ...]
    consents: frozenset[str]

    @cached_property
    def newest(self) -> dict[str, dt.datetime]:
        """When each question was answered last."""
        return {code: answers[-1].at for code, answers in self.said.items()}

    def with_answers(self, given: Mapping[str, tuple[object, str]], *, at: dt.datetime) -> "Standing":
        """The same, with these answers (kept form and own words, by question) as the newest."""
        types = {question.code: question.answer_type for question in self.questions}
        said = dict(self.said)
        for code, (stored, text) in given.items():
            said[code] = (*said.get(code, ()), Said(value_of(types[code], stored), text, at))
        return replace(self, said=said)

    def order_for(self, variant: Variant, on: dt.date) -> Ordered | None:
        """The prescribed therapy that a session on that day belongs to: one with sessions left before a spent one."""
        fitting = [
            order for order in self.ordered if order.serves(variant) and order.item.prescription.valid_until >= on
        ]
        return max(fitting, key=lambda order: order.left > 0, default=None)


# --- reading ----------------------------------------------------------------------------------------------------------


def standing_of(patient: Patient, *, now: dt.datetime, ignoring: int | None = None) -> Standing:
    """Read everything; `ignoring` is a visit whose own sessions do not count (it is being moved)."""
    return Standing(
        patient=patient,
        now=now,
        questions=tuple(asked_of(question) for question in Question.objects.filter(is_active=True)),
        said=_said(patient),
        decided=_decided(patient),
        suspended=tuple(Suspension.objects.standing().filter(patient=patient)),
        ordered=tuple(_ordered(patient, now, ignoring)),
        consents=frozenset(_consents(patient)),
    )


def _said(patient: Patient) -> dict[str, tuple[Said, ...]]:
    found: dict[str, list[Said]] = defaultdict(list)
    rows = Answer.objects.filter(patient=patient).order_by("at", "pk")
    for code, kind, value, text, at in rows.values_list(
        "question__code", "question__answer_type", "value", "text", "at"
    ):
        found[code].append(Said(value_of(kind, value), text, at))
    return {code: tuple(answers) for code, answers in found.items()}


def value_of(answer_type: str, stored: object) -> Value:
    """An answer as it is judged, from the form in which it is kept."""
    if answer_type == "datetime" and isinstance(stored, str):
        return dt.datetime.fromisoformat(stored)
    return stored if isinstance(stored, int) else str(stored)


def kept_form(value: Value) -> str | int:
    """The form in which an answer is kept: the way back from `value_of`."""
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _decided(patient: Patient) -> tuple[Decided, ...]:
    rows = Clearance.objects.filter(patient=patient).select_related("question").order_by("at", "pk")
    return tuple(
        Decided(
            row.question.code,
            value_of(row.question.answer_type, row.value),
            row.text,
            frozenset(row.therapies),
            row.allowed,
            row.at,
            row.until,
        )
        for row in rows
    )


def _ordered(patient: Patient, now: dt.datetime, ignoring: int | None) -> list[Ordered]:
    """Prescriptions hold by the date of the clinic that wrote them."""
    prescriptions = Prescription.objects.filter(patient=patient).in_force((now - dt.timedelta(days=1)).date())
    items = PrescriptionItem.objects.filter(prescription__in=prescriptions).order_by("prescription_id", "position")
    rows = items.select_related("variant__therapy", "prescription__clinic")
    current = [row for row in rows if row.prescription.valid_until >= row.prescription.clinic.today(now)]
    return orders_of(current, now=now, ignoring=ignoring)


def orders_of(items: Sequence[PrescriptionItem], *, now: dt.datetime, ignoring: int | None = None) -> list[Ordered]:
    """These prescribed therapies, each with the days of its sessions; `ignoring` is a visit that does not count."""
    given = Booking.objects.of_orders().filter(item__in=items).exclude(visit=ignoring)
    days: dict[int | None, list[dt.date]] = defaultdict(list)
    for row in given.select_related("visit").order_by("starts_at") if items else ():
        if not row.is_lapsed(now):
            days[row.item_id].append(row.starts_at.astimezone(row.visit.zone).date())
    codes = [item.schedule for item in items if item.schedule]
    rules = Rule.objects.filter(code__in=codes, kind="schedule") if codes else Rule.objects.none()
    letters = {rule.code: rule.data.get("sequence") for rule in rules}
    return [ordered_as(item, days[item.pk], letters.get(item.schedule)) for item in items]


LETTERS_OF_A_SCHEDULE = {"A": "anuvasana", "N": "niruha"}


def ordered_as(item: PrescriptionItem, days: Iterable[dt.date], letters: Sequence[str] | None) -> Ordered:
    """The order with its days; a schedule that cannot be read names a variant that there is not, so nothing passes."""
    sequence = [LETTERS_OF_A_SCHEDULE.get(letter, "") for letter in letters or "?"] if item.schedule else []
    return Ordered(item, tuple(days), tuple(sequence))


def _consents(patient: Patient) -> list[str]:
    rows = Consent.objects.filter(patient=patient, withdrawn_at=None)
    return [code or "" for code in rows.values_list("therapy__code", flat=True)]


# --- judging ----------------------------------------------------------------------------------------------------------


def profiled(variant: Variant) -> Profile:
    """The variant as it is judged; reads what speaks against its therapy, once."""
    prefetch_related_objects([variant], "therapy__contraindications__term")
    return profile_of(variant)


def findings(standing: Standing, profile: Profile, *, on: dt.date, zone: ZoneInfo) -> list[Finding]:
    """What the patient's answers mean for this therapy on that day of the clinic, the strongest first."""
    counted = {}
    texts = {}
    for question in standing.questions:
        said = counted_answer(standing, question, profile, on, zone)
        if said is not None:
            counted[question.code], texts[question.code] = said.value, said.text
    counted |= _known(standing, on)
    clearances = [
        Decision(row.question, row.value, row.therapies, row.until)
        for row in standing.decided
        if row.allowed and row.text == texts.get(row.question, "")
    ]
    return judge(profile, standing.questions, counted, clearances=clearances, now=standing.now)


def open_findings(standing: Standing, profile: Profile, *, on: dt.date, zone: ZoneInfo) -> list[Finding]:
    """Those that nobody has decided on."""
    return [finding for finding in findings(standing, profile, on=on, zone=zone) if finding.kind is not Kind.NOTE]


def _known(standing: Standing, on: dt.date) -> dict[str, Value]:
    """What nobody is asked, because the record knows it. That an examination came first is the order's matter."""
    age = standing.patient.age(on)
    return {question.code: age for question in standing.questions if question.known_from == "birth_date"}


def counted_answer(standing: Standing, question: Asked, profile: Profile, on: dt.date, zone: ZoneInfo) -> Said | None:
    """The answer that counts: about today the newest, for its day; a lasting one the worst since a Vaidya's decision.

    A sign that was once told stays open although somebody says "no" the next time: only a Vaidya's note ends it.
    """
    answers = standing.said.get(question.code)
    if not answers:
        return None
    newest = answers[-1]
    if question.scope != LASTING:
        age = on - newest.at.astimezone(zone).date()
        return newest if age <= dt.timedelta(days=question.lasts_days) else None
    decided = [
        row.at
        for row in standing.decided
        if row.allowed and row.question == question.code and profile.therapy in row.therapies
    ]
    since = [said for said in answers if not decided or said.at > max(decided)]
    worst = newest
    for said in since:
        if is_worse(question, said.value, worst.value):
            worst = said
    return worst


def questions_due(
    standing: Standing, profiles: Sequence[Profile], *, stage: str, zone: ZoneInfo, staff: bool = False
) -> list[Asked]:
    """What must be asked now: before booking what is older than 30 days or was never asked; on the day also today's."""
    gender = standing.patient.gender
    lasting = questionnaire.asked(standing.questions, profiles, questionnaire.BOOKING, gender=gender)
    month = standing.now - dt.timedelta(days=questionnaire.VALID_DAYS)
    stale = questionnaire.due(lasting, standing.newest, since=month)
    if stage != questionnaire.DAY:
        return stale
    todays = questionnaire.asked(standing.questions, profiles, questionnaire.DAY, gender=gender, staff=staff)
    midnight = dt.datetime.combine(standing.now.astimezone(zone).date(), dt.time(), tzinfo=zone)
    fresh = questionnaire.due(todays, standing.newest, since=midnight)
    codes = {question.code for question in (*stale, *fresh)}
    return [question for question in standing.questions if question.code in codes]
