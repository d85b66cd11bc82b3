"""Limits against guessing: what passes in a row and what passes at once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection

from clinic.people import attempts
from clinic.people.attempts import Limit
from clinic.people.expiry import sweep
from clinic.people.models import Attempts

FIVE = Limit(5, dt.timedelta(minutes=5))
MINUTE = dt.timedelta(minutes=1)


def taken(key: str, now: dt.datetime, times: int) -> list[bool]:
    return [attempts.take(key=key, limit=FIVE, now=now) for _time in range(times)]


def test_attempts_pass_until_the_limit_and_again_after_the_span(db: None, now: dt.datetime) -> None:
    assert taken("a", now, 6) == [True] * 5 + [False]
    assert taken("b", now, 1) == [True]
    assert taken("a", now + 4 * MINUTE, 1) == [False]
    assert taken("a", now + 5 * MINUTE, 6) == [True] * 5 + [False]


def test_attempt_that_was_right_does_not_count(db: None, now: dt.datetime) -> None:
    for _time in range(20):
        assert taken("a", now, 1) == [True]
        attempts.give_back(key="a")

    attempts.give_back(key="a")
    assert taken("a", now, 6) == [True] * 5 + [False]


def test_counts_are_swept_when_they_mean_nothing(db: None, now: dt.datetime) -> None:
    taken("a", now, 1)

    sweep(now=now + 6 * MINUTE)

    assert Attempts.objects.count() == 0


def at_once(call: Any, times: int) -> list[Any]:
    def one(_number: int) -> Any:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.django_db(transaction=True)
def test_burst_passes_as_often_as_the_limit_says(now: dt.datetime) -> None:
    passed = at_once(lambda: attempts.take(key="a", limit=FIVE, now=now), 40)

    assert passed.count(True) == 5


@pytest.mark.django_db(transaction=True)
def test_burst_passes_the_limit_when_the_row_is_not_locked(now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: read, then write, as a cache does."""
    unlocked = Attempts.objects.get_queryset().__class__
    monkeypatch.setattr(unlocked, "select_for_update", lambda rows: rows)

    rounds = (at_once(partial(attempts.take, key=f"a{number}", limit=FIVE, now=now), 40) for number in range(20))

    assert any(passed.count(True) > 5 for passed in rounds)
