"""The Vaidya books the follow-up from the record: own free times, one press, never somebody else's time."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Booking, Prescription, Status
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter
from tests.visible import visible_words
from therapies.models import Practitioner, Variant


@pytest.fixture
def follow_up(clinic: Clinic) -> Variant:
    factories.make_room(clinic, "Consulting room", features=["consultation_room"])
    return factories.make_consultation("consultation_follow_up", follow_up=True)


@pytest.fixture
def own(clinic: Clinic, vaidya_user: User, follow_up: Variant) -> Practitioner:
    return factories.make_practitioner(clinic, "Dr Asha Menon", user=vaidya_user, qualified=[follow_up.therapy])


def page(patient: Patient) -> str:
    return reverse("desk:follow_up", args=[patient.public_id])


def times(client: Client, patient: Patient, query: str = "") -> list[str]:
    days = client.get(page(patient) + query).context["week"].days
    return [time["value"] for day in days for time in day["times"]]


def test_one_press_books_with_the_vaidya_who_asks(
    vaidya_client: Client, patient: Patient, own: Practitioner, clinic: Clinic, follow_up: Variant
) -> None:
    factories.make_practitioner(clinic, "A colleague", qualified=[follow_up.therapy])
    start = times(vaidya_client, patient)[0]

    answer = vaidya_client.post(page(patient), {"start": start, "key": str(uuid.uuid4())})

    booking = Booking.objects.get()
    assert answer["Location"] == reverse("desk:visit", args=[booking.visit.public_id])
    assert (booking.status, booking.visit.patient, booking.starts_at.isoformat()) == (Status.BOOKED, patient, start)
    crew = booking.occupancies.filter(part__startswith="crew:").values_list("resource", flat=True)
    assert list(crew) == [own.pk]


def test_double_click_books_once(vaidya_client: Client, patient: Patient, own: Practitioner) -> None:
    sent = {"start": times(vaidya_client, patient)[0], "key": str(uuid.uuid4())}

    for _ in range(2):
        vaidya_client.post(page(patient), sent)

    assert Booking.objects.exclude(status=Status.HELD).count() == 1


def test_times_begin_where_the_review_is_due(
    vaidya_client: Client, patient: Patient, own: Practitioner, order: Prescription
) -> None:
    assert times(vaidya_client, patient)[0].startswith("2026-03-16")

    assert times(vaidya_client, patient, "?from_on=2026-03-10")[0].startswith("2026-03-10")


def test_time_that_was_taken_meanwhile_is_told_with_the_nearest_free_ones(
    vaidya_client: Client, patient: Patient, own: Practitioner, clinic: Clinic, follow_up: Variant
) -> None:
    start = times(vaidya_client, patient)[0]
    moment = dt.datetime.fromisoformat(start)
    other = factories.make_patient(clinics=[clinic])
    factories.make_visit(clinic=clinic, variant=follow_up, start=moment, patient=other, resources=[own])

    answer = vaidya_client.post(page(patient), {"start": start, "key": str(uuid.uuid4())}, follow=True)

    assert Booking.objects.filter(visit__patient=patient).count() == 0
    assert "Nearest available times" in answer.content.decode()


def test_clinic_without_follow_ups_says_so(vaidya_client: Client, patient: Patient) -> None:
    answer = vaidya_client.get(page(patient), follow=True)

    assert "This clinic offers no follow-up consultation." in answer.content.decode()


def test_therapist_books_none(enter: Enter, patient: Patient, therapist_user: User, own: Practitioner) -> None:
    assert enter(therapist_user).get(page(patient)).status_code == 403


def test_record_leads_to_it_for_a_vaidya_only(vaidya_client: Client, patient: Patient) -> None:
    record = vaidya_client.get(reverse("desk:record", args=[patient.public_id]))

    assert "Book the follow-up" in visible_words(record)
