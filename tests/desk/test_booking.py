"""Booking for somebody who rings: the times, the hold, the booking, and every way it can be refused."""

import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from bookings.models import Message, Status, Visit
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic, Room
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from therapies.models import Practitioner, Variant

pytestmark = pytest.mark.usefixtures("room")


def choose(patient: Patient) -> str:
    return reverse("desk:choose", args=[patient.public_id])


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def times(response: Any) -> list[list[str]]:
    """The times of each day that the page offers."""
    return [[time["label"] for time in day["times"]] for day in response.context["offer"].week.days]


def hold(client: Client, patient: Patient, variant: Variant, start: object, **said: object) -> Any:
    form = {"what": variant.pk, "start": start, "key": uuid.uuid4()} | said
    return client.post(reverse("desk:hold", args=[patient.public_id]), form)


def book(client: Client, address: str) -> Any:
    return client.post(address, {"key": client.get(address).context["form"].initial["key"]})


# --- times ------------------------------------------------------------------------------------------------------------


def test_first_the_page_asks_what_for(enter: Enter, front_desk: User, patient: Patient) -> None:
    Variant.objects.filter(pk=factories.make_consultation().pk).update(is_default=False)

    page = enter(front_desk).get(choose(patient))

    assert "offer" not in page.context
    assert "First consultation" in page.content.decode()


def test_walk_in_begins_now(enter: Enter, front_desk: User, patient: Patient, consultation: Variant) -> None:
    page = enter(front_desk).get(choose(patient), {"what": consultation.pk})

    today = page.context["offer"].week.days[0]
    assert (today["short"], today["times"][0]["label"], today["times"][0]["note"]) == ("Today", "10:00", "now")


def test_week_begins_where_it_was_asked(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant
) -> None:
    page = enter(front_desk).get(choose(patient), {"what": str(consultation.pk), "from_on": "2026-03-10"})

    assert page.context["offer"].week.days[0]["label"] == "Tuesday 10 March"
    assert page.context["offer"].week.earlier.isoformat() == "2026-03-03"


def test_taken_time_is_not_offered(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant, visit_at: MakeVisit
) -> None:
    visit_at(at(11), patient=factories.make_patient("Uma", phone="+919847000009"))

    page = enter(front_desk).get(choose(patient), {"what": consultation.pk})

    assert "11:00" not in times(page)[0]
    assert "11:45" in times(page)[0]


def test_with_somebody_only_theirs_are_offered(
    enter: Enter, front_desk: User, clinic: Clinic, patient: Patient, consultation: Variant, visit_at: MakeVisit
) -> None:
    factories.make_room(clinic, "Quiet room", features=["consultation_room"])
    late = factories.make_practitioner(clinic, "Dr Uma", works=("14:00", "18:00"), qualified=[consultation.therapy])

    page = enter(front_desk).get(choose(patient), {"what": consultation.pk, "who": late.pk})

    assert times(page)[0][0] == "14:00"


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def abhyanga(clinic: Clinic) -> Variant:
    variant = factories.make_abhyanga()
    factories.make_room(clinic, "Table room")
    for number in range(2):
        factories.make_practitioner(
            clinic, f"Therapist {number}", roles=["therapist"], gender="female", qualified=[variant.therapy]
        )
    return variant


def test_therapy_that_needs_an_order_says_so(
    enter: Enter, front_desk: User, patient: Patient, abhyanga: Variant
) -> None:
    page = enter(front_desk).get(choose(patient), {"what": abhyanga.pk})

    assert page.context["offer"].why == (
        "A Vaidya must first examine the patient and prescribe this treatment. Please book a consultation."
    )
    assert page.context["offer"].week is None


def test_with_a_signed_order_it_is_offered(
    enter: Enter, front_desk: User, clinic: Clinic, patient: Patient, abhyanga: Variant
) -> None:
    factories.make_order(patient, abhyanga, clinic=clinic)

    page = enter(front_desk).get(choose(patient), {"what": str(abhyanga.pk)})

    assert "11:00" in times(page)[0]


def test_whom_the_patient_accepts_is_asked_first(
    enter: Enter, front_desk: User, clinic: Clinic, abhyanga: Variant
) -> None:
    shy = factories.make_patient("Shy", accepts_therapist="", clinics=[clinic])
    client = enter(front_desk)
    wished: dict[str, Any] = {"what": abhyanga.pk}
    assert client.get(choose(shy), wished).context["offer"].ask

    answer = client.post(reverse("desk:accepts", args=[shy.public_id]), wished | {"accepts_therapist": "female"})

    shy.refresh_from_db()
    assert shy.accepts_therapist == "female"
    assert answer.headers["Location"] == f"{choose(shy)}?what={abhyanga.pk}"


