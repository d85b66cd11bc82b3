"""With a time in hand: no step of the booking takes the id of a row that is not the account's own."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings.models import Booking, Visit
from clinic.people.models import Patient, User
from tests import factories
from tests.test_matrix import make_visit
from tests.test_scope import changed, fingerprint

Hold = Callable[..., Any]
OF_ASKING = {"people_attempts", "people_read"}
"""What a refused request may leave beside a session: a count of guesses, and the row of the audit."""


@pytest.fixture
def ids(db: None, stranger: User, now: dt.datetime) -> list[str]:
    """Of a clinic, patient, visit, held time, account, person and order elsewhere, and of nothing at all."""
    clinic = factories.make_clinic("far")
    patient = factories.make_patient("Zarina", clinics=[clinic])
    desk = factories.make_member(clinic, "front_desk")
    booked = make_visit(clinic, patient, now + dt.timedelta(days=3))
    held = make_visit(clinic, None, now + dt.timedelta(days=4), held_by=desk)
    person = factories.make_practitioner(clinic)
    order = factories.make_order(
        patient, factories.make_variant(factories.make_therapy("far-lepa")), clinic=clinic, by=desk
    )
    strangers = Patient.objects.get(accesses__user=stranger)
    rows: list[Any] = [clinic, patient, strangers, booked, held, booked.bookings.get(), desk, person, order]
    keys = [str(row.pk) for row in rows] + [str(row.public_id) for row in rows if hasattr(row, "public_id")]
    return [*keys, str(uuid.uuid4()), "987654321", "²", ""]


def refused(client: Client, address: str, right: dict[str, Any], name: str, ids: list[str]) -> list[tuple[str, str]]:
    """The ids that were taken in the place of the right one, or broke the page."""
    before, wrong = fingerprint(), []
    for value in ids:
        if value == str(right[name]):
            continue
        answer = client.post(address, right | {name: value})
        if answer.status_code >= 500 or set(changed(before)) - OF_ASKING:
            wrong.append((name, value))
    return wrong


def test_who_comes_takes_only_somebody_of_the_account(
    client: Client, owner: User, patient: Patient, hold_at: Hold, start: dt.datetime, ids: list[str]
) -> None:
    client.force_login(owner)
    hold_at(start)

    taken = [value for value in ids if client.post("/book/who/", {"act": "pick", "patient": value}).status_code == 302]

    assert taken == []
    assert client.post("/book/who/", {"act": "pick", "patient": patient.public_id}).status_code == 302


def test_confirmation_books_nothing_with_another_id(
    client: Client, owner: User, patient: Patient, hold_at: Hold, start: dt.datetime, ids: list[str]
) -> None:
    client.force_login(owner)
    hold_at(start)
    client.post("/book/who/", {"act": "pick", "patient": patient.public_id})
    shown = client.get("/book/confirm/").context
    right = {"visit": shown["facts"].visit.public_id, "patient": shown["patient"].public_id, "key": shown["key"]}

    wrong = [each for name in ("visit", "patient") for each in refused(client, "/book/confirm/", right, name, ids)]

    assert wrong == []
    assert not Booking.objects.filter(status="booked").exclude(visit__clinic__slug="far").exists()
    client.post("/book/confirm/", right)
    assert Visit.objects.get(public_id=right["visit"]).patient == patient
