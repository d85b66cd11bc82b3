"""The health questions before booking and before a visit, page by page, as a patient answers them."""

import datetime as dt
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bookings.models import Answer, Message, PrescriptionEnd, Screening, Visit
from bookings.questionnaire.questionnaire import Questionnaire, before_booking, of_visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.questions import answers_of, ask_about, healthy
from therapies.models import Question, Variant


@pytest.fixture
def ordered(clinic: Clinic, patient: Patient) -> Variant:
    """A treatment with one of each kind of question, prescribed to the patient."""
    variant = factories.make_abhyanga()
    factories.make_order(patient, variant, clinic=clinic)
    ask_about()
    return variant


@pytest.fixture
def page(client: Client, owner: User, patient: Patient, ordered: Variant) -> str:
    """The patient is signed in; the address of their questions."""
    client.force_login(owner)
    return f"/questions/{patient.public_id}/"


@pytest.fixture
def health_questions(patient: Patient, ordered: Variant, now: dt.datetime) -> Questionnaire:
    found = before_booking(patient, now=now)
    assert found
    return found


def send(client: Client, page: str, health_questions: Questionnaire, number: int, **changed: Any) -> HttpResponse:
    """Fill in a page as somebody to whom nothing applies, but for `changed` (by codes of questions)."""
    return client.post(f"{page}?page={number}", healthy(health_questions, number, **changed))


def send_all(client: Client, page: str, health_questions: Questionnaire, **changed: Any) -> HttpResponse:
    answer = HttpResponse()
    for number in range(1, len(health_questions.pages) + 1):
        answer = send(client, page, health_questions, number, **changed)
    return answer


def test_questions_come_a_group_a_page_with_progress(
    client: Client, page: str, health_questions: Questionnaire
) -> None:
    shown = client.get(page)

    assert shown.status_code == 200
    assert "Page 1 of 2" in shown.content.decode()
    assert client.get(f"{page}?page=2").headers["Location"] == f"{page}?page=1"


def test_addresses_and_fields_name_no_health_word(client: Client, page: str, health_questions: Questionnaire) -> None:
    shown = client.get(page).content.decode()

    names = set(re.findall(r'name="([^"]+)"', shown)) - {"viewport", "color-scheme", "theme-color"}
    assert {name for name in names if re.search(r"red_flag|fever|rf_", name)} == set()


def test_looking_keeps_nothing(client: Client, page: str) -> None:
    client.get(page)
    client.head(page)

    assert (Screening.objects.count(), "answers" in client.session) == (0, False)


def test_answers_are_sent_once_at_the_end(
    client: Client, page: str, health_questions: Questionnaire, owner: User
) -> None:
    send(client, page, health_questions, 1)
    assert Screening.objects.count() == 0

    last = send(client, page, health_questions, 2)

    screening = Screening.objects.get()
    assert last.headers["Location"] == f"{page}outcome/"
    assert (screening.stage, screening.by, screening.questionnaire) == ("booking", owner, screening.questionnaire)
    assert answers_of(screening) == {
        "rf_numb": ("no", ""),
        "gh_heart": ("no", ""),
        "gh_allergy": ("no", ""),
        "gh_medicines": ("", ""),
        "td_prone": ("yes", ""),
    }
    assert client.session["answers"] == {}


def test_clear_answers_lead_where_the_booking_goes_on(
    client: Client, page: str, health_questions: Questionnaire
) -> None:
    for number in (1, 2):
        last = client.post(f"{page}?page={number}&next=/book/times/%3Fwhat%3D1", healthy(health_questions, number))

    assert last.headers["Location"] == "/book/times/?what=1"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "/desk/", "/nowhere/", "javascript:x"])
def test_nobody_is_led_away_from_the_portal(
    client: Client, page: str, health_questions: Questionnaire, address: str
) -> None:
    answer = client.post(f"{page}?page=1&next={address}", healthy(health_questions, 1))

    assert answer.headers["Location"] == f"{page}?page=2"


def test_back_keeps_what_was_typed(client: Client, page: str, health_questions: Questionnaire) -> None:
    send(client, page, health_questions, 1)
    typed = healthy(health_questions, 2, gh_allergy=("yes", "peanuts")) | {"go": "back"}

    back = client.post(f"{page}?page=2", typed)
    again = client.get(f"{page}?page=2").content.decode()

    assert back.headers["Location"] == f"{page}?page=1"
    assert "peanuts" in again
    assert "checked" in client.get(f"{page}?page=1").content.decode()


