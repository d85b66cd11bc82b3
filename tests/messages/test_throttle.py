"""At most so many letters a minute to one mail domain."""

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from bookings.messages.account_messages import write_account_message
from bookings.messages.outbox.delivery import Tally
from bookings.models import Message, State
from clinic import env as given
from clinic.premises.models import Clinic
from tests.factories import make_consultation
from tests.messages.sink import Sink
from tests.storms.outbox_house import fill

Send = Callable[..., Tally]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _three_a_minute(settings: Settings) -> None:
    settings.LETTERS_PER_MINUTE_AND_DOMAIN = 3


def ten_letters(clinic: Clinic, now: dt.datetime) -> None:
    """Eight to one domain, two to another."""
    addresses = [f"p{number}@Large.example" for number in range(8)] + [
        f"q{number}@small.example" for number in range(2)
    ]
    fill(clinic, make_consultation(), addresses, now=now)


def taken_by(sink: Sink) -> Counter[str]:
    return Counter(taken.to.split("@")[1].lower() for taken in sink.taken)


def test_letters_beyond_the_limit_wait_for_the_next_minute(
    clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    ten_letters(clinic, now)

    counts = []
    for minute in range(3):
        send(now + minute * MINUTE)
        counts.append(taken_by(sink)["large.example"])

    assert counts == [3, 6, 8]


def test_other_domains_do_not_wait(clinic: Clinic, sink: Sink, send: Send, now: dt.datetime) -> None:
    ten_letters(clinic, now)

    send(now)

    assert taken_by(sink) == {"large.example": 3, "small.example": 2}


def test_next_sender_in_the_same_minute_finds_it_used_up(
    clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    ten_letters(clinic, now)
    send(now, rows=1)
    fill(clinic, make_consultation("other"), ["late@large.example"], now=now)

    send(now + MINUTE / 2)

    assert taken_by(sink)["large.example"] == 3


def test_waiting_costs_no_try_and_keeps_the_due_time(clinic: Clinic, sink: Sink, send: Send, now: dt.datetime) -> None:
    ten_letters(clinic, now)

    send(now)

    waiting = Message.objects.filter(state=State.DUE)
    assert set(waiting.values_list("attempts", "due_at", "leased_until")) == {(0, now, now + MINUTE)}
    assert waiting.count() == 5


def test_sign_in_code_never_waits(clinic: Clinic, sink: Sink, send: Send, now: dt.datetime) -> None:
    ten_letters(clinic, now)
    send(now)
    write_account_message(
        email="code@large.example", template="login_code", context={"code": "1"}, language="en", now=now
    )

    send(now + MINUTE / 2)

    assert sink.taken[-1].to == "code@large.example"


def test_no_limit_sends_all_at_once(
    clinic: Clinic, settings: Settings, sink: Sink, send: Send, now: dt.datetime
) -> None:
    settings.LETTERS_PER_MINUTE_AND_DOMAIN = 0
    ten_letters(clinic, now)

    send(now)

    assert len(sink.taken) == 10


@pytest.mark.parametrize("value", ["-1", "many", "1.5", "²"])
def test_limit_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LETTERS_PER_MINUTE_AND_DOMAIN", value)

    with pytest.raises(ImproperlyConfigured, match="must be a whole number"):
        given.count("LETTERS_PER_MINUTE_AND_DOMAIN", 600)
