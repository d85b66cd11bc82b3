"""Therapies as they really are: crews of two of one gender, kinds of rooms, a steam box, a Vaidya in the house."""

import datetime as dt
import uuid

import pytest

from bookings.actions import confirmation
from bookings.errors import JustTaken, PolicyRefused
from bookings.slots.search import starts
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import Book, at
from tests.bookings.slot_queries import offered, plan, wanting
from therapies.models import Practitioner, Variant

pytestmark = pytest.mark.django_db


def test_abhyanga_takes_two_women_and_a_room_each_for_their_own_steps(
    clinic: Clinic, booked: Book, abhyanga: Variant, lata: Practitioner, devi: Practitioner, ravi: Practitioner
) -> None:
    visit = booked(at(10), wanted=wanting(clinic, abhyanga), desk=True)

    assert plan(visit) == [
        ("09:50–10:45", "crew:therapist", "Devi"),
        ("09:50–10:45", "crew:therapist", "Lata"),
        ("09:50–11:15", "room", "Table room"),
        ("10:00–11:15", "patient", "Meera Nair"),
        ("11:00–11:15", "crew:therapist", "Devi"),
        ("11:00–11:15", "crew:therapist", "Lata"),
    ]
    booking = visit.bookings.get()
    assert (booking.starts_at, booking.ends_at) == (at(10), at(11, 15))


def test_abhyanga_is_given_by_one_where_a_second_is_missing(
    clinic: Clinic, booked: Book, abhyanga: Variant, lata: Practitioner, ravi: Practitioner
) -> None:
    visit = booked(at(10), wanted=wanting(clinic, abhyanga), desk=True)

    assert [name for _, part, name in plan(visit) if part == "crew:therapist"] == ["Lata", "Lata"]


def test_abhyanga_is_not_offered_where_nobody_of_the_gender_works(
    clinic: Clinic, hold: Book, abhyanga: Variant, lata: Practitioner, now: dt.datetime
) -> None:
    slot_request = wanting(clinic, abhyanga, gender="male")
    (day,) = starts(slot_request, first=at(9).date(), last=at(9).date(), now=now)

    assert (day.starts, day.why) == ((), "No therapist of your chosen gender works that day")
    with pytest.raises(JustTaken):
        hold(at(10), wanted=slot_request, desk=True)


def test_abhyanga_held_for_one_gender_is_booked_with_whom_the_patient_accepts(
    clinic: Clinic, booked: Book, abhyanga: Variant, lata: Practitioner, ravi: Practitioner
) -> None:
    father = factories.make_patient("Gopal", accepts_therapist="male", phone="+919847000055")

    visit = booked(at(10), who=father, wanted=wanting(clinic, abhyanga), desk=True)

    assert {name for _, part, name in plan(visit) if part == "crew:therapist"} == {"Ravi"}


def test_abhyanga_for_somebody_who_was_not_asked_is_neither_offered_nor_held(
    clinic: Clinic, hold: Book, abhyanga: Variant, lata: Practitioner, now: dt.datetime
) -> None:
    """Also where the clinic schedules nobody of whose gender the patient could choose."""
    clinic.unscheduled_roles = ["therapist"]
    clinic.save()
    slot_request = wanting(clinic, abhyanga, gender="")

    (day,) = starts(slot_request, first=at(9).date(), last=at(9).date(), now=now)

    assert (day.starts, day.why) == ((), "First choose whether a woman or a man may treat the patient.")
    with pytest.raises(PolicyRefused, match="may treat the patient"):
        hold(at(10), wanted=slot_request, desk=True)


def test_abhyanga_of_a_patient_who_was_not_asked_is_refused(
    clinic: Clinic, booked: Book, abhyanga: Variant, lata: Practitioner
) -> None:
    unasked = factories.make_patient("Gopal", accepts_therapist="", phone="+919847000055")

    with pytest.raises(PolicyRefused, match="may treat the patient"):
        booked(at(10), who=unasked, wanted=wanting(clinic, abhyanga), desk=True)


def test_abhyanga_without_an_order_is_refused(
    clinic: Clinic, hold: Book, abhyanga: Variant, lata: Practitioner, patient: Patient, owner: User, now: dt.datetime
) -> None:
    held = hold(at(10), wanted=wanting(clinic, abhyanga))

    with pytest.raises(PolicyRefused, match="first examine the patient"):
        confirmation.book(visit=held, patient=patient, holder=held.holder, by=owner, now=now, key=uuid.uuid4())


def test_therapist_may_serve_another_while_the_patient_rests(
    clinic: Clinic, booked: Book, abhyanga: Variant, lata: Practitioner, now: dt.datetime
) -> None:
    lepa = factories.make_variant(factories.make_therapy("lepa"), room="")
    factories.make_step(lepa, "paste", 0, 15, crew={"therapist": 1})
    factories.make_qualification(lata, lepa.therapy)
    factories.make_room(clinic, "Small room", features=[])
    booked(at(10), wanted=wanting(clinic, abhyanga), desk=True)

    mid_morning = [start for start in offered(wanting(clinic, lepa), now) if at(9, 45) <= start < at(11, 15)]

    assert mid_morning == [at(10, 45)]
    other = factories.make_patient("Sita", phone="+919847000066")
    visit = booked(at(10, 45), who=other, wanted=wanting(clinic, lepa), desk=True)
    assert ("10:45–11:00", "crew:therapist", "Lata") in plan(visit)


