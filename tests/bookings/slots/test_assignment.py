"""Who serves: full crew before small, whoever served before, the least loaded, and always the same answer."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection

import pytest

from bookings.actions import attendance, changes
from bookings.slots.assignment import assign
from bookings.slots.search_space import SlotRequest, read_search_space, starting_cell
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import Book, at
from tests.bookings.slot_queries import plan, wanting
from therapies.models import Practitioner, Variant

pytestmark = pytest.mark.django_db

Ask = Callable[..., "list[str] | None"]


@pytest.fixture
def serving(now: dt.datetime) -> Ask:
    def ask(slot_request: SlotRequest, start: dt.datetime, *, before: Collection[int] = ()) -> list[str] | None:
        """The names of the people who would serve, in the order of the places; None when nobody can."""
        on = start.astimezone(slot_request.clinic.zone).date()
        known = read_search_space(slot_request, on, on, now)
        visit_parts = assign(known, starting_cell(known, start), before=before)
        if visit_parts is None:
            return None
        ids = [
            taken.resource_id for visit_part in visit_parts for taken in visit_part if taken.part.startswith("crew:")
        ]
        return [Practitioner.objects.get(pk=pk).name for pk in dict.fromkeys(ids)]

    return ask


@pytest.fixture
def lepa(clinic: Clinic) -> Variant:
    """A quarter of an hour by one therapist, two if there are two."""
    variant = factories.make_variant(factories.make_therapy("lepa"))
    factories.make_step(variant, "paste", 0, 15, crew={"therapist": 2}, minimum={"therapist": 1})
    for _ in range(3):
        factories.make_room(clinic)
    return variant


@pytest.fixture
def women(clinic: Clinic, lepa: Variant) -> list[Practitioner]:
    names = ["Asha", "Bina", "Chitra"]
    return [factories.make_practitioner(clinic, name, roles=["therapist"], qualified=[lepa.therapy]) for name in names]


@pytest.fixture
def slot_request(clinic: Clinic, lepa: Variant, women: list[Practitioner]) -> SlotRequest:
    return wanting(clinic, lepa)


def test_full_crew_serves_where_it_can_and_a_small_one_where_it_must(
    serving: Ask, slot_request: SlotRequest, women: list[Practitioner], stranger: User
) -> None:
    assert serving(slot_request, at(10)) == ["Asha", "Bina"]

    for person in women[:2]:
        factories.make_absence(person, at(9), at(12), by=stranger)
    assert serving(slot_request, at(10)) == ["Chitra"]

    factories.make_absence(women[2], at(10, 14), at(10, 15), by=stranger)
    assert serving(slot_request, at(10)) is None


def test_whoever_served_before_comes_first(serving: Ask, slot_request: SlotRequest, women: list[Practitioner]) -> None:
    assert serving(slot_request, at(10), before=[women[2].pk]) == ["Chitra", "Asha"]


def test_least_loaded_of_the_day_comes_before_the_others(
    serving: Ask, slot_request: SlotRequest, lepa: Variant, women: list[Practitioner]
) -> None:
    for hour, person in ((14, women[0]), (15, women[0]), (14, women[1])):
        factories.make_visit(
            clinic=slot_request.clinic,
            variant=lepa,
            start=at(hour),
            minutes=15,
            resources=[person],
            holder=f"{hour} {person}",
        )

    assert serving(slot_request, at(10)) == ["Chitra", "Bina"]
    assert serving(slot_request, at(10, day=4)) == ["Asha", "Bina"]  # another day, another count


def test_wanted_person_is_one_of_the_crew(
    serving: Ask, slot_request: SlotRequest, lepa: Variant, women: list[Practitioner]
) -> None:
    theirs = wanting(slot_request.clinic, lepa, practitioner_id=women[2].pk)

    assert serving(theirs, at(10)) == ["Chitra", "Asha"]


def test_wanted_person_who_is_busy_leaves_nobody(
    serving: Ask, slot_request: SlotRequest, lepa: Variant, women: list[Practitioner], stranger: User
) -> None:
    factories.make_absence(women[2], at(9), at(12), by=stranger)

    assert serving(wanting(slot_request.clinic, lepa, practitioner_id=women[2].pk), at(10)) is None


def test_person_of_two_roles_leaves_their_place_to_who_has_one(
    serving: Ask, clinic: Clinic, slot_request: SlotRequest, women: list[Practitioner]
) -> None:
    """Dr Devi could be both; only she is a Vaidya, so a therapist must be found beside her."""
    nasya = factories.make_variant(factories.make_therapy("nasya"))
    factories.make_step(nasya, "drops", 0, 30, crew={"therapist": 1, "vaidya": 1})
    devi = factories.make_practitioner(clinic, "Dr Devi", roles=["vaidya", "therapist"], qualified=[nasya.therapy])

    assert serving(wanting(clinic, nasya), at(10)) is None
    factories.make_qualification(women[1], nasya.therapy)
    assert serving(wanting(clinic, nasya), at(10), before=[devi.pk]) == ["Bina", "Dr Devi"]


def test_moved_visit_keeps_its_therapists(
    booked: Book, slot_request: SlotRequest, lepa: Variant, women: list[Practitioner], owner: User, now: dt.datetime
) -> None:
    visit = booked(at(10), wanted=wanting(slot_request.clinic, lepa, practitioner_id=women[2].pk), desk=True)
    visit.bookings.update(wanted_practitioner=None)

    changes.move(visit=visit, start=at(16), by=owner, now=now, key=uuid.uuid4(), version=2)

    crew = {name for _, part, name in plan(visit) if part.startswith("crew:")}
    assert crew == {"Chitra", "Asha"}


def test_missed_visit_taken_back_keeps_its_therapist_where_she_is_free(
    booked: Book, slot_request: SlotRequest, lepa: Variant, women: list[Practitioner], front_desk: User
) -> None:
    lepa.steps.get().crews.update(count=1)
    visit = booked(at(10), wanted=wanting(slot_request.clinic, lepa, practitioner_id=women[2].pk), desk=True)
    visit.bookings.update(wanted_practitioner=None)

    attendance.mark_no_show(visit=visit, by=front_desk, now=at(10, 5))
    attendance.undo(visit=visit, by=front_desk, now=at(10, 6))

    assert [name for _, part, name in plan(visit) if part.startswith("crew:")] == ["Chitra"]
