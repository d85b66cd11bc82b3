"""What is known of a patient: answers, what was decided on them, orders, consents, suspensions. Read once, then pure.

Reading takes three queries at most, whatever the history. Actions read it again under the patient's lock.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, prefetch_related_objects

from bookings.facts.catalogue_numbers import MINIMUM_AGE, QUESTIONNAIRE_DAYS
from bookings.facts.decided_answers import CountedAnswer, Moment, counted
from bookings.facts.health_answers import Decided, Said, answer_value, on_file
from bookings.facts.orders import OrderProgress, orders_of
from bookings.models import Prescription, PrescriptionItem
from clinic.people.models import Patient
from clinic.people.records import RecordsOf
from clinic.wall import edge
from therapies import questionnaire
from therapies.decision_limits import acts_at_once
from therapies.models import Contraindication, Needs, Variant
from therapies.profiles import profile_of
from therapies.rules import AGE_LIMIT
from therapies.suitability import EMERGENCY_NOW, Asked, Finding, FindingKind, Profile, Value, judge
from therapies.suitability import ClearedAnswer as Decision


@dataclass(frozen=True)
class PatientFacts:
    """All that the policies of a therapy ask about one patient at one moment.

    `suspended` are the therapies and groups that are paused; `stopped_at` when a sign paused something last: what was
    told of that day before it counts no more. `youngest` (years) and `questionnaire_days` are what the catalogue's
    rules say, None where they cannot be read.
    """

    patient: Patient
    now: dt.datetime
    questions: tuple[Asked, ...]
    said: Mapping[str, tuple[Said, ...]]
    decided: tuple[Decided, ...]
    suspended: frozenset[str]
    ordered: tuple[OrderProgress, ...]
    consents: frozenset[str]
    youngest: int | None = None
    questionnaire_days: int | None = None
    stopped_at: dt.datetime | None = None

    @cached_property
    def newest(self) -> dict[str, dt.datetime]:
        """When each question was answered last, in the words that it has now."""
        since = {question.code: question.asked_since for question in self.questions if question.asked_since}
        newest = {code: answers[-1].at for code, answers in self.said.items()}
        return {code: at for code, at in newest.items() if code not in since or at >= since[code]}

    def is_new_since_history(self, question: Asked) -> bool:
        """Whether it came, or got other words, after the patient had told a history that still counts."""
        since, days = question.asked_since, self.questionnaire_days
        if since is None or days is None:
            return False
        oldest = self.now - dt.timedelta(days=days)
        return any(oldest <= answer.at < since for answers in self.said.values() for answer in answers)

    @cached_property
    def newest_told(self) -> dict[str, dt.datetime]:
        """The same without what the patient would rather tell the clinic: staff must ask it."""
        return {code: at for code, at in self.newest.items() if self.said[code][-1].value != questionnaire.PREFER_NOT}

    def with_answers(self, given: Mapping[str, tuple[object, str]], *, at: dt.datetime) -> "PatientFacts":
        """The same, with these answers (kept form and own words, by question) as the newest."""
        types = {question.code: question.answer_type for question in self.questions}
        answer = dict(self.said)
        for code, (stored, text) in given.items():
            answer[code] = (*answer.get(code, ()), Said(answer_value(types[code], stored), text, at))
        return replace(self, said=answer)

    def order_for(self, variant: Variant, on: dt.date) -> OrderProgress | None:
        """The prescribed therapy that a session on that day belongs to.

        One with sessions left before a spent one, then one whose written reason lifts the age limits.
        """
        fitting = [
            order for order in self.ordered if order.serves(variant) and order.item.prescription.valid_until >= on
        ]
        return max(fitting, key=lambda order: (order.left > 0, AGE_LIMIT in order.item.lifted), default=None)


# --- reading ----------------------------------------------------------------------------------------------------------


def patient_facts_of(
    patient: Patient, *, now: dt.datetime, ignoring: int | None = None, with_orders: bool = True
) -> PatientFacts:
    """Read everything; `ignoring` is a visit whose own sessions do not count (it is being moved).

    Without the orders where only answers matter: one query.
    """
    answers = on_file(patient)
    return PatientFacts(
        patient=patient,
        now=now,
        questions=answers.questions,
        said=answers.said,
        decided=answers.decided,
        suspended=answers.suspended,
        ordered=tuple(_ordered(patient, now, ignoring)) if with_orders and answers.has_prescriptions else (),
        consents=answers.consents,
        youngest=MINIMUM_AGE.in_rules(answers.rules),
        questionnaire_days=QUESTIONNAIRE_DAYS.in_rules(answers.rules),
        stopped_at=answers.stopped_at,
    )


def facts_for_variants(
    variants: Iterable[Variant], patient: Patient, *, now: dt.datetime, ignoring: int | None = None
) -> PatientFacts:
    """The same where one of these therapies asks for it; else only who the patient is, without a query."""
    if any(variant.therapy.needs != Needs.NOTHING for variant in variants):
        return patient_facts_of(patient, now=now, ignoring=ignoring)
    nothing: frozenset[str] = frozenset()
    return PatientFacts(patient, now, (), {}, (), suspended=nothing, ordered=(), consents=nothing)


def _ordered(patient: Patient, now: dt.datetime, ignoring: int | None) -> list[OrderProgress]:
    """Prescriptions hold by the date of the clinic that wrote them."""
    prescriptions = Prescription.objects.filter(patient__in=RecordsOf(patient)).in_force(
        (now - dt.timedelta(days=1)).date()
    )
    items = PrescriptionItem.objects.filter(prescription__in=prescriptions).order_by("prescription_id", "position")
    rows = items.select_related("variant__therapy", "prescription__clinic")
    current = [row for row in rows if row.prescription.valid_until >= row.prescription.clinic.today(now)]
    return orders_of(current, ignoring=ignoring)


# --- judging ----------------------------------------------------------------------------------------------------------


def profiled(variant: Variant) -> Profile:
    """The variant as it is judged; reads what speaks against its therapy, once, and no more of it than is judged."""
    return profiles_of([variant])[0]


def profiles_of(variants: Sequence[Variant]) -> list[Profile]:
    """The same of many: one query, however many."""
    against = Contraindication.objects.select_related("term").only("therapy", "variants", "level", "term__code")
    prefetch_related_objects(variants, Prefetch("therapy__contraindications", against.order_by()))
    return [profile_of(variant) for variant in variants]


def profiles_by_therapy(codes: Iterable[str]) -> dict[str, list[Profile]]:
    """The variants of these therapies (codes) as they are judged."""
    rows = profiles_of(list(Variant.objects.filter(therapy__code__in=set(codes)).select_related("therapy")))
    grouped: dict[str, list[Profile]] = {}
    for row in rows:
        grouped.setdefault(row.therapy, []).append(row)
    return grouped


def findings(patient_facts: PatientFacts, profile: Profile, *, on: dt.date, zone: ZoneInfo) -> list[Finding]:
    """What the patient's answers mean for this therapy on that day of the clinic, the strongest first."""
    rows = {
        question.code: answer
        for question in patient_facts.questions
        if (answer := counted_answer(patient_facts, question, profile, on, zone)) is not None
    }
    values = {code: answer.said.value for code, answer in rows.items()} | _known(patient_facts, profile, on)
    clearances = [
        Decision(answer.by.question, answer.by.value, answer.by.therapies, answer.by.until)
        for answer in rows.values()
        if answer.by
    ]
    clearances += _on_what_is_known(patient_facts, profile, on)
    return judge(profile, patient_facts.questions, values, clearances=clearances, now=patient_facts.now)


