"""An address that nobody has shown to be theirs gets one confirmation; its owner opens all the rest."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from bookings.actions.address_proof import prove_address
from bookings.messages.content.links import visit_link
from bookings.messages.outbox.delivery import Tally
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Message, Visit
from clinic.people.accounts import note_proved
from clinic.people.models import Patient, User
from clinic.people.patients import change_patient, register_own, register_patient
from clinic.premises.models import Clinic
from tests.factories import make_user, make_visit
from tests.links.test_views import everything, path
from tests.messages.conftest import START

Send = Callable[..., Tally]
AFTER_GRACE = dt.timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _clock(now: dt.datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def stranger_written_to(patient: Patient) -> Patient:
    """The patient, with an address that somebody typed."""
    patient.email, patient.proved_email, patient.email_proved_at = "victim@elsewhere.example", "", None
    patient.save()
    return patient


def planned(visit: Visit | None = None) -> list[tuple[str, str]]:
    rows = Message.objects.filter(state="due") if visit is None else Message.objects.filter(state="due", visit=visit)
    return sorted(rows.values_list("kind", "channel"))


def test_unknown_address_gets_one_confirmation_and_no_more(
    stranger_written_to: Patient, visit: Visit, clinic: Clinic, now: dt.datetime
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    variant = visit.bookings.get().variant
    second = make_visit(clinic=clinic, variant=variant, start=START + dt.timedelta(days=3), patient=stranger_written_to)
    plan_messages(visit=second, event=VisitEvent.BOOKED, by=None, now=now)

    assert planned() == [("confirmed", "email")]


def test_what_the_clinic_changes_is_told_by_the_desk(
    stranger_written_to: Patient, visit: Visit, front_desk: User, now: dt.datetime, send: Send
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    send(now + AFTER_GRACE)
    plan_messages(visit=visit, event=VisitEvent.CANCELLED_BY_CLINIC, by=front_desk, now=now)

    assert planned() == [("cancelled_by_clinic", "call")]


def test_owner_who_types_the_day_behind_the_link_gets_the_rest(
    stranger_written_to: Patient, visit: Visit, now: dt.datetime, client: Client, send: Send, outbox: list[object]
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    send(now + AFTER_GRACE)
    body = str(outbox[0].body)  # type: ignore[attr-defined]
    link = path(next(word for word in body.split() if "/letters/visit/" in word))
    before = everything()
    assert "Is this your e-mail address?" in client.get(link).content.decode()
    assert everything() == before

    guesses = [
        client.post(f"{link}address/", said).status_code for said in ({}, {"address-day": 1, "address-month": 1})
    ]
    assert (guesses, everything()) == ([422, 422], before)

    client.post(f"{link}address/", {"address-day": START.day, "address-month": START.month})

    assert Patient.objects.get().email_is_proved
    assert planned() == [("reminder", "email"), ("reminder", "email")]
    assert "Is this your e-mail address?" not in client.get(link).content.decode()


def test_link_mailed_to_one_address_proves_no_other(stranger_written_to: Patient, visit: Visit, client: Client) -> None:
    links = [path(visit_link(visit)), path(visit_link(visit, address="earlier@elsewhere.example"))]

    answers = [client.post(f"{link}address/").status_code for link in links]

    assert (answers, Patient.objects.get().email_is_proved) == ([404, 404], False)


def test_code_of_that_address_that_signs_in_gets_the_rest(
    stranger_written_to: Patient, visit: Visit, now: dt.datetime
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)

    note_proved(address="Victim@elsewhere.example", now=now)

    assert planned() == [("confirmed", "email"), ("reminder", "email"), ("reminder", "email")]
    assert prove_address(address="victim@elsewhere.example", now=now) == 0


def test_letter_planned_before_the_address_changed_is_not_sent_to_the_new_one(
    patient: Patient, owner: User, visit: Visit, now: dt.datetime, send: Send, outbox: list[object]
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    send(now + AFTER_GRACE)
    change_patient(patient=patient, by=owner, now=now, email="other@elsewhere.example")

    send(START - dt.timedelta(hours=23))

    sent = sorted(Message.objects.filter(state="sent").values_list("kind", flat=True))
    assert (sent, len(outbox)) == (["confirm_contact", "confirmed", "contact_changed"], 3)
    assert Message.objects.get(kind="reminder", state="void").problem == "the address was not confirmed"


@pytest.mark.parametrize(("typed", "proved"), [("anna@example.org", True), ("victim@elsewhere.example", False)])
def test_account_proves_the_address_that_it_came_in_by(
    clinic: Clinic, now: dt.datetime, typed: str, proved: bool
) -> None:
    user = make_user("anna@example.org")
    facts = {"given_name": "Anna", "birth_date": dt.date(1990, 1, 1), "email": typed}

    patient = register_own(user=user, relation="self", now=now, **facts)  # type: ignore[arg-type]

    assert patient.email_is_proved is proved


def test_staff_take_an_address_face_to_face_and_another_one_is_unknown_again(
    clinic: Clinic, front_desk: User, now: dt.datetime
) -> None:
    facts = {"given_name": "Anna", "birth_date": dt.date(1990, 1, 1), "email": "anna@example.org"}
    patient = register_patient(by=front_desk, clinic=clinic, now=now, **facts)  # type: ignore[arg-type]
    user = make_user("son@example.org")

    by_the_account = change_patient(patient=patient, by=user, now=now, email="new@example.org")
    at_the_desk = change_patient(patient=patient, by=front_desk, now=now, face_to_face=True, email="third@example.org")

    assert [row.email_is_proved for row in (patient, by_the_account, at_the_desk)] == [True, False, True]
