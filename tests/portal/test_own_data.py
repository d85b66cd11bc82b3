"""One's own data: all of it in one file, nothing of others, and who opened it."""

import datetime as dt
import json
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from bookings.facts.personal_data import LEFT_OUT, OWN_APPS, tables_of_a_person
from bookings.models import Prescription
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.clinical import make_assessment, make_consent, make_prescription, make_therapy


def reached(models: list[type[Model]]) -> set[type[Model]]:
    """Every table with a field that leads to a patient, over however many rows."""
    leads: set[type[Model]] = {Patient}
    while more := {model for model in models if targets(model) & leads} - leads:
        leads |= more
    return leads - {Patient}


def targets(model: type[Model]) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}


def test_every_table_that_leads_to_a_patient_is_given_or_left_out_with_a_reason() -> None:
    models = [model for label in OWN_APPS for model in apps.get_app_config(label).get_models()]
    given = set(tables_of_a_person())
    left_out = {apps.get_model(label) for label in LEFT_OUT}

    assert (sorted(model._meta.label for model in reached(models) - given - left_out), given & left_out) == ([], set())
    assert len(given) > 30


@pytest.fixture
def order(patient: Patient, clinic: Clinic, vaidya_user: User) -> Prescription:
    vaidya_user.name = "Asha Sharma"
    vaidya_user.save()
    examination = make_assessment(patient, clinic, vaidya_user, diagnosis="Katishula")
    make_assessment(patient, clinic, vaidya_user, signed=False, diagnosis="DRAFT")
    make_consent(patient, clinic, vaidya_user)
    return make_prescription(examination, make_therapy(name="Kati Basti"), advice="Rest the back")


def test_file_holds_all_rows_of_the_person_and_none_of_others(
    client: Client, owner: User, patient: Patient, order: Prescription, clinic: Clinic, vaidya_user: User
) -> None:
    stranger = factories.make_patient(given_name="CANARY")
    make_assessment(stranger, clinic, vaidya_user, diagnosis="CANARY")
    client.force_login(owner)

    answer = client.get(reverse("portal:own_data_file", args=[patient.public_id]))
    tables = json.loads(answer.content)["tables"]

    assert [row["given_name"] for row in tables["patient"]] == [patient.given_name]
    assert "search_terms" not in tables["patient"][0]  # codes for a search, which the names already say
    assert [row["diagnosis"] for row in tables["assessment"]] == ["Katishula"]
    assert [row["advice"] for row in tables["prescription"]] == ["Rest the back"]
    assert {"access", "consent", "prescriptionitem", "patientclinic"} <= set(tables)
    words = answer.content.decode()
    assert [each for each in ("CANARY", "DRAFT", vaidya_user.email) if each in words] == []
    assert patient.given_name not in answer["Content-Disposition"]


def test_page_says_month_by_month_who_opened_the_record(
    client: Client, owner: User, patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    page = reverse("portal:own_data", args=[patient.public_id])
    client.force_login(owner)
    assert "Nobody but you." in client.get(page).content.decode()
    for hours in (1, 2, 960, 12_000):
        at = now - dt.timedelta(hours=hours)
        Read.objects.create(at=at, user=vaidya_user, door="desk:record", clinic=clinic, patients=[patient.pk])

    reads = client.get(page).context["reads"]

    assert [(row["user__name"], row["clinic__name"], row["times"]) for row in reads] == [
        (vaidya_user.name, clinic.name, 2),
        (vaidya_user.name, clinic.name, 1),
    ]


def test_somebody_with_appointments_only_gets_nothing(client: Client, relative: User, patient: Patient) -> None:
    client.force_login(relative)

    doors = ("portal:own_data", "portal:own_data_file")
    assert [client.get(reverse(door, args=[patient.public_id])).status_code for door in doors] == [404, 404]
