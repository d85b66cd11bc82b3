"""The switch that stops all sending, and what is held after a restore until a person releases it."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from bookings.messages.outbox.delivery import Tally
from bookings.messages.outbox.heartbeat import pulse
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Message, Sending, State, Visit
from clinic.people.models import User
from tests.messages.sink import Sink

Send = Callable[..., Tally]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def due(visit: Visit, now: dt.datetime) -> Message:
    """A confirmation whose time has come."""
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    Message.objects.exclude(kind="confirmed").delete()
    return Message.objects.get()


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_nothing_leaves_while_sending_is_stopped_and_all_of_it_afterwards(
    due: Message, client: Client, manager: User, sink: Sink, send: Send, now: dt.datetime
) -> None:
    client.force_login(manager)
    with time_machine.travel(now, tick=False):
        client.post("/desk/sending/stop/", {"reason": "Wrong text in a message"})
        send(now + 5 * MINUTE)
        stopped, page = (len(sink.taken), states()), client.get("/desk/").content.decode()
        client.post("/desk/sending/resume/")
    send(now + 6 * MINUTE)

    assert stopped == (0, ["due"])
    assert "Sending is stopped" in page
    assert (len(sink.taken), states()) == (1, ["sent"])


def test_control_without_the_switch_it_would_have_left(due: Message, sink: Sink, send: Send, now: dt.datetime) -> None:
    send(now + 5 * MINUTE)

    assert len(sink.taken) == 1


def test_after_a_restore_what_was_due_before_is_held_until_a_person_releases_it(
    due: Message, visit: Visit, client: Client, manager: User, sink: Sink, send: Send, now: dt.datetime
) -> None:
    call_command("hold_messages", verbosity=0)
    Sending.objects.update(held_before=now + 10 * MINUTE)  # the clock of the test is not the database's
    client.force_login(manager)
    later = Message.objects.create(
        key="later",
        kind="confirmed",
        clinic=visit.clinic,
        visit=visit,
        sequence=0,
        due_at=now + 11 * MINUTE,
        made_at=now,
    )
    with time_machine.travel(now + 11 * MINUTE, tick=False):
        send(now + 12 * MINUTE)
        nothing = len(sink.taken)
        client.post("/desk/sending/resume/")
        send(now + 13 * MINUTE)
        after_resuming = states()
        shown = client.get("/desk/sending/").context["rows"]
        client.post("/desk/sending/held/", {"message": [due.pk], "outcome": "send"})
        send(now + 14 * MINUTE)

    assert (nothing, after_resuming) == (0, ["due", "sent"])
    assert ([row.pk for row in shown], later.pk != due.pk) == ([due.pk], True)
    assert states() == ["sent", "sent"]


def test_held_message_that_is_not_wanted_is_never_sent(
    due: Message, client: Client, manager: User, sink: Sink, send: Send, now: dt.datetime
) -> None:
    Sending.objects.create(pk=1, held_before=now + 10 * MINUTE)
    client.force_login(manager)

    client.post("/desk/sending/held/", {"message": [due.pk], "outcome": "discard"})
    send(now + 20 * MINUTE)

    assert (states(), len(sink.taken)) == ([State.VOID], 0)
    assert Message.objects.get().settled_by == manager


def test_health_says_that_sending_is_stopped_and_that_messages_are_held(due: Message, now: dt.datetime) -> None:
    Sending.objects.create(pk=1, stopped_at=now, reason="x", held_before=now + 10 * MINUTE)

    health = pulse(now=now + 60 * MINUTE)

    assert (health.is_stopped, health.is_holding, health.late, health.well) == (True, True, False, False)


def test_every_change_of_the_switch_is_recorded(client: Client, manager: User, db: None) -> None:
    client.force_login(manager)
    client.post("/desk/sending/stop/", {"reason": "Wrong text"})
    client.post("/desk/sending/resume/")

    assert [event.reason for event in Sending.objects.get().events.order_by("pgh_id")] == ["Wrong text", ""]


@pytest.mark.parametrize("role", ["front_desk", "vaidya_user"])
def test_only_a_manager_stops_sending(client: Client, request: pytest.FixtureRequest, role: str) -> None:
    client.force_login(request.getfixturevalue(role))

    assert client.post("/desk/sending/stop/", {"reason": "x"}).status_code == 403
    assert Sending.objects.count() == 0
