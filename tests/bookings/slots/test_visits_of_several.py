"""Visits of several therapies, of running courses, of people who are wanted, and what a day has room for."""

import datetime as dt
import uuid

import pytest

from bookings.actions import attendance, changes
from bookings.errors import JustTaken
from bookings.models import Occupancy, Status
from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import Book, at
from tests.bookings.slot_queries import offered, plan, wanting
from therapies.models import Practitioner, Variant

pytestmark = pytest.mark.django_db

SUNDAY = 8


@pytest.fixture
def oil_then_steam(clinic: Clinic, abhyanga: Variant, swedana: Variant, lata: Practitioner) -> SlotRequest:
    """Lata gives the oil, Uma the steam: neither could give both."""
    factories.make_practitioner(clinic, "Uma", roles=["therapist"], qualified=[swedana.therapy])
    return wanting(clinic, abhyanga, swedana)


def test_visit_of_abhyanga_and_swedana_is_two_bookings_one_after_the_other(
    booked: Book, oil_then_steam: SlotRequest
) -> None:
    visit = booked(at(10), wanted=oil_then_steam, desk=True)

    times = [(row.position, row.starts_at, row.ends_at, row.status) for row in visit.bookings.all()]
    assert times == [(0, at(10), at(11, 15), "booked"), (1, at(11, 15), at(11, 45), "booked")]
    crew = [row for row in plan(visit) if row[1] == "crew:therapist"]
    assert crew == [
        ("09:50–10:45", "crew:therapist", "Lata"),
        ("11:00–11:15", "crew:therapist", "Lata"),
        ("11:05–11:40", "crew:therapist", "Uma"),
    ]
    assert visit.arrives_at == at(9, 45)


def test_visit_of_two_therapies_moves_and_ends_as_one(
    booked: Book, oil_then_steam: SlotRequest, owner: User, now: dt.datetime
) -> None:
    visit = booked(at(10), wanted=oil_then_steam, desk=True)

    changes.move(visit=visit, start=at(14), by=owner, now=now, key=uuid.uuid4(), version=2)
    assert [row.starts_at for row in visit.bookings.all()] == [at(14), at(15, 15)]

    changes.cancel(visit=visit, by=owner, now=now, ended_by="patient", version=3)
    assert [row.status for row in visit.bookings.all()] == ["cancelled", "cancelled"]
    assert not Occupancy.objects.exists()


def test_reassign_in_the_second_booking_leaves_the_first_as_it_is(
    clinic: Clinic, booked: Book, oil_then_steam: SlotRequest, front_desk: User, vaidya_user: User
) -> None:
    visit = booked(at(10), wanted=oil_then_steam, desk=True)
    first, second = visit.bookings.all()
    attendance.check_in(visit=visit, by=front_desk, now=at(9, 50))
    factories.make_consent(Patient.objects.get(visits=visit), clinic)
    attendance.start(booking=first, by=vaidya_user, now=at(10))
    uma = Practitioner.objects.get(name="Uma")
    asha = factories.make_practitioner(clinic, "Asha", roles=["therapist"], qualified=[second.variant.therapy])

    said = {"old_resource_id": uma.pk, "new_resource_id": asha.pk, "version": 3}
    changes.reassign(booking=second, by=front_desk, now=at(10, 5), **said)

    assert [row.status for row in visit.bookings.all()] == [Status.IN_PROGRESS, Status.CHECKED_IN]
    assert {name for _, part, name in plan(visit) if part == "crew:therapist"} == {"Lata", "Asha"}


def test_minutes_of_both_therapies_count_to_the_limit_of_the_day(
    clinic: Clinic, abhyanga: Variant, lata: Practitioner, now: dt.datetime
) -> None:
    lepa = factories.make_variant(factories.make_therapy("lepa"))
    factories.make_step(lepa, "paste", 0, 15, crew={"therapist": 1})
    factories.make_qualification(lata, lepa.therapy)
    lata.hands_on_limit = 55  # the oil takes 45, the paste 15
    lata.save()

    assert at(10) in offered(wanting(clinic, abhyanga), now)
    assert offered(wanting(clinic, abhyanga, lepa), now) == []
    lata.hands_on_limit = 60
    lata.save()
    assert at(10) in offered(wanting(clinic, abhyanga, lepa), now)


