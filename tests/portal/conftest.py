"""A clinic that gives consultations, people at its portal, and a clock that stands at `now`."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.actions.confirmation import book
from bookings.actions.holds import hold
from bookings.models import Visit
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from therapies.models import Practitioner, Variant


def alike(content: bytes) -> str:
    """A page without what differs each time: tokens, and the ids of its own address."""
    return re.sub(r'value="\w{64}"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', "", content.decode())


@pytest.fixture(autouse=True)
def _clock(now: dt.datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def room(clinic: Clinic) -> None:
    factories.make_room(clinic, "Consulting room", features=["consultation_room"])


@pytest.fixture
def vaidya(clinic: Clinic) -> Practitioner:
    """Who can be booked; without an account, which these tests do not need."""
    return factories.make_practitioner(clinic, "Dr Asha Menon")


@pytest.fixture
def consultation(vaidya: Practitioner, room: None) -> Variant:
    """The first visit, 45 minutes; Dr Asha Menon gives it from 08:00 to 18:00 every day."""
    variant = factories.make_consultation()
    factories.make_qualification(vaidya, variant.therapy)
    return variant


@pytest.fixture
def asked(clinic: Clinic, consultation: Variant) -> dict[str, Any]:
    """What the address of the list of times says."""
    return {"clinic": clinic.slug, "what": consultation.pk}


@pytest.fixture
def start(now: dt.datetime) -> dt.datetime:
    """Tuesday, 3 March 2026, 10:30 in Kolkata: a free time."""
    return now + dt.timedelta(days=1, minutes=30)


@pytest.fixture
def hold_at(client: Client, asked: dict[str, Any]) -> Callable[..., Any]:
    """Press the button of a time."""

    def press(start: dt.datetime, **others: object) -> object:
        return client.post("/book/hold/", asked | {"start": start.isoformat(), "page": uuid.uuid4()} | others)

    return press


@pytest.fixture
def book_for(clinic: Clinic, consultation: Variant, now: dt.datetime) -> Callable[..., Visit]:
    """Book through the actions, as somebody else or at another time would."""

    def act(patient: Patient, by: User, start: dt.datetime, now: dt.datetime = now, *, desk: bool = False) -> Visit:
        slot_request = SlotRequest(clinic, (consultation,))
        held = hold(
            slot_request=slot_request, start=start, holder=f"h{uuid.uuid4().hex}", by=by, now=now, key=uuid.uuid4()
        )
        return book(visit=held, patient=patient, holder=held.holder, by=by, now=now, key=uuid.uuid4(), desk=desk)

    return act


@pytest.fixture
def visit(book_for: Callable[..., Visit], patient: Patient, owner: User, start: dt.datetime) -> Visit:
    """The patient's consultation tomorrow at 10:30."""
    return book_for(patient, owner, start)


@pytest.fixture
def mine(client: Client, owner: User, visit: Visit) -> str:
    """The owner is signed in; the address of their visit."""
    client.force_login(owner)
    return f"/visits/{visit.public_id}/"
