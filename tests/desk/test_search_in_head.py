"""The search in the head of the staff pages: who has it, what it finds, and what it leaves in the audit."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter

HITS = "/desk/patients/hits/"


def hits(client: Client, words: str) -> list[str]:
    return [patient.given_name for patient in client.post(HITS, {"words": words}).context["patients"]]


def read_ids() -> list[list[int]]:
    return list(Read.objects.filter(door="desk:hits").order_by("pk").values_list("patients", flat=True))


@pytest.fixture
def meeras(clinic: Clinic) -> list[Patient]:
    """Three of one first name, told apart by village, phone and age."""
    return [
        factories.make_patient(
            "Meera",
            family_name=family,
            clinics=[clinic],
            phone=phone,
            birth_date=dt.date(year, 1, 1),
            kinship="wife",
            kin_name="Govind Rawat",
            village=village,
        )
        for family, phone, year, village in (
            ("Nair", "+911412555098", 1960, "Sanganer"),
            ("Meena", "+911412555012", 1975, "Bagru"),
            ("Gurjar", "+911412555034", 1990, "Sanganer"),
        )
    ]


@pytest.mark.parametrize("who", ["front_desk", "manager", "vaidya_user", "therapist_user"])
def test_desk_vaidya_therapist_and_manager_find_patients_of_their_clinic_from_every_page(
    enter: Enter, request: pytest.FixtureRequest, patient: Patient, who: str
) -> None:
    client = enter(request.getfixturevalue(who))

    page = client.get("/desk/todo/").content.decode()

    assert len(re.findall(r'id="head-words"', page)) == 1
    assert hits(client, "meera") == ["Meera"]
    assert [row.given_name for row in client.post("/desk/patients/", {"words": "meera"}).context["found"].here] == [
        "Meera"
    ]


def test_nobody_of_another_clinic_is_found(enter: Enter, other_front_desk: User, patient: Patient) -> None:
    assert hits(enter(other_front_desk), "meera") == []


def test_vaidya_and_therapist_neither_book_nor_look_into_other_clinics(
    enter: Enter, clinic: Clinic, vaidya_user: User, other_clinic: Clinic
) -> None:
    factories.make_patient("Zara", clinics=[other_clinic], phone="+919847000077")
    client = enter(vaidya_user)

    page = client.post("/desk/patients/", {"words": "+91 98470 00077", "birth_date": "1988-05-17"})

    assert page.context["found"].all == ()
    assert "Register a new patient" not in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "families"),
    [
        ("Meera 98", ["Nair"]),
        ("Meera Bagru", ["Meena"]),
        ("bagroo", ["Meena"]),
        ("मीरा सांगानेर", ["Gurjar", "Nair"]),
        ("Meera 1.1.1975", ["Meena"]),
        ("Meera 36", ["Gurjar"]),
        ("w/o Govind Bagru", ["Meena"]),
        ("Me", []),
    ],
)
def test_village_number_age_birth_date_and_their_combinations(
    enter: Enter, front_desk: User, meeras: list[Patient], typed: str, families: list[str]
) -> None:
    found = enter(front_desk).post(HITS, {"words": typed}).context["patients"]

    assert sorted(patient.family_name for patient in found) == families


def test_number_of_the_patient_is_found(enter: Enter, front_desk: User, patient: Patient) -> None:
    found = enter(front_desk).post(HITS, {"words": f"Meera {patient.pk}"}).context["patients"]

    assert found == [patient]


def test_own_name_comes_before_the_name_of_a_village_or_a_husband(
    enter: Enter, front_desk: User, clinic: Clinic, meeras: list[Patient]
) -> None:
    factories.make_patient("Govind", family_name="Rawat", clinics=[clinic], phone="+919847000056")

    assert hits(enter(front_desk), "govind rawat")[0] == "Govind"


def test_one_search_is_one_row_whatever_the_number_of_letters(
    enter: Enter, front_desk: User, meeras: list[Patient]
) -> None:
    client = enter(front_desk)

    for typed in ("mee", "meer", "meera", "meera b", "meera ba"):
        hits(client, typed)

    assert read_ids() == [sorted(patient.pk for patient in meeras)]


def test_who_appears_while_the_search_goes_on_is_written_too(
    enter: Enter, front_desk: User, clinic: Clinic, meeras: list[Patient]
) -> None:
    client = enter(front_desk)
    hits(client, "meera bagru")

    hits(client, "meera")

    bagru = [meeras[1].pk]
    assert read_ids() == [bagru, sorted(patient.pk for patient in meeras if patient.pk not in bagru)]


def test_search_a_minute_later_is_another_row(
    enter: Enter, front_desk: User, patient: Patient, now: dt.datetime
) -> None:
    client = enter(front_desk)
    hits(client, "meera")

    with time_machine.travel(now + dt.timedelta(seconds=61), tick=False):
        hits(client, "meera")

    assert read_ids() == [[patient.pk], [patient.pk]]


def test_at_most_eight_are_shown_and_nothing_stands_in_an_address_or_a_cache(
    enter: Enter, front_desk: User, clinic: Clinic
) -> None:
    for number in range(10):
        factories.make_patient(f"Meera{number}", clinics=[clinic], phone=f"+9198470001{number:02}")
    client = enter(front_desk)

    answer = client.post(HITS, {"words": "meera"})

    assert len(answer.context["patients"]) == 8
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(HITS).status_code == 405
