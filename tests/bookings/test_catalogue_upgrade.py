"""A clinic at work loads a new catalogue: nothing booked is lost or refused, nothing passes silently.

`tests/fixtures/` holds the entries of the last released catalogue, as its loader made them.
"""

import copy
import datetime as dt
import json
import lzma
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from bookings.actions import attendance
from bookings.actions.sessions_ahead import look_again_after_upgrade, patients_with_sessions_ahead
from bookings.errors import PolicyRefused
from bookings.facts.patient import open_findings, patient_facts_of, profiled
from bookings.models import Answer, Booking, ScreeningState, Status, Visit
from bookings.rules.session_verdicts import health_verdict
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.actions.test_screening import answer, book, decide, only
from tests.factories import NOW
from therapies.catalogue.entries import Entries
from therapies.catalogue.loader import Report, load_entries
from therapies.catalogue.reader import CatalogueBroken
from therapies.models import Question, Rule, Therapy, Variant

LANDED = Path(__file__).parent.parent / "fixtures" / "landed_catalogue_2026_11_29.json.xz"
FIRST_LOAD, UPGRADE = NOW - dt.timedelta(days=100), NOW + dt.timedelta(hours=1)
TUESDAY = dt.datetime(2026, 3, 3, 4, 30, tzinfo=dt.UTC)
WEDNESDAY = TUESDAY + dt.timedelta(days=1)
THE_4TH = WEDNESDAY.date()
KOLKATA = ZoneInfo("Asia/Kolkata")


@pytest.fixture(scope="module")
def landed_entries() -> Entries:
    return Entries(**json.loads(lzma.decompress(LANDED.read_bytes())))


@pytest.fixture
def landed(landed_entries: Entries, db: None) -> Entries:
    """The last released catalogue in the database, and a copy of it to be changed."""
    load_entries(landed_entries, now=FIRST_LOAD)
    return copy.deepcopy(landed_entries)


@pytest.fixture
def kati_basti(landed: Entries, clinic: Clinic) -> Variant:
    factories.make_room(clinic)
    for role, gender in [("therapist", "female"), ("attendant", "female"), ("vaidya", "male")]:
        person = factories.make_practitioner(clinic, roles=[role], gender=gender)
        factories.make_qualification(person, Therapy.objects.get(code="kati_basti"))
    return Variant.objects.select_related("therapy").prefetch_related("steps__crews").get(therapy__code="kati_basti")


@pytest.fixture
def booked(kati_basti: Variant, patient: Patient, clinic: Clinic, owner: User) -> Visit:
    """A session of Tuesday, booked by a patient whose history is complete."""
    factories.make_order(patient, kati_basti, clinic=clinic, sessions=7)
    factories.tell_all_is_well(patient, clinic)
    visit = book(patient, kati_basti, clinic, owner)
    assert (only(visit).status, only(visit).screening) == (Status.BOOKED, ScreeningState.CLEAR)
    return visit


def changed(landed: Entries) -> Entries:
    """One question more, one less, and one in other words."""
    new = copy.deepcopy(landed.questions["gh_lungs"])
    new["texts"] = {"en": "Do you have a pump in your body?", "hi": "क्या शरीर में कोई पंप है?"}
    landed.questions["gh_pump"] = new
    landed.questions["gh_heart"]["texts"]["en"] = "Has a doctor ever told you of a heart disease?"
    del landed.questions["gh_bones"]
    return landed


def upgrade(entries: Entries, now: dt.datetime = UPGRADE) -> Report:
    report = load_entries(entries, now=now)
    for patient in patients_with_sessions_ahead(now):
        look_again_after_upgrade(patient=patient, now=now)
    return report


def due(patient: Patient, variant: Variant, *, on: dt.date = THE_4TH, now: dt.datetime = UPGRADE) -> set[str]:
    verdict = health_verdict(variant, patient_facts_of(patient, now=now), on=on, zone=KOLKATA)
    return {question.code for question in verdict.due}


def asks(patient: Patient, variant: Variant) -> list[str]:
    patient_facts = patient_facts_of(patient, now=UPGRADE)
    rows = open_findings(patient_facts, profiled(variant), on=THE_4TH, zone=KOLKATA)
    return [finding.question for finding in rows]


def test_booked_session_stays_booked_and_what_is_new_becomes_due(
    booked: Visit, landed: Entries, kati_basti: Variant, patient: Patient
) -> None:
    upgrade(changed(landed))

    assert (only(booked).status, only(booked).screening) == (Status.BOOKED, ScreeningState.DUE)
    assert due(patient, kati_basti) == {"gh_pump", "gh_heart"}


def test_booking_is_not_blocked_by_what_an_upgrade_asks(
    booked: Visit, landed: Entries, kati_basti: Variant, patient: Patient, clinic: Clinic, owner: User
) -> None:
    upgrade(changed(landed))

    another = book(patient, kati_basti, clinic, owner, start=WEDNESDAY)

    assert (only(another).status, only(another).screening) == (Status.BOOKED, ScreeningState.DUE)


def test_somebody_who_never_told_a_history_answers_before_booking(
    landed: Entries, kati_basti: Variant, patient: Patient, clinic: Clinic, owner: User
) -> None:
    factories.make_order(patient, kati_basti, clinic=clinic, sessions=7)
    upgrade(changed(landed))

    with pytest.raises(PolicyRefused, match="answer the health questions first"):
        book(patient, kati_basti, clinic, owner, start=WEDNESDAY)


