"""Who signed in with the address that the clinic writes to sees the appointments by the birth date, and no more."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Message
from clinic.people.access import CannotJoin
from clinic.people.models import Access, Patient, User
from clinic.people.own_address import join_by_address
from clinic.premises.models import Clinic
from tests import factories

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def newcomer(db: None) -> User:
    """Came in by a code to the patient's contact address; nobody has joined them yet."""
    return factories.make_user("meera@example.org", joined_at=factories.NOW)


def post(client: Client, birth_date: str) -> str:
    return client.post(reverse("join_address"), {"birth_date": birth_date}, follow=True).content.decode()


def test_booked_patient_who_signs_in_is_told_what_to_do_and_sees_the_visit_after_two_presses(
    client: Client, newcomer: User, patient: Patient, clinic: Clinic
) -> None:
    patient.clinics.add(clinic)
    client.force_login(newcomer)

    first = client.get("/visits/").content.decode()
    page = post(client, "1988-05-17")

    assert "Did the clinic book for you?" in first
    assert "Meera" in page
    assert "Did the clinic book for you?" not in page
    access = Access.objects.get()
    assert (access.user, access.patient, access.width, access.relation) == (newcomer, patient, "appointments", "other")


def test_record_stays_closed_to_it(client: Client, newcomer: User, patient: Patient) -> None:
    client.force_login(newcomer)
    post(client, "1988-05-17")

    assert client.get(f"/people/{patient.public_id}/record/").status_code == 404


@pytest.mark.parametrize("case", ["wrong day", "unknown address", "address not shown to be theirs", "not joined"])
def test_answer_is_the_same_whether_the_clinic_knows_the_address_or_not(
    newcomer: User, patient: Patient, now: dt.datetime, case: str
) -> None:
    birth_date = patient.birth_date
    if case == "wrong day":
        birth_date = dt.date(1990, 1, 1)
    elif case == "unknown address":
        Patient.objects.update(email="other@example.org", proved_email="other@example.org")
    elif case == "address not shown to be theirs":
        Patient.objects.update(proved_email="", email_proved_at=None)
    else:
        newcomer.joined_at = None

    with pytest.raises(CannotJoin, match="We found no appointments with your e-mail address and this date of birth"):
        join_by_address(user=newcomer, birth_date=birth_date, now=now)
    assert Access.objects.count() == 0


def test_address_that_was_changed_today_joins_nobody_and_tomorrow_it_does(
    newcomer: User, patient: Patient, now: dt.datetime
) -> None:
    Patient.objects.update(email_proved_at=now, registered_at=now - 30 * 24 * HOUR)

    with pytest.raises(CannotJoin):
        join_by_address(user=newcomer, birth_date=patient.birth_date, now=now + HOUR)

    assert len(join_by_address(user=newcomer, birth_date=patient.birth_date, now=now + 25 * HOUR)) == 1


def test_who_works_at_the_patients_clinic_does_not_join_by_their_address(
    front_desk: User, patient: Patient, now: dt.datetime
) -> None:
    Patient.objects.update(email=front_desk.email, proved_email=front_desk.email)
    User.objects.filter(pk=front_desk.pk).update(joined_at=now)
    front_desk.refresh_from_db()

    with pytest.raises(CannotJoin):
        join_by_address(user=front_desk, birth_date=patient.birth_date, now=now)


def test_sixth_birth_date_of_a_day_is_not_looked_at(client: Client, newcomer: User, patient: Patient) -> None:
    client.force_login(newcomer)
    for day in range(5):
        post(client, f"1990-01-0{day + 1}")

    answer = client.post(reverse("join_address"), {"birth_date": "1988-05-17"})

    assert (answer.status_code, Access.objects.count()) == (429, 0)


def test_patient_hears_that_somebody_sees_their_appointments(
    newcomer: User, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    patient.clinics.add(clinic)

    join_by_address(user=newcomer, birth_date=patient.birth_date, now=now)

    assert Message.objects.filter(patient=patient, recipient="meera@example.org").count() == 1
