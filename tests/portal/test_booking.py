"""Saying who comes, and the confirmation."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from bookings.models import Booking, Status, Visit
from clinic.people.models import Access, Patient, User
from clinic.premises.models import Clinic
from tests import making
from therapies.models import Question, Variant

pytestmark = pytest.mark.django_db

DETAILS = {
    "act": "new",
    "relation": "parent",
    "given_name": "Ramesh",
    "family_name": "Nair",
    "birth_date": "1955-11-03",
    "gender": "man",
    "phone": "098470 12345",
    "email": "ramesh@example.org",
    "language": "hi",
    "channel": "call",
    "needs": "wheelchair",
}


@pytest.fixture
def at_confirmation(client: Client, owner: User, patient: Patient, hold_at: Callable, start: dt.datetime) -> dict:
    """Signed in, a time held, the patient chosen; what the button of the confirmation sends."""
    client.force_login(owner)
    hold_at(start)
    client.post("/book/who/", {"act": "pick", "patient": patient.public_id})
    return confirmation(client)


def confirmation(client: Client) -> dict:
    context = client.get("/book/confirm/").context
    facts = context["facts"]
    return {"visit": facts.visit.public_id, "patient": context["patient"].public_id, "key": context["key"]}


# --- who --------------------------------------------------------------------------------------------------------------


def test_who_asks_a_visitor_for_an_e_mail_and_leads_back(client: Client, hold_at: Callable, start: dt.datetime) -> None:
    hold_at(start)

    page = client.get("/book/who/").content.decode()

    assert '<input type="hidden" name="next" value="/book/who/">' in page
    assert "Tuesday 3 March 2026, 10:30" in page
    assert "held for you until 10:15" in page


def test_the_hold_survives_signing_in(client: Client, owner: User, hold_at: Callable, start: dt.datetime) -> None:
    hold_at(start)

    client.force_login(owner)

    response = client.get("/book/who/")
    assert response.context["facts"].starts_at == start
    assert response.context["facts"].held_until


def test_who_without_a_hold_leads_to_the_beginning(client: Client, owner: User, consultation: Variant) -> None:
    client.force_login(owner)

    assert client.get("/book/who/").url == "/book/"


def test_who_offers_only_those_one_acts_for(
    client: Client, owner: User, stranger: User, patient: Patient, hold_at: Callable, start: dt.datetime
) -> None:
    client.force_login(owner)
    hold_at(start)

    assert list(client.get("/book/who/").context["pick"].fields["patient"].queryset) == [patient]


@pytest.mark.parametrize("whose", ["another's", "missing", "nonsense", "none"])
def test_who_refuses_a_person_one_does_not_act_for(
    client: Client, owner: User, stranger: User, hold_at: Callable, start: dt.datetime, whose: str
) -> None:
    client.force_login(owner)
    hold_at(start)
    others = Patient.objects.of(stranger, dt.date(2026, 3, 2)).get().public_id
    posted = {"another's": others, "missing": uuid.uuid4(), "nonsense": "'; --", "none": ""}[whose]

    response = client.post("/book/who/", {"act": "pick", "patient": posted})

    assert response.status_code == 422
    said = "Please say who comes." if whose == "none" else "Please choose from the list."
    assert response.context["pick"].errors == {"patient": [said]}
    assert client.session["booking"]["patient"] == ""


def test_a_new_person_is_registered_and_acted_for(
    client: Client, owner: User, hold_at: Callable, start: dt.datetime
) -> None:
    client.force_login(owner)
    hold_at(start)

    response = client.post("/book/who/", DETAILS)

    assert response.url == "/book/confirm/"
    person = Patient.objects.get(given_name="Ramesh")
    assert (person.phone.as_e164, person.birth_date, person.language) == ("+919847012345", dt.date(1955, 11, 3), "hi")
    assert Access.objects.get(patient=person, user=owner).relation == "parent"
    assert client.session["booking"] | {"hold": ""} == {
        "hold": "", "patient": str(person.public_id), "booked": "", "typed": {},
    }  # fmt: skip


def test_a_new_person_sent_twice_is_one(client: Client, owner: User, hold_at: Callable, start: dt.datetime) -> None:
    client.force_login(owner)
    hold_at(start)

    client.post("/book/who/", DETAILS)
    second = client.post("/book/who/", DETAILS)

    assert second.url == "/book/confirm/"
    assert Patient.objects.filter(given_name="Ramesh").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"given_name": ""}, "given_name", "This field is required."),
        ({"given_name": "x" * 81}, "given_name", "at most 80 characters"),
        ({"birth_date": ""}, "birth_date", "This field is required."),
        ({"birth_date": "31.02.1990"}, "birth_date", "Write a date."),
        ({"birth_date": "2026-03-03"}, "birth_date", "cannot be in the future"),
        ({"birth_date": "1855-11-03"}, "birth_date", "check the year"),
        ({"phone": "12"}, "phone", "phone number"),
        ({"phone": ""}, "phone", "Give a phone number, or choose another way to reach you."),
        ({"channel": "email", "email": ""}, "email", "Give an e-mail, or choose another way to reach you."),
        ({"email": "ramesh at home"}, "email", "Enter a valid email address."),
        ({"channel": "pigeon"}, "channel", "Select a valid choice."),
        ({"relation": "boss"}, "relation", "Select a valid choice."),
        ({"language": "tlh"}, "language", "Select a valid choice."),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(
    client: Client, owner: User, hold_at: Callable, start: dt.datetime, wrong: dict, field: str, words: str
) -> None:
    client.force_login(owner)
    hold_at(start)

    response = client.post("/book/who/", DETAILS | wrong)

    form = response.context["new"]
    assert response.status_code == 422
    assert list(form.errors) == [field]
    assert words in form.errors[field][0]
    assert form["needs"].value() == "wheelchair"
    assert Patient.objects.filter(family_name="Nair", given_name="Ramesh").count() == 0


def test_what_was_typed_comes_back_on_the_next_look(
    client: Client, owner: User, hold_at: Callable, start: dt.datetime
) -> None:
    client.force_login(owner)
    hold_at(start)
    client.post("/book/who/", DETAILS | {"phone": "12"})

    form = client.get("/book/who/").context["new"]

    assert (form["given_name"].value(), form["needs"].value()) == ("Ramesh", "wheelchair")


def test_details_sent_after_the_session_ended_are_kept_for_after_signing_in(
    client: Client, owner: User, hold_at: Callable, start: dt.datetime
) -> None:
    client.force_login(owner)
    hold_at(start)
    client.logout()  # as the idle limit does

    client.post("/book/who/", DETAILS)
    hold_at(start + dt.timedelta(hours=2))
    client.force_login(owner)

    assert client.get("/book/who/").context["new"]["given_name"].value() == "Ramesh"


# --- confirm ----------------------------------------------------------------------------------------------------------


def test_confirm_asks_a_visitor_to_sign_in(client: Client, consultation: Variant) -> None:
    assert client.get("/book/confirm/").url == "/accounts/login/?next=/book/confirm/"
    assert client.post("/book/confirm/done/").url == "/accounts/login/?next=/book/confirm/done/"


def test_confirm_shows_everything_once_more(client: Client, at_confirmation: dict, clinic: Clinic) -> None:
    Question.objects.create(
        code="saddle", group="red", texts={"en": "Numb?"}, signs={"en": "You are numb between the legs."},
        answer_type="yes_no", urgency="emergency_now",
    )  # fmt: skip
    response = client.get("/book/confirm/")

    page = response.content.decode()
    assert response.context["facts"].rows == [
        ("What", "First consultation"),
        ("When", "Tuesday 3 March 2026, 10:30 to 11:15"),
        ("Please arrive at", "10:15"),
        ("With", "Dr Asha Menon"),
        ("Where", "Shanti Clinic, 1 Temple Road, Kozhikode 673001"),
        ("Who comes", "Meera Nair"),
    ]
    assert "Free change until Mon 2 Mar, 10:30." in page
    assert "You are numb between the legs." in page
    assert 'href="tel:112"' in page
    assert 'href="tel:108"' in page
    assert 'href="tel:+914952300000"' in page


def test_confirm_books(client: Client, at_confirmation: dict, patient: Patient, start: dt.datetime) -> None:
    response = client.post("/book/confirm/done/", at_confirmation)

    booked = Visit.objects.get()
    assert response.url == f"/visits/{booked.public_id}/"
    assert (booked.patient, booked.bookings.get().status) == (patient, Status.BOOKED)
    assert booked.bookings.get().starts_at == start


def test_confirm_pressed_twice_books_once(client: Client, at_confirmation: dict) -> None:
    first = client.post("/book/confirm/done/", at_confirmation)
    second = client.post("/book/confirm/done/", at_confirmation)

    assert first.url == second.url
    assert Booking.objects.count() == 1


def test_going_back_after_booking_leads_to_the_visit(client: Client, at_confirmation: dict) -> None:
    booked = client.post("/book/confirm/done/", at_confirmation).url

    assert client.get("/book/confirm/").url == booked
    assert client.post("/book/confirm/done/", at_confirmation | {"key": uuid.uuid4()}).url == booked
    assert Booking.objects.count() == 1


def test_a_lapsed_hold_is_tried_again_at_the_same_time(
    client: Client, at_confirmation: dict, start: dt.datetime, now: dt.datetime
) -> None:
    with time_machine.travel(now + dt.timedelta(minutes=20), tick=False):
        page = client.get("/book/confirm/").content.decode()
        client.post("/book/confirm/done/", at_confirmation)

    assert "the same time is tried again" in page
    booking = Booking.objects.get()
    assert (booking.status, booking.starts_at) == (Status.BOOKED, start)


def test_a_lapsed_hold_that_somebody_took_is_answered_with_other_times(
    client: Client,
    at_confirmation: dict,
    book_for: Callable,
    stranger: User,
    patient: Patient,
    start: dt.datetime,
    now: dt.datetime,
    hold_at: Callable,
) -> None:
    with time_machine.travel(now + dt.timedelta(minutes=20), tick=False):
        other = Patient.objects.of(stranger, dt.date(2026, 3, 2)).get()
        book_for(other, stranger, start, now + dt.timedelta(minutes=20))
        response = client.post("/book/confirm/done/", at_confirmation)
        offered = response.context["days"][0]["times"][0]["value"]
        again = hold_at(dt.datetime.fromisoformat(offered))
        client.post("/book/confirm/done/", confirmation(client))

    assert response.status_code == 409
    assert "just been taken" in response.content.decode()
    assert again.url == "/book/confirm/"  # who comes was not lost
    assert Visit.objects.get(patient=patient).bookings.get().status == Status.BOOKED


def test_two_tabs_book_what_each_of_them_showed(
    client: Client, at_confirmation: dict, hold_at: Callable, start: dt.datetime
) -> None:
    later = start + dt.timedelta(hours=3)
    hold_at(later)

    client.post("/book/confirm/done/", at_confirmation)

    booked = Booking.objects.get(status=Status.BOOKED)
    assert booked.starts_at == start
    assert client.get("/book/who/").context["facts"].starts_at == later


def test_the_patient_cannot_be_in_two_places(
    client: Client, at_confirmation: dict, clinic: Clinic, consultation: Variant, book_for: Callable,
    owner: User, patient: Patient, start: dt.datetime,
) -> None:  # fmt: skip
    making.make_practitioner(clinic, "Dr Ravi", qualified=[consultation.therapy])
    making.make_room(clinic, "Second room", features=["consultation_room"])
    book_for(patient, owner, start + dt.timedelta(minutes=15))

    response = client.post("/book/confirm/done/", at_confirmation)

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
    client: Client, at_confirmation: dict, field: str, value: str
) -> None:
    response = client.post("/book/confirm/done/", at_confirmation | {field: value})

    assert response.status_code == 302
    assert Booking.objects.get().status == Status.HELD


def test_confirm_for_somebody_elses_patient_books_nothing(
    client: Client, at_confirmation: dict, stranger: User
) -> None:
    others = Patient.objects.of(stranger, dt.date(2026, 3, 2)).get()

    response = client.post("/book/confirm/done/", at_confirmation | {"patient": others.public_id})

    assert response.url == "/book/who/"
    assert Booking.objects.get().status == Status.HELD


def test_confirm_of_another_browsers_hold_books_nothing(
    client: Client, at_confirmation: dict, stranger: User, owner: User, patient: Patient
) -> None:
    thief = Client()
    making.make_access(stranger, patient)
    thief.force_login(stranger)

    response = thief.post("/book/confirm/done/", at_confirmation)

    assert response.url == "/book/"
    assert Booking.objects.get().status == Status.HELD


def test_confirm_asks_the_database_little(
    client: Client, at_confirmation: dict, django_assert_max_num_queries: Callable
) -> None:
    with django_assert_max_num_queries(20):
        client.get("/book/confirm/")
