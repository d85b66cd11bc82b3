"""The buttons of a day, and the page of a visit with its changes."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from bookings.models import History, Status, Visit
from clinic.people.models import Read, User
from clinic.premises.models import Clinic, Room
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from therapies.models import Practitioner


def url(name: str, visit: Visit, *more: object) -> str:
    return reverse(f"desk:{name}", args=[visit.public_id, *more])


def status_of(visit: Visit) -> str:
    return visit.bookings.get().status


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- buttons ----------------------------------------------------------------------------------------------------------


def test_a_day_from_arrival_to_end(enter: Enter, therapist_user: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(10))
    client = enter(therapist_user)

    seen = []
    for name, more in [("check_in", []), ("start", [0]), ("complete", [0])]:
        client.post(url(name, visit, *more))
        seen.append(status_of(visit))

    assert seen == [Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED]
    assert set(History.objects.values_list("by", flat=True)) == {therapist_user.pk}


def test_no_show_is_taken_back(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(9))
    client = enter(front_desk)

    client.post(url("no_show", visit))
    assert status_of(visit) == Status.NO_SHOW

    assert 'name="shown" value="no_show"' in client.get(url("visit", visit)).content.decode()
    client.post(url("undo", visit), {"shown": "checked_in"})
    assert status_of(visit) == Status.NO_SHOW
    client.post(url("undo", visit), {"shown": "no_show"})
    assert status_of(visit) == Status.BOOKED


def test_refused_button_says_why(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(11, day=3))

    response = enter(front_desk).post(url("check_in", visit))

    assert told(response) == ["This visit is on another day."]
    assert status_of(visit) == Status.BOOKED


def test_button_leads_back_to_the_line(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(11))

    response = enter(front_desk).post(url("check_in", visit))

    assert response.headers["Location"] == f"/desk/?date=2026-03-02&clinic=shanti#visit-{visit.public_id}"


def test_button_of_the_visits_page_leads_back_there(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(11))

    assert enter(front_desk).post(url("check_in", visit), {"from": "visit"}).headers["Location"] == url("visit", visit)


@pytest.mark.parametrize("name", ["check_in", "no_show", "undo"])
def test_looking_at_a_button_changes_nothing(enter: Enter, front_desk: User, visit_at: MakeVisit, name: str) -> None:
    visit = visit_at(at(9))

    assert enter(front_desk).get(url(name, visit)).status_code == 405
    assert status_of(visit) == Status.BOOKED


def test_booking_that_the_visit_has_not_is_not_found(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    assert enter(front_desk).post(url("start", visit_at(at(10)), 5)).status_code == 404


# --- who --------------------------------------------------------------------------------------------------------------

PAGES = [("visit", []), ("move", []), ("cancel", []), ("reassign", [0]), ("check_in", []), ("start", [0])]


@pytest.mark.parametrize(("name", "more"), PAGES)
def test_visit_of_another_clinic_is_not_found(
    enter: Enter, other_front_desk: User, visit_at: MakeVisit, name: str, more: list[int]
) -> None:
    visit = visit_at(at(11))
    client = enter(other_front_desk)
    ask = client.post if name in {"check_in", "start"} else client.get

    assert ask(url(name, visit, *more)).status_code == 404
    assert status_of(visit) == Status.BOOKED


@pytest.mark.parametrize("name", ["move", "cancel"])
@pytest.mark.parametrize("role", ["therapist", "vaidya", "nurse", "attendant"])
def test_only_the_desk_moves_and_cancels(
    enter: Enter, clinic: Clinic, visit_at: MakeVisit, name: str, role: str
) -> None:
    visit = visit_at(at(11))

    assert enter(factories.make_member(clinic, role)).post(url(name, visit)).status_code == 403


def test_held_time_has_no_page(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    held = visit_at(at(11), patient=None, status=Status.HELD, expires_at=at(12))

    assert enter(front_desk).get(url("visit", held)).status_code == 404


# --- the page ---------------------------------------------------------------------------------------------------------


def test_page_tells_what_happened(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    front_desk.name = "Latha R."
    front_desk.save()
    visit = visit_at(at(11))
    client = enter(front_desk)
    client.post(url("check_in", visit))

    page = client.get(url("visit", visit))

    assert [(row.what, row.was, row.became, row.by) for row in page.context["history"]] == [
        ("Checked in", "Booked", "Checked in", "Latha R.")
    ]
    assert [row.resource.name for row in page.context["occupancies"]] == ["Dr Asha Menon", "Consulting room"]


@pytest.mark.parametrize(("name", "more"), [("visit", []), ("move", []), ("cancel", []), ("reassign", [0])])
def test_each_page_of_a_visit_is_a_read(
    enter: Enter, front_desk: User, visit_at: MakeVisit, name: str, more: list[int]
) -> None:
    visit = visit_at(at(11))

    enter(front_desk).get(url(name, visit, *more))

    read = Read.objects.get()
    assert (read.door, read.user, read.clinic, read.patients) == (
        f"desk:{name}",
        front_desk,
        visit.clinic,
        [visit.patient_id],
    )


# --- cancel -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("reason", "ended_by"), [("patient_asked", "patient"), ("staff_away", "clinic")])
def test_cancel_says_who_ended_it(
    enter: Enter, front_desk: User, visit_at: MakeVisit, reason: str, ended_by: str
) -> None:
    visit = visit_at(at(11))

    enter(front_desk).post(url("cancel", visit), {"reason": reason, "version": 1})

    booking = visit.bookings.get()
    assert (booking.status, booking.reason, booking.ended_by) == (Status.CANCELLED, reason, ended_by)
    assert booking.occupancies.count() == 0


def test_history_says_why_in_words(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(11))
    client = enter(front_desk)
    client.post(url("cancel", visit), {"reason": "patient_ill", "version": 1})

    (row,) = client.get(url("visit", visit)).context["history"]

    assert (row.what, row.why) == ("Cancelled", "The patient is ill")


def test_cancel_without_a_reason_is_asked_for_it(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(11))

    response = enter(front_desk).post(url("cancel", visit), {"version": 1})

    assert (response.status_code, response.context["form"].errors) == (422, {"reason": ["This field is required."]})
    assert status_of(visit) == Status.BOOKED


def test_cancel_of_a_page_that_is_old_is_refused(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(11), version=3)

    response = enter(front_desk).post(url("cancel", visit), {"reason": "patient_ill", "version": 1})

    assert response.context["form"].non_field_errors() == [
        "This visit was changed in the meantime. Please check it again."
    ]
    assert status_of(visit) == Status.BOOKED


# --- move -------------------------------------------------------------------------------------------------------------


def times_on(response: Any) -> list[str]:
    """The labels of all times that a page offers."""
    return [time["label"] for day in response.context["week"].days for time in day["times"]]


def move_form(client: Client, visit: Visit, start: object) -> dict[str, object]:
    page = client.get(url("move", visit))
    return {"start": start, "key": page.context["key"], "version": page.context["version"]}


def test_move_offers_its_own_time_as_free(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(11))

    assert "11:15" in times_on(enter(front_desk).get(url("move", visit)))


def test_move(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(11))
    client = enter(front_desk)

    response = client.post(url("move", visit), move_form(client, visit, at(15).isoformat()))

    assert response.headers["Location"] == url("visit", visit)
    assert visit.bookings.get().starts_at == at(15)


def test_move_to_a_taken_time_names_others(enter: Enter, front_desk: User, visit_at: MakeVisit, clinic: Clinic) -> None:
    visit = visit_at(at(11))
    visit_at(at(15), patient=factories.make_patient("Uma", phone="+919847000009"))
    client = enter(front_desk)

    response = client.post(url("move", visit), move_form(client, visit, at(15).isoformat()))

    assert told(response) == [
        (
            "This time has just been booked by someone else. Nearest available times: Mon 2 Mar "
            "14:00, Mon 2 Mar 14:15, Mon 2 Mar 15:45."
        )
    ]
    assert visit.bookings.get().starts_at == at(11)


# --- reassign ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def other_room(clinic: Clinic) -> Room:
    return factories.make_room(clinic, "Quiet room", features=["consultation_room"])


def test_only_the_free_and_fitting_are_offered(
    enter: Enter, front_desk: User, clinic: Clinic, visit_at: MakeVisit, other_room: Room, vaidya: Practitioner
) -> None:
    factories.make_room(clinic, "Steam room", features=["steam_room"])
    visit = visit_at(at(11))

    seats = enter(front_desk).get(url("reassign", visit, 0)).context["seats"]

    assert {seat.resource.name: [name for _pk, name in seat.others] for seat in seats} == {
        "Dr Asha Menon": [],
        "Consulting room": ["Quiet room"],
    }


def test_reassign(enter: Enter, front_desk: User, visit_at: MakeVisit, room: Room, other_room: Room) -> None:
    visit = visit_at(at(11))

    enter(front_desk).post(url("reassign", visit, 0), {"old": room.pk, "new": other_room.pk, "version": 1})

    parts = visit.bookings.get().occupancies.filter(part="room")
    assert [row.resource_id for row in parts] == [other_room.pk]


def test_reassign_to_what_does_not_fit_is_refused(
    enter: Enter, front_desk: User, clinic: Clinic, visit_at: MakeVisit, room: Room
) -> None:
    steam = factories.make_room(clinic, "Steam room", features=["steam_room"])
    visit = visit_at(at(11))

    response = enter(front_desk).post(url("reassign", visit, 0), {"old": room.pk, "new": steam.pk, "version": 1})

    assert response.status_code == 422
    assert [row.resource_id for row in visit.bookings.get().occupancies.filter(part="room")] == [room.pk]
