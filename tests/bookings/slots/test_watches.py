"""Six hours after Virechana somebody is on duty for the patient, who may watch over others at the same time."""

import datetime as dt
import uuid
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from bookings.actions import holds, hours_and_absences
from bookings.actions.locks import candidate_ids
from bookings.desk import lookups
from bookings.desk.staff.unserved import affected_by_closing, affected_by_ending, visits_without_watch
from bookings.desk.todo.owners import TaskKind
from bookings.desk.todo.page import tasks_of
from bookings.errors import JustTaken
from bookings.facts.watches import PART, watch_stretches, watched_rows
from bookings.models import Occupancy, Visit
from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest, visit_parts_of
from clinic.people.models import User
from clinic.premises.models import Clinic, Equipment
from tests import factories
from tests.bookings.conftest import Book, at
from tests.bookings.races import at_once
from tests.bookings.slot_queries import offered, wanting
from therapies.models import Practitioner, Variant

pytestmark = pytest.mark.django_db

FOUR = range(4)


@pytest.fixture
def virechana(clinic: Clinic) -> Variant:
    """Half an hour with a therapist, then six hours of watch; four rooms and four watch places."""
    variant = factories.make_variant(factories.make_therapy("virechana"))
    factories.make_step(variant, "hands_on", 0, 30, crew={"therapist": 1})
    factories.make_step(variant, "observation", 30, 360, equipment=["watch_place"])
    for _ in FOUR:
        factories.make_room(clinic)
        factories.make_equipment(clinic, "watch_place")
        factories.make_practitioner(clinic, roles=["therapist"], qualified=[variant.therapy])
    return variant


@pytest.fixture
def geeta(clinic: Clinic) -> Practitioner:
    """An attendant, whose work is not scheduled, but whose hours are known."""
    return factories.make_practitioner(clinic, "Geeta", roles=["attendant"], works=("08:00", "14:00"))


@pytest.fixture
def ganesh(clinic: Clinic) -> Practitioner:
    return factories.make_practitioner(clinic, "Ganesh", roles=["attendant"], works=("12:00", "18:00"))


@pytest.fixture
def wanted(clinic: Clinic, virechana: Variant) -> SlotRequest:
    return wanting(clinic, virechana)


def booked_at(booked: Book, wanted: SlotRequest, start: dt.datetime, name: str) -> Visit:
    who = factories.make_patient(name, phone=f"+9198470{hash(name) % 90000 + 10000}")
    return booked(start, who=who, desk=True, wanted=wanted)


def test_six_hours_of_watch_are_offered_only_with_somebody_on_duty_throughout(
    wanted: SlotRequest, geeta: Practitioner, now: dt.datetime
) -> None:
    assert offered(wanted, now) == []  # she goes home at 14:00

    factories.make_practitioner(wanted.clinic, "Ganesh", roles=["attendant"], works=("12:00", "18:00"))

    assert (offered(wanted, now)[0], offered(wanted, now)[-1]) == (at(8), at(11, 30))


def test_day_on_which_nobody_can_watch_says_so(wanted: SlotRequest, now: dt.datetime) -> None:
    on = at(12).date()

    (day,) = starts(wanted, first=on, last=on, now=now, desk=True)

    assert day.why == "Nobody who could watch over you after the treatment works that day"


def test_one_person_watches_three_and_the_fourth_needs_another(
    wanted: SlotRequest, geeta: Practitioner, ganesh: Practitioner, booked: Book, now: dt.datetime
) -> None:
    for name in ["Sita", "Gita", "Rita"]:
        booked_at(booked, wanted, at(8), name)

    assert at(8) not in offered(wanted, now)
    with pytest.raises(JustTaken):
        booked_at(booked, wanted, at(8), "Mita")

    factories.make_practitioner(wanted.clinic, "Anita", roles=["nurse"])

    assert booked_at(booked, wanted, at(8), "Mita").bookings.get().starts_at == at(8)


def test_database_refuses_two_patients_in_one_watch_place(
    wanted: SlotRequest, geeta: Practitioner, ganesh: Practitioner, booked: Book
) -> None:
    first, second = (booked_at(booked, wanted, at(8), name) for name in ["Sita", "Gita"])
    place = Occupancy.objects.get(booking__visit=first, part=PART)

    with pytest.raises(IntegrityError, match="resource_one_place_at_a_time"), transaction.atomic():
        Occupancy.objects.filter(booking__visit=second, part=PART).update(resource=place.resource)


def test_nobody_is_booked_away_from_a_watch_that_needs_them(
    clinic: Clinic, wanted: SlotRequest, geeta: Practitioner, ganesh: Practitioner, booked: Book, now: dt.datetime
) -> None:
    dressing = factories.make_variant(factories.make_therapy("dressing"))
    factories.make_step(dressing, "hands_on", 0, 30, crew={"nurse": 1})
    nurse = factories.make_practitioner(clinic, "Anita", roles=["nurse"])
    booked_at(booked, wanted, at(8), "Sita")
    assert at(9) in offered(wanting(clinic, dressing), now)  # Geeta is there

    factories.make_absence(geeta, at(8), at(12), by=factories.make_user())

    times = offered(wanting(clinic, dressing), now)
    assert (at(9) in times, at(12) in times) == (False, True)
    with pytest.raises(JustTaken):
        booked_at(booked, wanting(clinic, dressing), at(9), "Gita")
    assert nurse.pk in candidate_ids(clinic, visit_parts_of(wanted))  # who books a watch waits for who takes her