def test_nothing_ticked_is_no_answer(client: Client, page: str, health_questions: Questionnaire) -> None:
    send(client, page, health_questions, 1)
    empty = {"shown": healthy(health_questions, 2)["shown"]}

    answer = client.post(f"{page}?page=2", empty)

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "None of these" in text
    assert text.count("Answer this question.") == 2  # td_prone: in the summary and beside it


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"gh_heart": ["yes", "unsure"]}, "Select only one of them."),
        ({"gh_heart": ["perhaps"]}, "Please choose one of the answers."),
        ({"gh_allergy": ["maybe"]}, "Please choose one of the answers."),
        ({"gh_allergy": ["yes"]}, "Please write which ones."),
        ({"gh_allergy": ([], "sesame")}, "Select “Yes” as well, or remove what you wrote."),
        ({"gh_allergy": ("yes", "x" * 501)}, "Please use fewer than 500 characters."),
        ({"gh_medicines": ""}, "Please write your answer, or select “None”."),
        ({"gh_medicines": "y" * 501}, "Please use fewer than 500 characters."),
    ],
)
def test_bad_answer_is_said_and_nothing_lost(
    client: Client, page: str, health_questions: Questionnaire, changed: dict[str, Any], said: str
) -> None:
    send(client, page, health_questions, 1)

    answer = send(client, page, health_questions, 2, **changed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Screening.objects.count() == 0


def test_none_of_these_beside_a_tick_is_asked_back(client: Client, page: str, health_questions: Questionnaire) -> None:
    send(client, page, health_questions, 1)
    none = {name: "on" for name in healthy(health_questions, 2) if name.startswith("none")}

    answer = client.post(f"{page}?page=2", healthy(health_questions, 2, gh_heart=["yes"]) | none)

    assert answer.status_code == 422
    assert "You selected an answer above and “None of these”." in answer.content.decode()
    assert re.search(r'value="yes"[^>]*checked', answer.content.decode())


def test_shared_question_has_one_answer_and_a_slip_is_taken_back_with_no(
    client: Client, page: str, health_questions: Questionnaire
) -> None:
    send(client, page, health_questions, 1)
    shown = client.get(f"{page}?page=2").content.decode()
    heart = f"q{Question.objects.get(code='gh_heart').pk}"
    kinds = re.findall(rf'<input type="(\w+)" name="{heart}" value="(\w+)"', shown)

    send(client, page, health_questions, 2, gh_heart="no", gh_allergy="no")

    assert kinds == [("radio", "yes"), ("radio", "no"), ("radio", "unsure")]
    assert answers_of(Screening.objects.get())["gh_heart"] == ("no", "")


def test_lost_session_asks_again_and_never_passes(client: Client, page: str, health_questions: Questionnaire) -> None:
    send(client, page, health_questions, 1)
    session = client.session
    del session["answers"]
    session.save()

    answer = send(client, page, health_questions, 2)

    assert answer.headers["Location"] == f"{page}?page=1"
    assert Screening.objects.count() == 0


def test_emergency_is_said_at_once_and_a_consultation_stays_open(
    client: Client, page: str, health_questions: Questionnaire, patient: Patient
) -> None:
    answer = send(client, page, health_questions, 1, rf_numb="yes")

    told = client.get(answer.headers["Location"]).content.decode()
    assert answer.headers["Location"] == f"{page}outcome/"
    assert 'href="tel:112"' in told
    assert 'href="tel:108"' in told
    assert f'href="{reverse("portal:book")}"' in told
    assert "Continue to available times" not in told
    assert answers_of(Screening.objects.get()) == {"rf_numb": ("yes", "")}
    assert Message.objects.get(kind="call_back").patient == patient


@pytest.mark.parametrize(
    ("changed", "title", "goes_on"),
    [
        ({"rf_numb": "unsure"}, "Please get help now", False),
        ({"gh_heart": ["yes"]}, "The Vaidya will review your answers", True),
        ({"gh_heart": ["unsure"]}, "The Vaidya will review your answers", True),
        ({"gh_allergy": ("yes", "nuts")}, "The Vaidya will review your answers", True),
        ({"gh_medicines": "aspirin"}, "The Vaidya will review your answers", True),
        ({"td_prone": "no"}, "A Vaidya must see you first", False),
        ({}, "Thank you", True),
    ],
)
def test_outcome_says_what_comes_next(
    client: Client, page: str, health_questions: Questionnaire, changed: dict[str, Any], title: str, goes_on: bool
) -> None:
    send_all(client, page, health_questions, **changed)

    told = client.get(f"{page}outcome/?next=/book/times/").content.decode()

    assert title in told
    assert ('href="/book/times/"' in told) is goes_on
    assert (f'href="{reverse("portal:book")}"' in told) is True  # in the frame or the page: a consultation stays open


def test_answered_questions_are_not_asked_again_for_30_days(
    client: Client, page: str, health_questions: Questionnaire, patient: Patient, now: dt.datetime
) -> None:
    send_all(client, page, health_questions)

    assert client.get(page).headers["Location"] == f"{page}outcome/"
    later = before_booking(patient, now=now + dt.timedelta(days=31))
    assert later
    assert len(later.due) == 5


def test_only_stale_questions_are_asked_again(
    patient: Patient, clinic: Clinic, ordered: Variant, now: dt.datetime
) -> None:
    factories.tell(patient, clinic, at=now - dt.timedelta(days=40), rf_numb="no", gh_heart="no")
    factories.tell(patient, clinic, at=now - dt.timedelta(days=5), gh_heart="no", gh_allergy="no", gh_medicines="")

    found = before_booking(patient, now=now)

    assert found
    assert [question.code for question in found.due] == ["rf_numb", "td_prone"]


def test_rule_changed_between_page_and_answer_shows_the_new_one(
    client: Client, page: str, health_questions: Questionnaire
) -> None:
    filled = healthy(health_questions, 1, rf_numb="no")
    Question.objects.filter(code="rf_numb").update(effect="block_massage")

    answer = client.post(f"{page}?page=1", filled, follow=True)

    text = answer.content.decode()
    assert "Some of the questions have changed" in text
    assert 'value="no" id' in re.sub(r"\s+", " ", text)
    assert re.search(r'value="no"[^>]*checked', text)


def test_question_added_to_a_page_that_was_filled_in_is_still_asked(
    client: Client, page: str, health_questions: Questionnaire
) -> None:
    send(client, page, health_questions, 1)
    making_new = Question.objects.get(code="rf_numb")
    making_new.pk, making_new.code, making_new.position = None, "rf_new", 15
    making_new.save()

    answer = send(client, page, health_questions, 2)

    assert answer.headers["Location"] == f"{page}?page=1"
    assert Screening.objects.count() == 0


def test_question_taken_out_meanwhile_is_left_out(client: Client, page: str, health_questions: Questionnaire) -> None:
    send(client, page, health_questions, 1)
    Question.objects.filter(code="gh_heart").update(is_active=False)
    answer = send(client, page, health_questions, 2)
    assert "Some of the questions have changed" in client.get(answer.headers["Location"]).content.decode()
    found = before_booking(health_questions.patient, now=health_questions.now)
    assert found

    send(client, page, found, 2)

    assert "gh_heart" not in answers_of(Screening.objects.get())


def test_prescription_that_ended_meanwhile_loses_no_answer(
    client: Client, page: str, health_questions: Questionnaire, patient: Patient, now: dt.datetime
) -> None:
    send(client, page, health_questions, 1)
    PrescriptionEnd.objects.create(
        prescription=patient.prescriptions.get(), by=factories.make_user(), at=now, reason="-"
    )

    answer = send(client, page, health_questions, 2)

    assert answer.headers["Location"] == f"{page}outcome/"
    assert Screening.objects.get().answers.count() == 5
    assert reverse("portal:book") in client.get(f"{page}outcome/").content.decode()


def test_relative_who_sees_appointments_gets_a_note(
    client: Client, relative: User, patient: Patient, ordered: Variant, health_questions: Questionnaire
) -> None:
    client.force_login(relative)

    for path in (f"/questions/{patient.public_id}/", f"/questions/{patient.public_id}/outcome/"):
        shown = client.get(path).content.decode()
        assert "These questions are for the patient" in shown
        assert "<fieldset" not in shown
    client.post(f"/questions/{patient.public_id}/?page=1", healthy(health_questions, 1, rf_numb="yes"))
    assert Answer.objects.count() == 0


def test_questions_of_somebody_else_are_not_found(
    client: Client, stranger: User, patient: Patient, ordered: Variant
) -> None:
    client.force_login(stranger)

    assert client.get(f"/questions/{patient.public_id}/").status_code == 404
    assert client.get(f"/questions/{patient.public_id}/outcome/").status_code == 404


def test_wrong_answer_asks_the_clinic_once_and_the_sign_stays_open(
    client: Client, page: str, health_questions: Questionnaire, patient: Patient, now: dt.datetime
) -> None:
    send_all(client, page, health_questions, gh_heart=["yes"])
    address = f"{page}wrong/"
    shown = [
        client.get(where).content.decode() for where in (f"{page}outcome/", f"/people/{patient.public_id}/record/")
    ]

    pressed = [client.post(address, follow=True).content.decode() for _ in range(2)]

    assert [address in text for text in shown] == [True, True]
    assert ["We have told the clinic." in text for text in pressed] == [True, True]
    message = Message.objects.get(kind="wrong_answer")
    assert (message.patient, message.channel, message.urgent) == (patient, "call", False)
    assert answers_of(Screening.objects.get())["gh_heart"] == ("yes", "")
    assert "The Vaidya will review your answers" in client.get(f"{page}outcome/").content.decode()


def test_wrong_answer_is_told_from_home_and_from_a_visit_that_asks_nothing(
    client: Client, page: str, health_questions: Questionnaire, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    send_all(client, page, health_questions, gh_heart=["yes"])
    consultation = factories.make_visit(
        clinic=clinic, variant=factories.make_consultation(), start=now + dt.timedelta(days=2), patient=patient
    )

    address = f"/visits/{consultation.public_id}/"
    home, visit, asked = (client.get(where).content.decode() for where in ("/visits/", address, f"{address}questions/"))

    assert f'href="/people/{patient.public_id}/record/#questions-title"' in home
    assert f'action="{page}wrong/"' in visit
    assert ("There are no questions to answer now" in asked, f'action="{page}wrong/"' in asked) == (True, True)


def test_wrong_answer_on_the_emergency_page_takes_nothing_back(
    client: Client, page: str, health_questions: Questionnaire, patient: Patient
) -> None:
    answer = send(client, page, health_questions, 1, rf_numb="yes")
    shown = client.get(answer.headers["Location"]).content.decode()

    client.post(f"{page}wrong/")

    assert "I pressed the wrong answer" in shown
    assert "Please get help now" in client.get(f"{page}outcome/").content.decode()
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["call_back", "wrong_answer"]


def test_wrong_answer_of_somebody_who_answered_nothing_is_refused(client: Client, page: str, patient: Patient) -> None:
    assert "There is no answer to correct." in client.post(f"{page}wrong/", follow=True).content.decode()
    assert Message.objects.count() == 0


@pytest.mark.parametrize("who", ["relative", "stranger"])
def test_wrong_answer_is_for_whoever_sees_the_record(
    client: Client, page: str, patient: Patient, who: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))

    assert client.post(f"{page}wrong/").status_code == 404


# --- before a visit ---------------------------------------------------------------------------------------------------


@pytest.fixture
def session(clinic: Clinic, patient: Patient, ordered: Variant, now: dt.datetime) -> Visit:
    """This afternoon's treatment; the whole questionnaire was answered ten days ago."""
    factories.tell_all_is_well(patient, clinic, at=now - dt.timedelta(days=10))
    start = now + dt.timedelta(hours=3)
    return factories.make_visit(clinic=clinic, variant=ordered, start=start, patient=patient, screening="due")


@pytest.fixture
def today(client: Client, owner: User, session: Visit) -> str:
    client.force_login(owner)
    return f"/visits/{session.public_id}/questions/"


def test_day_of_the_visit_asks_the_body_today(client: Client, today: str, session: Visit, now: dt.datetime) -> None:
    found = of_visit(session, now=now)
    assert found

    send_all(client, today, found)

    assert len(found.pages) == 2
    assert answers_of(Screening.objects.latest("at")) == {
        "rf_numb": ("no", ""),
        "td_meal": ((now - dt.timedelta(hours=5)).isoformat(), ""),
        "td_pain": (2, ""),
        "td_prone": ("yes", ""),
    }
    session.bookings.get().refresh_from_db()
    assert session.bookings.get().screening == "clear"


@pytest.mark.parametrize(
    ("changed", "title"),
    [
        ({"td_meal": "0"}, "Not now: another time is better"),
        ({"td_meal": "4"}, "Thank you"),
        ({"td_pain": "9"}, "The Vaidya will review your answers"),
        ({"td_pain": "7"}, "Thank you"),
    ],
)
def test_meal_and_pain_decide_about_today_only(
    client: Client, today: str, session: Visit, now: dt.datetime, changed: dict[str, Any], title: str
) -> None:
    found = of_visit(session, now=now)
    assert found

    answer = send_all(client, today, found, **changed)

    assert title in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("pain", ["11", "-1", "", "strong"])
def test_pain_is_a_number_up_to_ten(client: Client, today: str, session: Visit, now: dt.datetime, pain: str) -> None:
    found = of_visit(session, now=now)
    assert found
    send(client, today, found, 1)

    assert send(client, today, found, 2, td_pain=pain).status_code == 422


def test_page_of_a_visit_leads_to_its_questions(client: Client, today: str, session: Visit) -> None:
    shown = client.get(f"/visits/{session.public_id}/").content.decode()

    assert f'href="{today}"' in shown


def test_visit_that_was_cancelled_asks_nothing(client: Client, today: str, session: Visit) -> None:
    session.bookings.update(status="cancelled", ended_by="patient")

    shown = client.get(today)

    assert (shown.status_code, "There are no questions to answer now" in shown.content.decode()) == (200, True)
