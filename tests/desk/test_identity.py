"""A patient of another clinic is found by phone and birth date; a birth date is guessed a few times an hour."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from bookings.actions.identity import same_person
from bookings.models import BirthDateMiss, Message
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter
from tests.owner import as_owner

PHONE = "98470 00001"
FIND = "/desk/patients/"
RIGHT = "1988-05-17"
HOUR = dt.timedelta(hours=1)


def wrong(number: int) -> dict[str, str]:
    return {"words": PHONE, "birth_date": f"1990-01-{number:02}"}


def test_sixth_guess_within_an_hour_is_not_looked_at(
    enter: Enter, other_front_desk: User, other_clinic: Clinic, patient: Patient, now: dt.datetime
) -> None:
    client = enter(other_front_desk)
    for number in range(1, 6):
        assert client.post(FIND, wrong(number)).context["found"].guessed_out is False

    late = client.post(FIND, {"words": PHONE, "birth_date": RIGHT})
    welcome = client.post(f"{FIND}welcome/", {"patient": patient.public_id, "words": PHONE, "birth_date": RIGHT})

    assert (late.context["found"].elsewhere, late.context["found"].guessed_out) == ((), True)
    assert "The wrong date of birth was entered too many times" in late.content.decode()
    assert (welcome.headers["Location"], patient.clinics.count()) == (FIND, 1)
    misses = list(BirthDateMiss.objects.values_list("clinic", "user", "at"))
    assert misses == [(other_clinic.pk, other_front_desk.pk, now)] * 5
    again = {"phone": str(patient.phone), "birth_date": patient.birth_date, "now": now + HOUR}
    assert same_person(clinic=other_clinic, by=other_front_desk, **again) == [patient]


def test_guesses_count_for_the_whole_desk_of_a_clinic_and_no_other(
    enter: Enter, other_front_desk: User, other_clinic: Clinic, patient: Patient
) -> None:
    for number in range(1, 6):
        enter(other_front_desk).post(FIND, wrong(number))
    colleague, third = factories.make_member(other_clinic, "front_desk"), factories.make_clinic("third")
    right = {"words": PHONE, "birth_date": RIGHT}

    assert enter(colleague).post(FIND, right).context["found"].guessed_out is True
    assert enter(factories.make_member(third, "front_desk")).post(FIND, right).context["found"].elsewhere == (patient,)


def test_new_people_and_own_patients_cost_no_guess(
    enter: Enter, other_front_desk: User, front_desk: User, patient: Patient
) -> None:
    for number in range(10):
        enter(other_front_desk).post(FIND, {"words": f"98470 1100{number}", "birth_date": RIGHT})
    for number in range(1, 10):
        enter(front_desk).post(FIND, wrong(number))  # their own patient's phone

    assert BirthDateMiss.objects.count() == 0


def test_registering_goes_on_after_too_many_guesses(
    enter: Enter, other_front_desk: User, other_clinic: Clinic, patient: Patient
) -> None:
    client = enter(other_front_desk)
    said = {"given_name": "Ravi", "phone": PHONE, "channel": "call", "language": "en", "accepts_therapist": ""}
    for number in range(1, 8):
        family = {
            "anyway": "1",
            "denied": [*Patient.objects.filter(given_name="Ravi").values_list("public_id", flat=True)],
        }
        answer = client.post(f"{FIND}new/", said | family | {"birth_date": f"1990-01-{number:02}"})
        assert answer.status_code == 302

    assert BirthDateMiss.objects.count() == 5
    twins = client.post(f"{FIND}new/", said | {"birth_date": "1990-01-07"}).context["twins"]
    likely = [(row.patient.given_name, row.patient.birth_date.day) for row in twins if row.is_likely]
    assert likely == [("Ravi", 7)]  # of this clinic, found all the same


def test_welcome_tells_the_patient_once(
    enter: Enter, other_front_desk: User, other_clinic: Clinic, patient: Patient, now: dt.datetime
) -> None:
    client = enter(other_front_desk)
    for _press in range(2):
        client.post(f"{FIND}welcome/", {"patient": patient.public_id, "words": PHONE, "birth_date": RIGHT})

    letter = Message.objects.get()
    assert (letter.kind, letter.recipient, letter.clinic) == ("new_clinic", patient.email, other_clinic)


def test_miss_cannot_be_taken_back(other_clinic: Clinic, other_front_desk: User, now: dt.datetime) -> None:
    BirthDateMiss.objects.create(clinic=other_clinic, user=other_front_desk, at=now)

    for act in (lambda: BirthDateMiss.objects.update(at=now - HOUR), lambda: BirthDateMiss.objects.all().delete()):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), as_owner():
            act()
