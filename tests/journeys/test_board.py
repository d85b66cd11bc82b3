"""Given a board on a wide screen: a visit is moved by keys and by dragging; what others do arrives without a jolt."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from bookings.actions import changes
from bookings.models import Booking, CancelledBy, Visit
from clinic.people.models import User
from clinic.premises.models import Clinic, Room
from clinic.wall import edge
from tests import factories
from tests.journeys.test_desk import signs_in
from therapies.models import Practitioner, Variant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUARTER, HOUR = dt.timedelta(minutes=15), dt.timedelta(hours=1)


@pytest.fixture
def start(consulting_clinic: Clinic) -> dt.datetime:
    """Tomorrow at eight, when the Vaidya begins."""
    return edge(consulting_clinic.today(timezone.now()) + dt.timedelta(days=1), 8 * 60, consulting_clinic.zone)


@pytest.fixture
def visits(consulting_clinic: Clinic, start: dt.datetime) -> list[Visit]:
    """Devi's at eight, and Uma's two hours later."""
    usual = {"clinic": consulting_clinic, "variant": Variant.objects.get()}
    resources = [Practitioner.objects.get(), Room.objects.get()]
    return [
        factories.make_visit(
            start=start + hours * HOUR,
            patient=factories.make_patient(name, phone=f"+91984700005{hours}", clinics=[consulting_clinic]),
            resources=resources,
            **usual,
        )
        for name, hours in (("Devi", 0), ("Uma", 2))
    ]


@pytest.fixture
def board(page: Page, consulting_clinic: Clinic, visits: list[Visit], start: dt.datetime) -> Page:
    """Tomorrow's, as the front desk sees it on a wide screen."""
    page.set_viewport_size({"width": 1280, "height": 900})
    signs_in(page, factories.make_member(consulting_clinic, "front_desk"))
    page.goto(f"/desk/?date={start.astimezone(consulting_clinic.zone):%Y-%m-%d}")
    return page


def block(board: Page, name: str) -> Locator:
    return board.locator("a.v", has_text=name)


def begins(board: Page, moment: dt.datetime) -> None:
    """Devi's visit begins then, on the board and on record."""
    expect(block(board, "Devi")).to_have_attribute("data-s", f"{moment.timestamp():.0f}")
    assert Booking.objects.get(visit__patient__given_name="Devi").starts_at == moment


def lasts(board: Page, minutes: int) -> None:
    """Devi's treatment takes so long, on the board and on record."""
    booking = Booking.objects.get(visit__patient__given_name="Devi")
    end = booking.starts_at + dt.timedelta(minutes=minutes)
    expect(block(board, "Devi")).to_have_attribute("data-e", f"{end.timestamp():.0f}")
    booking.refresh_from_db()
    assert booking.ends_at == end


@pytest.mark.parametrize("scripts", [True], ids=["with JavaScript"])
def test_visit_is_moved_by_three_keys_and_taken_back_by_one(
    board: Page, start: dt.datetime, accessible: Callable[[Page], None], complaints: list[str]
) -> None:
    accessible(board)
    block(board, "Devi").focus()

    for key in ("m", "ArrowRight", "Enter"):
        board.keyboard.press(key)
    begins(board, start + QUARTER)
    expect(block(board, "Devi")).to_be_focused()
    accessible(board)
    board.keyboard.press("u")
    begins(board, start)
    for key in ("l", "ArrowLeft", "ArrowLeft", "Enter"):
        board.keyboard.press(key)
    lasts(board, 35)
    board.keyboard.press("u")
    lasts(board, 45)

    assert complaints == []


@pytest.mark.parametrize("scripts", [True], ids=["with JavaScript"])
def test_visit_is_dragged_by_an_hour(board: Page, start: dt.datetime, complaints: list[str]) -> None:
    hour = board.locator(".lane-hours time").first.bounding_box()
    box = block(board, "Devi").bounding_box()
    assert hour is not None
    assert box is not None
    x, y = box["x"] + 10, box["y"] + 10

    board.mouse.move(x, y)
    board.mouse.down()
    board.mouse.move(x + hour["width"] / 2, y)
    board.mouse.move(x + hour["width"], y)
    board.mouse.up()

    begins(board, start + HOUR)
    box = block(board, "Devi").bounding_box()
    assert box is not None
    x = box["x"] + box["width"] - 3
    board.mouse.move(x, y)
    board.mouse.down()
    board.mouse.move(x + hour["width"] / 8, y)
    board.mouse.move(x + hour["width"] / 4, y)
    board.mouse.up()
    lasts(board, 60)
    assert complaints == []


@pytest.mark.parametrize("scripts", [True], ids=["with JavaScript"])
def test_what_a_colleague_did_arrives_and_the_focus_stays(board: Page, visits: list[Visit], start: dt.datetime) -> None:
    link = board.locator("#day-list").get_by_role("link", name="Uma Nair")
    link.focus()

    booking = visits[0].bookings.get()
    user = User.objects.filter(memberships__role="front_desk").get()
    now, version = timezone.now(), booking.version
    changes.cancel(visit=visits[0], by=user, now=now, ended_by=CancelledBy.PATIENT, version=version, desk=True)
    board.evaluate("document.getElementById('day').dispatchEvent(new Event('look'))")

    expect(block(board, "Devi")).to_have_count(0)
    expect(board.locator("details.gone .count")).to_have_text("1")
    expect(link).to_be_focused()


@pytest.mark.parametrize("scripts", [True], ids=["with JavaScript"])
def test_free_place_leads_to_the_booking_with_person_day_and_time(board: Page, start: dt.datetime) -> None:
    hour = board.locator(".lane-hours time").nth(1).bounding_box()
    lane = board.locator("[data-lane] .track").first.bounding_box()
    assert hour is not None
    assert lane is not None

    board.mouse.click(hour["x"] + 3, lane["y"] + 10)

    practitioner = Practitioner.objects.get().pk
    expect(board).to_have_url(
        f"{board.url.split('/desk/')[0]}/desk/patients/?date={start:%Y-%m-%d}&time=09%3A00&practitioner={practitioner}"
    )
