"""The history of the body at the clinic: read aloud or on the tablet, and beside the examination and prescription."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Message, Screening
from bookings.questionnaire.questionnaire import Questionnaire, before_booking
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings import clinical
from tests.desk.conftest import Enter
from tests.questions import ask_about, healthy
from therapies.models import Variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def variant(clinic: Clinic) -> Variant:
    made = factories.make_abhyanga()
    ask_about()
    return made


@pytest.fixture
def vaidya_client(enter: Enter, vaidya_user: User) -> Client:
    return enter(vaidya_user)


def body_of(patient: Patient, clinic: Clinic, now: dt.datetime) -> Questionnaire:
    questions = before_booking(patient, now=now, clinic=clinic, staff=True)
    assert questions
    return questions


@pytest.mark.parametrize("where", ["questions/", "questions/aloud/"])
def test_whole_history_is_asked_before_anything_is_prescribed(
    vaidya_client: Client,
    variant: Variant,
    patient: Patient,
    clinic: Clinic,
    vaidya_user: User,
    now: dt.datetime,
    where: str,
) -> None:
    address, questions = f"/desk/patients/{patient.public_id}/{where}", body_of(patient, clinic, now)

    for number in range(1, len(questions.pages) + 1):
        answered = vaidya_client.post(f"{address}?page={number}", healthy(questions, number))

    screening = Screening.objects.get()
    assert answered.headers["Location"] == f"{address}outcome/"
    assert (screening.stage, screening.by, screening.answers.count()) == ("first_visit", vaidya_user, 5)
    said = {"questions/": "Thank you", "questions/aloud/": "The answers have been saved"}
    assert said[where] in vaidya_client.get(f"{address}outcome/").content.decode()


def test_reader_is_told_to_read_each_question(
    vaidya_client: Client, variant: Variant, patient: Patient, now: dt.datetime
) -> None:
    page = vaidya_client.get(f"/desk/patients/{patient.public_id}/questions/aloud/").content.decode()

    assert "Read each question aloud" in page


def test_emergency_that_is_told_before_any_order_goes_to_the_list_of_calls(
    vaidya_client: Client, variant: Variant, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    address, questions = f"/desk/patients/{patient.public_id}/questions/aloud/", body_of(patient, clinic, now)

    answered = vaidya_client.post(f"{address}?page=1", healthy(questions, 1, rf_numb="yes"))

    page = vaidya_client.get(answered.headers["Location"]).content.decode()
    assert "Stay with the patient and call the Vaidya at once." in page
    assert 'href="tel:112"' in page
    assert Message.objects.get(kind="call_back").patient == patient


def test_answer_against_treatment_before_any_order_is_for_the_consultation(
    vaidya_client: Client, variant: Variant, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    address, questions = f"/desk/patients/{patient.public_id}/questions/aloud/", body_of(patient, clinic, now)

    vaidya_client.post(f"{address}?page=1", healthy(questions, 1))
    vaidya_client.post(f"{address}?page=2", healthy(questions, 2, gh_heart=["yes"]))

    page = vaidya_client.get(f"{address}outcome/").content.decode()
    assert "The Vaidya goes through them with the patient." in page
    assert ("with you" in page, reverse("portal:book") in page) == (False, False)
    assert [row["question"] for row in Screening.objects.get().findings] == ["gh_heart"]


def test_history_stands_beside_the_examination_and_the_prescription(
    vaidya_client: Client, variant: Variant, patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    factories.tell(patient, clinic, at=now - dt.timedelta(days=3), gh_heart="yes", rf_numb="no")
    factories.tell(patient, clinic, at=now - dt.timedelta(days=1), gh_heart="no")
    clinical.make_rules()
    examination = clinical.make_assessment(patient, clinic, vaidya_user, diagnosis="Katishula")
    item = factories.make_order(patient, variant, clinic=clinic, by=vaidya_user)
    base = f"/desk/patients/{patient.public_id}"
    pages = [
        f"{base}/assessments/new/",
        f"{base}/assessments/{examination.public_id}/",
        f"{base}/assessments/{examination.public_id}/prescribe/",
        f"{base}/prescriptions/{item.prescription.public_id}/",
    ]

    shown = {page: vaidya_client.get(page) for page in pages}

    assert {page: answer.status_code for page, answer in shown.items()} == dict.fromkeys(pages, 200)
    for answer in shown.values():
        history = answer.context["body_history"]()
        assert [(line.words, line.answer) for line in history.told] == [("Question gh_heart?", "Yes")]
        assert history.told[0].denied_at is not None
        assert [line.words for line in history.denied] == ["Question rf_numb?"]
        assert list(history.due) == ["Question gh_allergy?", "Question gh_medicines?", "Question td_prone?"]
        text = answer.content.decode()
        assert f"/desk/patients/{patient.public_id}/questions/aloud/" in text
        assert "3 questions are not answered" in text


@pytest.mark.parametrize("where", ["questions/", "questions/aloud/"])
def test_answers_typed_while_the_patient_answers_elsewhere_are_not_lost_without_a_word(
    vaidya_client: Client, variant: Variant, patient: Patient, clinic: Clinic, now: dt.datetime, where: str
) -> None:
    address, questions = f"/desk/patients/{patient.public_id}/{where}", body_of(patient, clinic, now)
    factories.tell_all_is_well(patient, clinic, at=now)

    told = vaidya_client.post(f"{address}?page=1", healthy(questions, 1), follow=True).content.decode()

    assert told.count("What was typed here was not saved.") == 1


def test_what_was_typed_and_not_saved_stands_beside_what_was_saved(
    vaidya_client: Client, variant: Variant, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    address, questions = f"/desk/patients/{patient.public_id}/questions/aloud/", body_of(patient, clinic, now)
    vaidya_client.post(f"{address}?page=1", healthy(questions, 1))
    factories.tell_all_is_well(patient, clinic, at=now)

    page = vaidya_client.post(f"{address}?page=2", healthy(questions, 2, gh_heart=["yes"]), follow=True)

    rows = {row.words: (row.typed, row.saved, row.differ) for row in page.context["beside"]}
    assert (rows["Question gh_heart?"], rows["Question rf_numb?"]) == (("Yes", "No", True), ("No", "No", False))
    assert page.context["beside"][0].words == "Question gh_heart?"
    assert reverse("desk:wrong_answer", args=[patient.public_id]) in page.content.decode()
    assert vaidya_client.get(f"{address}outcome/").context["beside"] == page.context["beside"]


def test_second_press_of_the_same_browser_is_no_alarm(
    vaidya_client: Client, variant: Variant, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    address, questions = f"/desk/patients/{patient.public_id}/questions/aloud/", body_of(patient, clinic, now)
    last = len(questions.pages)
    for number in range(1, last + 1):
        vaidya_client.post(f"{address}?page={number}", healthy(questions, number))

    again = vaidya_client.post(f"{address}?page={last}", healthy(questions, last), follow=True).content.decode()

    assert "not saved" not in again
