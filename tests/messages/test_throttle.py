"""At most so many letters a minute to one mail domain."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from bookings.messages.account_messages import write_account_message
from bookings.messages.outbox.delivery import Tally, send_due
from bookings.messages.outbox.heartbeat import pulse
from bookings.models import Message, State
from clinic import env as given
from clinic.premises.models import Clinic
from tests.factories import make_consultation
from tests.messages.sink import Sink
from tests.storms.outbox_house import fill

Send = Callable[..., Tally]
MINUTE = dt.timedelta(minutes=1)
MOMENT = dt.timedelta(milliseconds=1)


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


def test_waiting_costs_no_try_and_plans_the_turn_of_each(
    clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    ten_letters(clinic, now)

    send(now)

    waiting = Message.objects.filter(state=State.DUE).values_list("attempts", "due_at", "leased_until")
    assert Counter(waiting) == {(0, now + MINUTE, None): 3, (0, now + 2 * MINUTE, None): 2}


def test_letter_that_waits_for_its_turn_is_not_touched_again(
    clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    """Else each minute would take up all that wait, only to put them back: 15,000 rows for 600 letters."""
    ten_letters(clinic, now)
    send(now)

    assert send(now + MINUTE / 2).ended == {}
    assert send(now + MINUTE).count("sent") == 3
    assert send(now + MINUTE * 3 / 2).ended == {}


def test_letter_that_comes_later_has_its_turn_after_those_that_wait(
    clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    ten_letters(clinic, now)
    send(now)
    fill(clinic, make_consultation("other"), [f"late{n}@large.example" for n in range(2)], now=now)
    send(now + MINUTE / 2)

    turns = Message.objects.filter(state=State.DUE, recipient__startswith="late").values_list("due_at", flat=True)

    assert sorted(turns) == [now + 2 * MINUTE, now + 3 * MINUTE]


def test_health_stays_well_while_many_letters_leave_on_plan(
    clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    """At three a minute eight letters need three minutes; a hundred would need half an hour, and are not late."""
    fill(clinic, make_consultation(), [f"p{number}@large.example" for number in range(100)], now=now)
    send(now)

    for minute in range(1, 21):
        send(now + minute * MINUTE)

    assert Message.objects.filter(state=State.SENT).count() == 63
    assert pulse(now=now + 20 * MINUTE).well


def test_sign_in_code_never_waits(clinic: Clinic, sink: Sink, send: Send, now: dt.datetime) -> None:
    ten_letters(clinic, now)
    send(now)
    write_account_message(
        email="code@large.example", template="login_code", context={"code": "1"}, language="en", now=now
    )

    send(now + MINUTE / 2)

    assert sink.taken[-1].to == "code@large.example"


def test_sign_in_code_goes_before_the_rest_of_a_batch(clinic: Clinic, sink: Sink, now: dt.datetime) -> None:
    """Asked for while the first of five letters is on its way."""
    fill(clinic, make_consultation(), [f"p{number}@p{number}.example" for number in range(5)], now=now)
    write_account_message(
        email="code@large.example", template="login_code", context={"code": "1"}, language="en", now=now + MOMENT
    )
    begun = time.monotonic()

    send_due(clock=lambda: now + dt.timedelta(seconds=time.monotonic() - begun), sender="test")

    assert [taken.to for taken in sink.taken].index("code@large.example") <= 1  # 0 where the machine was slow to begin
    assert len(sink.taken) == 6


def test_run_that_leaves_rows_says_so(clinic: Clinic, sink: Sink, send: Send, now: dt.datetime) -> None:
    """The loop then goes on at once, and does not rest for half a minute."""
    ten_letters(clinic, now)

    assert send(now, run_seconds=0.0).is_unfinished
    assert not send(now).is_unfinished


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
