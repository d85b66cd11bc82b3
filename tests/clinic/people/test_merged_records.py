"""Two records of one person: what the database holds of the link between them, and who is found through it."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from bookings.models import Visit
from clinic.people.models import Patient
from clinic.people.patient_search import find_patients
from clinic.people.records import RecordIds, RecordsOf, RecordsOfAll
from clinic.people.twins import possible_twins
from clinic.premises.models import Clinic
from tests import factories

A_DAY = dt.date(2026, 12, 1)


@pytest.fixture
def three(clinic: Clinic) -> tuple[Patient, Patient, Patient]:
    """The record that goes on, one that was merged into it, and somebody else."""
    survivor = factories.make_patient(clinics=[clinic], given_name="Kishan", family_name="Lal", phone="+919829011111")
    merged = factories.make_patient(
        clinics=[clinic], given_name="Keshav", family_name="Ram", phone="+919829022222", merged_into=survivor
    )
    return survivor, merged, factories.make_patient(clinics=[clinic], given_name="Mohan")


def test_either_record_names_all_of_the_person(three: tuple[Patient, Patient, Patient]) -> None:
    survivor, merged, other = three
    ids = Patient.objects.annotate(records=RecordIds("pk")).values_list("records", flat=True).order_by("pk")

    assert [sorted(each) for each in ids] == [[survivor.pk, merged.pk], [survivor.pk, merged.pk], [other.pk]]
    assert set(Patient.objects.filter(pk__in=RecordsOf(merged))) == {survivor, merged}
    assert set(Patient.objects.filter(pk__in=RecordsOfAll([survivor.pk, other.pk]))) == {survivor, merged, other}


def broken(act: Any) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    return str(refused.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]


def test_chains_and_circles_of_merged_records_are_impossible(three: tuple[Patient, Patient, Patient]) -> None:
    survivor, merged, other = three
    row = Patient.objects.filter

    chains = [
        lambda: row(pk=other.pk).update(merged_into=merged),  # onto one that is merged itself
        lambda: row(pk=survivor.pk).update(merged_into=other),  # away under its own record
        lambda: row(pk=survivor.pk).update(merged_into=merged),
        lambda: row(pk=other.pk).update(merged_into=other),
    ]

    assert [broken(chain) for chain in chains] == ["patient_merged_in_one_step"] * 4


def test_a_merged_record_gets_no_visit_no_account_and_no_code(
    three: tuple[Patient, Patient, Patient], clinic: Clinic, now: dt.datetime
) -> None:
    _survivor, merged, _other = three
    user = factories.make_user(email="kishan@patients.example")

    acts = [
        lambda: Visit.objects.create(patient=merged, clinic=clinic, arrives_at=now, made_at=now, ics_uid="x"),
        lambda: factories.make_access(user, merged),
    ]

    assert [broken(act) for act in acts] == ["visit_of_no_merged_record", "access_of_no_merged_record"]


@pytest.mark.parametrize("words", ["Keshav", "केशव", "9829022222", "Kishan", "98290 11111"])
def test_the_person_is_found_by_names_and_phones_of_either_record(
    three: tuple[Patient, Patient, Patient], words: str
) -> None:
    assert find_patients(Patient.objects.all(), words, today=A_DAY, most=8) == [three[0]]


def test_whoever_is_entered_again_under_the_merged_names_is_known(three: tuple[Patient, Patient, Patient]) -> None:
    facts = {"given_name": "Keshav", "family_name": "Ram", "birth_date": three[1].birth_date}

    assert [twin.patient for twin in possible_twins(Patient.objects.all(), facts)] == [three[0]]
