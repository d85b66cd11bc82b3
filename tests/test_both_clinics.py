"""Every role of both clinics asks for every row of the other clinic, by its id: nobody finds one, nothing changes."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from bookings.actions.record_access import open_record
from clinic.people.models import Role, User
from tests import factories
from tests.all_views import Place
from tests.test_matrix import (
    ROW_OF,
    all_places,
    emergency_of,
    make_call,
    make_code,
    make_payment,
    make_visit,
    record_of,
    twin_of,
    two_records,
)
from tests.test_scope import _clock, changed, fingerprint  # noqa: F401

pytestmark = pytest.mark.urls("tests.plain_urls")


class House:
    """A clinic with one member of each role and a row of each kind that an address of the desk names."""

    def __init__(self, slug: str, day: int) -> None:
        self.clinic = clinic = factories.make_clinic(slug)
        self.staff: dict[str, User] = {role: factories.make_member(clinic, role) for role in Role.values}
        desk, start = self.staff["front_desk"], factories.NOW + dt.timedelta(days=day)
        patient = factories.make_patient(slug.title(), clinics=[clinic])
        account = factories.make_user(f"{slug}@patients.example")
        access = factories.make_access(account, patient)
        visit = make_visit(clinic, patient, start)
        held = make_visit(clinic, None, start + dt.timedelta(days=1), held_by=desk)
        absence = factories.make_absence(factories.make_room(clinic), factories.NOW, start, by=desk)
        open_record(patient=patient, clinic=clinic, reason="covering", by=self.staff["therapist"], now=factories.NOW)
        twin = twin_of(visit, clinic, factories.NOW)
        self.rows: dict[str, dict[str, Any]] = {
            "visit": {"public_id": visit.public_id, "position": 0},
            "patient": {"public_id": patient.public_id, "visit_id": held.public_id},
            "absence": {"pk": absence.pk},
            "call": {"pk": make_call(visit, factories.NOW, key=slug).pk},
            "payment": {"pk": make_payment(visit, desk, factories.NOW).pk},
            "record": record_of(visit, desk, therapy=f"lepa-{slug}"),
            "access": {"public_id": patient.public_id, "pk": access.pk},
            "emergency": emergency_of(visit, desk, factories.NOW),
            "twin": {"public_id": patient.public_id, "pk": twin.pk},
            **two_records(twin, desk, factories.NOW),
            "code": {"public_id": patient.public_id, "pk": make_code(patient, desk, factories.NOW).pk},
        }


@pytest.fixture
def houses(db: None) -> tuple[House, House]:
    return House("here", 1), House("far", 5)


def naming_rows_of_the_desk() -> list[Place]:
    return [place for place in all_places() if place.key.startswith("desk:") and place.key in ROW_OF]


def statuses(client: Client, places: list[Place], house: House) -> dict[str, int]:
    """By GET; what takes no GET by POST."""
    found = {}
    for place in places:
        address = place.of(**house.rows[ROW_OF[place.key]])
        status = client.get(address).status_code
        found[place.key] = client.post(address).status_code if status == 405 else status
    return found


def test_no_role_of_either_clinic_finds_a_row_of_the_other(client: Client, houses: tuple[House, House]) -> None:
    places, before, wrong = naming_rows_of_the_desk(), fingerprint(), []

    for house, other in (houses, houses[::-1]):
        for role, user in house.staff.items():
            client.force_login(user)
            asked = statuses(client, places, other)
            wrong += [
                (house.clinic.slug, role, key, status) for key, status in asked.items() if status not in (403, 404)
            ]

    assert len(places) > 50
    assert wrong == []
    assert set(changed(before)) - OF_THE_SIGN_IN == set()


def test_each_clinic_finds_its_own(client: Client, houses: tuple[House, House]) -> None:
    """The control: the same addresses with the own rows open to somebody of the clinic."""
    places = [place for place in naming_rows_of_the_desk() if place.key not in CHANGES_ON_ITS_WAY]

    for house in houses:
        shut = places
        for role in ("front_desk", "vaidya", "therapist"):
            client.force_login(house.staff[role])
            asked = statuses(client, shut, house)
            shut = [place for place in shut if asked[place.key] in (403, 404)]
        assert [place.key for place in shut] == []


OF_THE_SIGN_IN = {"people_user", "people_securityeventcount"}
"""The moment of the last sign-in, and how many reads were denied."""
CHANGES_ON_ITS_WAY = {
    "desk:lift",
    "desk:settle",
    "desk:settle_call",
    "desk:release",
    "desk:end_access",
    "desk:withdraw_code",
    "desk:end_absence",
    "desk:discard_assessment",
}
"""They act on the first POST, so that those that follow would miss the row; nothing is paused that could be lifted."""
