"""A consultation that can be booked, and a way to say times by the clinic's clock."""

import datetime as dt
import uuid
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from bookings.actions import confirmation, holds
from bookings.models import Visit
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic, Room
from tests import factories
from therapies.models import Practitioner, Variant

HOLDER = "holder-of-this-browser"
Book = Callable[..., Visit]


def at(hour: int, minute: int = 0, *, day: int = 3) -> dt.datetime:
    """A moment of March 2026 by Kolkata's clock; `now` is Monday the 2nd, 10:00."""
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo("Asia/Kolkata")).astimezone(dt.UTC)


@pytest.fixture
def consultation(clinic: Clinic, vaidya: Practitioner) -> Variant:
    variant = factories.make_consultation()
    factories.make_qualification(vaidya, variant.therapy)
    return variant


@pytest.fixture
def consulting_room(clinic: Clinic) -> Room:
    return factories.make_room(clinic, "Consulting room 1", features=["consultation_room"])


@pytest.fixture
def slot_request(clinic: Clinic, consultation: Variant, consulting_room: Room) -> SlotRequest:
    return SlotRequest(clinic, (consultation,))


@pytest.fixture
def hold(slot_request: SlotRequest, now: dt.datetime) -> Book:
    def make(
        start: dt.datetime,
        *,
        holder: str = HOLDER,
        wanted: SlotRequest = slot_request,
        at: dt.datetime = now,
        **more: object,
    ) -> Visit:
        said = {"by": None, "key": uuid.uuid4()}
        return holds.hold(slot_request=wanted, start=start, holder=holder, now=at, **(said | more))  # type: ignore[arg-type]

    return make


@pytest.fixture
def booked(hold: Book, owner: User, patient: Patient, now: dt.datetime) -> Book:
    def make(
        start: dt.datetime,
        *,
        who: Patient = patient,
        by: User = owner,
        at: dt.datetime = now,
        desk: bool = False,
        **more: object,
    ) -> Visit:
        held = hold(start, holder=f"holder-{uuid.uuid4()}", at=at, desk=desk, **more)
        for booking in held.bookings.select_related("variant__therapy", "visit__clinic"):
            if booking.variant.therapy.needs != "nothing" and not who.prescriptions.exists():
                factories.make_order(who, booking.variant, clinic=booking.visit.clinic)
        return confirmation.book(
            visit=held, patient=who, holder=held.holder, by=by, now=at, key=uuid.uuid4(), desk=desk
        )

    return make


@pytest.fixture
def abhyanga(clinic: Clinic) -> Variant:
    factories.make_room(clinic, "Table room")
    return factories.make_abhyanga()


@pytest.fixture
def swedana(clinic: Clinic) -> Variant:
    """A quarter of an hour in the steam box, then rest and a bath elsewhere."""
    variant = factories.make_variant(factories.make_therapy("swedana"), room="steam_room")
    factories.make_step(variant, "setup", -10, 10, crew={"therapist": 1}, patient_present=False)
    factories.make_step(variant, "hands_on", 0, 15, crew={"therapist": 1}, equipment=["steam_chamber"])
    factories.make_step(variant, "rest", 15, 15, room_kept=False)
    factories.make_step(variant, "cleanup", 15, 10, crew={"therapist": 1}, patient_present=False)
    factories.make_room(clinic, "Steam room", features=["steam_room"])
    factories.make_equipment(clinic, name="Steam box")
    return variant


@pytest.fixture
def lata(clinic: Clinic, abhyanga: Variant) -> Practitioner:
    return factories.make_practitioner(clinic, "Lata", roles=["therapist"], qualified=[abhyanga.therapy])


@pytest.fixture
def devi(clinic: Clinic, abhyanga: Variant) -> Practitioner:
    return factories.make_practitioner(clinic, "Devi", roles=["therapist"], qualified=[abhyanga.therapy])


@pytest.fixture
def ravi(clinic: Clinic, abhyanga: Variant) -> Practitioner:
    return factories.make_practitioner(clinic, "Ravi", roles=["therapist"], gender="male", qualified=[abhyanga.therapy])
