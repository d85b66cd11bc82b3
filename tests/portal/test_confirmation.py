"""The confirmation: a held time becomes a visit."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.models import Booking, Status, Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.questions import make_question
from therapies.models import Question, Variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_confirmation(
    client: Client, owner: User, patient: Patient, hold_at: Callable[..., Any], start: dt.datetime
) -> dict[str, Any]:
    """Signed in, a time held, the patient chosen; what the button of the confirmation sends."""
    client.force_login(owner)
    hold_at(start)
    client.post("/book/who/", {"act": "pick", "patient": patient.public_id})
    return confirmation(client)


def confirmation(client: Client) -> dict[str, Any]:
    context = client.get("/book/confirm/").context
    facts = context["facts"]
    return {"visit": facts.visit.public_id, "patient": context["patient"].public_id, "key": context["key"]}


def test_confirm_asks_a_visitor_to_sign_in(client: Client, consultation: Variant) -> None:
    assert client.get("/book/confirm/").url == "/accounts/login/?next=/book/confirm/"
    assert client.post("/book/confirm/").url == "/accounts/login/?next=/book/confirm/"
    assert Visit.objects.count() == 0


def test_confirm_shows_everything_once_more(
    client: Client, at_confirmation: dict[str, Any], clinic: Clinic, patient: Patient, now: dt.datetime
) -> None:
    make_question("rf_saddle", "red_flag", 1, effect="urgent_referral", urgency="emergency_now")
    Question.objects.update(signs={"en": "You are numb between the legs."})
    factories.make_abhyanga()  # brings how long answers count
    factories.tell(patient, clinic, at=now, rf_saddle="no")
    response = client.get("/book/confirm/")

    page = response.content.decode()
    assert response.context["facts"].rows == [
        ("Treatment", "First consultation"),
        ("When", "Tuesday 3 March 2026, 10:30 to 11:15"),
        ("Please arrive at", "10:15"),
        ("Practitioner", "Dr Asha Menon"),
        ("Clinic", "Shanti Clinic, 1 Temple Road, Kozhikode 673001"),
        ("Patient", "Meera Nair"),
    ]
    assert "You can change or cancel free of charge until Mon 2 Mar, 10:30." in page
    assert "You are numb between the legs." in page
    assert 'href="tel:112"' in page
    assert 'href="tel:108"' in page
    assert 'href="tel:+914952300000"' in page


def test_confirm_books(client: Client, at_confirmation: dict[str, Any], patient: Patient, start: dt.datetime) -> None:
    response = client.post("/book/confirm/", at_confirmation)

    booked = Visit.objects.get()
    assert response.url == f"/visits/{booked.public_id}/"
    assert (booked.patient, booked.bookings.get().status) == (patient, Status.BOOKED)
    assert booked.bookings.get().starts_at == start


def test_confirm_pressed_twice_books_once(client: Client, at_confirmation: dict[str, Any]) -> None:
    first = client.post("/book/confirm/", at_confirmation)
    second = client.post("/book/confirm/", at_confirmation)

    assert first.url == second.url
    assert Booking.objects.count() == 1


def test_going_back_after_booking_leads_to_the_visit(client: Client, at_confirmation: dict[str, Any]) -> None:
    booked = client.post("/book/confirm/", at_confirmation).url

    assert client.get("/book/confirm/").url == booked
    assert client.post("/book/confirm/", at_confirmation | {"key": uuid.uuid4()}).url == booked
    assert Booking.objects.count() == 1


def test_a_lapsed_hold_is_tried_again_at_the_same_time(
    client: Client, at_confirmation: dict[str, Any], start: dt.datetime, now: dt.datetime
) -> None:
    with time_machine.travel(now + dt.timedelta(minutes=20), tick=False):
        page = client.get("/book/confirm/").content.decode()
        client.post("/book/confirm/", at_confirmation)

    assert "we will try to book the same time" in page
    booking = Booking.objects.get()
    assert (booking.status, booking.starts_at) == (Status.BOOKED, start)


def test_a_lapsed_hold_that_somebody_took_is_answered_with_other_times(
    client: Client,
    at_confirmation: dict[str, Any],
    book_for: Callable[..., Any],
    stranger: User,
    patient: Patient,
    start: dt.datetime,
    now: dt.datetime,
    hold_at: Callable[..., Any],
) -> None:
    with time_machine.travel(now + dt.timedelta(minutes=20), tick=False):
        other = Patient.objects.of(stranger, dt.date(2026, 3, 2)).get()
        book_for(other, stranger, start, now + dt.timedelta(minutes=20))
        response = client.post("/book/confirm/", at_confirmation)
        offered = response.context["days"][0]["times"][0]["value"]
        again = hold_at(dt.datetime.fromisoformat(offered))
        client.post("/book/confirm/", confirmation(client))

    assert response.status_code == 409
    assert "just been booked" in response.content.decode()
    assert again.url == "/book/confirm/"  # who comes was not lost
    assert Visit.objects.get(patient=patient).bookings.get().status == Status.BOOKED


def test_two_tabs_book_what_each_of_them_showed(
    client: Client, at_confirmation: dict[str, Any], hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    later = start + dt.timedelta(hours=3)
    hold_at(later)

    client.post("/book/confirm/", at_confirmation)

    booked = Booking.objects.get(status=Status.BOOKED)
    assert booked.starts_at == start
    assert client.get("/book/who/").context["facts"].starts_at == later


def test_the_patient_cannot_be_in_two_places(
    client: Client,
    at_confirmation: dict[str, Any],
    clinic: Clinic,
    consultation: Variant,
    patient: Patient,
    start: dt.datetime,
) -> None:
    factories.make_practitioner(clinic, "Dr Ravi", qualified=[consultation.therapy])
    factories.make_room(clinic, "Second room", features=["consultation_room"])
    other = factories.make_consultation("consultation_of_another_kind")
    later = start + dt.timedelta(minutes=15)
    factories.make_visit(clinic=clinic, variant=other, start=later, patient=patient)

    response = client.post("/book/confirm/", at_confirmation)

    assert response.status_code == 409
    offered = [time["label"] for day in response.context["days"] for time in day["times"]]
    assert not {"10:15", "10:30", "10:45", "11:00", "11:15"} & set(offered)
    assert Booking.objects.filter(status=Status.BOOKED).count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("visit", ""),
        ("visit", "nonsense"),
        ("visit", str(uuid.UUID(int=7))),
        ("patient", ""),
        ("patient", "nonsense"),
        ("patient", str(uuid.UUID(int=7))),
        ("key", ""),
        ("key", "nonsense"),
    ],
)
def test_confirm_with_something_unknown_books_nothing(
    client: Client, at_confirmation: dict[str, Any], field: str, value: str
) -> None:
    response = client.post("/book/confirm/", at_confirmation | {field: value})

    assert response.status_code == 302
    assert Booking.objects.get().status == Status.HELD


def test_confirm_for_somebody_elses_patient_books_nothing(
    client: Client, at_confirmation: dict[str, Any], stranger: User
) -> None:
    others = Patient.objects.of(stranger, dt.date(2026, 3, 2)).get()

    response = client.post("/book/confirm/", at_confirmation | {"patient": others.public_id})

    assert response.url == "/book/who/"
    assert Booking.objects.get().status == Status.HELD


def test_confirm_of_another_browsers_hold_books_nothing(
    client: Client, at_confirmation: dict[str, Any], stranger: User, owner: User, patient: Patient
) -> None:
    thief = Client()
    factories.make_access(stranger, patient)
    thief.force_login(stranger)

    response = thief.post("/book/confirm/", at_confirmation)

    assert response.url == "/book/"
    assert Booking.objects.get().status == Status.HELD
