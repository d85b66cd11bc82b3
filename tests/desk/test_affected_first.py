"""A patient's other wish is saved once whoever changes it has seen which booked visits no longer fit it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.people.models import Patient, User
from clinic.premises.models import Clinic, Room
from tests import factories
from tests.admin_forms import values_of_field
from tests.desk.conftest import at


@pytest.fixture
def booked(clinic: Clinic, room: Room, patient: Patient) -> None:
    """A massage by a woman, on Wednesday at 11."""
    Patient.objects.filter(pk=patient.pk).update(accepts_therapist="female")
    therapy = factories.make_therapy("abhyanga", same_gender=True, booking_mode="patient")
    variant = factories.make_variant(therapy)
    factories.make_step(variant, "treatment", 0, 45, crew={"therapist": 1})
    sunita = factories.make_practitioner(clinic, "Sunita", roles=["therapist"], qualified=[therapy], gender="female")
    factories.make_visit(clinic=clinic, variant=variant, start=at(11, day=4), patient=patient, resources=[sunita])


def typed(client: Client, url: str, **values: str) -> dict[str, Any]:
    """The form as the page shows it, with other values."""
    form = client.get(url).context["form"]
    return {name: value for field in form for name, value in values_of_field(field).items()} | values


@pytest.mark.parametrize("interface", ["desk:change", "portal:person"])
def test_wish_that_no_booked_therapist_fits_is_shown_with_the_visits_before_it_is_saved(
    client: Client, front_desk: User, owner: User, booked: None, patient: Patient, interface: str
) -> None:
    client.force_login(front_desk if interface == "desk:change" else owner)
    url = reverse(interface, args=[patient.public_id])
    values = typed(client, url, accepts_therapist="male")

    preview = client.post(url, values)
    before = Patient.objects.get(pk=patient.pk).accepts_therapist
    affected = preview.context["affected"]
    other = client.post(url, values | {"affected_seen": "another list"}).context["affected"]
    saved = client.post(url, values | {"affected_seen": affected.mark})

    clinic = patient.clinics.get()
    assert affected.rows == [
        (f"Wed 4 Mar 2026, 10:45, {clinic}", "The patient does not accept Sunita: asked for another gender")
    ]
    assert (preview.status_code, before, other) == (200, "female", affected)
    assert (saved.status_code, Patient.objects.get(pk=patient.pk).accepts_therapist) == (302, "male")


def test_other_details_are_saved_at_once(client: Client, front_desk: User, booked: None, patient: Patient) -> None:
    client.force_login(front_desk)
    url = reverse("desk:change", args=[patient.public_id])

    assert client.post(url, typed(client, url, needs="Wheelchair")).status_code == 302
