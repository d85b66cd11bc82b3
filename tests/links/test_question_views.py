"""The health questions behind a letter's link: answered by whoever has it, and nothing earlier is shown."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from bookings.messages.content.links import questions_link, visit_link
from bookings.models import Message, Screening, Visit
from bookings.questionnaire.questionnaire import Questionnaire, of_visit
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from tests import factories
from tests.questions import ask_about, healthy


@pytest.fixture(autouse=True)
def _clock(now: dt.datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def session(clinic: Clinic, patient: Patient, now: dt.datetime) -> Visit:
    """A treatment in three days that the desk booked: nothing is answered yet."""
    variant = factories.make_abhyanga()
    factories.make_order(patient, variant, clinic=clinic)
    ask_about()
    start = now + dt.timedelta(days=3)
    return factories.make_visit(clinic=clinic, variant=variant, start=start, patient=patient, screening="due")


@pytest.fixture
def link(session: Visit) -> str:
    return questions_link(session).removeprefix("http://testserver")


@pytest.fixture
def reader(client: Client, link: str, session: Visit) -> Client:
    """Somebody who opened the link and typed the day of the visit."""
    return type_the_day(client, link, session)


@pytest.fixture
def health_questions(session: Visit, now: dt.datetime) -> Questionnaire:
    found = of_visit(session, now=now)
    assert found
    return found


def type_the_day(client: Client, link: str, visit: Visit) -> Client:
    on = visit.bookings.get().starts_at.astimezone(visit.zone)
    client.post(link, {"day": on.day, "month": on.month})
    return client


def send_all(client: Client, link: str, health_questions: Questionnaire, **changed: object) -> str:
    """Fill in every page; returns where the last one leads."""
    lead = ""
    for number in range(1, len(health_questions.pages) + 1):
        lead = client.post(f"{link}?page={number}", healthy(health_questions, number, **changed)).headers["Location"]
    return lead


@pytest.mark.parametrize(
    "said", [{}, {"day": "", "month": ""}, {"day": "1", "month": "1"}, {"day": "x", "month": "3"}, {"day": "5"}]
)
def test_scanner_that_sends_off_every_form_answers_nothing(
    client: Client, link: str, session: Visit, health_questions: Questionnaire, said: dict[str, str]
) -> None:
    """Not even with answers that fit: the page asks for the day of the visit first."""
    asked = client.get(link)

    answers = [client.post(f"{link}?page=1", said | healthy(health_questions, 1, rf_numb="yes")) for _ in range(2)]

    assert asked.status_code == 200
    assert "rf_numb" not in asked.content.decode()
    assert [answer.status_code for answer in answers] == [422, 422]
    assert (Screening.objects.count(), Message.objects.count(), session.bookings.get().screening) == (0, 0, "due")


def test_day_is_asked_once_and_again_when_the_visit_moved(
    reader: Client, link: str, session: Visit, now: dt.datetime
) -> None:
    first = [reader.get(link).context["form"].__class__.__name__ for _ in range(2)]
    session.bookings.update(starts_at=now + dt.timedelta(days=4), ends_at=now + dt.timedelta(days=4, hours=1))

    moved = reader.get(link).context["form"].__class__.__name__

    assert (first, moved) == (["PageForm", "PageForm"], "DayOfVisitForm")


def test_answers_by_link_make_the_session_clear(
    reader: Client, link: str, session: Visit, health_questions: Questionnaire
) -> None:
    lead = send_all(reader, link, health_questions)

    screening = Screening.objects.get()
    assert (screening.visit, screening.by, screening.stage) == (session, None, "booking")
    assert session.bookings.get().screening == "clear"
    assert "Thank you" in reader.get(lead).content.decode()


def test_page_by_link_leaks_nothing(client: Client, link: str, session: Visit) -> None:
    before, shown = client.get(link), type_the_day(client, link, session).get(link)

    headers = [(page["Referrer-Policy"], page["Cache-Control"]) for page in (before, shown)]
    assert headers == [("same-origin", "no-store")] * 2
    text = before.content.decode() + shown.content.decode()
    assert [word for word in ("Abhyanga", "Meera", "Nair") if word in text] == []


def test_link_shows_no_earlier_answer_and_no_earlier_meaning(
    client: Client, link: str, health_questions: Questionnaire, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    factories.tell(
        patient, clinic, at=now, rf_numb="yes", gh_heart="yes", gh_allergy="yes", gh_medicines="x", td_prone="yes"
    )

    shown = client.get(f"{link}outcome/").content.decode()

    assert client.get(link).headers["Location"] == f"{link}outcome/"
    assert "Thank you" in shown
    assert "Please get help now" not in shown


def test_who_answered_is_told_what_to_do(
    reader: Client, link: str, health_questions: Questionnaire, session: Visit
) -> None:
    lead = reader.post(f"{link}?page=1", healthy(health_questions, 1, rf_numb="yes")).headers["Location"]

    shown = reader.get(lead).content.decode()
    assert "Please get help now" in shown
    assert 'href="tel:112"' in shown
    assert Message.objects.get(kind="call_back").visit == session
    assert "Please get help now" not in Client().get(lead).content.decode()


def test_page_speaks_the_language_of_the_letters(reader: Client, link: str, patient: Patient) -> None:
    Patient.objects.filter(pk=patient.pk).update(language="hi")

    assert "प्रश्न rf_numb?" in reader.get(link).content.decode()


def test_opening_by_link_keeps_nothing(client: Client, link: str, session: Visit) -> None:
    client.get(link)
    client.head(link)
    client.get(f"{link}outcome/")

    assert (Screening.objects.count(), session.bookings.get().screening) == (0, "due")


@pytest.mark.parametrize("status", ["cancelled", "in_progress", "completed"])
def test_visit_that_is_over_asks_nothing(client: Client, link: str, session: Visit, status: str) -> None:
    session.bookings.update(status=status, ended_by="patient" if status == "cancelled" else "")

    assert "There are no questions to answer now" in client.get(link).content.decode()
    assert "There are no questions to answer now" in client.post(link, {}).content.decode()


def test_other_tokens_open_no_questions(client: Client, session: Visit, link: str) -> None:
    token = visit_link(session).rstrip("/").rpartition("/")[2]

    assert client.get(f"/letters/questions/{token}/").status_code == 404
    assert client.get("/letters/questions/nonsense/").status_code == 404
    assert client.post("/letters/questions/nonsense/", {}).status_code == 404


def test_wrong_answer_is_told_by_whoever_typed_the_day_and_by_no_scanner(
    client: Client, link: str, session: Visit, health_questions: Questionnaire, now: dt.datetime
) -> None:
    send_all(type_the_day(client, link, session), link, health_questions, gh_heart=["yes"])
    Client().post(f"{link}wrong/")
    before = Message.objects.filter(kind="wrong_answer").count()

    client.post(f"{link}wrong/")

    message = Message.objects.get(kind="wrong_answer")
    assert (before, message.patient, message.made_by) == (0, session.patient, None)
    assert session.bookings.get().screening == "waiting"
