"""Limits against guessing: what passes in a row and what passes at once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model, QuerySet

from clinic.people import attempts
from clinic.people.attempts import Limit
from clinic.people.expiry import sweep
from clinic.people.models import Attempts
from tests.eventually import PATIENCE

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


def write_when_all_have_read(monkeypatch: pytest.MonkeyPatch, model: type[Model], number: int) -> None:
    """The guard off, for a control that leaves nothing to chance: rows are read and not locked, and each of so many
    waits with its write until all have read."""
    save, met = model.save, Barrier(number)

    def wait_and_save(row: Model, **options: Any) -> None:
        met.wait(PATIENCE)
        save(row, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
    monkeypatch.setattr(model, "save", wait_and_save)


@pytest.mark.django_db(transaction=True)
def test_burst_passes_as_often_as_the_limit_says(now: dt.datetime) -> None:
    passed = at_once(lambda: attempts.take(key="a", limit=FIVE, now=now), 40)

    assert passed.count(True) == 5


@pytest.mark.django_db(transaction=True)
def test_burst_passes_the_limit_when_the_row_is_not_locked(now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: read, then write, as a cache does."""
    taken("a", now, 1)
    write_when_all_have_read(monkeypatch, Attempts, 6)

    passed = at_once(lambda: attempts.take(key="a", limit=FIVE, now=now), 6)

    assert passed == [True] * 6
