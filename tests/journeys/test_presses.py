"""How many presses the health questions take in a browser, on the shipped ones, for somebody with nothing to tell."""

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from bookings.models import Screening
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.shipped import load_shipped
from therapies.models import Variant

from .steps import choose_first_time, click, press

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("scripts", [False], ids=["without JavaScript"]),
]

BEFORE_A_CONSULTATION, HISTORY = 8, 26
"""Presses that the clinic asks for at most."""


@pytest.fixture
def clinic(transactional_db: None) -> Clinic:
    """One Vaidya for first consultations, and the shipped catalogue."""
    load_shipped()
    clinic = factories.make_clinic()
    factories.make_room(clinic, "Consulting room", features=["consultation_room"])
    consultation = Variant.objects.get(therapy__code="consultation_first", is_default=True)
    factories.make_practitioner(clinic, "Dr Asha Menon", works=("08:00", "11:00"), qualified=[consultation.therapy])
    return clinic


@pytest.fixture
def man_of_40(clinic: Clinic, context: BrowserContext, live_server: Any) -> Patient:
    """Signed in to his own account."""
    birth_date = dt.date(dt.datetime.now(tz=dt.UTC).year - 40, 1, 1)
    patient = factories.make_patient(clinics=[clinic], gender="man", birth_date=birth_date)
    factories.make_access(factories.make_user("ramesh@example.org", name="Ramesh"), patient)
    client = Client()
    client.force_login(User.objects.get(email="ramesh@example.org"))
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return patient


def answer_page(page: Page) -> int:
    """Say no to each question that stands alone, and “None of these” to a group; returns the presses."""
    pressed = 0
    for alone in page.locator("fieldset[data-shape=choices]").all():
        usual = "Yes" if "lie face down" in alone.inner_text() else "No"
        alone.get_by_label(usual, exact=True).check()
        pressed += 1
    for tick in page.locator(".question-none input").all():
        tick.check()
        pressed += 1
    none = page.locator(".question-none button")
    click(none if none.count() else page.locator(".actions button[value=on]"))
    return pressed + 1


def test_signs_before_a_first_consultation_take_at_most_eight_presses(page: Page, man_of_40: Patient) -> None:
    page.goto("/book/")
    page.get_by_label("First consultation").check()
    press(page, "Show available times")
    choose_first_time(page, day=2)
    page.get_by_role("radio").first.check()
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("First: do you need help at once?")

    pressed = answer_page(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    assert pressed <= BEFORE_A_CONSULTATION


def test_healthy_man_of_40_tells_his_whole_history_in_at_most_26_presses(
    page: Page, man_of_40: Patient, clinic: Clinic
) -> None:
    kati_basti = Variant.objects.get(therapy__code="kati_basti", is_default=True)
    until = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=60)
    factories.make_order(man_of_40, kati_basti, clinic=clinic, sessions=7, valid_until=until)
    page.goto(f"/questions/{man_of_40.public_id}/")
    pressed = 0
    lines = []

    while "/outcome/" not in page.url:
        lines.append(page.locator("fieldset.question").count())
        pressed += answer_page(page)

    assert (pressed <= HISTORY, max(lines) <= 12) == (True, True)
    assert Screening.objects.get().answers.count() == sum(lines)