def test_session_does_not_begin_before_the_new_questions_are_answered(
    booked: Visit, landed: Entries, kati_basti: Variant, patient: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    factories.make_consent(patient, clinic)
    upgrade(changed(landed))
    attendance.check_in(visit=booked, by=vaidya_user, now=TUESDAY)

    assert {"gh_pump", "gh_heart"} < due(patient, kati_basti, on=TUESDAY.date(), now=TUESDAY)
    with pytest.raises(PolicyRefused, match="questions for this day"):
        attendance.start(booking=only(booked), by=vaidya_user, now=TUESDAY)


def test_question_that_is_retired_is_asked_no_more_and_its_sign_stays_open(
    booked: Visit, landed: Entries, kati_basti: Variant, patient: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    answer(patient, clinic, kati_basti, gh_bones="yes")
    answers = Answer.objects.filter(patient=patient).count()

    report = upgrade(changed(landed))

    assert report.retired == ["question: gh_bones"]
    assert Question.objects.get(code="gh_bones").is_active is False
    assert Answer.objects.filter(patient=patient).count() == answers
    assert ("gh_bones" in due(patient, kati_basti), asks(patient, kati_basti)) == (False, ["gh_bones"])
    assert only(booked).screening == ScreeningState.WAITING

    decide(patient, vaidya_user, allowed=True, code="gh_bones", now=UPGRADE)

    assert asks(patient, kati_basti) == []


def test_decision_on_a_question_that_got_other_words_holds(
    booked: Visit, landed: Entries, kati_basti: Variant, patient: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    answer(patient, clinic, kati_basti, gh_heart="yes")
    decide(patient, vaidya_user, allowed=True)
    assert asks(patient, kati_basti) == []

    upgrade(changed(landed))

    assert asks(patient, kati_basti) == []
    assert "gh_heart" in due(patient, kati_basti)


def test_sign_that_was_told_stays_open_under_other_words(
    booked: Visit, landed: Entries, kati_basti: Variant, patient: Patient, clinic: Clinic
) -> None:
    answer(patient, clinic, kati_basti, gh_heart="yes")

    upgrade(changed(landed))
    answer(patient, clinic, kati_basti, at=UPGRADE, gh_heart="no", gh_pump="no")

    assert asks(patient, kati_basti) == ["gh_heart"]


def test_question_that_comes_back_is_asked_again(
    booked: Visit, landed: Entries, kati_basti: Variant, patient: Patient
) -> None:
    bones = {**landed.questions["gh_bones"], "is_active": True}
    upgrade(changed(landed))

    landed.questions["gh_bones"] = bones
    upgrade(landed, now=UPGRADE + dt.timedelta(hours=1))

    assert "gh_bones" in due(patient, kati_basti, now=UPGRADE + dt.timedelta(hours=1))


def test_question_of_the_clinics_own_and_an_edited_one_are_asked_as_before(landed: Entries) -> None:
    Question.objects.create(code="our_own", group="general", answer_type="yes_no_unsure", data={"trigger": "yes"})
    Question.objects.filter(code="gh_bones").update(urgency="within_days")

    report = upgrade(changed(landed))

    assert report.retired == []
    assert sorted(report.removed) == ["question: gh_bones", "question: our_own"]
    assert set(Question.objects.filter(code__in=["our_own", "gh_bones"]).values_list("is_active", flat=True)) == {True}


def test_rule_and_contraindication_go_with_the_catalogue_unless_they_were_edited(landed: Entries) -> None:
    gone, edited = "sd_one_sudation", "sd_one_shodhana"
    Rule.objects.filter(code=edited).update(is_hard=True)
    Rule.objects.filter(code=edited, is_hard=True).update(data={"max_per_day": 2})
    del landed.rules[gone], landed.rules[edited]
    lepa = landed.therapies["lepa"]
    del lepa["contraindications/open_wound_or_burn"]  # type: ignore[attr-defined]

    report = upgrade(landed)

    assert sorted(report.retired) == [f"rule: {gone}", "therapy: lepa contraindications/open_wound_or_burn"]
    assert report.removed == [f"rule: {edited}"]
    assert set(Rule.objects.filter(code__in=[gone, edited]).values_list("code", flat=True)) == {edited}
    against = Therapy.objects.get(code="lepa").contraindications
    assert not against.filter(term__code="open_wound_or_burn").exists()


def test_answers_of_another_kind_need_a_code_of_their_own(landed: Entries) -> None:
    landed.questions["gh_heart"]["answer_type"] = "integer"  # type: ignore[index]

    with pytest.raises(CatalogueBroken) as broken:
        load_entries(landed, now=UPGRADE)

    told = "questions.yaml: gh_heart: answer_type: answers of the kind “yes_no_unsure” are kept under this code; "
    assert broken.value.problems == [told + "give the new question a code of its own"]


def test_todays_catalogue_upgrades_the_last_released_one(
    booked: Visit, landed: Entries, kati_basti: Variant, patient: Patient, clinic: Clinic, owner: User
) -> None:
    words = StringIO()

    call_command("load_catalogue", stdout=words)

    assert "Edited here and kept" not in words.getvalue()
    assert Booking.objects.get(visit=booked).status == Status.BOOKED
    assert set(landed.questions) <= set(Question.objects.values_list("code", flat=True))
    assert "rf_new_leg_weakness" in due(patient, kati_basti, now=dt.datetime.now(dt.UTC))
