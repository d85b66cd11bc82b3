"""The desk says that it checked an address with the patient, and takes a mistake back."""

import datetime as dt

import time_machine
from django.test import Client
from django.urls import reverse

from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Message
from clinic.people.models import Patient, Read, User
from tests.desk.conftest import Enter, MakeVisit

PRESS = "I checked this address with the patient"
TAKE_BACK = "Undo: confirmed by mistake"


def page(name: str, patient: Patient) -> str:
    return reverse(name, args=[patient.public_id])


def shown(client: Client, patient: Patient) -> tuple[bool, bool]:
    """Whether the patient's page offers to confirm the address, and to take that back."""
    text = client.get(page("desk:patient", patient)).content.decode()
    return PRESS in text, TAKE_BACK in text


def planned(patient: Patient) -> list[str]:
    rows = Message.objects.filter(visit__patient=patient, state="due", channel="email")
    return sorted(rows.values_list("kind", flat=True))


def unproved(patient: Patient) -> Patient:
    patient.proved_email, patient.email_proved_at = "", None
    patient.save()
    return patient


def test_desk_confirms_an_unchanged_address_and_takes_it_back(
    enter: Enter, front_desk: User, patient: Patient, visit_at: MakeVisit, now: dt.datetime
) -> None:
    client = enter(front_desk)
    unproved(patient)
    plan_messages(visit=visit_at(now + dt.timedelta(days=3)), event=VisitEvent.BOOKED, by=None, now=now)
    before = (shown(client, patient), planned(patient))

    client.post(page("desk:check_address", patient), {"email": patient.email})
    confirmed = (shown(client, patient), planned(patient), Patient.objects.get().email_proved_at)
    again = client.post(page("desk:check_address", patient), {"email": patient.email}, follow=True)
    client.post(page("desk:take_back_address", patient))
    taken_back = (shown(client, patient), Patient.objects.get().email_proved_at)

    assert before == ((True, False), ["confirmed"])
    assert confirmed == ((False, True), ["confirmed", "reminder", "reminder"], now)
    assert "was changed or confirmed in the meantime" in again.content.decode()
    assert taken_back == ((True, False), None)
    history = patient.events.filter(pgh_context__metadata__act__isnull=False).order_by("pgh_id")
    said = [(row.pgh_context.metadata["user"], row.pgh_context.metadata["act"]) for row in history]
    assert said == [(front_desk.pk, "address_checked"), (front_desk.pk, "address_check_taken_back")]
    assert Read.objects.filter(door__in=["desk:check_address", "desk:take_back_address"]).count() == 3


def test_address_that_changed_meanwhile_is_not_confirmed(enter: Enter, front_desk: User, patient: Patient) -> None:
    unproved(patient)

    enter(front_desk).post(page("desk:check_address", patient), {"email": "earlier@elsewhere.example"})

    assert Patient.objects.get().email_is_proved is False


def test_address_is_not_taken_back_after_a_day(
    enter: Enter, front_desk: User, patient: Patient, now: dt.datetime
) -> None:
    client = enter(front_desk)
    client.post(page("desk:check_address", unproved(patient)), {"email": patient.email})

    with time_machine.travel(now + dt.timedelta(hours=25), tick=False):
        client = enter(front_desk)
        offered = shown(client, patient)
        client.post(page("desk:take_back_address", patient))

    assert (offered, Patient.objects.get().email_is_proved) == ((False, False), True)


def test_those_who_treat_are_not_offered_it(enter: Enter, vaidya_user: User, patient: Patient) -> None:
    client = enter(vaidya_user)

    assert shown(client, unproved(patient)) == (False, False)
    assert client.post(page("desk:check_address", patient), {"email": patient.email}).status_code == 403
