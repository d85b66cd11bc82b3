"""Letters and calls about a person without a visit."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from bookings.messages.outbox.delivery import Tally
from bookings.messages.schedule.patient_messages import (
    ask_desk_to_call,
    plan_review_message,
    review_due_at,
)
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Channel, Message, MessageKind, State, Visit
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests.factories import make_consultation, make_patient, make_visit
from tests.messages.conftest import START
from tests.messages.sink import Sink

Send = Callable[..., Tally]
REVIEW_ON = dt.date(2026, 3, 20)
WEEK_BEFORE = dt.datetime(2026, 3, 13, 4, 30, tzinfo=dt.UTC)
"""Friday, 13 March 2026, 10:00 in Kolkata."""
DAY = dt.timedelta(days=1)


def review(patient: Patient, clinic: Clinic, now: dt.datetime, on: dt.date = REVIEW_ON) -> Message | None:
    with transaction.atomic():
        return plan_review_message(patient=patient, clinic=clinic, review_on=on, by=None, now=now)


def test_review_is_told_a_week_ahead_in_neutral_words(
    patient: Patient, clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    review(patient, clinic, now)

    send(WEEK_BEFORE - dt.timedelta(seconds=1))
    send(WEEK_BEFORE)

    (taken,) = sink.taken
    assert taken.mail["Subject"] == "Your follow-up consultation with Shanti is due"
    text = str(taken.mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "Around this day: Friday 20 March 2026" in text
    assert "http://testserver/book/" in text


@pytest.mark.parametrize(
    ("day", "expected"), [(9, dt.date(2026, 3, 9)), (10, dt.date(2026, 3, 3)), (3, dt.date(2026, 3, 3)), (2, None)]
)
def test_review_soon_is_told_on_the_day(clinic: Clinic, now: dt.datetime, day: int, expected: dt.date | None) -> None:
    due = review_due_at(dt.date(2026, 3, day), now=now, zone=clinic.zone)

    assert (due and due.astimezone(clinic.zone).date()) == expected


def test_another_date_of_review_takes_the_place_of_the_first(
    patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    first, second = review(patient, clinic, now), review(patient, clinic, now, REVIEW_ON + 10 * DAY)

    states = {row.pk: row.state for row in Message.objects.filter(kind=MessageKind.REVIEW_DUE)}
    assert first
    assert second
    assert states == {first.pk: State.VOID, second.pk: State.DUE}


def test_review_for_which_a_talk_is_booked_is_not_asked_for(
    patient: Patient, clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    review(patient, clinic, now)
    make_visit(clinic=clinic, variant=make_consultation(), start=WEEK_BEFORE + 5 * DAY, patient=patient)

    send(WEEK_BEFORE)

    assert sink.taken == []
    assert Message.objects.get().problem == "a talk is booked already"


def test_patient_without_mail_is_rung_about_the_review(clinic: Clinic, now: dt.datetime) -> None:
    gopal = make_patient("Gopal", email="", channel="call", clinics=[clinic])

    review(gopal, clinic, now)

    assert [row.patient for row in Message.objects.calls(WEEK_BEFORE)] == [gopal]


def test_refused_address_brings_the_review_to_the_calls(
    clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    ravi = make_patient("Ravi", email="refused@example.org", clinics=[clinic])
    review(ravi, clinic, now)

    send(WEEK_BEFORE)

    assert [(row.kind, row.patient) for row in Message.objects.calls(WEEK_BEFORE + DAY)] == [
        (MessageKind.REVIEW_DUE, ravi)
    ]


def test_row_about_a_visit_and_a_person_is_refused(visit: Visit, patient: Patient, now: dt.datetime) -> None:
    with pytest.raises(IntegrityError, match="message_patient_or_visit"), transaction.atomic():
        Message.objects.create(
            key="x", kind="review_due", visit=visit, sequence=0, patient=patient, due_at=now, made_at=now
        )


# --- calls that somebody asked for ------------------------------------------------------------------------------------


@pytest.fixture
def desk(client: Client, front_desk: User, now: dt.datetime) -> Iterator[Client]:
    with time_machine.travel(now, tick=False):
        client.force_login(front_desk)
        yield client


def test_call_that_was_asked_for_stands_first_on_the_list(
    desk: Client, patient: Patient, clinic: Clinic, front_desk: User, now: dt.datetime
) -> None:
    gopal = make_patient("Gopal", email="", channel="call", clinics=[clinic])
    visit = make_visit(clinic=clinic, variant=make_consultation(), start=START, patient=gopal)
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=START - 9 * DAY)
    Message.objects.filter(visit=visit).update(due_at=now - DAY)
    call = ask_desk_to_call(patient=patient, clinic=clinic, now=now, by=None)

    shown = desk.get("/desk/calls/").content.decode()

    assert Message.objects.calls(now)[0] == call
    assert "Please call now: the patient may need urgent help." in shown
    assert "Urgent" in shown
    assert f"/desk/patients/{patient.public_id}/" in shown
    assert shown.index("Meera Nair") < shown.index("Gopal Nair")
    assert Read.objects.get(door="desk:calls").patients == sorted([patient.pk, gopal.pk])


def test_call_that_was_asked_for_twice_is_on_the_list_once(patient: Patient, clinic: Clinic, now: dt.datetime) -> None:
    asked = [ask_desk_to_call(patient=patient, clinic=clinic, now=now, by=None) for _press in range(2)]

    assert asked[0] == asked[1]
    assert Message.objects.count() == 1


def test_call_about_a_visit_outlives_its_cancellation(visit: Visit, clinic: Clinic, now: dt.datetime) -> None:
    assert visit.patient
    call = ask_desk_to_call(patient=visit.patient, clinic=clinic, visit=visit, now=now, by=None)
    visit.bookings.update(status="cancelled", ended_by="patient")

    plan_messages(visit=visit, event=VisitEvent.CANCELLED_BY_PATIENT, by=None, now=now)

    assert list(Message.objects.calls(now)) == [call]


def test_call_that_was_asked_for_is_settled(desk: Client, patient: Patient, clinic: Clinic, now: dt.datetime) -> None:
    call = ask_desk_to_call(patient=patient, clinic=clinic, now=now, by=None)

    desk.post(f"/desk/calls/{call.pk}/", {"outcome": "done"})

    call.refresh_from_db()
    assert (call.state, call.outcome) == (State.SENT, "done")


def test_page_of_a_letter_about_a_review_names_the_patient(
    desk: Client, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    row = review(patient, clinic, now)
    assert row

    shown = desk.get(f"/desk/letters/{row.pk}/").content.decode()
    listed = desk.get("/desk/letters/?list=due").content.decode()

    assert "Meera Nair" in shown
    assert "Only messages about a visit can be sent again." in shown
    assert "Meera Nair" in listed


def test_call_without_mail_is_never_mailed(
    patient: Patient, clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    ask_desk_to_call(patient=patient, clinic=clinic, now=now, by=None)

    send(now)

    assert sink.taken == []
    assert Message.objects.get().channel == Channel.CALL
