"""A patient has died: what is to come is called off in silence, and a mistake is taken back the same day."""

import datetime as dt
import uuid

import pytest

from bookings.actions.deaths import note_death, take_death_back
from bookings.actions.desk_booking import book_at_once
from bookings.desk.todo.parts import prescriptions_in_force
from bookings.errors import PolicyRefused
from bookings.messages.outbox.delivery import why_not_written_to
from bookings.models import Channel, Message, MessageKind, Occupancy, State, Status, Visit
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from therapies.models import Variant


@pytest.fixture
def consultation(clinic: Clinic) -> Variant:
    variant = factories.make_consultation()
    factories.make_practitioner(clinic, "Dr Asha Menon", roles=["vaidya"], qualified=[variant.therapy])
    factories.make_room(clinic, "Consulting room", features=["consultation_room"])
    return variant


@pytest.fixture
def visit(clinic: Clinic, consultation: Variant, patient: Patient, front_desk: User, now: dt.datetime) -> Visit:
    """Booked for tomorrow, with its messages planned."""
    wish = SlotRequest(clinic, (consultation,), patient_id=patient.pk)
    hand = {"by": front_desk, "now": now, "holder": "desk", "key": uuid.uuid4()}
    return book_at_once(slot_request=wish, start=now + dt.timedelta(days=1), patient=patient, **hand)  # type: ignore[arg-type]


def status(visit: Visit) -> str:
    return visit.bookings.get().status


def test_visits_to_come_are_called_off_and_nothing_is_sent(
    visit: Visit, patient: Patient, front_desk: User, now: dt.datetime
) -> None:
    assert Message.objects.filter(state=State.DUE).exists()

    note_death(patient=patient, by=front_desk, now=now)

    patient.refresh_from_db()
    assert (patient.death_noted_at, status(visit)) == (now, Status.CANCELLED)
    assert not Message.objects.filter(state=State.DUE).exists()
    assert not Occupancy.objects.filter(booking__visit=visit).exists()
    assert [row.detail["reason"] for row in visit.history.filter(verb="cancel")] == ["patient_died"]


def test_desk_is_not_asked_to_ring_a_patient_who_died(
    clinic: Clinic, patient: Patient, front_desk: User, now: dt.datetime
) -> None:
    factories.make_order(patient, factories.make_abhyanga(), clinic=clinic, by=front_desk)
    before = prescriptions_in_force([clinic.pk], now).count()

    note_death(patient=patient, by=front_desk, now=now)

    assert (before, prescriptions_in_force([clinic.pk], now).count()) == (1, 0)


def test_noted_twice_is_noted_once(visit: Visit, patient: Patient, front_desk: User, now: dt.datetime) -> None:
    for hour in (0, 1):
        note_death(patient=patient, by=front_desk, now=now + dt.timedelta(hours=hour))

    patient.refresh_from_db()
    assert patient.death_noted_at == now
    assert visit.history.filter(verb="cancel").count() == 1


def test_message_that_is_written_later_is_held_back(
    visit: Visit, patient: Patient, front_desk: User, now: dt.datetime
) -> None:
    note_death(patient=patient, by=front_desk, now=now)

    late = Message(kind=MessageKind.REVIEW_DUE, channel=Channel.EMAIL, patient=Patient.objects.get(pk=patient.pk))

    assert why_not_written_to(late) == "the patient has died"


def test_nothing_is_booked_any_more(
    clinic: Clinic, consultation: Variant, patient: Patient, front_desk: User, now: dt.datetime
) -> None:
    note_death(patient=patient, by=front_desk, now=now)
    wish = SlotRequest(clinic, (consultation,), patient_id=patient.pk)
    hand = {"by": front_desk, "now": now, "holder": "desk", "key": uuid.uuid4()}
    patient.refresh_from_db()

    with pytest.raises(PolicyRefused, match="take it back on the patient's page"):
        book_at_once(slot_request=wish, start=now + dt.timedelta(days=1), patient=patient, **hand)  # type: ignore[arg-type]

    assert not Visit.objects.filter(bookings__status=Status.HELD).exists()


def test_mistake_is_taken_back_with_its_visits_and_messages(
    visit: Visit, patient: Patient, front_desk: User, now: dt.datetime
) -> None:
    served = set(Occupancy.objects.filter(booking__visit=visit).values_list("resource", "part"))
    note_death(patient=patient, by=front_desk, now=now)

    lost = take_death_back(patient=patient, by=front_desk, now=now + dt.timedelta(hours=2))

    patient.refresh_from_db()
    booking = visit.bookings.get()
    assert (lost, patient.death_noted_at) == ([], None)
    assert (booking.status, booking.ended_by, booking.reason) == (Status.BOOKED, "", "")
    assert set(Occupancy.objects.filter(booking__visit=visit).values_list("resource", "part")) == served
    assert Message.objects.filter(visit=visit, state=State.DUE).exists()


def test_time_that_somebody_else_took_meanwhile_is_named(
    visit: Visit, clinic: Clinic, consultation: Variant, patient: Patient, front_desk: User, now: dt.datetime
) -> None:
    note_death(patient=patient, by=front_desk, now=now)
    other = factories.make_patient("Uma", phone="+919847000009", clinics=[clinic])
    wish = SlotRequest(clinic, (consultation,), patient_id=other.pk)
    hand = {"by": front_desk, "now": now, "holder": "desk", "key": uuid.uuid4()}
    book_at_once(slot_request=wish, start=now + dt.timedelta(days=1), patient=other, **hand)  # type: ignore[arg-type]

    lost = take_death_back(patient=patient, by=front_desk, now=now)

    patient.refresh_from_db()
    assert ([row.pk for row in lost], patient.death_noted_at, status(visit)) == ([visit.pk], None, Status.CANCELLED)


def test_a_day_later_it_stands(patient: Patient, front_desk: User, now: dt.datetime) -> None:
    note_death(patient=patient, by=front_desk, now=now)

    with pytest.raises(PolicyRefused, match="same day"):
        take_death_back(patient=patient, by=front_desk, now=now + dt.timedelta(hours=25))
