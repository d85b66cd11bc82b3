"""Oil before the heat is a step of the visit: the patient comes earlier, the hour agreed is still the treatment's."""

import datetime as dt
import uuid

import pytest

from bookings.actions import changes
from bookings.actions.visits import arrival
from bookings.facts.patient import patient_facts_of
from bookings.models import Occupancy, Visit
from bookings.slots.bookable_orders import minutes_of, slot_request_for
from bookings.slots.search_space import visit_parts_of
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import Book, at
from tests.bookings.slot_queries import offered, plan, wanting
from therapies.models import Practitioner, Variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def oiled_steam(clinic: Clinic, swedana: Variant) -> Variant:
    """Swedana with ten minutes of oil before the steam, one therapist and a room of its own; given until ten."""
    swedana.steps.filter(code="setup").update(offset=-20)
    factories.make_step(swedana, "oil_application", -10, 10, crew={"therapist": 1})
    swedana.window_from, swedana.window_to = 480, 600
    swedana.save()
    factories.make_practitioner(clinic, "Uma", roles=["therapist"], qualified=[swedana.therapy])
    return swedana


def test_patient_comes_before_the_oil_and_is_taken_from_then_on(
    clinic: Clinic, booked: Book, oiled_steam: Variant
) -> None:
    visit = booked(at(10), wanted=wanting(clinic, oiled_steam), desk=True)

    assert visit.arrives_at == at(9, 35) == arrival(oiled_steam, at(10), clinic.zone)
    booking = visit.bookings.get()
    assert (booking.starts_at, booking.ends_at) == (at(10), at(10, 30))
    assert ("09:50–10:30", "patient", "Meera Nair") in plan(visit)
    assert ("09:40–10:25", "crew:therapist", "Uma") in plan(visit)


def test_window_of_the_day_is_that_of_the_treatment_not_of_the_oil(
    clinic: Clinic, oiled_steam: Variant, now: dt.datetime
) -> None:
    found = offered(wanting(clinic, oiled_steam), now)

    assert found[0] == at(8, 30)  # twenty minutes of set-up and oil lie inside the hours
    assert found[-1] == at(10)


def test_second_therapy_begins_after_its_own_oil(
    clinic: Clinic, booked: Book, abhyanga: Variant, lata: Practitioner, oiled_steam: Variant
) -> None:
    both = wanting(clinic, abhyanga, oiled_steam)

    assert [visit_part.offset for visit_part in visit_parts_of(both)] == [
        0,
        17,
    ]  # 75 minutes with the patient, and 10 of oil
    visit = booked(at(8, 30), wanted=both, desk=True)
    assert [row.starts_at for row in visit.bookings.order_by("position")] == [at(8, 30), at(9, 55)]
    patient = [row[0] for row in plan(visit) if row[1] == "patient"]
    assert patient == ["08:30–09:45", "09:45–10:25"]


def test_first_therapy_of_a_visit_is_the_one_whose_oil_decides_the_arrival(
    clinic: Clinic, booked: Book, abhyanga: Variant, lata: Practitioner, oiled_steam: Variant
) -> None:
    factories.make_qualification(lata, oiled_steam.therapy)
    steam_first = wanting(clinic, oiled_steam, abhyanga)

    visit = booked(at(9), wanted=steam_first, desk=True)

    assert visit.arrives_at == at(8, 35)
    assert [row.starts_at for row in visit.bookings.order_by("position")] == [at(9), at(9, 30)]


def test_length_that_is_told_has_the_oil_in_it(oiled_steam: Variant, abhyanga: Variant) -> None:
    assert [minutes_of(variant) for variant in (oiled_steam, abhyanga)] == [40, 75]


def test_child_is_treated_by_one_therapist_from_search_to_moving(
    clinic: Clinic,
    booked: Book,
    abhyanga: Variant,
    lata: Practitioner,
    devi: Practitioner,
    front_desk: User,
    now: dt.datetime,
) -> None:
    abhyanga.therapy.minimum_age, abhyanga.therapy.facts = 1, {"staffing": {"therapists_child_under_10": 1}}
    abhyanga.therapy.save()
    born = {"Tara": dt.date(2017, 5, 17), "Uma": dt.date(1988, 5, 17)}
    people = [factories.make_patient(name, birth_date=on) for name, on in born.items()]
    for who in people:
        factories.make_order(who, abhyanga, clinic=clinic)

    crews = {}
    for who, hour in zip(people, (9, 13), strict=True):
        wanted = slot_request_for(clinic, [abhyanga], patient_facts_of(who, now=now))
        visit = booked(at(hour), who=who, wanted=wanted, desk=True)
        before = crew_of(visit)
        changes.move(visit=visit, start=at(hour + 2), by=front_desk, now=now, key=uuid.uuid4(), version=2, desk=True)
        crews[who.given_name] = (len(before), len(crew_of(visit)))

    assert crews == {"Tara": (1, 1), "Uma": (2, 2)}


def crew_of(visit: Visit) -> set[int | None]:
    rows = Occupancy.objects.filter(booking__visit=visit, part="crew:therapist")
    return set(rows.values_list("resource", flat=True))
