"""Answers are kept and judged, a Vaidya decides, and every session to come is looked at anew."""

import datetime as dt
import uuid
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pghistory
import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from bookings.actions import (
    approval,
    attendance,
    changes,
    confirmation,
    holds,
    signing,
)
from bookings.actions import decisions as decision_actions
from bookings.actions import (
    screening as screening_actions,
)
from bookings.actions.consents import Signature, give_consent
from bookings.actions.decisions import AnswerDecision
from bookings.actions.screening import GivenAnswer, QuestionsChanged
from bookings.errors import PolicyRefused
from bookings.facts.patient import patient_facts_of
from bookings.models import (
    Answer,
    Booking,
    Clearance,
    Message,
    PrescriptionItem,
    ScreeningState,
    Status,
    Suspension,
    Visit,
)
from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings import clinical
from tests.factories import NOW
from tests.owner import as_owner
from tests.shipped import load_shipped
from therapies import questionnaire
from therapies.models import Practitioner, Question, Therapy, Variant

pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY = dt.datetime(2026, 3, 3, 4, 30, tzinfo=dt.UTC)
QUERIES_OF_ANSWERS = 17


@pytest.fixture
def kati_basti(clinic: Clinic) -> Variant:
    """The shipped therapy, and the people and room that it takes."""
    load_shipped()
    factories.make_room(clinic)
    serving = [("therapist", "female"), ("attendant", "female"), ("vaidya", "male")]
    for role, gender in serving:
        person = factories.make_practitioner(clinic, roles=[role], gender=gender)
        _qualify(person)
    return Variant.objects.select_related("therapy").prefetch_related("steps__crews").get(therapy__code="kati_basti")


def _qualify(person: Practitioner) -> None:
    factories.make_qualification(person, Therapy.objects.get(code="kati_basti"))


@pytest.fixture
def ordered(kati_basti: Variant, patient: Patient, clinic: Clinic) -> Variant:
    factories.make_order(patient, kati_basti, clinic=clinic, sessions=7)
    return kati_basti


def book(
    patient: Patient, variant: Variant, clinic: Clinic, by: User, *, start: dt.datetime = TUESDAY, desk: bool = False
) -> Visit:
    slot_request = SlotRequest(clinic, (variant,), patient.accepts_therapist, None, patient.pk)
    said = {"holder": "browser", "by": by, "now": NOW, "desk": desk}
    visit = holds.hold(slot_request=slot_request, start=start, key=uuid.uuid4(), **said)
    return confirmation.book(visit=visit, patient=patient, key=uuid.uuid4(), **said)


def answer(
    patient: Patient, clinic: Clinic, variant: Variant, *, at: dt.datetime = NOW, **values: str
) -> screening_actions.ScreeningOutcome:
    """These answers, through the action."""
    questions = {question.code: question for question in Question.objects.filter(code__in=values)}
    asked = [question for question in patient_facts_of(patient, now=at).questions if question.code in values]
    given = [GivenAnswer(questions[code], value) for code, value in values.items()]
    return screening_actions.screen(
        patient=patient,
        clinic=clinic,
        stage="booking",
        given=given,
        shown=questionnaire.questions_version(asked),
        variants=[variant],
        by=None,
        now=at,
    )


def decide(
    patient: Patient, by: User, *, allowed: bool, code: str = "gh_heart", now: dt.datetime = NOW, **more: Any
) -> None:
    usual: dict[str, Any] = {"value": "yes", "text": "", "therapies": ("kati_basti",), "reason": "examined by me"}
    said = usual | {"until": NOW + dt.timedelta(days=30)} | more
    decision = AnswerDecision(question=Question.objects.get(code=code), allowed=allowed, **said)
    clinic = patient.clinics.first() or factories.make_clinic("deciding")
    decision_actions.decide(patient=patient, decisions=[decision], clinic=clinic, by=by, now=now)


def only(visit: Visit) -> Booking:
    return visit.bookings.get()


def test_session_is_booked_when_ordered_and_nothing_speaks_against_it(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User
) -> None:
    factories.tell_all_is_well(patient, clinic)

    booking = only(book(patient, ordered, clinic, owner))

    assert (booking.status, booking.screening) == (Status.BOOKED, ScreeningState.CLEAR)
    assert booking.item is not None
    assert booking.item.sessions == 7


