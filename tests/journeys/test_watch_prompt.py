"""While a session goes on: the page counts the time and asks every five minutes to look after the patient."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bookings.models import Booking, Status
from clinic.people.models import User

from .test_desk import signs_in
from .test_session import asha, clinic, lata, meera, session  # noqa: F401 - the same session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def running(session: Booking) -> Booking:  # noqa: F811
    session.status, session.started_at = Status.IN_PROGRESS, timezone.now()
    session.save()
    return session


@pytest.mark.parametrize("scripts", [True], ids=["with JavaScript"])
def test_page_asks_every_five_minutes_until_somebody_has_looked(
    page: Page,
    running: Booking,
    lata: User,  # noqa: F811
) -> None:
    signs_in(page, lata)
    page.clock.install()
    page.goto(f"/desk/visits/{running.visit.public_id}/0/session/")
    prompt = page.locator(".watch-prompt")
    expect(prompt).to_contain_text("every 5 minutes")

    page.clock.run_for(5 * 60_000)
    expect(prompt).to_contain_text("Now: ask whether it is comfortable.")
    page.get_by_role("button", name="Asked, all well").click()
    expect(prompt).to_contain_text("every 5 minutes")

    page.clock.run_for(5 * 60_000)
    expect(prompt).to_contain_text("Now: ask whether it is comfortable.")
