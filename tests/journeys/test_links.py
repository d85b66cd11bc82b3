"""A reader of letters follows their links on a phone, without signing in."""

import datetime as dt
from calendar import month_name
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bookings.messages.content.links import aftercare_link, prepare_link, visit_link
from bookings.models import Booking, Visit
from tests import factories
from therapies.models import TherapyText

from .steps import click

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Accessible = Callable[[Page], None]


@pytest.fixture
def visit() -> Visit:
    """A consultation three days from now at 10:30, of a patient with an account; the Vaidya works every day."""
    clinic = factories.make_clinic()
    patient = factories.make_patient(clinics=[clinic])
    factories.make_access(factories.make_user("meera@example.org"), patient)
    variant = factories.make_consultation()
    advice = {"preparation": ["Bring earlier reports."], "aftercare": ["Sip warm water through the day."]}
    TherapyText.objects.create(therapy=variant.therapy, language="en", **advice)
    vaidya = factories.make_practitioner(clinic, "Dr Asha Menon", qualified=[variant.therapy])
    room = factories.make_room(clinic, features=["consultation_room"])
    on = clinic.today(dt.datetime.now(dt.UTC)) + dt.timedelta(days=3)
    start = dt.datetime.combine(on, dt.time(10, 30), tzinfo=clinic.zone)
    return factories.make_visit(clinic=clinic, variant=variant, start=start, patient=patient, resources=[vaidya, room])


def path(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def test_reader_moves_the_visit_by_the_letters_link(visit: Visit, page: Page, accessible: Accessible) -> None:
    page.goto(path(visit_link(visit)))
    accessible(page)

    click(page.get_by_role("link", name="Choose another time"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the appointment time")
    accessible(page)
    click(page.get_by_role("button", name="14:00", exact=False).first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the appointment time?")
    accessible(page)
    until_now = Booking.objects.get(visit=visit).starts_at.astimezone(visit.zone)
    page.get_by_label("Day").fill(str(until_now.day))
    page.get_by_label("Month").select_option(month_name[until_now.month])
    click(page.get_by_role("button", name="Change the appointment time"))

    expect(page.get_by_text("The appointment time has been changed.")).to_be_visible()
    accessible(page)
    assert Booking.objects.get(visit=visit).starts_at.astimezone(visit.zone).hour == 14


def test_reader_finds_advice_by_the_letters_links(visit: Visit, page: Page, accessible: Accessible) -> None:
    for link, said in ((prepare_link, "Bring earlier reports."), (aftercare_link, "Sip warm water through the day.")):
        page.goto(path(link(visit)))

        expect(page.get_by_text(said)).to_be_visible()
        accessible(page)
