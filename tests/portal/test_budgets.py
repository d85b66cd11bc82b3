"""What each page asks of the database, and that looking changes nothing there."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings.models import Booking, History, Message, Occupancy, PrescriptionItem, Request, Suspension, Visit
from clinic.people.models import Access, Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.portal.sessions import make_oil

pytestmark = pytest.mark.django_db

ROWS = [Visit, Booking, Occupancy, History, Request, Message, Patient, Access, User]


@pytest.fixture
def order(patient: Patient, clinic: Clinic) -> PrescriptionItem:
    """Seven sessions of an oil massage."""
    return factories.make_order(patient, make_oil(clinic), clinic=clinic, sessions=7)


@pytest.fixture
def pages(
    client: Client,
    mine: str,
    asked: dict[str, Any],
    hold_at: Callable[..., Any],
    patient: Patient,
    start: dt.datetime,
    order: PrescriptionItem,
) -> dict[str, str]:
    """Every page of the portal, for somebody with a visit, a held time and a person who comes."""
    hold_at(start + dt.timedelta(days=1))
    client.post("/book/who/", {"act": "pick", "patient": patient.public_id})
    client.get("/visits/")  # the first look of a session notes when it was
    return {
        "book": "/book/",
        "times": f"/book/times/?clinic={asked['clinic']}&what={asked['what']}",
        "prescribed": "/book/sessions/",
        "prescribed_times": f"/book/sessions/{patient.public_id}/times/?item={order.pk}",
        "who": "/book/who/",
        "confirm": "/book/confirm/",
        "visits": "/visits/",
        "visit": mine,
        "calendar": f"{mine}appointment.ics",
        "move": f"{mine}move/",
        "move_to": f"{mine}move/to/?start=2026-03-04T05:00:00Z",
        "cancel": f"{mine}cancel/",
        "people": "/people/",
        "person": f"/people/{patient.public_id}/",
    }


BUDGETS = {
    "book": 6,
    "times": 8,
    "prescribed": 30,
    "prescribed_times": 39,
    "who": 9,
    "confirm": 11,
    "visits": 16,
    "visit": 9,
    "calendar": 10,
    "move": 25,
    "move_to": 21,  # works out who would see the patient then
    "cancel": 13,
    "people": 9,
    "person": 9,
}


@pytest.mark.parametrize(("page", "budget"), BUDGETS.items())
def test_a_page_keeps_to_its_budget(
    client: Client, pages: dict[str, str], page: str, budget: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client.get(pages[page])  # what a process keeps of an edition

    with django_assert_max_num_queries(budget):
        response = client.get(pages[page])

    assert response.status_code == 200


NO_PAGE = {"calendar"}


PUBLIC = {"home": "/", "therapies": "/therapies/", "security": "/accounts/security/", "join": "/join/"}


@pytest.mark.parametrize("page", [*(name for name in BUDGETS if name not in NO_PAGE), *PUBLIC])
def test_every_page_tells_a_pause_and_when_the_clinic_calls(
    client: Client, pages: dict[str, str], page: str, patient: Patient, clinic: Clinic, owner: User
) -> None:
    """Whatever somebody who is signed in opens, the public pages too; without the sign."""
    pages |= PUBLIC
    before = client.get(pages[page]).content.decode()
    of_pause = {"therapies": ["all"], "sign": "st_pain_down_leg", "by": owner, "at": factories.NOW}
    Suspension.objects.create(patient=patient, clinic=clinic, **of_pause)

    after = client.get(pages[page]).content.decode()

    assert ("treatments are paused" in before, f"{patient.given_name}: treatments are paused" in after) == (False, True)
    assert "The clinic will call you today." in after
    assert "down the leg" not in after


def test_looking_at_every_page_changes_no_row(client: Client, pages: dict[str, str]) -> None:
    before = [list(model.objects.order_by("pk").values()) for model in ROWS]

    for address in pages.values():
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200

    assert [list(model.objects.order_by("pk").values()) for model in ROWS] == before


def test_looking_at_the_held_sessions_keeps_to_its_budget(
    client: Client,
    owner: User,
    patient: Patient,
    order: PrescriptionItem,
    start: dt.datetime,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client.force_login(owner)
    said = {"item": order.pk, "start": start.isoformat(), "page": uuid.uuid4()}
    client.post(f"/book/sessions/{patient.public_id}/hold/", said)

    with django_assert_max_num_queries(29):
        response = client.get("/book/confirm/")

    assert response.status_code == 200


def test_booking_what_the_page_showed_keeps_to_its_budget(
    client: Client, pages: dict[str, str], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    """Most of it is the action, under its locks."""
    shown = client.get(pages["confirm"]).content.decode()
    fields = dict(re.findall(r'name="(visit|patient|key)"\s+value="([^"]+)"', shown))

    with django_assert_max_num_queries(40):
        answer = client.post("/book/confirm/", fields)

    assert answer.headers["Location"] == f"/visits/{fields['visit']}/"
