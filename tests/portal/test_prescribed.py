"""Booking what is prescribed: three screens, one arrival, and a clear word for everything that stands in the way."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from bookings.actions.confirmation import book
from bookings.actions.holds import hold
from bookings.facts.patient import patient_facts_of
from bookings.models import Booking, PrescriptionEnd, Status, Suspension, Visit
from bookings.slots.bookable_orders import slot_request_for
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.portal.sessions import make_oil, make_steam
from tests.questions import make_question
from therapies.models import Practitioner, Qualification, StepCrew, Term, Therapy, Variant
from therapies.profiles import profile_of

pytestmark = pytest.mark.django_db

LIST = "/book/sessions/"


@pytest.fixture
def oil(clinic: Clinic) -> Variant:
    return make_oil(clinic)


@pytest.fixture
def order(patient: Patient, oil: Variant, clinic: Clinic) -> Any:
    """Seven sessions, daily."""
    return factories.make_order(patient, oil, clinic=clinic, sessions=7)


@pytest.fixture
def own(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def times_url(patient: Patient) -> str:
    return f"{LIST}{patient.public_id}/times/"


def hold_url(patient: Patient) -> str:
    return f"{LIST}{patient.public_id}/hold/"


def press(client: Client, patient: Patient, start: dt.datetime, **asked: Any) -> Any:
    """The button of a time."""
    return client.post(hold_url(patient), asked | {"start": start.isoformat(), "page": uuid.uuid4()})


def confirm(client: Client) -> Any:
    """The button of the last screen, as that screen has it."""
    page = client.get("/book/confirm/")
    shown = page.context
    said = {"visit": shown["facts"].visit.public_id, "patient": shown["patient"].public_id, "key": shown["key"]}
    return client.post("/book/confirm/", said)


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def offered(response: Any) -> list[list[str]]:
    return [[time["label"] for time in day["times"]] for day in response.context["days"]]


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- the first screen -------------------------------------------------------------------------------------------------


def test_the_list_says_what_is_left(own: Client, order: Any, clinic: Clinic) -> None:
    order.variant.therapy.prices.create(clinic=clinic, text="₹ 1,800")

    page = words(own.get(LIST))

    assert "0 of 7 booked · 75 minutes · valid until 31 May 2026 · ₹ 1,800" in page


def test_everybody_of_the_account_is_listed_and_nobody_else(own: Client, order: Any, stranger: User) -> None:
    people = own.get(LIST).context["people"]

    assert [offering.person.given_name for offering, _form, _accepts in people] == ["Meera"]


def test_spent_orders_are_told_and_lead_to_a_consultation(
    own: Client, patient: Patient, oil: Variant, clinic: Clinic, start: dt.datetime
) -> None:
    order = factories.make_order(patient, oil, clinic=clinic, sessions=1)
    factories.make_visit(clinic=clinic, variant=oil, start=start, patient=patient, item=order)

    page = own.get(LIST)

    assert "All 1 prescribed sessions are booked." in words(page)
    assert 'name="item"' not in page.content.decode()
    assert "Book a consultation" in words(page)


def test_without_an_order_a_vaidya_comes_first(own: Client, patient: Patient) -> None:
    assert "A Vaidya needs to examine you first." in words(own.get(LIST))


def test_suspended_therapies_are_not_offered(
    own: Client, order: Any, patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    Suspension.objects.create(
        patient=patient, clinic=clinic, therapies=["abhyanga"], sign="fever", by=vaidya_user, at=now
    )

    assert "Treatments are paused. The Vaidya must see the patient first." in words(own.get(LIST))
    assert own.get(times_url(patient), {"item": order.pk}).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_three_orders_as_for_one(
    own: Client,
    patient: Patient,
    oil: Variant,
    clinic: Clinic,
    count: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    factories.make_order(patient, oil, clinic=clinic)
    for number in range(count - 1):
        therapy = factories.make_therapy(f"other-{number}", needs="prescription", booking_mode="patient")
        variant = factories.make_variant(therapy)
        factories.make_step(variant, "hands_on", 0, 30, crew={"therapist": 1})
        factories.make_order(patient, variant, clinic=clinic)
    own.get("/visits/")

    with django_assert_max_num_queries(29):
        page = own.get(LIST)

    assert page.content.decode().count('name="item"') == count


def test_whom_the_patient_accepts_is_asked_and_never_guessed(own: Client, order: Any, patient: Patient) -> None:
    Patient.objects.filter(pk=patient.pk).update(accepts_therapist="")
    assert "Who may treat you?" in words(own.get(LIST))
    assert own.get(times_url(patient), {"item": order.pk}).headers["Location"].startswith(LIST)

    own.post(f"{LIST}{patient.public_id}/accepts/", {"accepts_therapist": "female"})

    patient.refresh_from_db()
    assert patient.accepts_therapist == "female"
    assert own.get(times_url(patient), {"item": order.pk}).status_code == 200


def test_who_sees_appointments_only_does_not_say_whom_the_patient_accepts(
    client: Client, relative: User, order: Any, patient: Patient
) -> None:
    Patient.objects.filter(pk=patient.pk).update(accepts_therapist="")
    client.force_login(relative)

    answer = client.post(f"{LIST}{patient.public_id}/accepts/", {"accepts_therapist": "any"})

    patient.refresh_from_db()
    assert (answer.status_code, patient.accepts_therapist) == (404, "")


# --- times ------------------------------------------------------------------------------------------------------------


def test_times_are_those_of_a_crew_that_the_patient_accepts(own: Client, order: Any, patient: Patient) -> None:
    page = own.get(times_url(patient), {"item": order.pk})
    assert "11:00" in offered(page)[1]

    Practitioner.objects.filter(roles=["therapist"]).update(gender="male")
    without = own.get(times_url(patient), {"item": order.pk})

    assert offered(without) == [[]] * 7
    assert "No therapist of your chosen gender works that day" in words(without)
    assert "There are no available times within 60 days" in words(without)
    assert without.context["ways"] == [("Change your choice of therapist", f"/people/{patient.public_id}/")]
    assert 'href="tel:+914952300000"' in without.content.decode().split('id="ways"')[1].split("</section>")[0]


def test_another_clinic_is_offered_beside_a_full_one(own: Client, order: Any, patient: Patient, clinic: Clinic) -> None:
    other = factories.make_clinic("ananda")

    page = own.get(times_url(patient), {"item": order.pk, "clinic": clinic.slug})

    assert page.context["ways"] == [("At Ananda Clinic", f"{times_url(patient)}?clinic={other.slug}&item={order.pk}")]


@pytest.mark.parametrize("number", ["0", "999999", "x", "9" * 30])
def test_order_that_is_not_theirs_is_not_found(own: Client, order: Any, patient: Patient, number: str) -> None:
    assert own.get(times_url(patient), {"item": number}).status_code == 404


def test_order_of_another_patient_is_not_found(
    own: Client, order: Any, patient: Patient, oil: Variant, clinic: Clinic, stranger: User, start: dt.datetime
) -> None:
    another = factories.make_order(Patient.objects.get(given_name="Arun"), oil, clinic=clinic)

    assert own.get(times_url(patient), {"item": another.pk}).status_code == 404
    assert press(own, patient, start, item=another.pk).status_code == 404
    assert own.get(times_url(another.prescription.patient), {"item": another.pk}).status_code == 404


def test_day_of_a_booked_session_is_closed_and_says_when_it_goes_on(
    own: Client, order: Any, patient: Patient, oil: Variant, clinic: Clinic, start: dt.datetime
) -> None:
    factories.make_visit(clinic=clinic, variant=oil, start=start, patient=patient, item=order, minutes=75)

    days = own.get(times_url(patient), {"item": order.pk}).context["days"]

    assert days[1]["times"] == []
    assert days[1]["why_empty"] == "The next session of this course can be booked from Wednesday 4 March."
    assert days[2]["times"] != []


def test_health_questions_come_before_the_times(own: Client, order: Any, patient: Patient) -> None:
    make_question("gh_heart", "general", 1)

    answer = own.get(times_url(patient), {"item": order.pk})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"/questions/{patient.public_id}/?next=%2Fbook%2Fsessions%2F")


def test_hour_of_last_time_is_offered_first(own: Client, order: Any, patient: Patient) -> None:
    page = own.get(times_url(patient), {"item": order.pk, "at": "16:00", "from": "2026-03-05"})

    assert (page.context["suits"]["day"], page.context["suits"]["label"]) == ("Thursday 5 March", "16:00")


# --- hold, confirm, book ----------------------------------------------------------------------------------------------


def test_three_screens_book_a_session(own: Client, order: Any, patient: Patient, start: dt.datetime) -> None:
    held = press(own, patient, start, item=order.pk)
    assert held.headers["Location"] == "/book/confirm/"

    done = confirm(own)

    booking = Booking.objects.get()
    assert (booking.status, booking.item, booking.starts_at) == (Status.BOOKED, order, start)
    assert booking.visit.patient == patient
    assert done.headers["Location"] == f"/visits/{booking.visit.public_id}/"
    assert str(patient.public_id) not in done.headers["Location"]


def test_confirmation_says_the_steps_and_a_smaller_crew(
    own: Client, patient: Patient, clinic: Clinic, start: dt.datetime
) -> None:
    order = factories.make_order(patient, make_oil(clinic, therapists=1), clinic=clinic)
    press(own, patient, start, item=order.pk)

    page = words(own.get("/book/confirm/"))

    assert "1 therapist will treat you instead of 2." in page
    assert "10:30 Hands On 45 minutes 11:15 Rest 15 minutes 11:30 Bath 15 minutes" in page
    assert "Please arrive at 10:15" in page


def test_full_crew_is_preferred_and_nothing_is_said(
    own: Client, order: Any, patient: Patient, start: dt.datetime
) -> None:
    press(own, patient, start, item=order.pk)

    assert "instead of" not in words(own.get("/book/confirm/"))
    assert Booking.objects.get().occupancies.filter(part="crew:therapist").values("resource").distinct().count() == 2


@pytest.fixture
def chained(own: Client, order: Any, patient: Patient, clinic: Clinic, start: dt.datetime) -> Visit:
    """Oil, then steam, in one visit."""
    steam = factories.make_order(patient, make_steam(clinic), clinic=clinic)
    press(own, patient, start, item=[steam.pk, order.pk])
    confirm(own)
    return Visit.objects.get()


def test_chained_sessions_have_one_arrival_in_the_order_of_the_prescription(chained: Visit, start: dt.datetime) -> None:
    bookings = chained.bookings.order_by("position")

    assert [booking.variant.therapy.code for booking in bookings] == ["abhyanga", "swedana"]
    assert chained.arrives_at == start - dt.timedelta(minutes=15)
    assert bookings[1].starts_at == start + dt.timedelta(minutes=75)


def test_chained_visit_moves_and_cancels_as_one(own: Client, chained: Visit, start: dt.datetime) -> None:
    later = start + dt.timedelta(days=2)
    version = chained.bookings.order_by("position")[0].version
    address = f"/visits/{chained.public_id}/"
    assert own.get(f"{address}move/").status_code == 200

    own.post(f"{address}move/to/", {"start": later.isoformat(), "version": version, "key": uuid.uuid4()})
    moved = list(chained.bookings.order_by("position").values_list("starts_at", flat=True))
    version = chained.bookings.order_by("position")[0].version
    own.post(f"{address}cancel/", {"version": version, "reason": ""})

    assert moved == [later, later + dt.timedelta(minutes=75)]
    assert {booking.status for booking in chained.bookings.all()} == {Status.CANCELLED}


def test_same_as_last_time_stands_first_and_serves(
    own: Client, patient: Patient, oil: Variant, clinic: Clinic, start: dt.datetime
) -> None:
    order = factories.make_order(patient, oil, clinic=clinic, sessions=7)
    last = Practitioner.objects.get(name="Therapist 1")
    factories.make_visit(
        clinic=clinic, variant=oil, start=start - dt.timedelta(days=1), patient=patient, item=order, resources=[last]
    )
    form = own.get(LIST).context["people"][0][1]
    assert form.fields["who"].choices[1] == (last.pk, "As last time: Therapist 1")

    press(own, patient, start, item=order.pk, who=last.pk)
    confirm(own)

    booked = Booking.objects.get(starts_at=start)
    assert booked.wanted_practitioner == last
    assert last.pk in booked.occupancies.values_list("resource", flat=True)


def test_next_one_keeps_therapy_hour_and_person(own: Client, order: Any, patient: Patient, start: dt.datetime) -> None:
    press(own, patient, start, item=order.pk)
    visit = confirm(own)

    address = own.get(visit.headers["Location"]).context["next_one"]

    who = Booking.objects.get().occupancies.filter(part="crew:therapist").order_by("pk")[0].resource_id
    assert address == f"{times_url(patient)}?item={order.pk}&clinic=shanti&from=2026-03-04&at=10%3A30&who={who}"
    assert own.get(address).context["suits"]["label"] == "10:30"


# --- what happens meanwhile -------------------------------------------------------------------------------------------


def end(order: Any, by: User, now: dt.datetime) -> None:
    PrescriptionEnd.objects.create(prescription=order.prescription, by=by, at=now, reason="Better")


def test_prescription_that_ends_before_the_time_is_chosen_says_so(
    own: Client, order: Any, patient: Patient, start: dt.datetime, vaidya_user: User, now: dt.datetime
) -> None:
    end(order, vaidya_user, now)

    page = press(own, patient, start, item=order.pk)

    assert page.status_code == 422
    assert "This prescription has ended. A Vaidya will decide how to continue." in words(page)
    assert not Visit.objects.exists()


def test_prescription_that_ends_before_the_confirmation_books_nothing(
    own: Client, order: Any, patient: Patient, start: dt.datetime, vaidya_user: User, now: dt.datetime
) -> None:
    press(own, patient, start, item=order.pk)
    own.get("/book/confirm/")
    end(order, vaidya_user, now)

    done = confirm(own)

    assert done.headers["Location"] == LIST
    assert told(done) == [
        "A Vaidya must first examine the patient and prescribe this treatment. Please book a consultation."
    ]
    assert Booking.objects.get().status == Status.HELD


def test_person_who_lost_the_qualification_is_chosen_anew(
    own: Client, order: Any, patient: Patient, start: dt.datetime
) -> None:
    person = Practitioner.objects.get(name="Therapist 1")
    Qualification.objects.filter(practitioner=person).update(ends_on=dt.date(2026, 3, 1))

    page = press(own, patient, start, item=order.pk, who=person.pk)

    assert page.status_code == 422
    assert "This person no longer gives this treatment. Please choose again." in words(page)


def test_time_that_somebody_else_took_names_others(
    own: Client, patient: Patient, clinic: Clinic, start: dt.datetime
) -> None:
    oil = make_oil(clinic, therapists=1)
    order = factories.make_order(patient, oil, clinic=clinic)
    therapist = Practitioner.objects.get(name="Therapist 0")
    other = factories.make_patient("Uma", phone="+919847000009")
    factories.make_visit(clinic=clinic, variant=oil, start=start, patient=other, resources=[therapist], minutes=60)

    page = press(own, patient, start, item=order.pk)

    assert page.status_code == 409
    assert "This time has just been booked by someone else." in words(page)
    assert f'action="{hold_url(patient)}"' in page.content.decode()
    assert [len(day["times"]) for day in page.context["days"]] == [3]


# --- requests ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def on_request(order: Any) -> Any:
    Therapy.objects.filter(pk=order.variant.therapy_id).update(booking_mode="request")
    return order


def test_therapy_on_request_says_the_limit_before_and_after(
    own: Client, on_request: Any, patient: Patient, start: dt.datetime
) -> None:
    press(own, patient, start, item=on_request.pk)
    page = words(own.get("/book/confirm/"))
    assert "The clinic must confirm this time We will reply by Tue 3 March, 08:30." in page
    assert "Request this appointment" in page

    done = confirm(own)

    assert told(done) == ["Your request has been sent. We will reply by Tue 3 Mar, 08:30."]
    assert Booking.objects.get().status == Status.REQUESTED
    shown = words(own.get(done.headers["Location"]))
    assert "We will reply by Tue 3 March, 08:30." in shown
    assert "Book the next session" not in shown


def test_request_that_lapsed_can_still_be_looked_at(
    own: Client, on_request: Any, patient: Patient, start: dt.datetime
) -> None:
    press(own, patient, start, item=on_request.pk)
    visit = confirm(own).headers["Location"]
    Booking.objects.update(status=Status.EXPIRED)

    page = own.get(visit)

    assert (page.status_code, "Expired" in words(page)) == (200, True)


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_who_sees_appointments_only_neither_sees_nor_books_sessions(
    client: Client, relative: User, patient: Patient, oil: Variant, clinic: Clinic, start: dt.datetime
) -> None:
    client.force_login(relative)
    order = factories.make_order(patient, oil, clinic=clinic)

    shown = client.get(LIST)
    press(client, patient, start, item=order.pk)

    assert ["Abhyanga" in words(shown), "Meera Nair" in words(shown)] == [False, True]
    assert client.get(times_url(patient), {"item": order.pk}).status_code == 404
    assert not Booking.objects.exists()


def test_strangers_find_nobody(
    client: Client, stranger: User, order: Any, patient: Patient, start: dt.datetime
) -> None:
    client.force_login(stranger)

    assert client.get(times_url(patient), {"item": order.pk}).status_code == 404
    assert press(client, patient, start, item=order.pk).status_code == 404


def test_addresses_name_no_therapy(own: Client, order: Any, patient: Patient, start: dt.datetime) -> None:
    page = own.get(LIST).content.decode()

    assert "abhyanga" not in " ".join(re.findall(r'(?:href|action)="([^"]*book[^"]*)"', page)).lower()


def test_a_hold_by_the_verbs_counts_for_no_session(
    owner: User, order: Any, patient: Patient, clinic: Clinic, start: dt.datetime, now: dt.datetime
) -> None:
    """Somebody who looks at several times one after the other still has all the sessions."""

    slot_request = slot_request_for(clinic, [order.variant], patient_facts_of(patient, now=now))
    held = hold(slot_request=slot_request, start=start, holder="h", by=owner, now=now, key=uuid.uuid4())

    assert patient_facts_of(patient, now=now).ordered[0].left == 7
    book(visit=held, patient=patient, holder="h", by=owner, now=now, key=uuid.uuid4())
    assert patient_facts_of(patient, now=now).ordered[0].left == 6


# --- fewer people, more minutes ---------------------------------------------------------------------------------------


@pytest.fixture
def with_one(clinic: Clinic) -> Any:
    """Two must serve; a variant of its own lets one do it in 20 minutes more. Only one therapist works here."""
    pair = make_oil(clinic, therapists=1)
    StepCrew.objects.update(minimum=2)
    variant = factories.make_variant(pair.therapy, "by_one", name="Abhyanga by one", smaller_crew_of="default")
    factories.make_step(variant, "hands_on", 0, 95, crew={"therapist": 1})
    return pair


def test_full_week_offers_fewer_people_and_says_how_much_longer(
    own: Client, patient: Patient, with_one: Variant, clinic: Clinic, start: dt.datetime
) -> None:
    order = factories.make_order(patient, with_one, clinic=clinic, sessions=2)
    full = own.get(times_url(patient), {"item": order.pk})
    assert offered(full) == [[]] * 7
    (label, url), (other, _details) = full.context["ways"]
    assert (label, other) == ("With fewer therapists, 20 minutes longer", "Change your choice of therapist")

    page = own.get(url)
    assert "10:30" in offered(page)[1]
    assert "With fewer therapists than usual; it takes 20 minutes longer." in words(page)
    press(own, patient, start, item=order.pk, small="1")
    assert "Fewer therapists than usual will treat you, so it will take longer." in words(own.get("/book/confirm/"))
    confirm(own)

    booking = Booking.objects.get()
    assert (booking.variant.code, booking.item, booking.minutes) == ("by_one", order, 95)
    assert patient_facts_of(patient, now=factories.NOW).ordered[0].left == 1


def test_smaller_crew_is_judged_like_the_treatment_it_stands_for(with_one: Variant) -> None:
    term = Term.objects.create(code="fever", group="general", labels={"en": "Fever"})
    with_one.therapy.contraindications.create(term=term, level="absolute", variants=["default"])

    profiles = [profile_of(variant) for variant in with_one.therapy.variants.all()]

    assert [(profile.variant, dict(profile.levels)) for profile in profiles] == [("default", {"fever": "absolute"})] * 2