def test_therapist_at_the_limit_of_the_day_serves_again_on_the_next(
    clinic: Clinic, booked: Book, abhyanga: Variant, lata: Practitioner, now: dt.datetime
) -> None:
    lata.hands_on_limit = 60
    lata.save()
    booked(at(10), wanted=wanting(clinic, abhyanga), desk=True)

    assert offered(wanting(clinic, abhyanga), now, day=3) == []
    assert at(10, day=4) in offered(wanting(clinic, abhyanga), now, day=4)


def test_running_course_is_booked_moved_and_restored_on_a_sunday(
    booked: Book, abhyanga: Variant, lata: Practitioner, owner: User, front_desk: User, clinic: Clinic, now: dt.datetime
) -> None:
    clinic.opening_hours.filter(weekday=6).update(use="running_courses", from_minute=480, to_minute=660)
    course = wanting(clinic, abhyanga, running_course=True)

    assert offered(wanting(clinic, abhyanga), now, day=SUNDAY) == []
    visit = booked(at(9, day=SUNDAY), wanted=course, desk=True)
    changes.move(visit=visit, start=at(9, 30, day=SUNDAY), by=owner, now=now, key=uuid.uuid4(), version=2)
    attendance.mark_no_show(visit=visit, by=front_desk, now=at(9, 45, day=SUNDAY))
    attendance.undo(visit=visit, by=front_desk, now=at(9, 50, day=SUNDAY))

    booking = visit.bookings.get()
    assert (booking.status, booking.starts_at) == (Status.BOOKED, at(9, 30, day=SUNDAY))
    assert ("09:20–10:15", "crew:therapist", "Lata") in plan(visit)


def test_wanted_person_serves_as_one_of_two(
    clinic: Clinic, booked: Book, abhyanga: Variant, lata: Practitioner, devi: Practitioner
) -> None:
    asha = factories.make_practitioner(clinic, "Asha", roles=["therapist"], qualified=[abhyanga.therapy])

    visit = booked(at(10), wanted=wanting(clinic, abhyanga, practitioner_id=asha.pk), desk=True)

    assert {name for _, part, name in plan(visit) if part == "crew:therapist"} == {"Asha", "Lata"}


def test_wanted_person_of_two_roles_serves_in_one_of_them(clinic: Clinic, booked: Book, now: dt.datetime) -> None:
    """Dr Asha is a Vaidya and a therapist; the therapy takes one of each at the same time."""
    nasya = factories.make_variant(factories.make_therapy("nasya"))
    factories.make_step(nasya, "drops", 0, 30, crew={"vaidya": 1, "therapist": 1})
    factories.make_room(clinic)
    asha = factories.make_practitioner(clinic, "Dr Asha", roles=["vaidya", "therapist"], qualified=[nasya.therapy])
    factories.make_practitioner(clinic, "Lata", roles=["therapist"], qualified=[nasya.therapy])
    slot_request = wanting(clinic, nasya, practitioner_id=asha.pk)

    assert at(10) in offered(slot_request, now)
    visit = booked(at(10), wanted=slot_request, desk=True)

    assert {(part, name) for _, part, name in plan(visit) if part.startswith("crew:")} == {
        ("crew:vaidya", "Dr Asha"),
        ("crew:therapist", "Lata"),
    }


def test_visit_does_not_cross_midnight_and_is_not_offered_to(
    hold: Book, abhyanga: Variant, lata: Practitioner, now: dt.datetime
) -> None:
    clinic = factories.make_clinic("night", opens="00:00", closes="24:00")
    factories.make_room(clinic)
    factories.make_practitioner(clinic, roles=["therapist"], works=("00:00", "24:00"), qualified=[abhyanga.therapy])
    slot_request = wanting(clinic, abhyanga)

    days = starts(slot_request, first=at(12, day=3).date(), last=at(12, day=4).date(), now=now, desk=True)

    assert (days[0].starts[-1], days[1].starts[0]) == (at(22, 45, day=3), at(0, 15, day=4))
    with pytest.raises(JustTaken):
        hold(at(23, 30), wanted=slot_request, desk=True)