def test_local_abhyanga_takes_one_therapist_and_less_time(
    clinic: Clinic, booked: Book, abhyanga: Variant, lata: Practitioner, devi: Practitioner
) -> None:
    local = factories.make_variant(abhyanga.therapy, "local")
    factories.make_step(local, "hands_on", 0, 30, crew={"therapist": 1})

    visit = booked(at(10), wanted=wanting(clinic, local), desk=True)

    assert plan(visit) == [
        ("10:00–10:30", "crew:therapist", "Lata"),
        ("10:00–10:30", "patient", "Meera Nair"),
        ("10:00–10:30", "room", "Table room"),
    ]


def test_steam_box_is_taken_for_its_quarter_of_an_hour_only(
    clinic: Clinic, booked: Book, swedana: Variant, now: dt.datetime
) -> None:
    for name in ("Lata", "Devi"):
        factories.make_practitioner(clinic, name, roles=["therapist"], qualified=[swedana.therapy])
    factories.make_room(clinic, "Second steam room", features=["steam_room"])
    slot_request = wanting(clinic, swedana)

    first = booked(at(10), wanted=slot_request, desk=True)

    assert ("10:00–10:15", "equipment:steam_chamber", "Steam box") in plan(first)
    clinic.slot_minutes = 5
    around = [start for start in offered(slot_request, now) if at(9, 40) <= start <= at(10, 20)]
    assert around == [at(9, 40), at(9, 45), at(10, 15), at(10, 20)]
    sita = factories.make_patient("Sita", phone="+919847000066")
    second = booked(at(10, 15), who=sita, wanted=slot_request, desk=True)
    assert ("10:15–10:30", "equipment:steam_chamber", "Steam box") in plan(second)


def test_room_with_fewer_features_is_taken_first(
    clinic: Clinic, booked: Book, abhyanga: Variant, lata: Practitioner
) -> None:
    clinic.rooms.all().delete()
    factories.make_room(clinic, "Everything room", features=["therapy_room", "steam_room", "nasya_room"])
    factories.make_room(clinic, "Plain room", features=["therapy_room"])
    factories.make_room(clinic, "Nasya room", features=["nasya_room"])

    visit = booked(at(10), wanted=wanting(clinic, abhyanga), desk=True)

    assert [name for _, part, name in plan(visit) if part == "room"] == ["Plain room"]


def test_therapy_is_not_offered_without_its_kind_of_room(
    clinic: Clinic, abhyanga: Variant, lata: Practitioner, now: dt.datetime
) -> None:
    clinic.rooms.all().delete()
    factories.make_room(clinic, "Nasya room", features=["nasya_room"])

    assert offered(wanting(clinic, abhyanga), now) == []


def test_niruha_starts_inside_its_window_both_ends_included(clinic: Clinic, now: dt.datetime) -> None:
    niruha = factories.make_variant(factories.make_therapy("basti"), "niruha", window_from=540, window_to=660)
    factories.make_step(niruha, "hands_on", 0, 45, crew={"therapist": 1})
    factories.make_practitioner(clinic, "Lata", roles=["therapist"], qualified=[niruha.therapy])
    factories.make_room(clinic)

    found = offered(wanting(clinic, niruha), now)

    assert (found[0], found[-1]) == (at(9), at(11))


def test_vaidya_is_busy_when_present_and_free_when_on_site(
    clinic: Clinic, booked: Book, vaidya: Practitioner, now: dt.datetime
) -> None:
    vaidya.working_hours.all().delete()
    vamana = factories.make_variant(factories.make_therapy("vamana"), room="vamana_room")
    factories.make_step(vamana, "hands_on", 0, 60, crew={"vaidya": 1}, presence="present")
    factories.make_step(vamana, "observation", 60, 60, crew={"vaidya": 1}, presence="on_site")
    factories.make_room(clinic, features=["vamana_room"])
    factories.make_practitioner(clinic, "Dr Rao", works=("08:00", "11:30"), qualified=[vamana.therapy])

    visit = booked(at(8), wanted=wanting(clinic, vamana), desk=True)

    assert [row for row in plan(visit) if row[1] == "crew:vaidya"] == [("08:00–09:00", "crew:vaidya", "Dr Rao")]
    after = [start for start in offered(wanting(clinic, vamana), now) if start >= at(10)]
    assert after == []  # nobody is in the house from 11:30 on
    factories.make_working_hours(vaidya, clinic, "11:30", "18:00")
    taking_turns = [start for start in offered(wanting(clinic, vamana), now) if start >= at(10)]
    assert taking_turns == [at(10), at(10, 15), at(10, 30)]


def test_attendants_are_not_taken_where_the_clinic_does_not_schedule_them(clinic: Clinic, booked: Book) -> None:
    kati_basti = factories.make_variant(factories.make_therapy("kati-basti"))
    factories.make_step(kati_basti, "oil_pool", 0, 30, crew={"therapist": 1, "attendant": 1})
    factories.make_practitioner(clinic, "Lata", roles=["therapist"], qualified=[kati_basti.therapy])
    factories.make_practitioner(clinic, "Mini", roles=["attendant"])
    factories.make_room(clinic)

    unscheduled = booked(at(10), wanted=wanting(clinic, kati_basti), desk=True)
    clinic.unscheduled_roles = []
    clinic.save()
    sita = factories.make_patient("Sita", phone="+919847000066")
    scheduled = booked(at(14), who=sita, wanted=wanting(clinic, kati_basti), desk=True)

    crews = [{name for _, part, name in plan(visit) if part.startswith("crew:")} for visit in (unscheduled, scheduled)]
    assert crews == [{"Lata"}, {"Lata", "Mini"}]