def test_home_advice_is_not_in_the_list(enter: Enter, front_desk: User, patient: Patient) -> None:
    factories.make_variant(factories.make_therapy("diet", name="Diet advice", booking_mode="none"))

    assert "Diet advice" not in enter(front_desk).get(choose(patient)).content.decode()


def test_patient_of_another_clinic_is_not_found(
    enter: Enter, other_front_desk: User, patient: Patient, consultation: Variant
) -> None:
    client = enter(other_front_desk)

    assert client.get(choose(patient)).status_code == 404
    assert hold(client, patient, consultation, at(11).isoformat()).status_code == 404


# --- hold and book ----------------------------------------------------------------------------------------------------


def test_hold_then_book(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant, vaidya: Practitioner, room: Room
) -> None:
    client = enter(front_desk)

    confirm = hold(client, patient, consultation, at(11).isoformat()).headers["Location"]
    held = Visit.objects.get()
    assert (held.patient, held.bookings.get().status) == (None, Status.HELD)

    done = book(client, confirm)

    visit = Visit.objects.get()
    assert done.headers["Location"] == reverse("desk:visit", args=[visit.public_id])
    assert (visit.patient, visit.bookings.get().status) == (patient, Status.BOOKED)
    assert Message.objects.filter(visit=visit, kind="confirmed").count() == 1


