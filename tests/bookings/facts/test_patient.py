"""What is known of a patient, and what it means for a session: orders, answers with their age, decisions."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bookings.facts.patient import (
    PatientFacts,
    open_findings,
    patient_facts_of,
    profiled,
    questions_due,
)
from bookings.models import Clearance, PrescriptionEnd, ScreeningState, Status, Suspension
from bookings.rules.session_verdicts import health_verdict, session_verdict
from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.factories import NOW
from tests.shipped import load_shipped
from therapies import questionnaire
from therapies.models import Question, Variant

KOLKATA = ZoneInfo("Asia/Kolkata")
TODAY = dt.date(2026, 3, 2)
A_DAY = dt.timedelta(days=1)
AN_HOUR = dt.timedelta(hours=1)


@pytest.fixture
def kati_basti(clinic: Clinic) -> Variant:
    load_shipped()
    return Variant.objects.select_related("therapy").get(therapy__code="kati_basti")


def why_not(patient: Patient, variant: Variant, *, on: dt.date = TODAY, now: dt.datetime = NOW) -> str:
    refusal = session_verdict(variant, patient_facts_of(patient, now=now), on=on, zone=KOLKATA).refusal
    return refusal.words if refusal else ""


def asks(patient: Patient, variant: Variant, *, on: dt.date = TODAY, now: dt.datetime = NOW) -> list[str]:
    """The codes of what is open against the therapy on that day."""
    patient_facts = patient_facts_of(patient, now=now)
    return [finding.question for finding in open_findings(patient_facts, profiled(variant), on=on, zone=KOLKATA)]


def state(patient: Patient, variant: Variant, *, on: dt.date = TODAY, now: dt.datetime = NOW) -> str:
    return health_verdict(variant, patient_facts_of(patient, now=now), on=on, zone=KOLKATA).screening


def clear(patient: Patient, code: str, value: object, *, by: User, at: dt.datetime = NOW, text: str = "") -> None:
    Clearance.objects.create(
        patient=patient,
        question=Question.objects.get(code=code),
        value=value,
        text=text,
        therapies=["kati_basti"],
        allowed=True,
        reason="seen",
        until=at + 90 * A_DAY,
        by=by,
        at=at,
    )


# --- orders -----------------------------------------------------------------------------------------------------------


def test_session_without_an_order_is_refused(kati_basti: Variant, patient: Patient) -> None:
    assert why_not(patient, kati_basti).startswith(
        "A Vaidya must first examine the patient and prescribe this treatment."
    )


def test_session_of_an_order_is_allowed(kati_basti: Variant, patient: Patient, clinic: Clinic) -> None:
    factories.make_order(patient, kati_basti, clinic=clinic)

    assert why_not(patient, kati_basti) == ""


@pytest.mark.parametrize(("valid_until", "allowed"), [(TODAY, True), (TODAY - A_DAY, False)])
def test_order_holds_through_its_last_day(
    kati_basti: Variant, patient: Patient, clinic: Clinic, valid_until: dt.date, *, allowed: bool
) -> None:
    factories.make_order(patient, kati_basti, clinic=clinic, valid_until=valid_until)

    assert (why_not(patient, kati_basti) == "") == allowed


def test_order_that_is_not_signed_does_not_count(kati_basti: Variant, patient: Patient, clinic: Clinic) -> None:
    prescription = factories.make_prescription(patient, clinic, by=factories.make_user())
    prescription.items.create(variant=kati_basti, sessions=7)

    assert why_not(patient, kati_basti) != ""


def test_order_that_was_ended_does_not_count(
    kati_basti: Variant, patient: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    item = factories.make_order(patient, kati_basti, clinic=clinic)
    PrescriptionEnd.objects.create(prescription=item.prescription, by=vaidya_user, at=NOW, reason="changed")

    assert why_not(patient, kati_basti) != ""


def test_order_of_another_patient_does_not_count(kati_basti: Variant, patient: Patient, clinic: Clinic) -> None:
    factories.make_order(factories.make_patient("Leela", clinics=[clinic]), kati_basti, clinic=clinic)

    assert why_not(patient, kati_basti) != ""


def test_sessions_of_an_order_are_counted(kati_basti: Variant, patient: Patient, clinic: Clinic) -> None:
    item = factories.make_order(patient, kati_basti, clinic=clinic, sessions=1)
    visit = factories.make_visit(
        clinic=clinic, variant=kati_basti, start=NOW + 3 * A_DAY, patient=patient, item=item, status=Status.BOOKED
    )
    assert why_not(patient, kati_basti) == "All 1 prescribed sessions are booked."

    visit.bookings.update(status=Status.NO_SHOW)
    assert why_not(patient, kati_basti) == ""


def test_gap_between_sessions_is_kept(kati_basti: Variant, patient: Patient, clinic: Clinic) -> None:
    item = factories.make_order(patient, kati_basti, clinic=clinic, sessions=7, days_between=2)
    factories.make_visit(clinic=clinic, variant=kati_basti, start=NOW, patient=patient, item=item)

    assert why_not(patient, kati_basti, on=TODAY + A_DAY) == (
        "The next session of this course can be booked from Wednesday 4 March."
    )
    assert why_not(patient, kati_basti, on=TODAY + 2 * A_DAY) == ""


def test_course_by_a_schedule_goes_by_its_order(kati_basti: Variant, patient: Patient, clinic: Clinic) -> None:
    oil, decoction = (Variant.objects.get(therapy__code="basti", code=code) for code in ("anuvasana", "niruha"))
    item = factories.make_order(patient, decoction, clinic=clinic, sessions=8, schedule="yoga_basti")
    assert [bool(why_not(patient, variant)) for variant in (oil, decoction)] == [False, True]

    factories.make_visit(clinic=clinic, variant=oil, start=NOW, patient=patient, item=item)
    tomorrow = [bool(why_not(patient, variant, on=TODAY + A_DAY)) for variant in (oil, decoction)]
    assert tomorrow == [True, False]


def test_suspension_closes_its_family_and_nothing_else(
    kati_basti: Variant, patient: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    swedana = Variant.objects.get(therapy__code="swedana")
    consultation = Variant.objects.get(therapy__code="consultation_first")
    for variant in (kati_basti, swedana):
        factories.make_order(patient, variant, clinic=clinic)
    row = Suspension.objects.create(
        patient=patient, clinic=clinic, therapies=["bahya_basti_family"], sign="st_burn", by=vaidya_user, at=NOW
    )
    closed = [bool(why_not(patient, variant)) for variant in (kati_basti, swedana, consultation)]
    assert closed == [True, False, False]

    row.lifted_at, row.lifted_by, row.lift_reason = NOW, vaidya_user, "healed"
    row.save()
    assert why_not(patient, kati_basti) == ""


# --- answers ----------------------------------------------------------------------------------------------------------


def test_answer_that_stops_refuses_the_session_and_never_a_consultation(
    kati_basti: Variant, patient: Patient, clinic: Clinic
) -> None:
    factories.make_order(patient, kati_basti, clinic=clinic)
    factories.tell(patient, clinic, bc_numbness="yes")

    assert why_not(patient, kati_basti) == (
        "Because of your answers, a Vaidya must see you first. Please book a consultation."
    )
    assert why_not(patient, Variant.objects.get(therapy__code="consultation_first")) == ""


def test_answer_that_asks_for_a_vaidya_lets_the_session_wait(
    kati_basti: Variant, patient: Patient, clinic: Clinic
) -> None:
    factories.make_order(patient, kati_basti, clinic=clinic)
    factories.tell_all_is_well(patient, clinic)
    factories.tell(patient, clinic, at=NOW + dt.timedelta(minutes=1), gh_heart="yes")

    assert why_not(patient, kati_basti) == ""
    assert state(patient, kati_basti) == ScreeningState.WAITING


def test_sign_that_was_told_stays_open_when_denied_later(kati_basti: Variant, patient: Patient, clinic: Clinic) -> None:
    factories.tell(patient, clinic, bc_numbness="yes")
    factories.tell(patient, clinic, at=NOW + A_DAY, bc_numbness="no")

    assert asks(patient, kati_basti, on=TODAY + A_DAY, now=NOW + A_DAY) == ["bc_numbness"]


def test_cleared_answer_is_not_open_and_a_worse_one_is(
    kati_basti: Variant, patient: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    factories.tell(patient, clinic, at=NOW - A_DAY, gh_heart="unsure")
    clear(patient, "gh_heart", "unsure", by=vaidya_user)
    assert asks(patient, kati_basti) == []

    factories.tell(patient, clinic, at=NOW + A_DAY, gh_heart="yes")
    assert asks(patient, kati_basti, now=NOW + A_DAY) == ["gh_heart"]


def test_decision_for_one_therapy_leaves_the_others_open(
    kati_basti: Variant, patient: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    factories.tell(patient, clinic, at=NOW - A_DAY, gh_heart="yes")
    clear(patient, "gh_heart", "yes", by=vaidya_user)

    assert asks(patient, kati_basti) == []
    assert asks(patient, Variant.objects.get(therapy__code="swedana")) == ["gh_heart"]


def test_decision_on_other_words_does_not_cover_these(
    kati_basti: Variant, patient: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    factories.tell(patient, clinic, at=NOW - A_DAY, gh_allergy="yes").answers  # noqa: B018 - the words come apart
    clear(patient, "gh_allergy", "yes", by=vaidya_user, text="milk")

    assert asks(patient, kati_basti) == ["gh_allergy"]


@pytest.mark.parametrize(("days", "counts"), [(0, True), (2, True), (3, False)])
def test_fever_counts_for_three_days(
    kati_basti: Variant, patient: Patient, clinic: Clinic, days: int, *, counts: bool
) -> None:
    factories.tell(patient, clinic, td_fever_now="yes")

    assert bool(asks(patient, kati_basti, on=TODAY + days * A_DAY)) == counts


def test_fever_of_the_last_days_asks_and_closes_nothing(kati_basti: Variant, patient: Patient, clinic: Clinic) -> None:
    factories.make_order(patient, kati_basti, clinic=clinic)
    factories.tell_all_is_well(patient, clinic)
    factories.tell(patient, clinic, at=NOW + dt.timedelta(minutes=1), td_fever_lately="yes")

    assert (why_not(patient, kati_basti), state(patient, kati_basti)) == ("", ScreeningState.WAITING)


def test_questions_of_the_day_are_asked_again_after_a_stop(
    kati_basti: Variant, patient: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - AN_HOUR)
    assert due(patient_facts_of(patient, now=NOW), kati_basti, questionnaire.DAY) == []
    pause = Suspension.objects.create(
        patient=patient, clinic=clinic, therapies=["all"], sign="st_pain_down_leg", by=vaidya_user, at=NOW - AN_HOUR / 2
    )

    again = due(patient_facts_of(patient, now=NOW), kati_basti, questionnaire.DAY)

    assert {"td_stomach", "td_last_meal"} <= set(again)
    assert due(patient_facts_of(patient, now=NOW), kati_basti, questionnaire.BOOKING) == []
    Suspension.objects.filter(pk=pause.pk).update(mistaken=True)
    assert due(patient_facts_of(patient, now=NOW), kati_basti, questionnaire.DAY) == []


def test_alcohol_counts_for_its_day_only(kati_basti: Variant, patient: Patient, clinic: Clinic) -> None:
    factories.tell(patient, clinic, td_alcohol="yes")

    assert [asks(patient, kati_basti, on=TODAY + days * A_DAY) for days in (0, 1)] == [["td_alcohol"], []]


# --- what is asked ----------------------------------------------------------------------------------------------------


def due(patient_facts: PatientFacts, variant: Variant, stage: str) -> list[str]:
    return [question.code for question in questions_due(patient_facts, [profiled(variant)], stage=stage, zone=KOLKATA)]


def test_what_the_record_knows_is_not_asked(kati_basti: Variant, patient: Patient) -> None:
    wanted = due(patient_facts_of(patient, now=NOW), kati_basti, questionnaire.BOOKING)

    assert {"gh_age", "bc_assessed", "td_recent_procedure"} & set(wanted) == set()
    assert {"rf_saddle_numbness", "bc_numbness", "gh_pregnancy", "td_prone"} <= set(wanted)


def test_men_are_not_asked_about_pregnancy(kati_basti: Variant, clinic: Clinic) -> None:
    man = factories.make_patient("Rajesh", clinics=[clinic], gender="Man ")

    assert "gh_pregnancy" not in due(patient_facts_of(man, now=NOW), kati_basti, questionnaire.BOOKING)


def test_answers_count_for_thirty_days(kati_basti: Variant, patient: Patient, clinic: Clinic) -> None:
    factories.tell_all_is_well(patient, clinic)

    after = [due(patient_facts_of(patient, now=NOW + days * A_DAY), kati_basti, "booking") for days in (30, 31)]

    assert after[0] == []
    assert "rf_saddle_numbness" in after[1]


def test_questions_of_the_day_are_asked_each_day(kati_basti: Variant, patient: Patient, clinic: Clinic) -> None:
    factories.tell_all_is_well(patient, clinic)
    assert due(patient_facts_of(patient, now=NOW), kati_basti, questionnaire.DAY) == []

    tomorrow = due(patient_facts_of(patient, now=NOW + A_DAY), kati_basti, questionnaire.DAY)
    assert {"rf_saddle_numbness", "td_last_meal", "td_pain_score"} <= set(tomorrow)
    assert "gh_heart" not in tomorrow


@pytest.mark.parametrize("code", ["gh_pregnancy", "io_breathless"])
def test_what_somebody_would_rather_tell_the_clinic_is_due_for_staff_and_never_a_no(
    kati_basti: Variant, patient: Patient, clinic: Clinic, code: str
) -> None:
    factories.tell_all_is_well(patient, clinic)
    factories.tell(patient, clinic, at=NOW + dt.timedelta(minutes=1), **{code: "prefer_not"})
    later = patient_facts_of(patient, now=NOW + dt.timedelta(minutes=2))

    by_patient, by_staff = (
        [
            row.code
            for row in questions_due(later, [profiled(kati_basti)], stage="every_session", zone=KOLKATA, staff=staff)
        ]
        for staff in (False, True)
    )
    health = health_verdict(kati_basti, later, on=TODAY, zone=KOLKATA)
    assert (by_patient, by_staff) == ([], [code])
    assert (health.findings, health.screening) == ((), ScreeningState.DUE)


def test_what_was_told_before_stays_when_somebody_would_rather_tell_the_clinic(
    kati_basti: Variant, patient: Patient, clinic: Clinic
) -> None:
    factories.tell(patient, clinic, gh_pregnancy="yes")
    before = asks(patient, kati_basti)
    factories.tell(patient, clinic, at=NOW + dt.timedelta(minutes=1), gh_pregnancy="prefer_not")

    assert (before, asks(patient, kati_basti)) == (["gh_pregnancy"], ["gh_pregnancy"])


def test_in_person_the_answer_settles_what_was_kept_for_the_clinic(
    kati_basti: Variant, patient: Patient, clinic: Clinic
) -> None:
    factories.tell_all_is_well(patient, clinic)
    factories.tell(patient, clinic, at=NOW + dt.timedelta(minutes=1), gh_pregnancy="prefer_not")
    factories.tell(patient, clinic, at=NOW + dt.timedelta(minutes=2), gh_pregnancy="no")
    later = patient_facts_of(patient, now=NOW + dt.timedelta(minutes=3))

    assert health_verdict(kati_basti, later, on=TODAY, zone=KOLKATA).screening == ScreeningState.CLEAR


def test_reading_takes_three_queries_whatever_the_history(
    kati_basti: Variant, patient: Patient, clinic: Clinic, django_assert_num_queries: object
) -> None:
    factories.make_order(patient, kati_basti, clinic=clinic)
    for days in range(3):
        factories.tell_all_is_well(patient, clinic, at=NOW - days * A_DAY)

    with django_assert_num_queries(3):  # type: ignore[operator]
        patient_facts_of(patient, now=NOW)


def test_search_leaves_out_the_days_that_the_order_closes_and_says_why(
    clinic: Clinic, patient: Patient, owner: User
) -> None:
    factories.make_room(clinic)
    abhyanga = factories.make_abhyanga()
    for _number in range(2):
        factories.make_qualification(factories.make_practitioner(clinic, roles=["therapist"]), abhyanga.therapy)
    until = TODAY + 3 * A_DAY
    item = factories.make_order(patient, abhyanga, clinic=clinic, sessions=3, days_between=2, valid_until=until)
    factories.make_visit(clinic=clinic, variant=abhyanga, start=NOW + A_DAY, patient=patient, item=item)
    slot_request = SlotRequest(clinic, (abhyanga,), "female", None, patient.pk, items=(item,))

    days = starts(slot_request, first=TODAY, last=TODAY + 4 * A_DAY, now=NOW - A_DAY)

    assert [bool(day.starts) for day in days] == [False, False, False, True, False]
    assert days[2].why == "The next session of this course can be booked from Thursday 5 March."
    assert days[4].why == "The prescription is valid until 5 March."
