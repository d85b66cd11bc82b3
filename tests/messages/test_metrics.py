"""Numbers for Prometheus, and who may read them."""

import datetime as dt

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from bookings.messages.outbox.heartbeat import beat
from bookings.messages.outbox.metrics import exposition
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Message, MessageKind, State, Visit


def test_numbers_tell_what_was_sent_what_waits_and_when_somebody_looked(visit: Visit, now: dt.datetime) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    later = now + dt.timedelta(minutes=10)
    Message.objects.filter(kind=MessageKind.CONFIRMED).update(state=State.SENT, sent_at=later)
    Message.objects.create(key="x", kind=MessageKind.ACCOUNT, due_at=now, made_at=now)
    beat(name="tick", now=now + dt.timedelta(minutes=9))

    families = text_string_to_metric_families(exposition(now=later).decode())
    samples = [sample for family in families for sample in family.samples]

    assert {(sample.name, *sorted(sample.labels.values())): sample.value for sample in samples} == {
        ("letters_last_day", "confirmed", "email", "sent"): 1,
        ("letters_last_day", "account", "due", "email"): 1,
        ("letters_oldest_due_seconds",): 600,
        ("letters_last_look_seconds",): 60,
    }


@pytest.mark.parametrize(
    ("token", "shown", "status"),
    [("secret", "Bearer secret", 200), ("secret", "Bearer wrong", 404), ("secret", "", 404), ("", "Bearer ", 404)],
)
def test_numbers_are_for_whoever_shows_the_token(
    client: Client, db: None, settings: Settings, token: str, shown: str, status: int
) -> None:
    settings.METRICS_TOKEN = token

    assert client.get("/letters/metrics/", headers={"Authorization": shown}).status_code == status
