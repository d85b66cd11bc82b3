"""Given a clinic with free times, a newcomer books on a phone, moves the visit and cancels it.

Every page that is seen on the way is put before axe.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bookings.models import Booking, Status
from clinic.premises.models import Clinic
from tests import factories

from .steps import choose_first_time, click, follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL = "meera@example.org"
See = Callable[[Page], None]


def title_is(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_a_newcomer_books_moves_and_cancels(
    page: Page,
    consulting_clinic: Clinic,
    code_for: Callable[[str], str],
    accessible: See,
    complaints: list[str],
) -> None:
    spoken = chooses_a_time(page, accessible)
    signs_in(page, accessible, code_for)
    says_who_comes(page, accessible)
    confirms(page, accessible, spoken)
    booked = Booking.objects.get(status=Status.BOOKED)

    moves(page, accessible)
    moved = Booking.objects.get(status=Status.BOOKED)
    cancels(page, accessible)
    looks_at_the_details(page, accessible)

    assert moved.starts_at > booked.starts_at
    assert Booking.objects.get(pk=moved.pk).status == Status.CANCELLED
    # The one mistake on the way was made on purpose.
    assert complaints == ["Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"]


def chooses_a_time(page: Page, see: See) -> str:
    page.goto("/book/")
    see(page)
    page.get_by_label("First consultation, 45 minutes").check()
    press(page, "Show available times")

    see(page)
    follow(page, "Next week")
    expect(page).to_have_url(re.compile("from="))
    follow(page, "Previous week")
    expect(page.locator(".day-strip a").first).to_contain_text("Today")
    return choose_first_time(page, day=2)


def signs_in(page: Page, see: See, code_for: Callable[[str], str]) -> None:
    expect(page.get_by_text("This time is held for you until")).to_be_visible()
    see(page)
    page.get_by_label("Your e-mail address").fill(EMAIL)
    press(page, "E-mail me a code")

    see(page)
    page.get_by_label("Code from the e-mail").fill(code_for(EMAIL))
    press(page, "Continue")


def says_who_comes(page: Page, see: See) -> None:
    """Not without a slip in the phone number, and more time, neither of which loses a word."""
    title_is(page, "Who is the appointment for?")
    see(page)
    page.get_by_label("First name").fill("Meera")
    page.get_by_label("Date of birth").fill("1988-05-17")
    page.get_by_label("Phone").first.fill("12")
    press(page, "Continue")

    expect(page.locator(".invalid-feedback").first).to_contain_text("valid phone number")
    see(page)
    page.get_by_label("Phone").first.fill("+91 98470 00001")
    press(page, "Hold for another 15 minutes")

    expect(page.get_by_label("First name")).to_have_value("Meera")
    press(page, "Continue")


def confirms(page: Page, see: See, spoken: str) -> None:
    title_is(page, "Is this right?")
    time, day = spoken.split(", ")
    expect(page.get_by_text(f"{day}, {time}").first).to_be_visible()
    expect(page.get_by_role("heading", name="When back pain is an emergency")).to_be_visible()
    see(page)
    press(page, "Book this appointment")

    expect(page.get_by_text("Your appointment is booked.")).to_be_visible()
    see(page)


def moves(page: Page, see: See) -> None:
    click(page.get_by_role("link", name="Change time", exact=True))
    see(page)
    choose_first_time(page, day=1)
    see(page)
    press(page, "Change to the new time")

    expect(page.get_by_text("The time of your appointment has been changed.")).to_be_visible()


def cancels(page: Page, see: See) -> None:
    follow(page, "My appointments")
    see(page)
    click(page.locator(".link-card a").first)
    follow(page, "Cancel the visit")
    see(page)
    page.get_by_label("I cannot travel").check()
    press(page, "Cancel the visit")

    expect(page.get_by_text("Your appointment is cancelled.")).to_be_visible()
    see(page)


def looks_at_the_details(page: Page, see: See) -> None:
    follow(page, "My appointments")
    follow(page, "View and change the details")
    see(page)
    follow(page, "Meera")
    title_is(page, "Meera")
    see(page)


def test_a_reader_abroad_finds_a_clinic_and_the_first_morning(
    page: Page, consulting_clinic: Clinic, accessible: See
) -> None:
    """Where first; then only mornings, with the own time beside the clinic's."""
    factories.make_clinic("vriksha")
    page.goto("/book/")
    accessible(page)
    follow(page, consulting_clinic.name)
    page.get_by_label("First consultation, 45 minutes").check()
    press(page, "Show available times")

    page.get_by_text("Filter the times").click()
    accessible(page)
    page.get_by_label("Part of the day").select_option("morning")
    page.get_by_label("Show also the time in").select_option("Europe/London")
    press(page, "Show these times")

    expect(page.locator(".time-button-note").first).to_contain_text("in London")
    expect(page.locator(".day-part")).to_have_text(["Morning"])
    click(page.get_by_role("button", name="Choose the first available time"))
    expect(page.get_by_text("This time is held for you until")).to_be_visible()
