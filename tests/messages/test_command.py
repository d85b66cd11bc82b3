"""`manage.py send_due`, and the task by which Celery comes in."""

import datetime as dt
import io

import pytest
from django.core.management import call_command

from bookings.messages.account_messages import write_account_message
from bookings.messages.outbox.heartbeat import pulse
from bookings.models import Heartbeat
from bookings.tasks import send_due_letters

pytestmark = pytest.mark.django_db


def write_code(*, ahead: dt.timedelta = dt.timedelta()) -> None:
    now = dt.datetime.now(dt.UTC) + ahead
    write_account_message(email="a@example.org", template="login_code", context={"code": "1"}, language="en", now=now)


def test_command_sends_what_is_due_and_says_how_much(mailoutbox: list[object]) -> None:
    write_code()
    said = io.StringIO()

    call_command("send_due", stdout=said)

    assert (len(mailoutbox), said.getvalue()) == (1, "sent 1, failed 0\n")


def test_code_of_a_web_process_whose_clock_is_ahead_leaves_at_once(mailoutbox: list[object]) -> None:
    """Senders go by PostgreSQL's clock: by its own the code would be due 90 seconds later."""
    write_code(ahead=dt.timedelta(seconds=90))

    call_command("send_due", stdout=io.StringIO())

    assert len(mailoutbox) == 1


def test_run_by_hand_is_not_missed_when_it_stays_away() -> None:
    call_command("send_due", stdout=io.StringIO())

    assert pulse(now=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).silent == ()


def test_task_sends_what_is_due_and_leaves_a_heartbeat(mailoutbox: list[object]) -> None:
    write_code()

    send_due_letters()

    assert len(mailoutbox) == 1
    assert [beat.name for beat in Heartbeat.objects.all()] == ["tick"]


def test_task_takes_nothing_and_acknowledges_early() -> None:
    assert send_due_letters.acks_late is False
    assert send_due_letters.ignore_result is True
