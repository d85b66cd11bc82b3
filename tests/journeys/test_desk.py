"""Given a clinic and somebody at its front desk: a caller is registered, booked, and called off; somebody else arrives.

Every page that is seen on the way is put before axe.
"""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from bookings.actions import attendance
from bookings.models import Booking, Status, Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.signing_in import app_code, give_factor
from therapies.models import Practitioner, Variant

from .steps import click, enter, follow, next_page, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

See = Callable[[Page], None]
WHO = "Name, village, phone, e-mail or number"
KNOWN, NEW = 4, 6
"""Presses that a booking at the desk takes at most."""


@pytest.fixture
def latha(consulting_clinic: Clinic) -> User:
    return factories.make_member(consulting_clinic, "front_desk")


@pytest.fixture
def expected(consulting_clinic: Clinic) -> Visit:
    """Somebody whose treatment begins now."""
    now = timezone.now()
    start = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
    variant = Variant.objects.select_related("therapy").get()
    variant.therapy.arrival_lead_minutes = 0  # else shortly after midnight they would be on yesterday's board
    return factories.make_visit(
        clinic=consulting_clinic,
        variant=variant,
        start=start,
        patient=factories.make_patient("Devi", phone="+919847000055", clinics=[consulting_clinic]),
        resources=[Practitioner.objects.get()],
    )


def signs_in(page: Page, user: User) -> None:
    """By staff number, password and a code."""
    give_factor(user)
    page.goto("/desk/")
    page.locator("input[name=login]").fill(user.username)
    enter(page.locator("input[name=password]"), factories.PASSWORD)
    enter(page.locator("input[name=code]"), app_code())
    expect(page.get_by_role("navigation", name="Desk")).to_be_visible()


def test_a_caller_is_registered_booked_and_called_off(
    page: Page, latha: User, accessible: See, complaints: list[str]
) -> None:
    signs_in(page, latha)
    accessible(page)
    registers(page, accessible)
    books(page, accessible)
    booking = Booking.objects.get(status=Status.BOOKED)
    moves(page, accessible)
    calls_off(page, accessible)

    assert booking.visit.patient == Patient.objects.get()
    assert Booking.objects.get(pk=booking.pk).status == Status.CANCELLED
    assert complaints == []


def registers(page: Page, see: See) -> None:
    follow(page, "Book")
    see(page)
    page.get_by_label(WHO).fill("Uma")
    press(page, "Search")
    expect(page.get_by_text("No matching patient at this clinic")).to_be_visible()
    see(page)
    click(page.get_by_role("link", name="New patient", exact=True))
    see(page)
    page.get_by_label("First name").fill("Uma")
    page.get_by_label("Date of birth").fill("1970-01-31")
    page.get_by_role("textbox", name="Phone", exact=True).fill("98470 00077")
    press(page, "Register and book")


def books(page: Page, see: See) -> None:
    see(page)
    click(page.locator(".day").nth(1).get_by_role("button").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Read this to the patient, then book")
    see(page)
    press(page, "Book")
    expect(page.get_by_text("The visit has been booked.")).to_be_visible()
    see(page)


def moves(page: Page, see: See) -> None:
    click(page.get_by_role("link", name="Change time"))
    see(page)
    click(page.locator(".day").nth(2).get_by_role("button").first)
    expect(page.get_by_text("The time of the visit has been changed.")).to_be_visible()


def calls_off(page: Page, see: See) -> None:
    click(page.get_by_role("link", name="Cancel"))
    see(page)
    page.get_by_label("The patient is ill").check()
    press(page, "Cancel the visit")
    expect(page.get_by_text("Visits that did not take place").first).to_be_visible()
    see(page)


def test_somebody_arrives_is_treated_and_goes(
    page: Page, latha: User, expected: Visit, accessible: See, complaints: list[str]
) -> None:
    signs_in(page, latha)
    accessible(page)

    for button, status in [("Check in", "Checked in"), ("Start", "In progress"), ("Complete", "Completed")]:
        page.locator("#day-list").get_by_role("button", name=re.compile(f"^{button}.*Devi Nair")).click()
        expect(page.locator("#day-list .state")).to_have_text(status)
        accessible(page)

    assert expected.bookings.get().status == Status.COMPLETED
    assert complaints == []


@pytest.mark.parametrize("scripts", [True], ids=["with JavaScript"])
def test_board_shows_by_itself_what_a_colleague_did(context: BrowserContext, latha: User, expected: Visit) -> None:
    page = context.new_page()
    page.clock.install()
    signs_in(page, latha)
    expect(page.locator("#day-list .state")).to_have_text(re.compile("^Booked"))

    attendance.check_in(visit=expected, by=latha, now=timezone.now())
    page.clock.fast_forward("01:01")

    expect(page.locator("#day-list .state")).to_have_text("Checked in")


@pytest.mark.parametrize("scripts", [True], ids=["with JavaScript"])
def test_board_gives_way_to_the_sign_in_when_the_session_is_over(
    context: BrowserContext, latha: User, expected: Visit
) -> None:
    page = context.new_page()
    page.clock.install()
    signs_in(page, latha)

    context.clear_cookies(name="session")
    page.clock.fast_forward("01:01")

    expect(page.locator("input[name=password]")).to_be_visible()
    expect(page.get_by_text("Devi Nair")).to_have_count(0)


def test_known_and_new_patients_are_booked_in_few_presses(
    page: Page, latha: User, consulting_clinic: Clinic, scripts: bool, accessible: See, complaints: list[str]
) -> None:
    factories.make_patient("Devi", phone="+919847000055", clinics=[consulting_clinic])
    signs_in(page, latha)

    assert books_a_known_patient(page, accessible, scripts=scripts) <= KNOWN
    assert books_a_new_patient(page, accessible) <= NEW

    uma = Patient.objects.get(given_name="Uma")
    assert (uma.channel, uma.birth_is_approximate, uma.gender) == ("call", True, "female")
    assert Booking.objects.filter(status=Status.BOOKED).count() == 2
    assert complaints == []


def books_a_known_patient(page: Page, see: See, *, scripts: bool) -> int:
    """By the keyboard where hits come while typing, else by the list of results. How many presses."""
    follow(page, "Book")
    field = page.get_by_label(WHO)
    if scripts:
        field.press_sequentially("devi")
        expect(page.get_by_role("option", name=re.compile("Devi Nair"))).to_be_visible()
        field.press("ArrowDown")
        see(page)
        with next_page(page):
            field.press("Enter")
    else:
        enter(field, "devi")
        click(page.get_by_role("link", name=re.compile("^Book.*Devi Nair")))
    see(page)
    press(page, "Book")
    expect(page.get_by_text("The visit has been booked.")).to_be_visible()
    return 3 if scripts else 4


def books_a_new_patient(page: Page, see: See) -> int:
    """The name is typed once, as what is looked for. How many presses."""
    follow(page, "Book")
    enter(page.get_by_label(WHO), "uma")
    press(page, "Register a new patient")
    see(page)
    page.get_by_role("textbox", name="Phone", exact=True).fill("98470 00077")
    page.get_by_label("Age in years").fill("56")
    page.get_by_label("Gender").select_option("female")
    press(page, "Register and book")
    press(page, "Book")
    expect(page.get_by_text("The visit has been booked.")).to_be_visible()
    return 5