def open_findings(patient_facts: PatientFacts, profile: Profile, *, on: dt.date, zone: ZoneInfo) -> list[Finding]:
    """Those that no decision covers: the therapy is not given while there is one."""
    return [
        finding
        for finding in findings(patient_facts, profile, on=on, zone=zone)
        if finding.kind is not FindingKind.NOTE
    ]


def undecided_findings(patient_facts: PatientFacts, profile: Profile, *, on: dt.date, zone: ZoneInfo) -> list[Finding]:
    """The open ones that wait for a Vaidya: not the emergency of that day on which one has decided already."""
    questions = {question.code: question for question in patient_facts.questions}
    rows = open_findings(patient_facts, profile, on=on, zone=zone)
    answers = (counted_answer(patient_facts, questions[row.question], profile, on, zone) for row in rows)
    return [row for row, answer in zip(rows, answers, strict=True) if answer is None or not answer.decided]


def told_emergency(patient_facts: PatientFacts, *, on: dt.date, zone: ZoneInfo) -> bool:
    """Whether an answer of that day of the clinic sends to a hospital now, whatever was decided on it."""
    moment = Moment(patient_facts.now, on, zone)
    return any(
        acts_at_once(question, answer.value) and moment.day_of(answer.at) == on
        for question in patient_facts.questions
        for answer in patient_facts.said.get(question.code, ())
    )


