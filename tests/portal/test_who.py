"""Saying who comes."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings.models import Booking, Visit
from bookings.portal.forms.people import NewPatientForm, fields_shown
from clinic.people.models import Access, Patient, User
from clinic.premises.models import Clinic
from clinic.templatetags.plain_fields import plain_field
from tests import factories
from tests.visible import visible_words
from therapies.models import Variant

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


def test_who_asks_a_visitor_for_an_e_mail_and_leads_back(
    client: Client, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    hold_at(start)

    page = client.get("/book/who/").content.decode()

    assert '<input type="hidden" name="next" value="/book/who/">' in page
    assert "Tuesday 3 March 2026, 10:30" in page
    assert "held for you until 10:15" in page


def test_the_hold_survives_signing_in(
    client: Client, owner: User, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    hold_at(start)

    client.force_login(owner)

    response = client.get("/book/who/")
    assert response.context["facts"].starts_at == start
    assert response.context["facts"].held_until


def test_who_without_a_hold_leads_to_the_beginning(client: Client, owner: User, consultation: Variant) -> None:
    client.force_login(owner)

    assert client.get("/book/who/").url == "/book/"


def test_who_without_a_hold_makes_no_session_by_looking(client: Client, consultation: Variant) -> None:
    client.get("/book/who/")

    assert "session" not in client.cookies


def test_who_offers_only_those_one_acts_for(
    client: Client, owner: User, stranger: User, patient: Patient, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    client.force_login(owner)
    hold_at(start)

    assert [*client.get("/book/who/").context["pick"].people.values()] == [patient]


@pytest.mark.parametrize("whose", ["another's", "missing", "nonsense", "none"])
def test_who_refuses_a_person_one_does_not_act_for(
    client: Client, owner: User, stranger: User, hold_at: Callable[..., Any], start: dt.datetime, whose: str
) -> None:
    client.force_login(owner)
    hold_at(start)
    others = Patient.objects.of(stranger, dt.date(2026, 3, 2)).get().public_id
    posted = {"another's": others, "missing": uuid.uuid4(), "nonsense": "'; --", "none": ""}[whose]

    response = client.post("/book/who/", {"act": "pick", "patient": posted})

    assert response.status_code == 422
    said = "Choose who the appointment is for." if whose == "none" else "Please choose from the list."
    assert response.context["pick"].errors == {"patient": [said]}
    assert client.session["booking"]["patient"] == ""


def test_a_new_person_is_registered_and_acted_for(
    client: Client, owner: User, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    client.force_login(owner)
    hold_at(start)

    response = client.post("/book/who/", DETAILS)

    assert response.url == "/book/confirm/"
    person = Patient.objects.get(given_name="Ramesh")
    assert (person.phone.as_e164, person.birth_date, person.language) == ("+919847012345", dt.date(1955, 11, 3), "hi")
    assert Access.objects.get(patient=person, user=owner).relation == "parent"
    assert client.session["booking"] | {"hold": ""} == {
        "hold": "",
        "patient": str(person.public_id),
        "booked": "",
        "typed": {},
    }


def test_a_new_person_sent_twice_is_one(
    client: Client, owner: User, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
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
        ({"birth_date": "31.02.1990"}, "birth_date", "Enter a date like"),
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
    client: Client,
    owner: User,
    hold_at: Callable[..., Any],
    start: dt.datetime,
    wrong: dict[str, Any],
    field: str,
    words: str,
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
    client: Client, owner: User, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    client.force_login(owner)
    hold_at(start)
    client.post("/book/who/", DETAILS | {"phone": "12"})

    form = client.get("/book/who/").context["new"]

    assert (form["given_name"].value(), form["needs"].value()) == ("Ramesh", "wheelchair")


def test_details_sent_after_the_session_ended_are_kept_for_after_signing_in(
    client: Client, owner: User, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    client.force_login(owner)
    hold_at(start)
    client.logout()  # as the idle limit does

    client.post("/book/who/", DETAILS)
    hold_at(start + dt.timedelta(hours=2))
    client.force_login(owner)

    assert client.get("/book/who/").context["new"]["given_name"].value() == "Ramesh"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"given_name": "Click https://evil.example/3"}, "given_name"),
        ({"family_name": "evil.example"}, "family_name"),
        ({"given_name": "Meera\nBcc: me@evil.example"}, "given_name"),
        ({"email": "a@localhost"}, "email"),
        ({"email": "a@[127.0.0.1]"}, "email"),
    ],
)
def test_name_or_address_that_leads_elsewhere_registers_nobody(
    client: Client, owner: User, hold_at: Callable[..., Any], start: dt.datetime, said: dict[str, str], field: str
) -> None:
    client.force_login(owner)
    hold_at(start)

    response = client.post("/book/who/", DETAILS | said)

    assert (response.status_code, [*response.context["new"].errors]) == (422, [field])
    assert Patient.objects.count() == 1


def test_empty_fields_are_kept_without_what_anybody_typed_and_without_the_address() -> None:
    """They are the same for everybody, but for the e-mail of the account."""
    today = dt.date(2026, 3, 2)

    def shown(email: str, **typed: str) -> tuple[dict[str, str], dict[str, str]]:
        form = NewPatientForm(today=today, initial={"email": email, "language": "en"} | typed)
        direct = {name: plain_field(form[name]) for name in form.fields}
        return fields_shown(form, today=today, edition="of-this-test"), direct

    ada, typed, ben = shown("ada@example.org"), shown("ada@example.org", given_name="Ada"), shown("ben@example.org")

    assert [fields == direct for fields, direct in (ada, typed, ben)] == [True, True, True]
    assert ["ada" in "".join(fields.values()).lower() for fields, _direct in (ada, typed, ben)] == [True, True, False]


def test_form_that_was_sent_is_shown_as_it_was_sent() -> None:
    today = dt.date(2026, 3, 2)
    form = NewPatientForm({"given_name": "Ada", "act": "new"}, today=today)

    fields = fields_shown(form, today=today, edition="of-this-test")

    assert fields == {name: plain_field(form[name]) for name in form.fields}
    assert "This field is required." in fields["birth_date"]


def test_record_that_the_clinic_may_have_is_asked_about_before_a_second_one_is_made(
    client: Client, clinic: Clinic, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    """The desk registered her; she signs in with the address that our messages go to and fills in the form."""
    known = factories.make_patient(given_name="Kamla", email="kamla@example.org")
    known.clinics.add(clinic)
    client.force_login(factories.make_user("kamla@example.org", joined_at=factories.NOW))
    hold_at(start)
    typed = DETAILS | {"given_name": "Kamala", "birth_date": known.birth_date.isoformat()}

    asked = client.post("/book/who/", typed)
    page = visible_words(asked)
    same = client.post("/book/who/", typed | {"act": "same"})

    assert (asked.status_code, "Does the clinic know this patient already?" in page) == (422, True)
    assert (same.url, Patient.objects.filter(birth_date=known.birth_date).count()) == ("/book/confirm/", 1)
    assert (client.session["booking"]["patient"], Access.objects.get(patient=known).width) == (
        str(known.public_id),
        "appointments",
    )


def test_who_is_somebody_else_of_the_same_address_and_day_gets_a_record(
    client: Client, owner: User, clinic: Clinic, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    known = factories.make_patient(given_name="Kamla", email="kamla@example.org")
    client.force_login(factories.make_user("kamla@example.org", joined_at=factories.NOW))
    hold_at(start)
    typed = DETAILS | {"birth_date": known.birth_date.isoformat()}

    other = client.post("/book/who/", typed | {"act": "other"})

    assert (other.url, Patient.objects.filter(given_name="Ramesh").count()) == ("/book/confirm/", 1)


def test_page_of_a_tab_that_is_older_than_the_held_time_changes_nothing_and_says_which_is_held(
    client: Client, owner: User, patient: Patient, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    client.force_login(owner)
    hold_at(start)
    first = client.get("/book/who/").context["facts"].visit.public_id
    hold_at(start + dt.timedelta(hours=2))

    answer = client.post("/book/who/", {"act": "pick", "patient": patient.public_id, "visit": first}, follow=True)
    released = client.post("/book/release/", {"visit": first}, follow=True)

    words = "You have chosen another time in another tab: Tuesday 3 March 2026, 12:30."
    assert [words in page.content.decode() for page in (answer, released)] == [True, True]
    assert (client.session["booking"]["patient"], Booking.objects.filter(status="held").count()) == ("", 1)


def test_time_that_one_booked_oneself_in_another_tab_was_not_taken_by_somebody_else(
    client: Client, owner: User, visit: Visit, hold_at: Callable[..., Any], start: dt.datetime
) -> None:
    client.force_login(owner)

    page = hold_at(start)

    words = visible_words(page)
    assert "You have booked this time yourself already" in words
    assert "someone else" not in words
    assert f'href="/visits/{visit.public_id}/"' in page.content.decode()


def test_who_typed_and_lost_the_time_reads_that_nothing_typed_is_lost(client: Client, consultation: Variant) -> None:
    page = client.post("/book/who/", DETAILS, follow=True)

    words = "Your time is no longer held, but what you typed is saved. Please choose a time again."
    assert words in page.content.decode()
