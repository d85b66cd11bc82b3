"""Every question of the shipped data, from the answer to the door.

Block, consult, allow, not sure, stale, cleared, worse than what was cleared, and the check of the day.

What must come out is read from the files of the catalogue a second time, by rules written apart from the code.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from bookings.actions import attendance
from bookings.actions import decisions as decision_actions
from bookings.actions import screening as screening_actions
from bookings.actions.decisions import AnswerDecision
from bookings.actions.screening import GivenAnswer, ScreeningOutcome
from bookings.errors import PolicyRefused
from bookings.facts.patient import PatientFacts, patient_facts_of, profiled, questions_due
from bookings.models import Booking, ScreeningState
from bookings.rules.session_verdicts import health_verdict, session_verdict
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.factories import NOW
from tests.shipped import CATALOGUE, load_shipped
from therapies import questionnaire
from therapies.models import Question, Variant
from therapies.profiles import asked_of

pytestmark = pytest.mark.django_db

QUESTIONS = {question.code: question for question in CATALOGUE.questions}
THERAPIES = {therapy.code: therapy for therapy in CATALOGUE.therapies.values() if therapy.kind == "procedure"}
STRENGTH = {"inform_crew": 1, "needs_consultation_first": 2, "block_massage": 3, "urgent_referral": 4}
OF_LEVEL = {"relative": 2, "defer": 3, "absolute": 3}
LASTING = "until_physician_clears"
AN_HOUR, A_DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TODAY = dt.date(2026, 3, 2)
AGE = 37
"""Of the patients here."""
LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""The name of a clinic has few digits."""


# --- what the data say, read a second time ----------------------------------------------------------------------------


def rule(code: str) -> Any:
    return QUESTIONS[code].rule


def is_meant_for(code: str, therapy: Any, variant: str) -> bool:
    named = {"all", therapy.code, *therapy.groups} & set(rule(code).applies_to)
    return bool(named) and (not rule(code).applies_to_variants or variant in rule(code).applies_to_variants)


def is_asked(code: str) -> bool:
    return not rule(code).known_from and not rule(code).replaced_by


def is_history(code: str) -> bool:
    """Asked of every body before or at the first visit, because the answer lasts."""
    lasts = rule(code).scope == LASTING or rule(code).lasts_days > 0
    return lasts and bool({"booking", "first_visit"} & {*rule(code).asked_when})


def is_asked_at(code: str, age: int) -> bool:
    spans = rule(code).asked_of_ages
    return not spans or any(low <= age <= high for low, high in spans)


def first_meant(code: str) -> tuple[str, str]:
    """A therapy and a variant that the question is meant for; for a meal one that asks for hours."""
    return next(
        (therapy.code, variant.code)
        for therapy in THERAPIES.values()
        for variant in therapy.variants
        if is_meant_for(code, therapy, variant.code) and (code != "td_last_meal" or therapy.hours_after_meal)
    )


def cases() -> list[tuple[str, str, str]]:
    """Each question that is asked, with a therapy it is meant for, and with each whose effect is overridden."""
    found = {(code, *first_meant(code)) for code in QUESTIONS if is_asked(code)}
    for code in filter(is_asked, QUESTIONS):
        found |= {(code, name, default_of(name)) for name in rule(code).effect_overrides if name in THERAPIES}
    return sorted(found)


def default_of(therapy: str) -> str:
    return next(variant.code for variant in THERAPIES[therapy].variants if variant.default)


def kind_of(code: str, therapy: str, variant: str) -> tuple[object, ...]:
    """All that the way from an answer to the door depends on: questions that are alike in it go the same way."""
    question = QUESTIONS[code]
    return (
        strength(code, therapy, variant),
        question.group == "red_flag",
        question.answer_type,
        question.urgency,
        repr(rule(code).trigger),
        *(rule(code).scope, tuple(rule(code).asked_when), rule(code).lasts_days, rule(code).asked_by),
    )


