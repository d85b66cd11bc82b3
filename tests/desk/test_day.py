"""The day list: who sees what, what may be pressed, and what the audit says of it."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import Status
from clinic.people.models import Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from therapies.models import Practitioner

DAY = "/desk/"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def forms_to(client: Client, url: str) -> list[str]:
    """Where the buttons of a page post to, without the sign-out and the languages."""
    page = client.get(url).content.decode()
    return re.findall(r'action="(/desk/visits/[^"]+)"', page)


@pytest.mark.parametrize("words", ["0001-01-01", "9999-12-31", "2026-02-30", "²", "x" * 300])
def test_day_that_no_calendar_holds_is_today(enter: Enter, front_desk: User, words: str) -> None:
    response = enter(front_desk).get(f"/desk/?date={words}&by={words}&who={words}")

    assert (response.status_code, response.context["day"].on) == (200, dt.date(2026, 3, 2))


def test_day_shows_visits_by_arrival(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    late = factories.make_patient("Zara", phone="+919847000002")
    visit_at(at(15), patient=late)
    visit_at(at(11))

    response = enter(front_desk).get(DAY)

    lines = response.context["day"].lines
    assert [(line.patient.given_name, line.age, line.room) for line in lines] == [
        ("Meera", 37, "Consulting room"),
        ("Zara", 37, "Consulting room"),
    ]
    assert "10:45" in response.content.decode()  # arrives a quarter of an hour before 11:00


def test_day_of_another_date(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit_at(at(11, day=3))

    client = enter(front_desk)

    assert client.get(DAY).context["day"].lines == ()
    assert len(client.get(DAY + "?date=2026-03-03").context["day"].lines) == 1


@pytest.mark.parametrize("words", ["", "yesterday", "2026-13-40"])
def test_day_with_an_odd_date_is_today(enter: Enter, front_desk: User, words: str) -> None:
    assert enter(front_desk).get(DAY, {"date": words}).context["day"].on == dt.date(2026, 3, 2)


def test_empty_day_says_what_to_do(enter: Enter, front_desk: User) -> None:
    page = enter(front_desk).get(DAY).content.decode()

    assert "No visits on this day" in page
    assert reverse("desk:find") in page


def test_day_counts_how_far_it_is(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit_at(at(9))  # booked, and its time has passed: missing
    for number, status in enumerate([Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED, Status.BOOKED]):
        who = factories.make_patient(f"Patient{number}", phone=f"+9198470001{number:02}")
        visit_at(at(11 + number), patient=who, status=status)

    counts = enter(front_desk).get(DAY).context["day"].counts

    assert {code: number for code, _label, number in counts} == {
        "expected": 1,
        "here": 1,
        "in_progress": 1,
        "done": 1,
        "missing": 1,
    }


def test_cancelled_visit_is_shown_apart(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit_at(at(11), status=Status.CANCELLED, ended_by="patient", resources=[], patient=factories.make_patient("Uma"))

    day = enter(front_desk).get(DAY).context["day"]

    assert (len(day.lines), [line.patient.given_name for line in day.gone]) == (0, ["Uma"])


# --- whose visits -----------------------------------------------------------------------------------------------------


@pytest.fixture
def another_vaidya(clinic: Clinic, visit_at: MakeVisit) -> Practitioner:
    """With a visit of her own at noon."""
    person = factories.make_practitioner(clinic, "Dr Uma Pillai")
    visit_at(at(12), patient=factories.make_patient("Zara", phone="+919847000002"), resources=[person])
    return person


def names(client: Client, query: str = "") -> list[str]:
    return [line.patient.given_name for line in client.get(DAY + query).context["day"].lines]


def test_vaidya_sees_her_own_day_first(
    enter: Enter, vaidya_user: User, visit_at: MakeVisit, another_vaidya: Practitioner
) -> None:
    visit_at(at(11))

    client = enter(vaidya_user)

    assert names(client) == ["Meera"]
    assert names(client, "?who=all") == ["Meera", "Zara"]
    assert names(client, f"?who={another_vaidya.pk}") == ["Zara"]


def test_front_desk_sees_everybody(
    enter: Enter, front_desk: User, visit_at: MakeVisit, another_vaidya: Practitioner
) -> None:
    visit_at(at(11))

    assert names(enter(front_desk)) == ["Meera", "Zara"]


# --- who may come in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["front_desk", "therapist", "attendant", "nurse", "vaidya", "manager"])
def test_every_role_sees_the_day(enter: Enter, clinic: Clinic, role: str, visit_at: MakeVisit) -> None:
    visit_at(at(11))

    assert names(enter(factories.make_member(clinic, role)), "?who=all") == ["Meera"]


def test_staff_of_another_clinic_see_none_of_ours(enter: Enter, other_front_desk: User, visit_at: MakeVisit) -> None:
    visit_at(at(11))

    assert names(enter(other_front_desk)) == []


def test_clinic_of_others_is_not_found(enter: Enter, other_front_desk: User, clinic: Clinic) -> None:
    assert enter(other_front_desk).get(DAY + f"?clinic={clinic.slug}").status_code == 404


def test_who_works_at_two_clinics_switches(
    enter: Enter, front_desk: User, other_clinic: Clinic, visit_at: MakeVisit
) -> None:
    factories.make_member(other_clinic, "front_desk", user=front_desk)
    visit_at(at(11))
    client = enter(front_desk)

    assert names(client, "?clinic=ananda") == []
    assert names(client, "?clinic=shanti") == ["Meera"]
    assert 'class="container clinic-switch"' in client.get(DAY).content.decode()


# --- buttons ----------------------------------------------------------------------------------------------------------


def test_booked_visit_of_today_can_be_checked_in(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(11))

    assert forms_to(enter(front_desk), DAY) == [f"/desk/visits/{visit.public_id}/check-in/"]


def test_late_visit_can_be_marked(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(9))

    assert forms_to(enter(front_desk), DAY) == [
        f"/desk/visits/{visit.public_id}/check-in/",
        f"/desk/visits/{visit.public_id}/no-show/",
    ]


def test_visit_of_tomorrow_has_no_button_of_today(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit_at(at(11, day=3))

    assert forms_to(enter(front_desk), DAY + "?date=2026-03-03") == []


def test_therapist_may_not_cancel_or_move(
    enter: Enter, front_desk: User, therapist_user: User, visit_at: MakeVisit
) -> None:
    visit = visit_at(at(11))
    cancel = reverse("desk:cancel", args=[visit.public_id])

    page = reverse("desk:visit", args=[visit.public_id])
    assert page in enter(front_desk).get(DAY).content.decode()
    assert cancel in enter(front_desk).get(page).content.decode()
    assert cancel not in enter(therapist_user).get(page).content.decode()


def test_addresses_of_the_day_name_no_therapy(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit_at(at(11))

    page = enter(front_desk).get(DAY).content.decode()
    addresses = re.findall(r'(?:href|action)="([^"]+)"', page)

    assert any(UUID.search(address) for address in addresses)
    assert [address for address in addresses if "consult" in address.lower()] == []


# --- the audit --------------------------------------------------------------------------------------------------------


def reads() -> list[tuple[str, list[int]]]:
    return list(Read.objects.order_by("pk").values_list("door", "patients"))


def test_day_is_a_read_of_those_it_names(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(11))
    client = enter(front_desk)

    client.get(DAY)
    client.get(DAY)

    assert reads() == [("desk:day", [visit.patient_id])] * 2


def test_refresh_by_itself_is_one_read_per_quarter_hour(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(11))
    client = enter(front_desk)

    client.get(DAY)
    for _minute in range(3):
        client.get(DAY + "?auto=1")

    assert reads() == [("desk:day", [visit.patient_id])]


def test_empty_day_is_no_read(enter: Enter, front_desk: User) -> None:
    enter(front_desk).get(DAY)

    assert reads() == []


# --- speed ------------------------------------------------------------------------------------------------------------


def test_three_visits_ask_no_more_than_one(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit_at(at(11))
    client = enter(front_desk)
    client.get(DAY)  # what a session asks once
    with CaptureQueriesContext(connection) as one:
        client.get(DAY)
    for number in range(2):
        visit_at(at(12 + number), patient=factories.make_patient(f"P{number}", phone=f"+9198470002{number:02}"))
    with CaptureQueriesContext(connection) as three:
        client.get(DAY)

    assert len(three) == len(one)
    assert len(one) <= 14  # with the savepoint around the audit


def test_day_tells_who_is_on_duty_for_whom(enter: Enter, front_desk: User, visit_at: MakeVisit, clinic: Clinic) -> None:
    geeta = factories.make_practitioner(clinic, "Geeta", roles=["attendant"], works=("08:00", "12:00"))
    place = factories.make_equipment(clinic, "watch_place", name="Watch place 1")
    visit = visit_at(at(11))
    during = factories.between(at(11, 45), at(12, 30))
    visit.bookings.get().occupancies.create(resource=place, during=during, part="equipment:watch_place")

    response = enter(front_desk).get(DAY)

    told = [(line.first, line.last, line.people, line.is_enough) for line in response.context["day"].watch]
    assert told == [(at(11, 45), at(12), ("Geeta",), True), (at(12), at(12, 30), (), False)]
    assert "Watch place 1" in response.content.decode()
    assert "Too few people are on duty to watch." in response.content.decode()
    assert geeta.name in response.content.decode()
