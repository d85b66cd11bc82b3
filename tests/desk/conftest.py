"""A Monday morning at the desk: a Vaidya, two therapists, rooms, and somebody signed in while the clock stands."""

import datetime as dt
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from bookings.models import Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic, Room
from tests import factories
from therapies.models import Practitioner, Variant

MakeVisit = Callable[..., Visit]
Enter = Callable[[User], Client]


def at(hour: int, minute: int = 0, *, day: int = 2) -> dt.datetime:
    """A moment of March 2026 by Kolkata's clock; the tests' `now` is Monday the 2nd, 10:00."""
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo("Asia/Kolkata")).astimezone(dt.UTC)


@pytest.fixture(autouse=True)
def _clock(now: dt.datetime) -> Iterator[None]:
    """The doors read the clock: it stands at `now`."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def enter(client: Client) -> Enter:
    """Sign somebody in."""

    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def consultation(clinic: Clinic, vaidya: Practitioner) -> Variant:
    variant = factories.make_consultation(arrival_lead_minutes=15)
    factories.make_qualification(vaidya, variant.therapy)
    return variant


@pytest.fixture
def room(clinic: Clinic) -> Room:
    return factories.make_room(clinic, "Consulting room", features=["consultation_room"])


@pytest.fixture
def visit_at(clinic: Clinic, consultation: Variant, vaidya: Practitioner, room: Room, patient: Patient) -> MakeVisit:
    """A booked consultation of the patient at that moment; anything may be said otherwise."""

    def make(start: dt.datetime, **said: object) -> Visit:
        usual = {"clinic": clinic, "variant": consultation, "patient": patient, "resources": [vaidya, room]}
        return factories.make_visit(start=start, **(usual | said))  # type: ignore[arg-type]

    return make


@pytest.fixture
def other_clinic(db: None) -> Clinic:
    return factories.make_clinic("ananda")


@pytest.fixture
def other_front_desk(other_clinic: Clinic) -> User:
    """The desk of another clinic of the organisation."""
    return factories.make_member(other_clinic, "front_desk")