def _known(patient_facts: PatientFacts, profile: Profile, on: dt.date) -> dict[str, Value]:
    """What nobody is asked, because the record knows it. That an examination came first is the order's matter.

    Not the age where a Vaidya's written reason on an order lifts the limits of this therapy.
    """
    if any(order.lifts_age(profile.therapy, profile.variant) for order in patient_facts.ordered):
        return {}
    age = _careful_age(patient_facts.patient, profile, on)
    return {question.code: age for question in patient_facts.questions if question.known_from == "birth_date"}


def _careful_age(patient: Patient, profile: Profile, on: dt.date) -> int:
    """The age that speaks most against this therapy, where an age was told and no date of birth."""
    ages = patient.ages(on)
    if profile.minimum_age is not None and ages.least < profile.minimum_age:
        return ages.least
    if profile.maximum_age is not None and ages.greatest > profile.maximum_age:
        return ages.greatest
    return patient.age(on)


def _on_what_is_known(patient_facts: PatientFacts, profile: Profile, on: dt.date) -> list[Decision]:
    known = _known(patient_facts, profile, on)
    return [
        Decision(row.question, row.value, row.therapies, row.until)
        for row in patient_facts.decided
        if row.allowed and row.question in known and not row.text
    ]


def counted_answer(
    patient_facts: PatientFacts, question: Asked, profile: Profile, on: dt.date, zone: ZoneInfo
) -> CountedAnswer | None:
    """The answer that counts for this therapy on that day of the clinic, and the decision that covers it."""
    moment = Moment(patient_facts.now, on, zone)
    answers = [each for each in patient_facts.said.get(question.code, ()) if each.value != questionnaire.PREFER_NOT]
    return counted(question, answers, patient_facts.decided, profile, moment)


def questions_due(
    patient_facts: PatientFacts, profiles: Sequence[Profile], *, stage: str, zone: ZoneInfo, staff: bool = False
) -> list[Asked]:
    """What must be asked now: the history that was never told, or too long ago; on the day also what is of that day.

    The history is asked whatever these therapies are; everything, where the catalogue does not say how long answers
    count. `staff`: also what staff answer, and what the patient would rather tell than write.
    """
    lasting = _stale(patient_facts, zone, staff=staff)
    if stage != questionnaire.DAY:
        return lasting
    today = patient_facts.now.astimezone(zone).date()
    questions, gender = patient_facts.questions, patient_facts.patient.gender
    todays = _at_any_age(
        patient_facts.patient,
        today,
        lambda age: questionnaire.asked_today(questions, profiles, gender=gender, age=age, staff=staff),
    )
    midnight = edge(today, 0, zone)
    since = max(midnight, patient_facts.stopped_at or midnight)
    fresh = questionnaire.due(todays, _answered(patient_facts, staff=staff), since=since)
    codes = {question.code for question in (*lasting, *fresh)}
    return [question for question in patient_facts.questions if question.code in codes]


def _at_any_age(patient: Patient, on: dt.date, ask: Callable[[int], list[Asked]]) -> list[Asked]:
    """What is asked at any age that the patient may have."""
    return list({question.code: question for age in {*patient.ages(on)} for question in ask(age)}.values())


def signs_due(patient_facts: PatientFacts, *, zone: ZoneInfo) -> list[Asked]:
    """Of the history that must be told now, the signs with which nobody should wait for a consultation."""
    return [question for question in _stale(patient_facts, zone) if question.urgency == EMERGENCY_NOW]


def _answered(patient_facts: PatientFacts, *, staff: bool) -> dict[str, dt.datetime]:
    return patient_facts.newest_told if staff else patient_facts.newest


def _stale(patient_facts: PatientFacts, zone: ZoneInfo, *, staff: bool = False) -> list[Asked]:
    """The history that was never told, or too long ago."""
    patient, days = patient_facts.patient, patient_facts.questionnaire_days
    lasting = _at_any_age(
        patient,
        patient_facts.now.astimezone(zone).date(),
        lambda age: questionnaire.history_of_body(patient_facts.questions, gender=patient.gender, age=age),
    )
    since = patient_facts.now - dt.timedelta(days=days or 0)
    answered = _answered(patient_facts, staff=staff) if days is not None else {}
    return questionnaire.due(lasting, answered, since=since)
