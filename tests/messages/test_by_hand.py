"""Messages that somebody sends from a telephone, and calls that nobody needs any more."""

import datetime as dt
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from bookings.actions import attendance
from bookings.messages.calls import by_hand
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Channel, Message, MessageKind, State
from bookings.rules.visits import ANSWERED_AFTER_OPENING, request_until
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests.factories import make_consultation, make_patient, make_visit

START = dt.datetime(2026, 3, 10, 5, tzinfo=dt.UTC)
DAY_BEFORE = START - dt.timedelta(hours=24)


@pytest.fixture
def call(clinic: Clinic, now: dt.datetime) -> Message:
    """A reminder for a patient who is rung up, and speaks Hindi."""
    who = {"email": "", "channel": "call", "phone": "+919847000005", "language": "hi"}
    visit = make_visit(
        clinic=clinic, variant=make_consultation(), start=START, patient=make_patient("Gopal", clinics=[clinic], **who)
    )
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    return Message.objects.get(visit=visit)


@pytest.fixture
def desk(client: Client, front_desk: User) -> Iterator[Client]:
    with time_machine.travel(DAY_BEFORE + dt.timedelta(minutes=1), tick=False):
        client.force_login(front_desk)
        yield client


def test_message_is_written_in_the_patients_language_for_whatsapp_and_sms(call: Message) -> None:
    row = by_hand(call)

    assert row is not None
    whatsapp, sms = urlsplit(row.whatsapp), urlsplit(row.sms)
    text = parse_qs(whatsapp.query)["text"][0]
    assert (whatsapp.netloc, whatsapp.path) == ("wa.me", "/919847000005")
    assert (sms.scheme, sms.path, parse_qs(sms.query)["body"][0]) == ("sms", "+919847000005", text)
    assert "आपका अपॉइंटमेंट" in text
    assert "onsultation" not in text


@pytest.mark.parametrize("outcome", ["whatsapp", "sms", "done"])
def test_call_that_was_told_by_hand_is_settled_with_who_and_how(
    desk: Client, call: Message, front_desk: User, outcome: str
) -> None:
    desk.post(f"/desk/calls/{call.pk}/", {"outcome": outcome})

    call.refresh_from_db()
    assert (call.state, call.outcome, call.settled_by) == (State.SENT, outcome, front_desk)


def test_failed_mail_that_was_told_by_hand_leaves_the_list_of_failed_ones(
    desk: Client, call: Message, front_desk: User
) -> None:
    Message.objects.update(channel=Channel.EMAIL, state=State.FAILED, problem="550 No such mailbox")
    before = f"/desk/letters/{call.pk}/" in desk.get("/desk/letters/").content.decode()

    desk.post(f"/desk/letters/{call.pk}/by-hand/", {"outcome": "whatsapp"})

    call.refresh_from_db()
    after = f"/desk/letters/{call.pk}/" in desk.get("/desk/letters/").content.decode()
    assert (before, after) == (True, False)
    assert (call.state, call.settled_by) == (State.SENT, front_desk)


def test_mail_that_was_sent_again_leaves_the_list_of_failed_ones(desk: Client, call: Message) -> None:
    Message.objects.update(channel=Channel.EMAIL, state=State.FAILED, problem="550 No such mailbox")

    desk.post(f"/desk/letters/{call.pk}/again/", {"reason": "the address was wrong"})

    assert f"/desk/letters/{call.pk}/" not in desk.get("/desk/letters/").content.decode()


def test_nobody_rings_a_patient_who_stands_at_the_desk(call: Message, front_desk: User) -> None:
    assert call.visit is not None

    attendance.check_in(visit=call.visit, by=front_desk, now=START - dt.timedelta(minutes=15))

    assert not Message.objects.calls(START).exists()
    assert Message.objects.get(kind=MessageKind.REMINDER).state == State.VOID


def test_request_of_saturday_night_is_still_open_when_the_clinic_opens_on_monday() -> None:
    saturday = dt.datetime(2026, 3, 7, 22, tzinfo=dt.UTC)
    monday, lead = dt.datetime(2026, 3, 9, 8, tzinfo=dt.UTC), dt.timedelta(hours=2)
    thursday = dt.datetime(2026, 3, 12, 8, tzinfo=dt.UTC)

    limits = [request_until(start, lead, saturday, opens=monday) for start in (thursday, monday)]
    in_the_week = request_until(thursday, lead, saturday, opens=saturday + dt.timedelta(days=1))

    assert limits == [monday + ANSWERED_AFTER_OPENING, monday - lead]
    assert in_the_week == saturday + dt.timedelta(days=1)


def test_press_that_does_not_say_how_is_told_what_is_missing(desk: Client, call: Message) -> None:
    answer = desk.post(f"/desk/letters/{call.pk}/by-hand/", {}, follow=True)

    call.refresh_from_db()
    assert (answer.redirect_chain, call.state) == ([(f"/desk/letters/{call.pk}/", 302)], State.DUE)
    assert "Choose how the patient was told." in answer.content.decode()
