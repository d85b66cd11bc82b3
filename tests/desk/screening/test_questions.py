"""The questions of the day with the patient in private, and what the front desk sees of them."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Message, MessageKind, Screening, Visit
from bookings.questionnaire.questionnaire import Questionnaire, of_visit
from clinic.people.models import Patient, Read, User
from tests import factories
from tests.questions import healthy, make_question

Enter = Callable[[User], Client]


@pytest.fixture
def page(session: Visit) -> str:
    return f"/desk/visits/{session.public_id}/questions/"


def send_all(client: Client, page: str, health_questions: Questionnaire, **changed: object) -> str:
    lead = ""
    for number in range(1, len(health_questions.pages) + 1):
        lead = client.post(f"{page}?page={number}", healthy(health_questions, number, **changed)).headers["Location"]
    return lead


def test_therapist_asks_on_the_tablet_and_the_read_is_written_down(
    enter: Enter, therapist_user: User, page: str, session: Visit, health_questions: Questionnaire
) -> None:
    client = enter(therapist_user)

    lead = send_all(client, page, health_questions)

    screening = Screening.objects.latest("at")
    assert (screening.by, screening.visit, screening.stage) == (therapist_user, session, "every_session")
    assert session.bookings.get().screening == "clear"
    assert "Thank you" in client.get(lead).content.decode()
    assert set(Read.objects.values_list("door", flat=True)) == {"desk:questions", "desk:questions_outcome"}


def test_tablet_shows_nothing_of_the_desk(enter: Enter, therapist_user: User, page: str) -> None:
    shown = enter(therapist_user).get(page).content.decode()

    assert [
        path for path in ('href="/desk/patients/', 'href="/desk/calls/', 'href="/desk/todo/') if path in shown
    ] == []


def test_what_staff_say_is_asked_on_the_tablet_only(session: Visit, now: dt.datetime) -> None:
    make_question("td_weather", "today", 90, asked_by="staff", scope="this_session", asked_when=["every_session"])

    asked = {staff: of_visit(session, now=now, staff=staff) for staff in (True, False)}

    codes = {staff: [question.code for question in found.due] for staff, found in asked.items() if found}
    assert codes[True] == [*codes[False], "td_weather"]


def test_emergency_at_the_tablet_says_what_to_do(
    enter: Enter, therapist_user: User, page: str, session: Visit, health_questions: Questionnaire
) -> None:
    client = enter(therapist_user)

    lead = client.post(f"{page}?page=1", healthy(health_questions, 1, rf_numb=["yes"])).headers["Location"]

    assert "Please get help now" in client.get(lead).content.decode()
    assert session.bookings.get().screening == "waiting"
    assert Message.objects.get(kind="call_back").visit == session


@pytest.mark.parametrize("who", ["front_desk", "manager"])
def test_front_desk_does_not_see_the_questions(
    enter: Enter, request: pytest.FixtureRequest, who: str, page: str, session: Visit
) -> None:
    client = enter(request.getfixturevalue(who))

    assert client.get(page).status_code == 403
    assert client.get(f"{page}outcome/").status_code == 403
    assert client.get(f"/desk/visits/{session.public_id}/decisions/").status_code == 403


@pytest.mark.parametrize(
    ("state", "words"), [("due", "Due"), ("clear", "Clear"), ("waiting", "Waiting for the Vaidya")]
)
def test_front_desk_sees_the_state_and_nothing_more(
    enter: Enter, front_desk: User, session: Visit, patient: Patient, state: str, words: str
) -> None:
    factories.tell(patient, session.clinic, gh_heart="yes")
    session.bookings.update(screening=state)
    client = enter(front_desk)

    visit = client.get(f"/desk/visits/{session.public_id}/").content.decode()
    day = client.get("/desk/").content.decode()

    assert words in visit
    assert {"due": "Health questions due", "clear": "Health answers clear"}.get(state, words) in day
    assert "gh_heart" not in visit + day
    assert f"/desk/visits/{session.public_id}/decisions/" not in visit


def test_front_desk_sends_the_questions_by_mail_once(enter: Enter, front_desk: User, session: Visit, page: str) -> None:
    client = enter(front_desk)

    first = client.post(f"{page}send/", follow=True).content.decode()
    second = client.post(f"{page}send/", follow=True).content.decode()

    letter = Message.objects.get(kind="questions")
    assert (letter.visit, letter.channel, letter.recipient) == (session, "email", "meera@example.org")
    assert "The questions have been sent" in first
    assert "already been sent" in second
    assert session.history.filter(verb="send_questions").count() == 1


@pytest.mark.parametrize(
    ("patient_has", "state", "said"),
    [
        ({"channel": "call"}, "due", "This patient does not receive e-mails"),
        ({}, "clear", "No health questions are due"),
        ({}, "waiting", "No health questions are due"),
    ],
)
def test_questions_are_not_sent_in_vain(
    enter: Enter,
    front_desk: User,
    session: Visit,
    patient: Patient,
    page: str,
    patient_has: dict[str, str],
    state: str,
    said: str,
) -> None:
    Patient.objects.filter(pk=patient.pk).update(**patient_has)
    session.bookings.update(screening=state)

    answer = enter(front_desk).post(f"{page}send/", follow=True).content.decode()

    assert said in answer
    assert not Message.objects.filter(kind="questions").exists()


def test_other_clinic_finds_neither_questions_nor_decisions(enter: Enter, session: Visit, page: str) -> None:
    client = enter(factories.make_member(factories.make_clinic("ananda"), "vaidya"))

    assert client.get(page).status_code == 404
    assert client.post(f"{page}send/").status_code == 404
    assert client.get(f"/desk/visits/{session.public_id}/decisions/").status_code == 404
    assert client.get(f"/desk/patients/{session.patient.public_id}/decisions/").status_code == 404  # type: ignore[union-attr]


# --- the wrong answer -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["patient", "visit", "visit_that_asks_nothing", "record"])
def test_staff_note_from_patient_visit_and_record_that_an_answer_was_pressed_by_mistake(
    enter: Enter, vaidya_user: User, session: Visit, patient: Patient, name: str
) -> None:
    if name == "visit_that_asks_nothing":
        name, _ = "visit", session.bookings.update(screening="not_needed")
    client, button = enter(vaidya_user), reverse("desk:wrong_answer", args=[patient.public_id])
    row = session.public_id if name == "visit" else patient.public_id

    page = client.get(reverse(f"desk:{name}", args=[row])).content.decode()
    client.post(button)
    client.post(button)

    assert f'action="{button}"' in page
    assert [row.kind for row in Message.objects.filter(patient=patient)] == [MessageKind.WRONG_ANSWER]
