"""Registering and changing patients, what the database refuses, and who changed what."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from clinic.people.models import Patient, User
from clinic.people.patients import UnknownField, change_patient, register_own, register_patient, welcome_patient
from clinic.premises.models import Clinic
from tests import factories
from tests.owner import as_owner

FACTS: dict[str, Any] = {
    "given_name": "Ravi",
    "family_name": "Iyer",
    "birth_date": dt.date(1970, 12, 31),
    "phone": "+919847000003",
    "channel": "call",
}


def events(model: str) -> Any:
    return apps.get_model("people", f"{model}Event").objects.order_by("pgh_id")


def test_desk_registers_a_patient_of_its_clinic(front_desk: User, clinic: Clinic, now: dt.datetime) -> None:
    patient = register_patient(by=front_desk, clinic=clinic, now=now, **FACTS)

    assert (patient.registered_by, patient.registered_at, patient.full_name) == (front_desk, now, "Ravi Iyer")
    assert list(patient.clinics.all()) == [clinic]
    assert patient.accesses.count() == 0


def test_somebody_registers_a_child_and_sees_all_of_the_record(owner: User, clinic: Clinic, now: dt.datetime) -> None:
    patient = register_own(user=owner, relation="child", clinic=clinic, now=now, **FACTS)

    access = patient.accesses.get()
    assert (access.user, access.relation, access.width, access.ends_on) == (owner, "child", "full", None)
    assert patient in Patient.objects.of(owner, now.date())


def test_refused_registration_leaves_nothing_behind(owner: User, clinic: Clinic, now: dt.datetime) -> None:
    before = Patient.objects.count()

    with pytest.raises(IntegrityError, match="access_relation_known"):
        register_own(user=owner, relation="enemy", clinic=clinic, now=now, **FACTS)

    assert Patient.objects.count() == before


def test_change_is_kept_with_who_and_what_it_was(patient: Patient, front_desk: User, now: dt.datetime) -> None:
    change_patient(patient=patient, by=front_desk, now=now, phone="+919847000009", needs="wheelchair")

    patient.refresh_from_db()
    first, second = events("Patient")
    assert (str(patient.phone), patient.needs, patient.given_name) == ("+919847000009", "wheelchair", "Meera")
    assert (first.pgh_label, str(first.phone)) == ("insert", "+919847000001")
    assert (second.pgh_label, str(second.phone)) == ("update", "+919847000009")
    assert second.pgh_context.metadata == {"user": front_desk.pk}


def test_change_of_many_at_once_is_kept_too(patient: Patient) -> None:
    Patient.objects.update(needs="a quiet room")

    assert [event.needs for event in events("Patient")] == ["", "a quiet room"]


@pytest.mark.parametrize("day", [dt.date(1899, 12, 31), dt.date(2026, 3, 4), dt.date(9999, 12, 31), dt.date(24, 5, 5)])
def test_impossible_birth_date_is_refused_by_the_database(patient: Patient, day: dt.date) -> None:
    with pytest.raises(IntegrityError, match="patient_birth_date_possible"), transaction.atomic():
        Patient.objects.filter(pk=patient.pk).update(birth_date=day)


def test_child_born_today_anywhere_on_earth_is_registered(front_desk: User, clinic: Clinic) -> None:
    early = dt.datetime(2026, 3, 1, 20, 0, tzinfo=dt.UTC)  # the 2nd of March has begun in Kolkata

    child = register_patient(by=front_desk, clinic=clinic, now=early, **FACTS | {"birth_date": dt.date(2026, 3, 2)})

    assert child.age(dt.date(2026, 3, 2)) == 0


def test_unknown_field_is_refused(patient: Patient, front_desk: User, now: dt.datetime) -> None:
    with pytest.raises(UnknownField, match="registered_at"):
        change_patient(patient=patient, by=front_desk, now=now, registered_at=now)  # type: ignore[call-arg]


def test_history_of_accounts_keeps_no_password(owner: User, now: dt.datetime) -> None:
    owner.set_password(factories.PASSWORD)
    owner.last_login = now
    owner.save()
    owner.name = "Meera N"
    owner.save()

    fields = {field.name for field in events("User").model._meta.get_fields()}
    assert {"password", "last_login"} & fields == set()
    assert [event.name for event in events("User").filter(pgh_obj=owner)] == ["Meera Nair", "Meera N"]


def test_history_is_not_rewritten(patient: Patient) -> None:
    with pytest.raises(Exception, match="Cannot update or delete rows"), transaction.atomic(), as_owner():
        events("Patient").update(needs="")


def test_clinic_that_a_patient_comes_to_is_kept_with_who_said_so(
    patient: Patient, clinic: Clinic, front_desk: User, now: dt.datetime
) -> None:
    far = factories.make_clinic("far")

    welcome_patient(patient=patient, clinic=far, by=front_desk, now=now)
    patient.clinics.remove(far)

    kept = events("PatientClinic").values_list("pgh_label", "patient", "clinic")
    assert list(kept) == [
        ("clinic.joined", patient.pk, clinic.pk),
        ("clinic.joined", patient.pk, far.pk),
        ("clinic.left", patient.pk, far.pk),
    ]
    assert events("PatientClinic")[1].pgh_context.metadata == {"user": front_desk.pk}


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"channel": "email", "email": ""}, "patient_reachable_by_email"),
        ({"channel": "call", "phone": ""}, "patient_reachable_by_phone"),
        ({"channel": "pigeon"}, "patient_channel_known"),
        ({"accepts_therapist": "nobody"}, "patient_accepts_known"),
    ],
)
def test_database_refuses_a_patient_nobody_can_reach(clinic: Clinic, facts: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factories.make_patient(**facts)


@pytest.mark.parametrize(
    ("on", "age"), [(dt.date(2026, 5, 16), 37), (dt.date(2026, 5, 17), 38), (dt.date(1988, 5, 17), 0)]
)
def test_age_counts_whole_years(on: dt.date, age: int) -> None:
    assert Patient(birth_date=dt.date(1988, 5, 17)).age(on) == age


def test_age_of_somebody_born_on_a_leap_day() -> None:
    born = Patient(birth_date=dt.date(2004, 2, 29))

    assert [born.age(dt.date(2026, 2, 28)), born.age(dt.date(2026, 3, 1))] == [21, 22]


def test_family_shares_one_contact_address(clinic: Clinic) -> None:
    factories.make_patient("Meera", email="family@example.org")
    factories.make_patient("Anil", email="family@example.org")

    assert Patient.objects.filter(email="family@example.org").count() == 2


def test_patients_of_an_account_are_only_its_own(owner: User, relative: User, stranger: User, patient: Patient) -> None:
    on = factories.NOW.date()

    found = {user.name: list(Patient.objects.of(user, on)) for user in (owner, relative, stranger)}

    assert found["Meera Nair"] == found["Lakshmi Nair"] == [patient]
    assert [someone.given_name for someone in found["Arun Das"]] == ["Arun"]


def test_two_accounts_cannot_have_one_address(owner: User) -> None:
    with pytest.raises(IntegrityError, match="user_email_once"), transaction.atomic():
        User.objects.create(email=owner.email.upper())