def of_each_kind(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """One question of each kind; `test_suitability` judges every question for every therapy."""
    return list({kind_of(*row): row for row in reversed(rows)}.values())[::-1]


def expected_door(count: int) -> tuple[bool, str]:
    """Whether a session may be added, and what the front desk sees, where an answer counts so strongly."""
    return count <= 2, ScreeningState.CLEAR if count <= 1 else ScreeningState.WAITING


def strength(code: str, therapy: str, variant: str) -> int:
    """The stronger of the question's effect for this therapy and of the levels of the same terms."""
    own = STRENGTH[rule(code).effect_overrides.get(therapy, QUESTIONS[code].effect)]
    against = THERAPIES[therapy].contraindications
    levels = [
        OF_LEVEL[against[term].level]
        for term in rule(code).terms
        if term in against and (not against[term].variants or variant in against[term].variants)
    ]
    return max([own, *levels])


def firing(code: str) -> Any:
    trigger = rule(code).trigger
    if trigger in ("yes", "no"):
        return trigger
    return {"any_text": "aspirin", "at_least": 9, "less_than_hours": NOW.isoformat()}[next(iter(dict(trigger)))]


def harmless(code: str) -> Any:
    trigger = rule(code).trigger
    if trigger in ("yes", "no"):
        return "no" if trigger == "yes" else "yes"
    return {"any_text": "", "at_least": 2, "less_than_hours": (NOW - 12 * AN_HOUR).isoformat()}[
        next(iter(dict(trigger)))
    ]


def milder(code: str) -> Any:
    """An answer that fires, or asks, and says less than `firing`; for words and moments another one."""
    trigger = rule(code).trigger
    if trigger in ("yes", "no"):
        return "unsure"
    kind = next(iter(dict(trigger)))
    return {"any_text": "a tea", "at_least": 8, "less_than_hours": (NOW - AN_HOUR).isoformat()}[kind]


def is_emergency(code: str) -> bool:
    return QUESTIONS[code].urgency == "emergency_now"


def after_a_clearance(code: str) -> tuple[bool, str]:
    """The door on the same day: an emergency keeps it closed, whatever was decided."""
    return (False, ScreeningState.WAITING) if is_emergency(code) else (True, ScreeningState.CLEAR)


ALL_CASES = cases()
CASES = of_each_kind(ALL_CASES)
OF_YES_OR_NO = [case for case in CASES if rule(case[0]).trigger in ("yes", "no")]
OF_A_DAY = [case for case in CASES if rule(case[0]).scope != LASTING]
FOR_GOOD = [case for case in CASES if rule(case[0]).scope == LASTING]
LATER = ((NOW + A_DAY, "every_session"), (NOW + 31 * A_DAY, "booking"))
"""When an answer is asked again: on another day, and after 30 days."""
each = pytest.mark.parametrize(("code", "therapy", "variant"), CASES)


# --- the house, once for all of them ----------------------------------------------------------------------------------


@dataclass
class House:
    clinic: Clinic
    vaidya: User
    variants: dict[tuple[str, str], Variant]
    questions: dict[str, Question]
    patients: dict[tuple[str, str], Patient]
    """By therapy and variant: who has an order for it, and to whom nothing else applies."""


@dataclass
class Case:
    """One question, asked of the patient of one treatment."""

    house: House
    patient: Patient
    variant: Variant
    code: str

    def tell(self, value: Any, *, at: dt.datetime = NOW, stage: str = "every_session") -> ScreeningOutcome:
        question = self.house.questions[self.code]
        return screening_actions.screen(
            patient=self.patient,
            clinic=self.house.clinic,
            stage=stage,
            given=[GivenAnswer(question, value)],
            shown=questionnaire.questions_version([asked_of(question)]),
            variants=[self.variant],
            by=None,
            now=at,
        )

    def clear(self, value: Any, *, at: dt.datetime = NOW) -> None:
        decision = AnswerDecision(
            question=self.house.questions[self.code],
            value=value,
            text="",
            therapies=(self.variant.therapy.code,),
            allowed=True,
            reason="examined by me",
            until=at + 30 * A_DAY,
            report_seen=True,
        )
        decision_actions.decide(
            patient=self.patient, decisions=[decision], clinic=self.house.clinic, by=self.house.vaidya, now=at
        )

    def patient_facts(self, at: dt.datetime = NOW) -> PatientFacts:
        return patient_facts_of(self.patient, now=at)

    def door(self, *, at: dt.datetime = NOW) -> tuple[bool, str]:
        """Whether a session of that day may be added, and what the front desk would see of it."""
        patient_facts, on, zone = (
            self.patient_facts(at),
            at.astimezone(self.house.clinic.zone).date(),
            self.house.clinic.zone,
        )
        verdict = session_verdict(self.variant, patient_facts, on=on, zone=zone)
        return verdict.refusal is None, verdict.health.screening

    def is_due(self, *, at: dt.datetime, stage: str) -> bool:
        staff = rule(self.code).asked_by == "staff"
        zone, profile = self.house.clinic.zone, profiled(self.variant)
        due = questions_due(self.patient_facts(at), [profile], stage=stage, zone=zone, staff=staff)
        return self.code in {question.code for question in due}

    def book_today(self) -> Booking:
        """A session of this afternoon with the patient checked in, the consents signed, and a day check."""
        item = self.patient_facts().ordered[0].item
        factories.make_consent(self.patient, self.house.clinic, by=self.house.vaidya)
        factories.make_consent(self.patient, self.house.clinic, by=self.house.vaidya, therapy=self.variant.therapy)
        visit = factories.make_visit(
            clinic=self.house.clinic,
            variant=self.variant,
            start=NOW + 3 * AN_HOUR,
            patient=self.patient,
            status="checked_in",
            item=item,
            screening="clear",
            day_checked_by=self.house.vaidya,
            day_checked_at=NOW,
        )
        booking = visit.bookings.get()
        factories.make_measurement(booking, by=self.house.vaidya, at=NOW)
        return booking

    def why_not_begin(self, booking: Booking) -> str:
        """What the action says to it; a beginning is rolled back."""
        before = transaction.savepoint()
        try:
            attendance.start(booking=booking, by=self.house.vaidya, now=NOW)
        except PolicyRefused as refused:
            return str(refused)
        finally:
            transaction.savepoint_rollback(before)
        return ""


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """The shipped catalogue and one clinic, loaded once around all tests; everything is rolled back at the end.

    The transaction is marked as a test's own, so that the actions' durable ones may run inside, as in any other test.
    """
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole._from_testcase = True  # type: ignore[attr-defined]
        with whole:
            load_shipped()
            clinic = factories.make_clinic(f"house-{uuid.uuid4().hex[:8].translate(LETTERS)}")
            rows = Variant.objects.select_related("therapy").prefetch_related("therapy__contraindications__term")
            variants = {(row.therapy.code, row.code): row for row in rows}
            vaidya = factories.make_member(clinic, "vaidya")
            patients = {
                (therapy, variant): make_well(clinic, variants[therapy, variant], by=vaidya)
                for therapy, variant in sorted({case[1:] for case in CASES})
            }
            questions = {row.code: row for row in Question.objects.all()}
            connection.check_constraints()  # once, and not again after each test
            yield House(clinic, vaidya, variants, questions, patients)
            transaction.set_rollback(True)


def make_well(clinic: Clinic, variant: Variant, *, by: User) -> Patient:
    """Somebody with an order for this treatment, to whom nothing applies."""
    patient = factories.make_patient(clinics=[clinic])
    factories.make_order(patient, variant, clinic=clinic, by=by)
    factories.tell_all_is_well(patient, clinic, at=NOW - AN_HOUR)
    return patient


@pytest.fixture
def case(house: House, code: str, therapy: str, variant: str) -> Case:
    return Case(house, house.patients[therapy, variant], house.variants[therapy, variant], code)


# --- the tests --------------------------------------------------------------------------------------------------------


def test_every_question_that_is_asked_is_tested() -> None:
    asked = {code for code in QUESTIONS if is_asked(code)}

    replaced = {code for code in QUESTIONS if rule(code).replaced_by}
    assert {code for code, _therapy, _variant in ALL_CASES} == asked
    assert {*QUESTIONS} - asked - replaced == {"bc_assessed", "gh_age", "td_recent_procedure"}
    assert {kind_of(*case) for case in CASES} == {kind_of(*case) for case in ALL_CASES}


@each
def test_firing_answer_blocks_or_waits_for_the_vaidya(case: Case, code: str, therapy: str, variant: str) -> None:
    outcome = case.tell(firing(code))

    expected = strength(code, therapy, variant)
    assert [(row.question, int(row.effect)) for row in outcome.findings] == [(code, expected)] * (expected > 1)
    assert case.door() == expected_door(expected)
    assert outcome.is_emergency is (QUESTIONS[code].urgency == "emergency_now")
    assert outcome.see_a_doctor is (expected == 4)


@each
def test_harmless_answer_lets_pass_and_goes_stale(case: Case, code: str, therapy: str, variant: str) -> None:
    outcome = case.tell(harmless(code))
    expected = {
        (NOW, "every_session"): False,
        LATER[0]: "every_session" in rule(code).asked_when,
        LATER[1]: is_history(code) and is_asked_at(code, AGE),
    }
    due = {(at, stage): case.is_due(at=at, stage=stage) for at, stage in ((NOW, "every_session"), *LATER)}

    assert outcome.findings == ()
    assert case.door() == (True, ScreeningState.CLEAR)
    assert due == expected


@pytest.mark.parametrize(("code", "therapy", "variant"), OF_YES_OR_NO)
def test_not_sure_waits_for_the_vaidya_and_counts_in_full_among_red_flags(
    case: Case, code: str, therapy: str, variant: str
) -> None:
    case.tell("unsure")

    full = strength(code, therapy, variant)
    assert case.door() == expected_door(full if QUESTIONS[code].group == "red_flag" else min(full, 2))


@pytest.mark.parametrize(("code", "therapy", "variant"), FOR_GOOD)
def test_lasting_sign_stays_open_when_stale_or_denied_later(case: Case, code: str, therapy: str, variant: str) -> None:
    case.tell(firing(code))
    case.tell(harmless(code), at=NOW + AN_HOUR)
    later = NOW + 40 * A_DAY
    factories.tell_all_is_well(case.patient, case.house.clinic, at=later)

    assert case.door(at=later) == expected_door(strength(code, therapy, variant))


@pytest.mark.parametrize(("code", "therapy", "variant"), OF_A_DAY)
def test_answer_about_today_counts_for_its_days_only(case: Case, code: str, therapy: str, variant: str) -> None:
    case.tell(firing(code))
    last = TODAY + rule(code).lasts_days * A_DAY

    def state(on: dt.date) -> str:
        return health_verdict(case.variant, case.patient_facts(), on=on, zone=case.house.clinic.zone).screening

    _may_add, seen = expected_door(strength(code, therapy, variant))
    assert (state(last), state(last + A_DAY)) == (seen, ScreeningState.CLEAR)


@pytest.mark.parametrize(("code", "therapy", "variant"), [case for case in CASES if strength(*case) > 1])
def test_cleared_answer_does_not_count_until_the_clearance_ends(
    case: Case, code: str, therapy: str, variant: str
) -> None:
    case.tell(firing(code))
    case.clear(firing(code))
    again = case.tell(firing(code), at=NOW + dt.timedelta(seconds=1))
    cleared, ended = case.door(at=NOW + AN_HOUR / 2), NOW + 30 * A_DAY
    case.tell(firing(code) if code != "td_last_meal" else ended.isoformat(), at=ended)

    assert [row.question for row in again.findings] == ([code] if is_emergency(code) else [])
    assert cleared == after_a_clearance(code)
    assert case.door(at=ended) == expected_door(strength(code, therapy, variant))


@each
def test_worse_or_other_than_what_was_cleared_counts(case: Case, code: str, therapy: str, variant: str) -> None:
    case.tell(milder(code))
    case.clear(milder(code))
    cleared = case.door()
    case.tell(firing(code), at=NOW + AN_HOUR / 2)

    assert cleared == after_a_clearance(code)
    assert case.door(at=NOW + AN_HOUR / 2) == expected_door(strength(code, therapy, variant))


@each
def test_on_the_day_no_session_begins_while_it_is_open(case: Case, code: str, therapy: str, variant: str) -> None:
    booking = case.book_today()
    may_begin = case.why_not_begin(booking)

    case.tell(firing(code))
    booking.refresh_from_db()
    waits = case.why_not_begin(booking)
    seen = booking.screening
    case.clear(firing(code))
    booking.refresh_from_db()

    _may_add, state = expected_door(strength(code, therapy, variant))
    words = "This is waiting for the Vaidya." if state == ScreeningState.WAITING else ""
    assert (may_begin, waits, seen) == ("", words, state)
    waits_still = ("This is waiting for the Vaidya.", ScreeningState.WAITING)
    begins = ("", ScreeningState.CLEAR)
    assert (case.why_not_begin(booking), booking.screening) == (waits_still if is_emergency(code) else begins)


def test_age_outside_the_limits_blocks_without_being_asked(house: House) -> None:
    limited = [
        (therapy, variant)
        for (code, _name), variant in house.variants.items()
        if (therapy := THERAPIES.get(code)) and therapy.age.minimum
    ]

    found = {}
    for therapy, variant in limited:
        born = dt.date(2026 - therapy.age.minimum, 3, 3)  # a day too young
        child = factories.make_patient(clinics=[house.clinic], birth_date=born)
        factories.make_order(child, variant, clinic=house.clinic, by=house.vaidya)
        factories.tell_all_is_well(child, house.clinic)
        found[therapy.code] = Case(house, child, variant, "gh_age").door()

    assert limited
    assert found == {therapy.code: (False, ScreeningState.WAITING) for therapy, _variant in limited}


def test_what_the_record_knows_is_never_asked(house: House) -> None:
    patient_facts = patient_facts_of(factories.make_patient(clinics=[house.clinic]), now=NOW)
    profiles = [profiled(variant) for variant in house.variants.values()]

    for stage in ("booking", "every_session"):
        due = questions_due(patient_facts, profiles, stage=stage, zone=house.clinic.zone, staff=True)
        assert {"bc_assessed", "gh_age", "td_recent_procedure"} & {question.code for question in due} == set()
