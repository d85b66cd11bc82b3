"""Before a consultation: the danger signs on one short page, also for a new person, without JavaScript."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from bookings.models import Message, Screening, Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.portal.test_who import DETAILS
from tests.questions import make_question
from therapies.models import Question

pytestmark = pytest.mark.django_db

MOST_PRESSES = 8
SIGNS = ["rf_numb", "rf_chest"]


@pytest.fixture(autouse=True)
def catalogue(clinic: Clinic) -> None:
    """Two signs that need help at once, one for a doctor within days, one plain question."""
    factories.make_abhyanga()  # brings how long answers count
    for position, code in enumerate(SIGNS):
        make_question(code, "red_flag", position, effect="urgent_referral", urgency="emergency_now")
    make_question("rf_weight", "red_flag", 30, effect="urgent_referral", urgency="within_days")
    make_question("gh_heart", "general", 40)


@pytest.fixture
def chosen(client: Client, owner: User, patient: Patient, hold_at: Callable[..., Any], start: dt.datetime) -> Patient:
    """A time is held, and the patient is chosen."""
    client.force_login(owner)
    hold_at(start)
    client.post("/book/who/", {"act": "pick", "patient": patient.public_id})
    return patient


def fields_of(page: str) -> dict[str, str]:
    """What the form on the page holds by itself."""
    form = page[page.index('class="questions"') : page.index("</form>", page.index('class="questions"'))]
    return dict(re.findall(r'type="hidden" name="(shown)" value="([^"]+)"', form))


def names_of(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'type="radio" name="(q\d+)"', page)))


def answer(client: Client, *, says: str = "no", first: str = "no") -> HttpResponse:
    """Fill in the page as a browser without JavaScript does."""
    page = client.get("/book/signs/").content.decode()
    names = names_of(page)
    given = dict.fromkeys(names, says) | {names[0]: first}
    return client.post("/book/signs/?page=1&next=/book/confirm/", fields_of(page) | given)


def test_first_consultation_asks_the_danger_signs_and_nothing_else(client: Client, chosen: Patient) -> None:
    assert client.get("/book/confirm/").headers["Location"] == "/book/signs/"

    page = client.get("/book/signs/").content.decode()

    assert [f"Question {code}?" in page for code in (*SIGNS, "rf_weight", "gh_heart")] == [True, True, False, False]
    answered = answer(client)
    assert answered.headers["Location"] == "/book/confirm/"
    assert client.get("/book/confirm/").status_code == 200
    assert {row.question.code: row.value for row in Screening.objects.get().answers.all()} == {
        "rf_numb": "no",
        "rf_chest": "no",
    }


def test_person_whose_record_is_made_at_that_moment_is_asked_too(
    client: Client, owner: User, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    client.force_login(owner)
    hold_at(start)

    page = client.post("/book/who/", DETAILS, follow=True).content.decode()

    assert "First: do you need help at once?" in page
    assert answer(client).headers["Location"] == "/book/confirm/"
    assert Screening.objects.get().patient.given_name == "Ramesh"


def test_page_of_signs_keeps_the_steps_of_booking_and_the_held_time(client: Client, chosen: Patient) -> None:
    page = client.get("/book/signs/").content.decode()

    assert 'aria-label="Booking steps"' in page
    assert "This time is held for you until" in " ".join(page.split())


def test_page_takes_at_most_eight_presses_on_the_shipped_questions(client: Client, chosen: Patient) -> None:
    from tests.shipped import load_shipped

    Question.objects.all().delete()
    load_shipped()

    page = client.get("/book/signs/").content.decode()

    assert 0 < len(names_of(page)) + 1 <= MOST_PRESSES
    assert "Page 1 of 1" in page
    assert answer(client).headers["Location"] == "/book/confirm/"


@pytest.mark.parametrize("says", ["yes", "unsure"])
def test_emergency_sign_shows_the_numbers_puts_the_patient_on_the_list_of_calls_and_locks_nobody_out(
    client: Client, chosen: Patient, says: str
) -> None:
    answered = answer(client, first=says)

    page = client.get(answered.headers["Location"]).content.decode()
    assert ("Please get help now" in page, 'href="tel:112"' in page) == (True, True)
    assert 'href="tel:+914952300000"' in page
    assert Message.objects.get(kind="call_back").patient == chosen
    assert client.get("/book/confirm/").status_code == 200


@pytest.mark.parametrize("says", ["yes", "unsure"])
def test_emergency_sign_acts_although_another_question_of_the_page_is_blank(
    client: Client, chosen: Patient, says: str
) -> None:
    page = client.get("/book/signs/").content.decode()

    answered = client.post("/book/signs/?page=1", fields_of(page) | {names_of(page)[1]: says})

    assert "Please get help now" in client.get(answered.headers["Location"]).content.decode()
    assert Message.objects.get(kind="call_back").patient == chosen
    assert [row.value for row in Screening.objects.get().answers.all()] == [says]


def test_a_no_beside_a_blank_question_is_not_kept(client: Client, chosen: Patient) -> None:
    page = client.get("/book/signs/").content.decode()

    answered = client.post("/book/signs/?page=1", fields_of(page) | {names_of(page)[1]: "no"})

    assert (answered.status_code, Screening.objects.count(), Message.objects.count()) == (422, 0, 0)


def test_clinic_that_is_asked_to_call_somebody_new_can_open_the_record(
    client: Client, owner: User, front_desk: User, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    """And a wrong answer of theirs is told, and leads back to the booking."""
    client.force_login(owner)
    hold_at(start)
    client.post("/book/who/", DETAILS, follow=True)
    answer(client, first="yes")
    new = Screening.objects.get().patient

    told = client.post(f"/questions/{new.public_id}/wrong/")

    assert told.headers["Location"] == "/book/confirm/"
    assert set(Message.objects.filter(patient=new).values_list("kind", flat=True)) == {"call_back", "wrong_answer"}
    client.force_login(front_desk)
    assert client.get(f"/desk/patients/{new.public_id}/").status_code == 200


def test_nothing_answered_is_asked_back(client: Client, chosen: Patient) -> None:
    page = client.get("/book/signs/").content.decode()

    answered = client.post("/book/signs/?page=1", fields_of(page))

    assert (answered.status_code, Screening.objects.count()) == (422, 0)


def test_confirmation_that_was_open_before_is_led_to_the_signs(
    client: Client, chosen: Patient, start: dt.datetime
) -> None:
    time = Visit.objects.get()
    posted = {"visit": time.public_id, "patient": chosen.public_id, "key": time.public_id}

    answered = client.post("/book/confirm/", posted)

    assert answered.headers["Location"] == "/book/signs/"
    assert Visit.objects.get().patient is None


@pytest.mark.parametrize(("days", "asks"), [(1, False), (29, False), (31, True)])
def test_signs_are_asked_again_only_when_stale_and_then_in_one_group(
    client: Client, chosen: Patient, clinic: Clinic, now: dt.datetime, days: int, asks: bool
) -> None:
    factories.tell(chosen, clinic, at=now - dt.timedelta(days=days), rf_numb="no", rf_chest="no")

    assert (client.get("/book/confirm/").status_code == 302) is asks
    if asks:
        assert "None of these" in client.get("/book/signs/").content.decode()


def test_relative_who_sees_appointments_only_is_not_asked(
    client: Client, relative: User, patient: Patient, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    client.force_login(relative)
    hold_at(start)
    client.post("/book/who/", {"act": "pick", "patient": patient.public_id})

    assert client.get("/book/confirm/").status_code == 200
    assert client.get("/book/signs/").headers["Location"] == "/book/confirm/"
    assert client.get("/book/signs/outcome/").headers["Location"] == "/book/confirm/"
