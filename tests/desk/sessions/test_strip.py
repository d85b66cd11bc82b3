"""The strip at the head of a patient's pages: what whoever treats reads there, and who reads nothing of it."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.facts.alert_rows import alerts_of_patients
from bookings.models import Booking, Clearance
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, at
from tests.desk.sessions.conftest import MakeSession
from tests.questions import make_question
from therapies.models import Question

ADDRESSES: dict[str, Callable[[Booking], str]] = {
    "session": lambda row: reverse("desk:session", args=[row.visit.public_id, row.position]),
    "visit": lambda row: reverse("desk:visit", args=[row.visit.public_id]),
    "patient": lambda row: reverse("desk:patient", args=[row.visit.patient.public_id]),  # type: ignore[union-attr]
    "record": lambda row: reverse("desk:record", args=[row.visit.patient.public_id]),  # type: ignore[union-attr]
    "sessions": lambda row: reverse("desk:sessions", args=[row.visit.patient.public_id]),  # type: ignore[union-attr]
    "examination": lambda row: reverse(
        "desk:assessment",
        args=[row.visit.patient.public_id, row.item.prescription.assessment.public_id],  # type: ignore[union-attr]
    ),
    "prescription": lambda row: reverse(
        "desk:prescription",
        args=[row.visit.patient.public_id, row.item.prescription.public_id],  # type: ignore[union-attr]
    ),
}
OF_THE_VAIDYA: dict[str, Callable[[Booking], str]] = {
    "assess": lambda row: reverse("desk:assess", args=[row.visit.patient.public_id]),  # type: ignore[union-attr]
    "prescribe": lambda row: reverse(
        "desk:prescribe",
        args=[row.visit.patient.public_id, row.item.prescription.assessment.public_id],  # type: ignore[union-attr]
    ),
    "decisions": lambda row: reverse("desk:decisions", args=[row.visit.patient.public_id]),  # type: ignore[union-attr]
}


@pytest.fixture
def allergy(db: None) -> Question:
    alert = {"kind": "allergy", "en": "Allergy", "hi": "एलर्जी"}
    return make_question("gh_allergy", "general", 40, answer_type="yes_no_text", alert=alert)


@pytest.fixture
def sesame(allergy: Question, patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime) -> Clearance:
    """An allergy, allowed with "coconut oil only"."""
    factories.tell(patient, clinic, gh_allergy="yes", at=now - dt.timedelta(days=3))
    return Clearance.objects.create(
        patient=patient,
        clinic=clinic,
        question=allergy,
        value="yes",
        text="",
        therapies=["kati_basti"],
        allowed=True,
        reason="Coconut oil only",
        until=at(18, day=30),
        by=vaidya_user,
        at=now - dt.timedelta(days=2),
    )


def strip_of(page: str) -> str:
    """The words of the strip; empty where there is none."""
    match = re.search(r'<section class="alert-strip".*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", match[0]).split()) if match else ""


@pytest.mark.parametrize("name", ADDRESSES)
def test_therapist_reads_no_sesame_oil_wherever_they_treat(
    enter: Enter, therapist_user: User, session_at: MakeSession, sesame: Clearance, name: str
) -> None:
    booking = session_at()

    strip = strip_of(enter(therapist_user).get(ADDRESSES[name](booking)).content.decode())

    assert [words in strip for words in ("Allergy", "Coconut oil only", "Kati Basti", "Gentle pressure")] == [True] * 4


def test_ready_reason_is_read_in_the_readers_language(
    enter: Enter,
    therapist_user: User,
    session_at: MakeSession,
    allergy: Question,
    patient: Patient,
    vaidya_user: User,
    now: dt.datetime,
) -> None:
    booking = session_at()
    factories.tell(patient, booking.visit.clinic, gh_allergy="yes", at=now - dt.timedelta(days=3))
    said = {"value": "yes", "text": "", "therapies": ["kati_basti"], "until": at(18, day=30), "by": vaidya_user}
    Clearance.objects.create(
        patient=patient,
        clinic=booking.visit.clinic,
        question=allergy,
        allowed=True,
        reason="Cured or over; nothing is left of it.",
        at=now - dt.timedelta(days=2),
        **said,
    )
    client = enter(therapist_user)
    client.cookies["language"] = "hi"

    strip = strip_of(client.get(ADDRESSES["session"](booking)).content.decode())

    assert ("Cured or over" in strip, "अब ठीक है" in strip) == (False, True)


@pytest.mark.parametrize("name", OF_THE_VAIDYA)
def test_vaidya_reads_it_while_examining_prescribing_and_deciding(
    enter: Enter, vaidya_user: User, session_at: MakeSession, sesame: Clearance, name: str
) -> None:
    booking = session_at()

    page = enter(vaidya_user).get(OF_THE_VAIDYA[name](booking), follow=True).content.decode()

    assert "Coconut oil only" in strip_of(page)


@pytest.mark.parametrize("name", ["visit", "patient"])
@pytest.mark.parametrize("reader", ["front_desk", "manager"])
def test_who_may_not_read_health_sees_nothing_of_it(
    enter: Enter,
    request: pytest.FixtureRequest,
    session_at: MakeSession,
    sesame: Clearance,
    reader: str,
    name: str,
) -> None:
    page = enter(request.getfixturevalue(reader)).get(ADDRESSES[name](session_at())).content.decode()

    assert (strip_of(page), "Coconut" in page, "Allerg" in page) == ("", False, False)


def test_therapist_who_does_not_treat_this_patient_sees_nothing_of_it(
    enter: Enter, clinic: Clinic, session_at: MakeSession, sesame: Clearance
) -> None:
    other = factories.make_member(clinic, "therapist")

    page = enter(other).get(ADDRESSES["visit"](session_at())).content.decode()

    assert (strip_of(page), "Coconut" in page) == ("", False)


@pytest.mark.parametrize(("value", "words"), [("no", "None told"), (None, "Not asked yet")])
def test_nothing_told_and_not_asked_are_said_apart(
    enter: Enter,
    therapist_user: User,
    session_at: MakeSession,
    allergy: Question,
    patient: Patient,
    clinic: Clinic,
    value: str | None,
    words: str,
) -> None:
    if value:
        factories.tell(patient, clinic, gh_allergy=value)

    strip = strip_of(enter(therapist_user).get(ADDRESSES["session"](session_at())).content.decode())

    assert words in strip


@pytest.mark.parametrize("name", ADDRESSES)
def test_read_is_recorded_before_it_is_shown(
    enter: Enter, therapist_user: User, session_at: MakeSession, sesame: Clearance, patient: Patient, name: str
) -> None:
    enter(therapist_user).get(ADDRESSES[name](session_at()))

    assert Read.objects.filter(user=therapist_user, patients__contains=[patient.pk]).count() == 1


def test_day_of_three_is_read_with_as_many_queries_as_of_one(
    sesame: Clearance, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    many = [patient, *(factories.make_patient(f"Person{number}", clinics=[clinic]) for number in range(2))]
    on = clinic.today(now)

    with CaptureQueriesContext(connection) as one:
        alerts_of_patients([patient], on=on, now=now)
    with CaptureQueriesContext(connection) as three:
        alerts = alerts_of_patients(many, on=on, now=now)

    assert len(three) == len(one) <= 6
    assert [len(alerts[row.pk].cautions) for row in many] == [1, 0, 0]
