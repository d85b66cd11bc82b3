"""Moving a visit behind a letter's link: a GET changes nothing, a press does, and no page says more than the letter."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from bookings.messages.content.links import prepare_link, questions_link, visit_link
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Booking, History, Message, MessageKind, State, Suspension, Visit
from clinic.people.models import Access, Patient, User
from clinic.premises.models import Clinic
from tests.factories import (
    make_consultation,
    make_patient,
    make_practitioner,
    make_room,
    make_therapy,
    make_variant,
    make_visit,
)
from tests.links.test_views import THE_DAY, everything, path
from tests.messages.conftest import START

LATER = START + dt.timedelta(hours=3)
"""Thursday, 5 March 2026, 13:30 in Kolkata."""


@pytest.fixture(autouse=True)
def _clock(now: dt.datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def visit(clinic: Clinic, patient: Patient, owner: User, now: dt.datetime) -> Visit:
    """A booked consultation with the only Vaidya, in the only room; its patient has an account."""
    variant = make_consultation()
    vaidya = make_practitioner(clinic, "Dr Asha Menon", qualified=[variant.therapy])
    room = make_room(clinic, features=["consultation_room"])
    visit = make_visit(clinic=clinic, variant=variant, start=START, patient=patient, resources=[vaidya, room])
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    Message.objects.filter(kind=MessageKind.CONFIRMED).update(state=State.SENT, sent_at=now)
    return visit


def move_path(visit: Visit) -> str:
    return f"{path(visit_link(visit))}move/"


def press(client: Client, visit: Visit, start: dt.datetime, **said: object) -> str:
    """Press a time of the list and confirm it; returns the page that follows."""
    fields = {
        "start": start.isoformat(),
        "version": Booking.objects.get(visit=visit).version,
        "page": uuid.uuid4(),
    } | THE_DAY
    answer = client.post(move_path(visit), fields | said, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def starts_at(visit: Visit) -> dt.datetime:
    return Booking.objects.get(visit=visit).starts_at


def test_page_offers_free_times_and_changes_nothing(client: Client, visit: Visit) -> None:
    before = everything()

    answer = client.get(move_path(visit))

    shown = answer.content.decode()
    own, beside = START, START + dt.timedelta(minutes=15)
    offered = [moment for moment in (own, beside, LATER) if f'value="{moment.isoformat()}"' in shown]
    assert offered == [beside, LATER]
    assert everything() == before
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("same-origin", "no-store")


def test_time_of_another_visit_is_not_offered(client: Client, visit: Visit, clinic: Clinic) -> None:
    booking = visit.bookings.get()
    serving = [row.resource for row in booking.occupancies.select_related("resource") if row.resource]
    make_visit(clinic=clinic, variant=booking.variant, start=LATER, patient=make_patient("Ravi"), resources=serving)

    assert f'value="{LATER.isoformat()}"' not in client.get(move_path(visit)).content.decode()


def test_other_weeks_are_a_link_away(client: Client, visit: Visit) -> None:
    shown = client.get(move_path(visit)).content.decode()
    (later,) = re.findall(r'href="([^"]+\?from=2026-03-12)"', shown)

    assert "Thursday 12 March" in client.get(later).content.decode()
    assert client.get(f"{move_path(visit)}?from=whatever").status_code == 200


def test_page_says_no_more_than_the_letter(client: Client, visit: Visit, patient: Patient) -> None:
    shown = client.get(move_path(visit)).content.decode()

    assert "Thursday 5 March 2026" in shown
    assert [word for word in ("consultation", "Asha", "Menon", patient.family_name) if word in shown] == []


def test_pressed_time_moves_the_visit_and_a_letter_says_so(client: Client, visit: Visit) -> None:
    shown = press(client, visit, LATER)

    assert starts_at(visit) == LATER
    assert "The appointment time has been changed." in shown
    assert "13:30–14:15" in shown
    assert History.objects.get(verb="move").by is None
    assert Message.objects.filter(kind=MessageKind.MOVED, state=State.DUE).count() == 1


def test_time_pressed_twice_moves_once(client: Client, visit: Visit) -> None:
    said = {"page": uuid.uuid4(), "version": Booking.objects.get(visit=visit).version}

    for _press in range(2):
        press(client, visit, LATER, **said)

    assert History.objects.filter(verb="move").count() == 1


def test_taken_time_is_refused_in_neutral_words(client: Client, visit: Visit, clinic: Clinic) -> None:
    booking = visit.bookings.get()
    serving = [row.resource for row in booking.occupancies.select_related("resource") if row.resource]
    make_visit(clinic=clinic, variant=booking.variant, start=LATER, patient=make_patient("Ravi"), resources=serving)

    shown = press(client, visit, LATER)

    assert starts_at(visit) == START
    assert "This time has just been booked by someone else. Please choose another one." in shown


def test_page_that_is_out_of_date_moves_nothing(client: Client, visit: Visit) -> None:
    shown = press(client, visit, LATER, version=99)

    assert starts_at(visit) == START
    assert "changed in the meantime" in shown


@pytest.mark.parametrize("start", ["", "soon", "2026-03-05", "9999-12-31T23:55:00+00:00", "2020-01-01T10:00:00+00:00"])
def test_what_is_no_time_of_the_list_moves_nothing(client: Client, visit: Visit, start: str) -> None:
    client.post(move_path(visit), {"start": start, "version": 1, "page": uuid.uuid4()})

    assert starts_at(visit) == START


def test_press_counts_though_browsers_name_no_origin_on_a_page_without_referrer(visit: Visit) -> None:
    press(Client(enforce_csrf_checks=True, headers={"origin": "null"}), visit, LATER)

    assert starts_at(visit) == LATER


def test_lapsed_link_moves_nothing(client: Client, visit: Visit) -> None:
    address = move_path(visit)
    with time_machine.travel(START + dt.timedelta(days=121), tick=False):
        answers = [client.get(address).status_code, client.post(address, {"start": LATER.isoformat()}).status_code]

    assert answers == [404, 404]
    assert starts_at(visit) == START


@pytest.mark.parametrize("link", [prepare_link, questions_link])
def test_only_the_link_of_the_visit_moves(client: Client, visit: Visit, link: object) -> None:
    token = path(link(visit)).rstrip("/").rsplit("/", 1)[-1]  # type: ignore[operator]
    expected = 200 if link is prepare_link else 404  # how to prepare is behind the visit's own token

    assert client.get(f"/letters/visit/{token}/move/").status_code == expected


@pytest.mark.parametrize("status", ["cancelled", "checked_in", "completed"])
def test_visit_that_cannot_move_leads_back_to_its_page(client: Client, visit: Visit, status: str) -> None:
    visit.bookings.update(status=status, ended_by="patient")

    assert client.get(move_path(visit)).headers["Location"] == path(visit_link(visit))
    client.post(move_path(visit), {"start": LATER.isoformat(), "version": 1, "page": uuid.uuid4()})
    assert starts_at(visit) == START


def test_letter_moves_without_any_account(client: Client, visit: Visit) -> None:
    Access.objects.update(ends_on=dt.date(2026, 3, 1))

    press(client, visit, LATER)

    assert starts_at(visit) == LATER


def test_visit_page_leads_to_the_times(client: Client, visit: Visit) -> None:
    assert f'href="{move_path(visit)}"' in client.get(path(visit_link(visit))).content.decode()


def test_time_that_is_only_pressed_moves_nothing_and_asks_for_the_day(client: Client, visit: Visit) -> None:
    said = {"start": LATER.isoformat(), "version": Booking.objects.get(visit=visit).version, "page": uuid.uuid4()}
    before = everything()

    asked, wrong = client.post(move_path(visit), said), client.post(move_path(visit), said | {"day": "1", "month": "1"})

    assert everything() == before
    assert (asked.status_code, wrong.status_code) == (200, 422)
    assert "New time: Thursday 5 March 2026, 13:30" in " ".join(asked.content.decode().split())
    assert client.post(move_path(visit), said | THE_DAY).status_code == 302
    assert starts_at(visit) == LATER


def test_link_of_a_visit_whose_treatment_is_paused_says_to_wait_for_the_call(
    client: Client, clinic: Clinic, patient: Patient, owner: User
) -> None:
    """As the letter about it did; never why."""
    variant = make_variant(make_therapy("abhyanga", needs="prescription"))
    visit = make_visit(clinic=clinic, variant=variant, start=START, patient=patient)
    before = client.get(path(visit_link(visit))).content.decode()
    of_pause = {"therapies": ["all"], "sign": "st_burn", "by": owner, "at": START - dt.timedelta(days=2)}
    Suspension.objects.create(patient=patient, clinic=clinic, **of_pause)

    after = client.get(path(visit_link(visit))).content.decode()

    assert ("Please wait for our call" in before, "Please wait for our call" in after) == (False, True)
    assert "The clinic will call you" in after
    assert "burn" not in after
