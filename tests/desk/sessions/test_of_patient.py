"""A patient's sessions, how the pain went, and what is paused: for those who treat."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.actions.session_notes import note_session, stop_session
from bookings.models import Status, Suspension
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.clinical import make_assessment
from tests.desk.conftest import Enter, at
from tests.desk.sessions.conftest import MakeSession


def page_of(patient: Patient) -> str:
    return reverse("desk:sessions", args=[patient.public_id])


@pytest.fixture
def paused(session_at: MakeSession, therapist_user: User, now: dt.datetime) -> Suspension:
    stop_session(booking=session_at(status=Status.IN_PROGRESS), sign="st_burn", by=therapist_user, now=now)
    return Suspension.objects.get()


@pytest.fixture
def examined(paused: Suspension, patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime) -> None:
    """A Vaidya has signed an examination after the sign."""
    later = now + dt.timedelta(minutes=5)
    make_assessment(patient, clinic, vaidya_user, made_at=later, signed_at=later)


def lift_url(paused: Suspension) -> str:
    return reverse("desk:lift", args=[paused.patient.public_id, paused.public_id])


def test_no_sessions_yet(enter: Enter, therapist_user: User, patient: Patient, clinic: Clinic) -> None:
    factories.make_treatment(therapist_user, patient, clinic)
    page = enter(therapist_user).get(page_of(patient)).content.decode()

    assert "There is nothing to show yet" in page
    assert "<svg" not in page.split("<main")[1].split("pain-title")[1]


def test_pain_is_shown_as_a_picture_and_in_a_table(
    enter: Enter, therapist_user: User, patient: Patient, session_at: MakeSession
) -> None:
    for day, before, after in ((1, 8, 5), (2, 6, 3)):
        booking = session_at(9, day=day, status=Status.COMPLETED)
        note_session(booking=booking, by=therapist_user, now=at(10, day=day), pain_before=before, pain_after=after)

    response = enter(therapist_user).get(page_of(patient))

    page = response.content.decode()
    assert [(s.on.day, s.before, s.after) for s in response.context["chart"].sessions] == [(1, 8, 5), (2, 6, 3)]
    assert page.count("<polyline") == 2
    assert page.count("<circle") == 4
    assert page.count('<th scope="row">') == 2


def test_page_is_a_read(enter: Enter, therapist_user: User, patient: Patient, clinic: Clinic) -> None:
    factories.make_treatment(therapist_user, patient, clinic)
    enter(therapist_user).get(page_of(patient))

    assert list(Read.objects.values_list("door", "patients")) == [("desk:sessions", [patient.pk])]


@pytest.mark.parametrize("role", ["front_desk", "manager"])
def test_who_does_not_treat_is_shut_out(enter: Enter, clinic: Clinic, patient: Patient, role: str) -> None:
    assert enter(factories.make_member(clinic, role)).get(page_of(patient)).status_code == 403


def test_patient_of_another_clinic_is_not_found(enter: Enter, other_clinic: Clinic, patient: Patient) -> None:
    assert enter(factories.make_member(other_clinic, "vaidya")).get(page_of(patient)).status_code == 404


def test_three_sessions_ask_no_more_than_one(
    enter: Enter, therapist_user: User, patient: Patient, session_at: MakeSession
) -> None:
    client = enter(therapist_user)

    def given(day: int) -> None:
        booking = session_at(9, day=day, status=Status.COMPLETED)
        note_session(booking=booking, by=therapist_user, now=at(10, day=day), pain_before=5)

    def queries() -> int:
        client.get(page_of(patient))
        with CaptureQueriesContext(connection) as asked:
            client.get(page_of(patient))
        return len(asked)

    given(2)
    few = queries()
    given(3)
    given(4)

    assert queries() == few
    assert few <= 25


# --- lifting ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("examined")
def test_vaidya_lifts_a_pause_with_a_reason(
    enter: Enter, vaidya_user: User, patient: Patient, paused: Suspension, now: dt.datetime
) -> None:
    client = enter(vaidya_user)
    before = client.get(page_of(patient)).content.decode()

    page = client.post(lift_url(paused), {"reason": "Skin is whole"}, follow=True).content.decode()

    paused.refresh_from_db()
    assert "A burn, or heat that is too much" in before
    assert "All treatments" in before
    assert (paused.lifted_by, paused.lifted_at, paused.lift_reason) == (vaidya_user, now, "Skin is whole")
    assert "Paused" not in page


def test_pause_after_a_burn_is_not_lifted_without_a_new_examination(
    enter: Enter, vaidya_user: User, patient: Patient, clinic: Clinic, paused: Suspension, now: dt.datetime
) -> None:
    make_assessment(patient, clinic, vaidya_user, made_at=at(9), signed_at=at(9))
    client = enter(vaidya_user)
    before = client.get(page_of(patient)).content.decode()

    page = client.post(lift_url(paused), {"reason": "Skin is whole"}, follow=True).content.decode()

    paused.refresh_from_db()
    assert paused.lifted_at is None
    assert "first sign a new examination" in before
    assert "first sign a new examination" in page
    assert lift_url(paused) not in before


def test_pause_after_too_much_pressure_needs_a_sentence_only(
    enter: Enter, vaidya_user: User, therapist_user: User, session_at: MakeSession, now: dt.datetime
) -> None:
    stop_session(booking=session_at(status=Status.IN_PROGRESS), sign="st_sharp_sensation", by=therapist_user, now=now)
    pause = Suspension.objects.get()

    enter(vaidya_user).post(lift_url(pause), {"reason": "Less pressure"})

    pause.refresh_from_db()
    assert pause.lift_reason == "Less pressure"


def test_lifting_needs_a_reason(enter: Enter, vaidya_user: User, paused: Suspension) -> None:
    response = enter(vaidya_user).post(lift_url(paused), {"reason": " "})

    paused.refresh_from_db()
    assert (response.status_code, paused.lifted_at) == (422, None)


@pytest.mark.usefixtures("examined")
def test_pause_is_lifted_once(enter: Enter, vaidya_user: User, paused: Suspension) -> None:
    client = enter(vaidya_user)
    client.post(lift_url(paused), {"reason": "healed first"})

    page = client.post(lift_url(paused), {"reason": "healed again"}, follow=True).content.decode()

    paused.refresh_from_db()
    assert paused.lift_reason == "healed first"
    assert "This pause has already been lifted." in page


@pytest.mark.parametrize("role", ["therapist", "nurse", "front_desk", "manager"])
def test_only_a_vaidya_lifts(enter: Enter, clinic: Clinic, paused: Suspension, role: str) -> None:
    assert enter(factories.make_member(clinic, role)).post(lift_url(paused), {"reason": "fine"}).status_code == 403


def test_pause_of_another_patient_is_not_found(
    enter: Enter, clinic: Clinic, vaidya_user: User, paused: Suspension
) -> None:
    other = factories.make_patient("Zara", clinics=[clinic])
    url = reverse("desk:lift", args=[other.public_id, paused.public_id])

    assert enter(vaidya_user).post(url, {"reason": "fine"}).status_code == 404


def test_therapist_reads_that_a_vaidya_looks_first(
    enter: Enter, therapist_user: User, patient: Patient, paused: Suspension
) -> None:
    page = enter(therapist_user).get(page_of(patient)).content.decode()

    assert "A Vaidya must see the patient first." in page
    assert lift_url(paused) not in page
