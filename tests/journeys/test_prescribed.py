"""Given a signed prescription, a patient answers the health questions and books a session on a phone.

Three screens, and the questions between the first and the second; every page that is seen is put before axe.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from bookings.models import Booking, Screening, Status
from clinic.people.models import User
from tests import factories
from tests.questions import make_question
from therapies.models import Variant

from .steps import choose_first_time, click, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

See = Callable[[Page], None]


@pytest.fixture
def ordered(consulting_clinic: Any) -> Variant:
    """Kati Basti, seven days, by one therapist; two questions come first."""
    therapy = factories.make_therapy(
        "kati_basti", name="Kati Basti", needs="prescription", booking_mode="patient", same_gender=True
    )
    variant = factories.make_variant(therapy)
    factories.make_step(variant, "hold", 0, 30, crew={"therapist": 1})
    factories.make_step(variant, "rest", 30, 15)
    factories.make_room(consulting_clinic, "Table room")
    factories.make_practitioner(consulting_clinic, "Sunita", roles=["therapist"], qualified=[therapy])
    factories.make_practitioner(consulting_clinic, "Ramesh", roles=["therapist"], gender="male", qualified=[therapy])
    make_question("rf_numb", "red_flag", 1)
    make_question("gh_heart", "general", 2)
    patient = factories.make_patient(clinics=[consulting_clinic], accepts_therapist="")
    factories.make_access(factories.make_user("meera@example.org", name="Meera"), patient)
    today = dt.datetime.now(tz=dt.UTC).date()
    factories.make_order(
        patient, variant, clinic=consulting_clinic, sessions=7, valid_until=today + dt.timedelta(days=60)
    )
    return variant


@pytest.fixture
def signed_in(context: BrowserContext, ordered: Variant, live_server: Any) -> None:
    client = Client()
    client.force_login(User.objects.get(email="meera@example.org"))
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])


def test_meera_books_a_prescribed_session_in_three_screens(
    page: Page, signed_in: None, accessible: See, complaints: list[str]
) -> None:
    says_whom_she_accepts(page, accessible)
    chooses_what(page, accessible)
    answers_the_questions(page, accessible)
    chooses_a_time(page, accessible)
    confirms(page, accessible)

    booking = Booking.objects.get(status=Status.BOOKED)
    assert booking.item is not None
    assert booking.screening == "clear"
    assert [person.name for person in booking.practitioners()] == ["Sunita"]
    assert Screening.objects.get().answers.count() == 2
    assert complaints == []


def says_whom_she_accepts(page: Page, see: See) -> None:
    page.goto("/book/sessions/")
    see(page)
    page.get_by_label("Women", exact=True).check()
    press(page, "Save the answer")


def chooses_what(page: Page, see: See) -> None:
    """The first of three screens; what alone is prescribed is ticked already."""
    expect(page.get_by_label("Kati Basti")).to_be_checked()
    expect(page.get_by_label("Practitioner")).not_to_contain_text("Ramesh")
    see(page)
    click(page.get_by_role("button", name="Show available times").first)


def answers_the_questions(page: Page, see: See) -> None:
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    see(page)
    page.get_by_label("No", exact=True).check()
    press(page, "Continue")

    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    see(page)
    press(page, "None of these: submit")
    expect(page.get_by_text("Thank you. Your answers have been saved.")).to_be_visible()


def chooses_a_time(page: Page, see: See) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a time")
    see(page)
    choose_first_time(page, day=2)


def confirms(page: Page, see: See) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    expect(page.get_by_role("heading", name="How it works")).to_be_visible()
    see(page)
    press(page, "Book this appointment")
    expect(page.get_by_text("Your appointment is booked.")).to_be_visible()
    expect(page.get_by_role("link", name="Book the next session")).to_be_visible()
    see(page)