def test_double_click_books_once(enter: Enter, front_desk: User, patient: Patient, consultation: Variant) -> None:
    client = enter(front_desk)
    confirm = hold(client, patient, consultation, at(11).isoformat()).headers["Location"]
    key = client.get(confirm).context["form"].initial["key"]

    first, second = (client.post(confirm, {"key": key}) for _time in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert Message.objects.filter(kind="confirmed").count() == 1


def test_booked_time_is_not_confirmed_again(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant
) -> None:
    client = enter(front_desk)
    confirm = hold(client, patient, consultation, at(11).isoformat()).headers["Location"]
    book(client, confirm)

    assert client.get(confirm).headers["Location"] == reverse("desk:visit", args=[Visit.objects.get().public_id])


def test_time_that_was_just_taken_names_others(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant, visit_at: MakeVisit
) -> None:
    visit_at(at(11), patient=factories.make_patient("Uma", phone="+919847000009"))

    response = hold(enter(front_desk), patient, consultation, at(11).isoformat())

    assert response.headers["Location"] == f"{choose(patient)}?what={consultation.pk}"
    assert told(response) == [
        (
            "This time has just been booked by someone else. Nearest available times: Mon 2 Mar "
            "10:00, Mon 2 Mar 10:15, Mon 2 Mar 11:45."
        )
    ]


@pytest.mark.parametrize("start", ["", "tomorrow", "2026-03-02"])
def test_start_that_is_no_time_is_asked_again(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant, start: str
) -> None:
    response = hold(enter(front_desk), patient, consultation, start)

    assert (response.status_code, Visit.objects.count()) == (302, 0)


@pytest.mark.parametrize("start", [at(9), at(11, 7), at(23)])
def test_time_that_is_not_offered_is_refused(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant, start: object
) -> None:
    response = hold(enter(front_desk), patient, consultation, start.isoformat())

    assert len(told(response)) == 1
    assert Visit.objects.count() == 0


def test_other_time_gives_the_held_one_back(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant
) -> None:
    client = enter(front_desk)
    hold(client, patient, consultation, at(11).isoformat())
    held = Visit.objects.get()

    back = client.post(reverse("desk:release", args=[patient.public_id, held.public_id]))

    assert back.headers["Location"] == f"{choose(patient)}?what={consultation.pk}&from_on=2026-03-02"
    assert held.bookings.get().status == Status.EXPIRED


def test_hold_of_a_colleague_is_not_found(
    client: Client, front_desk: User, clinic: Clinic, patient: Patient, consultation: Variant
) -> None:
    client.force_login(front_desk)
    confirm = hold(client, patient, consultation, at(11).isoformat()).headers["Location"]

    client.force_login(factories.make_member(clinic, "front_desk"))

    assert client.get(confirm).status_code == 404


def test_each_page_of_booking_is_a_read(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant
) -> None:
    client = enter(front_desk)
    client.get(choose(patient))
    client.get(hold(client, patient, consultation, at(11).isoformat()).headers["Location"])

    assert list(Read.objects.order_by("pk").values_list("door", "patients")) == [
        ("desk:choose", [patient.pk]),
        ("desk:confirm", [patient.pk]),
    ]


@pytest.mark.parametrize("role", ["therapist", "vaidya", "nurse", "attendant"])
def test_only_the_desk_books(enter: Enter, clinic: Clinic, patient: Patient, role: str) -> None:
    assert enter(factories.make_member(clinic, role)).get(choose(patient)).status_code == 403


# --- what is prescribed -----------------------------------------------------------------------------------------------


@pytest.fixture
def steam(clinic: Clinic, abhyanga: Variant) -> Variant:
    variant = factories.make_variant(factories.make_therapy("swedana", needs="prescription"), room="steam_room")
    factories.make_step(variant, "steam", 0, 20, crew={"therapist": 1})
    factories.make_room(clinic, "Steam room", features=["steam_room"])
    for person in Practitioner.objects.filter(roles=["therapist"]):
        factories.make_qualification(person, variant.therapy)
    return variant


def test_prescribed_therapies_are_ticked_and_chained_in_one_visit(
    enter: Enter, front_desk: User, clinic: Clinic, patient: Patient, abhyanga: Variant, steam: Variant
) -> None:
    orders = [factories.make_order(patient, variant, clinic=clinic, sessions=7) for variant in (abhyanga, steam)]
    client, items = enter(front_desk), [order.pk for order in orders]
    page = client.get(choose(patient), {"item": items})
    assert [words for _number, words in page.context["form"].fields["item"].choices] == [
        "Abhyanga: 0 of 7 booked, 75 minutes, until 31 May",
        "Swedana: 0 of 7 booked, 20 minutes, until 31 May",
    ]

    form = {"item": items, "start": at(11).isoformat(), "key": uuid.uuid4()}
    book(client, client.post(reverse("desk:hold", args=[patient.public_id]), form).headers["Location"])

    bookings = Visit.objects.get().bookings.order_by("position")
    assert [(row.item, row.starts_at, row.status) for row in bookings] == [
        (orders[0], at(11), Status.BOOKED),
        (orders[1], at(12, 15), Status.BOOKED),
    ]


def test_smaller_crew_is_told_before_booking(
    enter: Enter, front_desk: User, clinic: Clinic, patient: Patient, abhyanga: Variant
) -> None:
    Practitioner.objects.filter(name="Therapist 1").update(is_active=False)
    factories.make_order(patient, abhyanga, clinic=clinic)
    client = enter(front_desk)

    page = client.get(hold(client, patient, abhyanga, at(11).isoformat()).headers["Location"])

    assert "1 therapist will treat you instead of 2." in page.content.decode()


def test_unprescribed_therapy_leads_to_a_consultation(
    enter: Enter, front_desk: User, patient: Patient, abhyanga: Variant, consultation: Variant
) -> None:
    page = enter(front_desk).get(choose(patient), {"what": abhyanga.pk})

    assert page.context["offer"].consultation == consultation
    assert f'href="?what={consultation.pk}"' in page.content.decode()


def test_either_prescribed_or_something_else(
    enter: Enter, front_desk: User, clinic: Clinic, patient: Patient, abhyanga: Variant, consultation: Variant
) -> None:
    order = factories.make_order(patient, abhyanga, clinic=clinic)

    page = enter(front_desk).get(choose(patient), {"what": consultation.pk, "item": order.pk})

    assert page.context["form"].errors["what"] == ["Choose a prescribed treatment, or another one."]


def test_who_served_last_is_marked(
    enter: Enter, front_desk: User, clinic: Clinic, patient: Patient, abhyanga: Variant
) -> None:
    order = factories.make_order(patient, abhyanga, clinic=clinic)
    last = Practitioner.objects.get(name="Therapist 1")
    factories.make_visit(
        clinic=clinic, variant=abhyanga, start=at(11, day=1), patient=patient, item=order, resources=[last]
    )

    page = enter(front_desk).get(choose(patient))

    assert "Therapist 1 (as last time)" in page.content.decode()


def test_read_out_of_a_visit_for_now_says_now_and_the_price(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant, clinic: Clinic
) -> None:
    consultation.therapy.prices.create(clinic=clinic, text="₹ 600")
    client = enter(front_desk)
    first = client.get(choose(patient), {"what": consultation.pk}).context["offer"].week.days[0]["times"][0]

    page = client.get(hold(client, patient, consultation, first["value"]).headers["Location"])

    text = " ".join(page.content.decode().split())
    assert "<dt>Please arrive at</dt> <dd> now </dd>" in text
    assert "<dt>Price</dt> <dd> ₹ 600 </dd>" in text
    assert Visit.objects.get().arrives_at == Visit.objects.get().bookings.get().starts_at


def test_week_in_which_nobody_works_says_so_and_leads_to_the_next_free_day(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant, vaidya: Practitioner
) -> None:
    factories.make_absence(vaidya, at(0), at(23, day=12), by=front_desk)

    page = enter(front_desk).get(choose(patient), {"what": consultation.pk})

    week = page.context["offer"].week
    assert {day["why_empty"] for day in week.days} - {
        "Closed",
        "No practitioner for this treatment works that day",
    } == set()
    assert week.next_free.isoformat() == "2026-03-13"
    assert "The next day with available times is Friday 13 March" in " ".join(page.content.decode().split())
    assert "from_on=2026-03-13" in page.content.decode()
