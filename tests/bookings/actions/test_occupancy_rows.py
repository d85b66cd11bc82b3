"""Taken time as rows: what serves, what lapsed times are in the way, and what is written in which order."""

import datetime as dt

import pytest

from bookings.actions import occupancy_rows
from bookings.models import Booking, Occupancy, Status
from clinic.people.models import Patient
from clinic.premises.models import Clinic, Room
from tests import factories
from tests.bookings.conftest import at
from therapies.models import Practitioner, Variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(clinic: Clinic, consultation: Variant, consulting_room: Room, vaidya: Practitioner) -> Booking:
    """A Vaidya and a room from 10:00 to 10:45, until 9:00."""
    visit = factories.make_visit(
        clinic=clinic,
        variant=consultation,
        start=at(10),
        resources=[consulting_room, vaidya],
        status=Status.HELD,
        expires_at=at(9),
    )
    return visit.bookings.get()


def row(start: dt.datetime, end: dt.datetime, **whose: object) -> Occupancy:
    return Occupancy(during=factories.between(start, end), part="room", **whose)


def test_what_serves_is_told_in_the_order_in_which_it_was_written(
    held: Booking, consulting_room: Room, vaidya: Practitioner
) -> None:
    rows = [[held.pk, consulting_room.pk, "room"], [held.pk, vaidya.pk, "crew:vaidya"]]

    assert occupancy_rows.crew_rows([held]) == rows
    assert (
        occupancy_rows.resource_ids([held])
        == occupancy_rows.resource_ids_of_visit(held.visit)
        == {consulting_room.pk, vaidya.pk}
    )


def test_time_of_a_patient_is_told_apart_from_that_of_resources(
    clinic: Clinic, consultation: Variant, patient: Patient, vaidya: Practitioner
) -> None:
    visit = factories.make_visit(clinic=clinic, variant=consultation, start=at(10), patient=patient, resources=[vaidya])

    assert occupancy_rows.resources_and_patients(visit.bookings.all()) == ({vaidya.pk}, {patient.pk})


@pytest.mark.parametrize(
    ("start", "end", "now", "found"),
    [
        (at(10, 40), at(11), at(9), True),
        (at(10, 45), at(11), at(9), False),  # it begins when the other ends
        (at(9), at(10), at(9), False),
        (at(10), at(10, 45), at(8, 59), False),  # the limit has not passed
    ],
)
def test_lapsed_hold_is_in_the_way_of_what_overlaps_it(
    held: Booking, vaidya: Practitioner, start: dt.datetime, end: dt.datetime, now: dt.datetime, *, found: bool
) -> None:
    assert occupancy_rows.lapsed_holds_overlapping([row(start, end, resource=vaidya)], now) == (
        [held.pk] if found else []
    )


def test_lapsed_hold_of_another_person_is_not_in_the_way(clinic: Clinic, held: Booking) -> None:
    other = factories.make_practitioner(clinic, roles=["vaidya"])

    assert occupancy_rows.lapsed_holds_overlapping([row(at(10), at(11), resource=other)], at(9)) == []


def test_request_past_its_limit_is_not_swept(clinic: Clinic, consultation: Variant, patient: Patient) -> None:
    visit = factories.make_visit(
        clinic=clinic, variant=consultation, start=at(10), patient=patient, status=Status.REQUESTED, expires_at=at(9)
    )

    assert visit.bookings.get().is_past_limit(at(9))
    assert occupancy_rows.lapsed_holds_overlapping([row(at(10), at(11), patient=patient)], at(9)) == []


def test_freed_time_is_nobodys(held: Booking) -> None:
    occupancy_rows.delete_rows([held])

    assert occupancy_rows.crew_rows([held]) == []


def test_taken_time_is_written_whole(held: Booking, vaidya: Practitioner, patient: Patient) -> None:
    occupancy_rows.delete_rows([held])
    wanted = [
        Occupancy(
            booking=held, resource=vaidya, during=factories.between(at(11), at(12)), part="crew:vaidya", hands_on=45
        ),
        Occupancy(booking=held, patient=patient, during=factories.between(at(11), at(12)), part="patient"),
    ]

    occupancy_rows.insert_rows(wanted)

    fields = ["booking_id", "resource_id", "patient_id", "during", "part", "hands_on"]
    written = Occupancy.objects.filter(booking=held).order_by("pk").values_list(*fields)
    assert [*written] == [tuple(getattr(one, name) for name in fields) for one in wanted]
