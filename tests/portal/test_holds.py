"""The chosen time is held: once, for a while, by one browser; extended, given back, or just taken."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings.models import Booking, Status, Visit
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from therapies.models import Practitioner, Variant

pytestmark = pytest.mark.django_db


def statuses() -> list[str]:
    return list(Booking.objects.order_by("pk").values_list("status", flat=True))


def test_hold_keeps_the_time_for_fifteen_minutes(
    client: Client, hold_at: Callable[..., Any], start: dt.datetime, now: dt.datetime
) -> None:
    response = hold_at(start)

    assert (response.status_code, response.url) == (302, "/book/who/")
    booking = Booking.objects.get()
    assert (booking.status, booking.starts_at) == (Status.HELD, start)
    assert booking.expires_at == now + dt.timedelta(minutes=15)
    assert client.session["booking"]["hold"] == str(booking.visit.public_id)


def test_hold_by_get_holds_nothing(client: Client, asked: dict[str, Any], start: dt.datetime) -> None:
    assert client.get("/book/hold/", asked | {"start": start.isoformat()}).url == "/book/"
    assert Visit.objects.count() == 0


def test_hold_pressed_twice_holds_once(hold_at: Callable[..., Any], start: dt.datetime) -> None:
    page = uuid.uuid4()

    hold_at(start, page=page)
    second = hold_at(start, page=page)

    assert second.url == "/book/who/"
    assert statuses().count(Status.HELD) == 1


def test_going_back_and_choosing_another_time_replaces_the_first(
    hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    page = uuid.uuid4()

    hold_at(start, page=page)
    hold_at(start + dt.timedelta(hours=2), page=page)

    held = Booking.objects.get(status=Status.HELD)
    assert held.starts_at == start + dt.timedelta(hours=2)
    assert Booking.objects.count() == 2


def test_going_back_to_the_first_time_holds_it_again(hold_at: Callable[..., Any], start: dt.datetime) -> None:
    page = uuid.uuid4()
    for moment in (start, start + dt.timedelta(hours=2), start):
        hold_at(moment, page=page)

    assert Booking.objects.get(status=Status.HELD).starts_at == start


def test_the_time_one_holds_stays_in_ones_own_list(
    client: Client, hold_at: Callable[..., Any], asked: dict[str, Any], start: dt.datetime
) -> None:
    hold_at(start)

    mine = client.get("/book/times/", asked).context["days"][1]["times"]
    others = Client().get("/book/times/", asked).context["days"][1]["times"]

    assert "10:30" in [time["label"] for time in mine]
    assert "10:30" not in [time["label"] for time in others]


def test_a_time_just_taken_is_answered_with_the_nearest_others(
    client: Client, hold_at: Callable[..., Any], visit: Visit, start: dt.datetime
) -> None:
    response = hold_at(start)

    page = response.content.decode()
    assert response.status_code == 409
    assert "just been booked" in page
    offered = [time["value"] for day in response.context["days"] for time in day["times"]]
    assert offered == ["2026-03-03T04:00:00+00:00", "2026-03-03T04:15:00+00:00", "2026-03-03T05:45:00+00:00"]
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    "off",
    [
        dt.timedelta(minutes=7),  # off the five-minute marks
        dt.timedelta(minutes=5),  # off the clinic's grid
        dt.timedelta(days=-1, minutes=30),  # sooner than the lead time
        dt.timedelta(days=-30),  # past
        dt.timedelta(days=200),  # beyond the horizon
        dt.timedelta(hours=12),  # closed
        dt.timedelta(hours=7),  # would end after closing
    ],
)
def test_a_time_that_was_never_offered_is_refused(
    hold_at: Callable[..., Any], start: dt.datetime, off: dt.timedelta
) -> None:
    response = hold_at(start + off)

    assert response.status_code == 409
    assert response.context["reason"]
    assert Visit.objects.count() == 0


@pytest.mark.parametrize(
    "start_text",
    ["", "soon", "2026-03-03T10:30", "2026-99-03T10:30:00Z", "9999-12-31T23:59:00Z", "0001-01-01T00:00:00+14:00"],
)
def test_a_time_that_is_none_leads_back_to_the_list(client: Client, asked: dict[str, Any], start_text: str) -> None:
    response = client.post("/book/hold/", asked | {"start": start_text, "page": uuid.uuid4()}, follow=True)

    assert response.redirect_chain[0][0].startswith("/book/times/")
    assert "Choose one of the times in the list." in response.content.decode()
    assert Visit.objects.count() == 0


def test_a_closed_day_is_refused(hold_at: Callable[..., Any], clinic: Clinic, start: dt.datetime) -> None:
    factories.make_closure(clinic, dt.date(2026, 3, 3))

    assert hold_at(start).status_code == 409
    assert Visit.objects.count() == 0


def test_an_absence_entered_since_the_list_was_loaded_is_seen(
    hold_at: Callable[..., Any], vaidya: Practitioner, manager: User, start: dt.datetime
) -> None:
    factories.make_absence(vaidya, start, start + dt.timedelta(hours=4), by=manager)

    assert hold_at(start).status_code == 409
    assert Visit.objects.count() == 0


def test_extend_adds_time_once(
    client: Client, hold_at: Callable[..., Any], start: dt.datetime, now: dt.datetime
) -> None:
    hold_at(start)

    client.post("/book/extend/")
    again = client.post("/book/extend/", follow=True)

    assert Visit.objects.get().extended
    assert "A hold can be extended only once." in again.content.decode()


def test_extend_keeps_what_was_typed_beside_it(
    client: Client, owner: User, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    client.force_login(owner)
    hold_at(start)

    response = client.post("/book/extend/", {"given_name": "Asha", "needs": "no stairs"}, follow=True)

    assert response.redirect_chain[-1][0] == "/book/who/"
    assert response.context["new"]["given_name"].value() == "Asha"
    assert response.context["new"]["needs"].value() == "no stairs"


def test_release_gives_the_time_back(
    client: Client, hold_at: Callable[..., Any], asked: dict[str, Any], start: dt.datetime
) -> None:
    hold_at(start)

    response = client.post("/book/release/", follow=True)

    assert statuses() == [Status.EXPIRED]
    assert response.redirect_chain[0][0].startswith("/book/times/")
    times = Client().get("/book/times/", asked).context["days"][1]["times"]
    assert "10:30" in [time["label"] for time in times]


@pytest.mark.parametrize("path", ["/book/extend/", "/book/release/"])
def test_without_a_hold_one_is_told_to_choose(client: Client, consultation: Variant, path: str) -> None:
    response = client.post(path, follow=True)

    assert response.redirect_chain == [("/book/", 302)]
    assert "No time is held for you at the moment." in response.content.decode()


def test_a_third_hold_of_one_account_is_refused(owner: User, asked: dict[str, Any], start: dt.datetime) -> None:
    answers = []
    for number in range(3):
        browser = Client()
        browser.force_login(owner)
        moment = start + dt.timedelta(hours=number)
        posted = asked | {"start": moment.isoformat(), "page": uuid.uuid4()}
        answers.append(browser.post("/book/hold/", posted))

    assert [answer.status_code for answer in answers] == [302, 302, 409]
    assert "You are already holding several times." in answers[2].content.decode()
    assert Booking.objects.filter(status=Status.HELD).count() == 2
