"""A visit is made shorter or longer, and what it takes follows a late start: others' time stays theirs."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from bookings.actions import attendance
from bookings.actions.attendance import undo
from bookings.models import Booking, History, Status, Visit
from clinic.people.models import User
from clinic.premises.models import Room
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from tests.visible import visible_words


def taken(visit: Visit) -> set[tuple[dt.datetime, dt.datetime]]:
    return {
        (row.during.lower, row.during.upper) for booking in visit.bookings.all() for row in booking.occupancies.all()
    }


def make_length(client: Any, visit: Visit, until: str, **more: object) -> Any:
    booking = visit.bookings.get()
    address = reverse("desk:length", args=[visit.public_id, 0])
    return client.post(address, {"until": until, "version": booking.version} | more)


@pytest.mark.parametrize("status", [Status.BOOKED, Status.CHECKED_IN, Status.IN_PROGRESS])
def test_planned_or_running_visit_is_made_shorter_and_its_minutes_are_free(
    enter: Enter, front_desk: User, visit_at: MakeVisit, status: Status
) -> None:
    began = {"started_at": at(9, 45)} if status == Status.IN_PROGRESS else {}
    visit = visit_at(at(9, 45), status=status, **began)

    answer = make_length(enter(front_desk), visit, "10:15")

    assert answer.status_code == 302
    assert (visit.bookings.get().ends_at, taken(visit)) == (at(10, 15), {(at(9, 45), at(10, 15))})
    act = History.objects.get(verb="change_end")
    assert (act.by, act.detail["to"]) == (front_desk, at(10, 15).isoformat())
    visit_at(at(10, 15), patient=factories.make_patient("Zara", phone="+919847000002"))  # the database lets it stand


def test_longer_visit_says_whom_it_would_run_into_and_changes_nothing(
    enter: Enter, front_desk: User, visit_at: MakeVisit
) -> None:
    visit, zara = visit_at(at(11)), factories.make_patient("Zara", phone="+919847000002")
    visit_at(at(12), patient=zara)
    client = enter(front_desk)

    made = make_length(client, visit, "12:00")
    refused = make_length(client, visit, "12:05")

    assert (made.status_code, refused.status_code) == (302, 422)
    assert "These minutes are taken: " in visible_words(refused)
    assert zara.full_name in visible_words(refused)
    assert taken(visit) == {(at(11), at(12))}


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("10:30", "The end must be after the start, on the same day."),
        ("11:43", "Choose an end in steps of five minutes."),
        ("11:45", "This is its end already."),
        ("18:30", "The clinic is closed at that time"),
    ],
)
def test_end_that_cannot_be_is_refused_in_words(
    enter: Enter, front_desk: User, visit_at: MakeVisit, until: str, words: str
) -> None:
    visit = visit_at(at(11))

    answer = make_length(enter(front_desk), visit, until)

    assert answer.status_code == 422
    assert words in visible_words(answer)
    assert taken(visit) == {(at(11), at(11, 45))}


def test_edge_that_is_dragged_on_the_board_says_why_not_on_the_board(
    enter: Enter, front_desk: User, visit_at: MakeVisit
) -> None:
    visit = visit_at(at(11))

    answer = make_length(enter(front_desk), visit, "10:30", **{"from": "day"})

    assert [str(message) for message in get_messages(answer.wsgi_request)] == [
        "The end must be after the start, on the same day."
    ]
    assert answer.status_code == 302


# --- a start that is late ---------------------------------------------------------------------------------------------


def begin(visit: Visit, by: User, now: dt.datetime, **more: bool) -> Booking:
    attendance.start(booking=visit.bookings.get(), by=by, now=now, **more)
    return visit.bookings.get()


def test_late_start_takes_the_real_minutes_and_an_undo_gives_the_planned_ones_back(
    front_desk: User, visit_at: MakeVisit
) -> None:
    visit = visit_at(at(9, 30), status=Status.CHECKED_IN, arrived_at=at(9, 25))

    begun = begin(visit, front_desk, at(9, 52))
    late = taken(visit)
    undo(visit=visit, by=front_desk, now=at(9, 53))

    assert (begun.starts_at, begun.ends_at, begun.started_at) == (at(9, 50), at(10, 35), at(9, 52))
    assert late == {(at(9, 50), at(10, 35))}
    assert begun.plan["starts_at"] == at(9, 30).isoformat()
    assert History.objects.get(verb="start").detail == {"shifted_by": 20}
    assert taken(visit) == {(at(9, 30), at(10, 15))}
    assert (visit.bookings.get().starts_at, visit.bookings.get().status) == (at(9, 30), Status.CHECKED_IN)


def test_late_start_that_runs_into_somebody_leaves_the_time_of_both_as_planned(
    front_desk: User, visit_at: MakeVisit
) -> None:
    visit = visit_at(at(9, 15), status=Status.CHECKED_IN, arrived_at=at(9, 5))
    other = visit_at(at(10), patient=factories.make_patient("Zara", phone="+919847000002"))

    begun = begin(visit, front_desk, at(9, 40), despite=True)

    assert begun.starts_at == at(9, 15)
    assert (taken(visit), taken(other)) == ({(at(9, 15), at(10))}, {(at(10), at(10, 45))})
    assert History.objects.get(verb="start").detail == {"runs_into": 2}


def test_visit_in_the_past_of_the_same_room_keeps_its_minutes(
    front_desk: User, visit_at: MakeVisit, room: Room
) -> None:
    zara = factories.make_patient("Zara", phone="+919847000002")
    earlier = visit_at(at(9, 30), patient=zara, status=Status.COMPLETED, minutes=30)
    visit = visit_at(at(10), status=Status.CHECKED_IN, arrived_at=at(9, 40))

    begun = begin(visit, front_desk, at(9, 50))

    assert begun.status == Status.IN_PROGRESS
    assert (taken(earlier), taken(visit)) == ({(at(9, 30), at(10))}, {(at(10), at(10, 45))})