def test_absence_that_leaves_a_watch_without_anybody_lists_its_visit(
    wanted: SlotRequest, geeta: Practitioner, ganesh: Practitioner, booked: Book, front_desk: User, now: dt.datetime
) -> None:
    visit = booked_at(booked, wanted, at(8), "Sita")
    away = {"resource": geeta, "reason": "", "by": front_desk, "now": now}

    assert hours_and_absences.enter_absence(during=(at(12), at(14)), **away).hit == []  # Ganesh is there
    assert hours_and_absences.enter_absence(during=(at(11, 30), at(12)), **away).hit == [visit]
    assert hours_and_absences.enter_absence(during=(at(8), at(8, 30)), **away).hit == []  # not watched yet


def test_page_of_an_absence_lists_the_visit_that_it_leaves_without_anybody_to_watch(
    clinic: Clinic,
    wanted: SlotRequest,
    geeta: Practitioner,
    ganesh: Practitioner,
    booked: Book,
    front_desk: User,
    now: dt.datetime,
) -> None:
    visit = booked_at(booked, wanted, at(8), "Sita")
    absence = factories.make_absence(geeta, at(8, 30), at(12), by=front_desk)

    assert lookups.hit_by(absence, Clinic.objects.filter(pk=clinic.pk), now) == [visit]


@pytest.mark.parametrize("how", ["ended role", "closed account"])
def test_who_leaves_names_the_visits_left_without_anybody_to_watch_and_they_stay_listed(
    clinic: Clinic,
    wanted: SlotRequest,
    ganesh: Practitioner,
    booked: Book,
    front_desk: User,
    now: dt.datetime,
    how: str,
) -> None:
    """Nobody is booked for a watch by name: whose leaving it is, is worked out."""
    account = factories.make_member(clinic, "attendant")
    factories.make_practitioner(clinic, "Geeta", roles=["attendant"], works=("08:00", "14:00"), user=account)
    visit = booked_at(booked, wanted, at(8), "Sita")
    role = account.memberships.get()
    before = (visits_without_watch([clinic.pk], now), _watch_tasks(front_desk, now))

    named = affected_by_ending([role], now) if how == "ended role" else affected_by_closing(account, now)
    account.memberships.update(ends_on=now.date())

    assert (before, named) == (([], []), [visit])
    assert (visits_without_watch([clinic.pk], now), _watch_tasks(front_desk, now)) == ([visit], [visit.public_id])


def _watch_tasks(user: User, now: dt.datetime) -> list[object]:
    return [task.subject for task in tasks_of(user, now) if task.kind is TaskKind.UNWATCHED]


def test_shorter_hours_that_leave_a_watch_without_anybody_list_its_visit(
    clinic: Clinic,
    wanted: SlotRequest,
    geeta: Practitioner,
    ganesh: Practitioner,
    booked: Book,
    front_desk: User,
    now: dt.datetime,
) -> None:
    visit = booked_at(booked, wanted, at(8), "Sita")
    change = {"practitioner": geeta, "clinics": [clinic], "by": front_desk, "now": now}

    hit = hours_and_absences.change_working_hours(hours=[], **change)

    assert hit == [visit]


def test_who_is_on_duty_for_whom_is_told_from_change_to_change(
    clinic: Clinic, wanted: SlotRequest, geeta: Practitioner, ganesh: Practitioner, booked: Book, now: dt.datetime
) -> None:
    booked_at(booked, wanted, at(8), "Sita")

    told = watch_stretches(clinic, watched_rows([clinic.pk], None, now), now)

    assert [(each.first, each.last, each.people, each.is_enough) for each in told] == [
        (at(8, 30), at(12), (geeta.pk,), True),
        (at(12), at(14), (geeta.pk, ganesh.pk), True),
        (at(14), at(14, 30), (ganesh.pk,), True),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scarce", ["place", "person"])
def test_last_watch_place_and_the_last_person_who_may_watch_are_given_once_when_two_book_together(
    clinic: Clinic, wanted: SlotRequest, geeta: Practitioner, ganesh: Practitioner, now: dt.datetime, scarce: str
) -> None:
    if scarce == "place":
        places = list(Equipment.objects.filter(clinic=clinic).values_list("pk", flat=True))
        Equipment.objects.filter(pk__in=places[1:]).update(is_active=False)
    else:
        Clinic.objects.filter(pk=clinic.pk).update(watched_by_one=1)
        clinic.refresh_from_db()

    def hold(number: int) -> Visit:
        said = {"by": None, "now": now, "key": uuid.uuid4(), "desk": True}
        return holds.hold(slot_request=wanted, start=at(8), holder=f"browser {number}", **said)

    answers = at_once(*[partial(hold, number) for number in range(2)])

    assert sorted(type(answer).__name__ for answer in answers) == ["JustTaken", "Visit"]
    assert Occupancy.objects.filter(part=PART).count() == 1
