"""What patients asked for: the limit is seen, and the desk says yes or no; nobody's silence keeps the time."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from bookings.models import Booking, CancelledBy, Message, Occupancy, ScreeningState, Status, Visit
from bookings.tasks import lapse_requests
from clinic.people.models import User
from tests.desk.conftest import Enter, MakeVisit, at

LIMIT = at(20)


@pytest.fixture
def asked(visit_at: MakeVisit) -> Visit:
    """For Wednesday at 11:00; answered until today at 20:00."""
    return visit_at(at(11, day=4), status=Status.REQUESTED, expires_at=LIMIT)


def act(visit: Visit, code: str) -> str:
    return reverse(f"desk:{code}", args=[visit.public_id])


def day_list(client: Any) -> str:
    return client.get("/desk/", {"date": "2026-03-04"}).content.decode()


def test_request_is_shown_with_its_limit_and_two_answers(enter: Enter, front_desk: User, asked: Visit) -> None:
    client = enter(front_desk)

    shown, visit = day_list(client), client.get(reverse("desk:visit", args=[asked.public_id])).content.decode()

    assert "reply by Mon 2 Mar, 20:00" in shown
    assert "Mon 2 March, 20:00" in visit
    codes = ("accept", "decline", "cancel", "move")  # what asks for more than a press is on the page of the visit
    assert [act(asked, code) in shown for code in codes] == [True, False, False, False]
    assert [act(asked, code) in visit for code in codes] == [True, True, False, False]


def test_accepted_request_is_booked(enter: Enter, front_desk: User, asked: Visit) -> None:
    enter(front_desk).post(act(asked, "accept"))

    booking = asked.bookings.get()
    assert (booking.status, booking.expires_at) == (Status.BOOKED, None)


def test_declined_request_gives_its_time_back_and_keeps_the_reason(
    enter: Enter, front_desk: User, asked: Visit
) -> None:
    client = enter(front_desk)
    assert "The day is too full" in client.get(act(asked, "decline")).content.decode()

    client.post(act(asked, "decline"), {"reason": "no_room_in_the_day"})

    booking = asked.bookings.get()
    assert (booking.status, booking.ended_by, booking.reason) == (
        Status.CANCELLED,
        CancelledBy.CLINIC,
        "no_room_in_the_day",
    )
    assert not Occupancy.objects.filter(booking=booking).exists()
    assert asked.history.get(verb="decline").detail["reason"] == "no_room_in_the_day"


@pytest.mark.parametrize("reason", ["", "patient_ill", "because"])
def test_decline_without_a_reason_of_the_list_changes_nothing(
    enter: Enter, front_desk: User, asked: Visit, reason: str
) -> None:
    answer = enter(front_desk).post(act(asked, "decline"), {"reason": reason})

    assert (answer.status_code, asked.bookings.get().status) == (422, Status.REQUESTED)


def test_only_the_desk_answers_requests(enter: Enter, therapist_user: User, asked: Visit) -> None:
    client = enter(therapist_user)

    assert [client.post(act(asked, code)).status_code for code in ("accept", "decline")] == [403, 403]
    assert act(asked, "accept") not in day_list(client)


def test_what_waits_for_the_vaidya_is_not_accepted_by_the_desk(enter: Enter, front_desk: User, asked: Visit) -> None:
    asked.bookings.update(screening=ScreeningState.WAITING)
    client = enter(front_desk)
    assert act(asked, "accept") not in day_list(client)

    answer = client.post(act(asked, "accept"))

    assert [str(said) for said in get_messages(answer.wsgi_request)] == ["This is waiting for the Vaidya."]
    assert asked.bookings.get().status == Status.REQUESTED


def test_tick_lapses_what_nobody_answered_and_nothing_else(asked: Visit, visit_at: MakeVisit, now: dt.datetime) -> None:
    late = visit_at(at(15, day=4), status=Status.REQUESTED, expires_at=now)

    lapse_requests()

    assert (late.bookings.get().status, asked.bookings.get().status) == (Status.EXPIRED, Status.REQUESTED)
    assert not Occupancy.objects.filter(booking__visit=late).exists()
    assert Message.objects.filter(visit=late).exists()
    assert Booking.objects.count() == 2


def test_lapsed_request_stands_among_the_visits_that_are_gone(enter: Enter, front_desk: User, asked: Visit) -> None:
    Booking.objects.update(status=Status.EXPIRED)

    page = enter(front_desk).get("/desk/", {"date": "2026-03-04"})

    assert [line.visit for line in page.context["day"].gone] == [asked]
    assert page.context["day"].lines == ()
