"""Two records that may be one person: by which keys they are found, at which door, and under which lock."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection, transaction

from clinic.people.models import Patient, PossibleTwin, User
from clinic.people.patients import register_own, register_patient
from clinic.people.twins import Key, PossibleTwins, possible_twins, say_different, wait_for_registrations
from clinic.premises.models import Clinic
from tests import factories

KISHAN: dict[str, Any] = {
    "given_name": "Kishan",
    "family_name": "Lal",
    "birth_date": dt.date(1971, 3, 4),
    "birth_is_approximate": False,
    "phone": "+919829011111",
    "email": "kishan@patients.example",
}


def said(**other: Any) -> dict[str, Any]:
    """Kishan as somebody types him, with nothing else to reach him by."""
    return KISHAN | {"phone": "", "email": ""} | other


@pytest.fixture
def kishan(clinic: Clinic) -> Patient:
    return factories.make_patient(clinics=[clinic], **KISHAN)


@pytest.mark.parametrize(
    ("facts", "keys"),
    [
        (said(), {Key.PERSON}),
        (said(phone="+919829022222", email="k@example.org"), {Key.PERSON}),
        (said(birth_date=dt.date(1971, 4, 3)), {Key.PERSON}),
        (said(given_name="किशन", family_name="लाल"), {Key.PERSON}),
        (said(given_name="Kishen", family_name=""), {Key.PERSON}),
        (said(given_name="Lal", family_name="Kishan"), {Key.PERSON}),
        (said(birth_date=dt.date(1973, 9, 9), birth_is_approximate=True), {Key.PERSON}),
        (said(birth_date=dt.date(1980, 9, 9), birth_is_approximate=True), set()),
        (said(birth_date=dt.date(1971, 3, 5)), set()),
        (said(given_name="Mohan"), set()),
        (said(family_name="Verma"), set()),
        (said(given_name="Kamla", birth_date=dt.date(1975, 1, 1), phone="+919829011111"), {Key.PHONE}),
        (said(given_name="Kamla", birth_date=dt.date(1975, 1, 1), email="KISHAN@patients.example"), {Key.EMAIL}),
        (KISHAN, {Key.PERSON, Key.PHONE, Key.EMAIL}),
    ],
)
def test_every_key_of_a_person_finds_who_is_known(kishan: Patient, facts: dict[str, Any], keys: set[Key]) -> None:
    twins = possible_twins(Patient.objects.all(), facts)

    assert [(twin.patient, {*twin.keys}) for twin in twins] == ([(kishan, keys)] if keys else [])


def test_one_whose_age_alone_is_known_is_found_by_a_date_of_birth(clinic: Clinic) -> None:
    known = factories.make_patient(clinics=[clinic], **KISHAN | {"birth_is_approximate": True})

    assert [twin.patient for twin in possible_twins(Patient.objects.all(), said(birth_date=dt.date(1969, 1, 1)))] == [
        known
    ]


def test_who_is_known_is_shown_before_anybody_is_registered(
    kishan: Patient, clinic: Clinic, front_desk: User, now: dt.datetime
) -> None:
    facts = {"by": front_desk, "clinic": clinic, "now": now, "among": Patient.objects.all(), "channel": "paper"}

    with pytest.raises(PossibleTwins) as refusal:
        register_patient(**facts, **said())
    second = register_patient(**facts, **said(), denied={kishan.public_id})

    assert [twin.patient for twin in refusal.value.twins] == [kishan]
    assert [*Patient.objects.order_by("pk")] == [kishan, second]


def test_portal_tells_nobody_of_it_and_the_desk_all(kishan: Patient, owner: User, now: dt.datetime) -> None:
    before = Patient.objects.count()

    own = register_own(user=owner, relation="self", now=now, channel="paper", **said())

    pair = PossibleTwin.objects.get()
    assert (pair.patient, pair.other, pair.settled_at) == (own, kishan, None)
    assert Patient.objects.count() == before + 1


def test_one_of_the_family_with_the_same_phone_is_no_double(kishan: Patient, owner: User, now: dt.datetime) -> None:
    facts = said(given_name="Kamla", birth_date=dt.date(1975, 1, 1), phone="+919829011111")

    register_own(user=owner, relation="other", now=now, channel="call", **facts)

    assert PossibleTwin.objects.count() == 0


def test_who_says_that_they_are_two_people_is_kept_and_the_first_stays(
    kishan: Patient, owner: User, front_desk: User, manager: User, now: dt.datetime
) -> None:
    register_own(user=owner, relation="self", now=now, channel="paper", **said())
    pair = PossibleTwin.objects.get()

    say_different(pair=pair, by=front_desk, now=now)
    say_different(pair=pair, by=manager, now=now + dt.timedelta(hours=1))

    pair.refresh_from_db()
    assert (pair.settled_by, pair.settled_at) == (front_desk, now)
    assert not PossibleTwin.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_two_desks_cannot_make_the_same_twin_at_once(
    clinic: Clinic, front_desk: User, manager: User, now: dt.datetime
) -> None:
    """The second waits for the first, and then sees whom the first has registered."""
    outcomes: list[str] = []

    def register(by: User) -> None:
        facts = {"by": by, "clinic": clinic, "now": now, "among": Patient.objects.all(), "channel": "paper"}
        try:
            register_patient(**facts, **said())  # type: ignore[arg-type]
            outcomes.append("registered")
        except PossibleTwins:
            outcomes.append("asked")
        finally:
            connection.close()

    desks = [threading.Thread(target=register, args=[by]) for by in (front_desk, manager)]
    with transaction.atomic():
        wait_for_registrations()
        for desk in desks:
            desk.start()
    for desk in desks:
        desk.join()

    assert sorted(outcomes) == ["asked", "registered"]
    assert Patient.objects.count() == 1