def test_session_without_an_order_is_refused_at_every_door(
    kati_basti: Variant, patient: Patient, clinic: Clinic, owner: User
) -> None:
    for desk in (False, True):
        with pytest.raises(PolicyRefused, match="prescribe this treatment"):
            book(patient, kati_basti, clinic, owner, desk=desk)


def test_patient_answers_before_booking_and_the_desk_may_book_before(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User
) -> None:
    with pytest.raises(PolicyRefused, match="answer the health questions first"):
        book(patient, ordered, clinic, owner)

    booking = only(book(patient, ordered, clinic, owner, desk=True))
    assert (booking.status, booking.screening) == (Status.BOOKED, ScreeningState.DUE)


def test_session_that_waits_for_a_vaidya_is_a_request_until_its_limit(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User
) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    answer(patient, clinic, ordered, gh_heart="yes")

    booking = only(book(patient, ordered, clinic, owner))

    assert (booking.status, booking.screening) == (Status.REQUESTED, ScreeningState.WAITING)
    assert booking.expires_at is not None
    assert NOW < booking.expires_at <= NOW + dt.timedelta(hours=24)


def test_sign_that_sends_to_a_doctor_is_cleared_only_after_a_report(
    ordered: Variant, patient: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    answer(patient, clinic, ordered, rf_saddle_numbness="yes")

    with pytest.raises(PolicyRefused, match="only after a medical report has been reviewed"):
        decide(patient, vaidya_user, allowed=True, code="rf_saddle_numbness")
    assert not Clearance.objects.exists()
    decide(patient, vaidya_user, allowed=False, code="rf_saddle_numbness", report_seen=True)
    decide(patient, vaidya_user, allowed=True, code="rf_saddle_numbness", report_seen=True)

    assert list(Clearance.objects.values_list("allowed", "report_seen")) == [(False, False), (True, True)]


@pytest.mark.parametrize(("code", "needs"), [("gh_clot", False), ("rf_saddle_numbness", True)])
def test_not_sure_needs_a_report_only_of_a_red_flag(
    patient: Patient, clinic: Clinic, ordered: Variant, vaidya_user: User, code: str, needs: bool
) -> None:
    answer(patient, clinic, ordered, **{code: "unsure"})

    with pytest.raises(PolicyRefused, match="medical report") if needs else nullcontext():
        decide(patient, vaidya_user, allowed=True, code=code, value="unsure")

    assert Clearance.objects.exists() is not needs


def test_decision_that_allows_books_what_waited(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User, vaidya_user: User
) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    answer(patient, clinic, ordered, gh_heart="yes")
    visit = book(patient, ordered, clinic, owner)

    decide(patient, vaidya_user, allowed=True)

    booking = only(visit)
    assert (booking.status, booking.screening, booking.expires_at) == (Status.BOOKED, ScreeningState.CLEAR, None)
    assert list(visit.history.values_list("verb", flat=True))[-2:] == ["screening", "accept"]


def test_decision_that_blocks_ends_the_session_and_frees_its_time(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User, vaidya_user: User
) -> None:
    visit = book(patient, ordered, clinic, owner, desk=True)
    answer(patient, clinic, ordered, gh_heart="yes")

    decide(patient, vaidya_user, allowed=False, booking=only(visit))

    booking = only(visit)
    assert (booking.status, booking.reason) == (Status.BLOCKED, "screening")
    assert booking.occupancies.count() == 0


def test_decision_without_a_reason_is_refused(patient: Patient, kati_basti: Variant, vaidya_user: User) -> None:
    with pytest.raises(PolicyRefused, match="give a reason"):
        decide(patient, vaidya_user, allowed=True, reason=" ")


def test_answer_later_makes_a_booked_session_wait(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User
) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    visit = book(patient, ordered, clinic, owner)

    answer(patient, clinic, ordered, bc_numbness="yes")

    assert (only(visit).status, only(visit).screening) == (Status.BOOKED, ScreeningState.WAITING)


def test_emergency_sign_puts_the_patient_on_the_list_of_calls(
    ordered: Variant, patient: Patient, clinic: Clinic
) -> None:
    outcome = answer(patient, clinic, ordered, rf_saddle_numbness="yes")

    assert outcome.is_emergency
    assert Message.objects.get(kind="call_back").whom == patient


def test_emergency_acts_each_time_although_it_was_cleared(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User, vaidya_user: User
) -> None:
    """Chest pain, cleared with a report; the next day no; on day 20 yes: the desk calls, and nothing is booked."""
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    days = [NOW + number * dt.timedelta(days=1) for number in (0, 1, 20)]
    told = [answer(patient, clinic, ordered, at=days[0], rf_chest_pain="yes")]
    decide(patient, vaidya_user, allowed=True, code="rf_chest_pain", report_seen=True)
    told += [answer(patient, clinic, ordered, at=days[0], rf_chest_pain="yes")]
    calls = Message.objects.filter(kind="call_back")
    calls.update(state="sent", sent_at=NOW)
    told += [
        answer(patient, clinic, ordered, at=at, rf_chest_pain=value)
        for at, value in zip(days[1:], ["no", "yes"], strict=True)
    ]

    assert [outcome.is_emergency for outcome in told] == [True, True, False, True]
    assert calls.filter(state="due").count() == 1
    with pytest.raises(PolicyRefused, match="a Vaidya must see you first"):
        book(patient, ordered, clinic, owner, start=days[2] + dt.timedelta(days=1))


def test_questions_that_changed_meanwhile_are_shown_again_and_nothing_is_kept(
    ordered: Variant, patient: Patient, clinic: Clinic
) -> None:
    given = [GivenAnswer(Question.objects.get(code="gh_heart"), "no")]

    with pytest.raises(QuestionsChanged):
        screening_actions.screen(
            patient=patient,
            clinic=clinic,
            stage="booking",
            given=given,
            shown="another",
            variants=[ordered],
            by=None,
            now=NOW,
        )

    assert Answer.objects.count() == 0


def test_findings_are_kept_as_they_were(ordered: Variant, patient: Patient, clinic: Clinic) -> None:
    outcome = answer(patient, clinic, ordered, gh_heart="yes")
    Question.objects.filter(code="gh_heart").update(effect="block_massage")

    outcome.screening.refresh_from_db()
    assert [(row["question"], row["effect"]) for row in outcome.screening.findings] == [("gh_heart", "consult")]
    with pytest.raises(DatabaseError, match="Cannot update"), as_owner():
        type(outcome.screening).objects.update(findings=[])


def test_session_begins_only_with_consent_and_todays_answers(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User, front_desk: User, vaidya_user: User
) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    visit = book(patient, ordered, clinic, owner)
    attendance.check_in(visit=visit, by=front_desk, now=TUESDAY)
    assert only(visit).screening == ScreeningState.DUE

    def begin() -> None:
        attendance.start(booking=only(visit), by=vaidya_user, now=TUESDAY)

    with pytest.raises(PolicyRefused, match="questions for this day"):
        begin()
    answer_today(patient, clinic, ordered)
    assert only(visit).screening == ScreeningState.CLEAR
    with pytest.raises(PolicyRefused, match="consent"):
        begin()
    factories.make_consent(patient, clinic)
    with pytest.raises(PolicyRefused, match="measure: pulse, blood pressure"):
        begin()
    factories.make_measurement(only(visit), by=front_desk, at=TUESDAY)
    begin()
    assert only(visit).status == Status.IN_PROGRESS


def test_child_below_the_age_is_treated_only_with_the_limit_lifted_in_writing_and_a_guardian_s_consent(
    kati_basti: Variant, clinic: Clinic, owner: User, front_desk: User, vaidya_user: User
) -> None:
    twin, child = (
        factories.make_patient(name, clinics=[clinic], birth_date=dt.date(2014, 3, 3)) for name in ("Manu", "Anu")
    )
    for each, lifted in ((twin, {}), (child, {"age_limit": "Strong for his age"})):
        factories.make_access(owner, each)
        factories.tell_all_is_well(each, clinic, at=NOW - dt.timedelta(hours=1))
        factories.make_order(each, kati_basti, clinic=clinic, sessions=7, lifted_limits=lifted)
    consent = {"patient": child, "clinic": clinic, "therapy": None, "text_version": "1", "language": "en"}
    consent |= {"explained_by": vaidya_user, "by": vaidya_user, "now": TUESDAY}
    alone = Signature(how="screen", name="Anu")

    with pytest.raises(PolicyRefused, match="aged 16 or over"):
        book(twin, kati_basti, clinic, owner)
    visit = book(child, kati_basti, clinic, owner)
    attendance.check_in(visit=visit, by=front_desk, now=TUESDAY)
    answer_today(child, clinic, kati_basti)
    factories.make_measurement(only(visit), by=front_desk, at=TUESDAY)
    with pytest.raises(PolicyRefused, match="has not signed the consent form"):
        attendance.start(booking=only(visit), by=vaidya_user, now=TUESDAY)
    with pytest.raises(PolicyRefused, match="A guardian must consent"):
        give_consent(signature=alone, **consent)
    give_consent(signature=replace(alone, guardian="Lakshmi Nair", guardian_relation="mother"), **consent)

    attendance.start(booking=only(visit), by=vaidya_user, now=TUESDAY)

    assert only(visit).status == Status.IN_PROGRESS


def answer_today(patient: Patient, clinic: Clinic, variant: Variant) -> None:
    """All is well on Tuesday; the last of the answers goes through the action."""
    factories.tell_all_is_well(patient, clinic, at=TUESDAY)
    answer(patient, clinic, variant, at=TUESDAY, td_stomach="no")


def test_suspension_keeps_the_time_and_stops_the_beginning(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User, vaidya_user: User
) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    factories.make_consent(patient, clinic)
    visit = book(patient, ordered, clinic, owner)
    row = Suspension.objects.create(
        patient=patient, clinic=clinic, therapies=["bahya_basti_family"], sign="st_burn", by=vaidya_user, at=NOW
    )
    assert only(visit).status == Status.BOOKED
    with pytest.raises(PolicyRefused, match="paused"):
        book(patient, ordered, clinic, owner, start=TUESDAY + dt.timedelta(days=1))

    attendance.check_in(visit=visit, by=vaidya_user, now=TUESDAY)
    answer_today(patient, clinic, ordered)
    with pytest.raises(PolicyRefused, match="paused"):
        attendance.start(booking=only(visit), by=vaidya_user, now=TUESDAY)

    factories.make_measurement(only(visit), by=vaidya_user, at=TUESDAY)
    factories.make_assessment(patient, clinic, by=vaidya_user, signed_at=TUESDAY)
    screening_actions.lift(suspension=row, reason="healed again", by=vaidya_user, now=TUESDAY)
    attendance.start(booking=only(visit), by=vaidya_user, now=TUESDAY)
    with pytest.raises(PolicyRefused, match="already been lifted"):
        screening_actions.lift(suspension=row, reason="healed again", by=vaidya_user, now=TUESDAY)


def test_request_that_nobody_answered_lapses_and_frees_its_time(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User
) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    answer(patient, clinic, ordered, gh_heart="yes")
    visit = book(patient, ordered, clinic, owner)
    late = only(visit).expires_at
    assert late is not None
    assert approval.lapsed_requests(late - dt.timedelta(seconds=1)) == []

    assert approval.lapsed_requests(late) == [visit]
    assert approval.lapse(visit=visit, now=late)

    assert only(visit).status == Status.EXPIRED
    assert Message.objects.filter(visit=visit, kind="expired", state="due").count() == 1
    assert starts(SlotRequest(clinic, (ordered,), "female"), first=TUESDAY.date(), last=TUESDAY.date(), now=late)[
        0
    ].starts


@pytest.mark.parametrize("accepted", [True, False])
def test_request_to_the_clinic_is_accepted_or_declined(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User, front_desk: User, *, accepted: bool
) -> None:
    Therapy.objects.filter(code="kati_basti").update(booking_mode="request")
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    visit = book(patient, ordered, clinic, owner)
    assert only(visit).status == Status.REQUESTED

    act = approval.accept if accepted else approval.decline
    act(visit=visit, by=front_desk, now=NOW)

    assert only(visit).status == (Status.BOOKED if accepted else Status.CANCELLED)
    with pytest.raises(PolicyRefused, match="already ended"):
        act(visit=visit, by=front_desk, now=NOW)


def test_yes_on_the_morning_of_the_day_books_and_leaves_the_questions_of_the_day_due(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User, vaidya_user: User
) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    answer(patient, clinic, ordered, gh_heart="yes")
    visit = book(patient, ordered, clinic, owner, start=TUESDAY + dt.timedelta(hours=4))
    morning = TUESDAY - dt.timedelta(hours=1)

    with pghistory.context(user=vaidya_user.pk):  # as every page of the house
        decide(patient, vaidya_user, allowed=True, now=morning)

    booking = only(visit)
    assert (booking.status, booking.screening, booking.expires_at) == (Status.BOOKED, ScreeningState.DUE, None)


def test_signature_that_clears_the_answer_books_what_waited(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User, vaidya_user: User
) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    answer(patient, clinic, ordered, gh_heart="yes")
    visit = book(patient, ordered, clinic, owner)
    examination = clinical.make_assessment(patient, clinic, vaidya_user, signed=False)
    question = Question.objects.get(code="gh_heart")

    signing.sign(
        assessment=examination,
        prescription=None,
        by=vaidya_user,
        now=NOW,
        clearing=[signing.Cleared(question.pk, "yes", "", ("kati_basti",), "Well controlled")],
    )

    assert (only(visit).status, only(visit).screening) == (Status.BOOKED, ScreeningState.CLEAR)


def test_yes_of_the_vaidya_after_the_limit_books_what_nothing_has_ended(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User, vaidya_user: User
) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    answer(patient, clinic, ordered, gh_heart="yes")
    visit = book(patient, ordered, clinic, owner)
    late = only(visit).expires_at
    assert late

    decide(patient, vaidya_user, allowed=True, now=late)

    assert (only(visit).status, only(visit).occupancies.exists()) == (Status.BOOKED, True)
    assert not approval.lapse(visit=visit, now=late)


@pytest.mark.parametrize("ahead", [1, 4])
def test_answers_take_as_many_queries_whatever_the_number_of_sessions_ahead(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User, ahead: int
) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    for day in range(ahead):
        book(patient, ordered, clinic, owner, start=TUESDAY + dt.timedelta(days=day))

    with CaptureQueriesContext(connection) as asked:
        answer(patient, clinic, ordered, gh_heart="yes")

    assert set(Booking.objects.values_list("screening", flat=True)) == {ScreeningState.WAITING}
    assert len(asked) == QUERIES_OF_ANSWERS


def test_moved_session_keeps_to_its_order(ordered: Variant, patient: Patient, clinic: Clinic, owner: User) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    visit = book(patient, ordered, clinic, owner)
    late = dt.datetime(2026, 6, 2, 4, 30, tzinfo=dt.UTC)

    with pytest.raises(PolicyRefused, match="prescribe this treatment"):
        changes.move(
            visit=visit, start=late, by=owner, now=NOW, key=uuid.uuid4(), version=only(visit).version, desk=True
        )


def test_held_session_does_not_count_against_its_own_order(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User
) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=1))
    item = PrescriptionItem.objects.get()
    slot_request = SlotRequest(clinic, (ordered,), "female", None, patient.pk, items=(item,))
    said = {"holder": "browser", "by": owner, "now": NOW}

    visit = holds.hold(slot_request=slot_request, start=TUESDAY, key=uuid.uuid4(), **said)  # type: ignore[arg-type]
    confirmation.book(visit=visit, patient=patient, key=uuid.uuid4(), **said)  # type: ignore[arg-type]

    assert (only(visit).status, only(visit).item) == (Status.BOOKED, item)


def test_session_of_today_is_booked_before_the_questions_of_the_day(
    ordered: Variant, patient: Patient, clinic: Clinic, owner: User
) -> None:
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(days=1))

    booking = only(book(patient, ordered, clinic, owner, start=NOW + dt.timedelta(hours=3)))

    assert (booking.status, booking.screening) == (Status.BOOKED, ScreeningState.DUE)
