"""The cache table: reading a value runs no code, whoever wrote it; otherwise it behaves as Django's own."""

import base64
import datetime as dt
import pickle
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils import timezone

from clinic.json_cache import JsonDatabaseCache

ran: list[str] = []


def run() -> None:
    ran.append("ran")


class Payload:
    """An object whose unpickling runs code."""

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return run, ()


def write(key: str, value: str) -> None:
    """Put a text into the table, as somebody who can write to the database would."""
    with connection.cursor() as cursor:
        row = [cache.make_key(key), value, timezone.now() + dt.timedelta(hours=1)]
        cursor.execute("INSERT INTO cache (cache_key, value, expires) VALUES (%s, %s, %s)", row)


@pytest.mark.django_db
def test_pickle_written_into_the_table_runs_nothing() -> None:
    ran.clear()
    write("limit", base64.b64encode(pickle.dumps(Payload())).decode())
    assert cache.get("limit", "nothing") == "nothing"
    assert ran == []
    DatabaseCache("cache", {}).get("limit")  # the control: Django's own backend runs it
    assert ran == ["ran"]


def test_every_cache_that_others_can_write_to_is_read_as_json() -> None:
    """The memory of a process is written by itself alone."""
    own_memory = "django.core.cache.backends.locmem.LocMemCache"
    backends = {entry["BACKEND"] for entry in settings.CACHES.values()}
    assert backends - {own_memory} == {"clinic.json_cache.JsonDatabaseCache"}


@pytest.mark.django_db
def test_value_that_is_no_json_is_refused_when_written() -> None:
    for value in (timezone.now(), {1, 2}, Payload(), float("nan")):
        with pytest.raises((TypeError, ValueError)):
            cache.set("limit", value)
    assert cache.get("limit") is None


@pytest.mark.django_db
def test_entry_is_set_added_touched_counted_and_deleted() -> None:
    history = [1_790_000_000.25, 1_790_000_001.5]
    cache.set("history", history, 60)
    assert cache.get("history") == history
    assert cache.add("history", "other", 60) is False
    assert cache.get_many(["history", "missing"]) == {"history": history}
    assert cache.touch("history", 120) is True
    assert cache.touch("missing") is False
    cache.set("times", 1, None)
    assert cache.incr("times") == 2
    assert cache.delete("history") is True
    assert cache.get("history", "gone") == "gone"


@pytest.mark.django_db
def test_expired_entry_is_missing_and_can_be_added_again() -> None:
    cache.set("lock", "first", -1)
    assert cache.get("lock") is None
    assert cache.touch("lock") is False
    assert cache.add("lock", "second", 60) is True
    assert cache.get("lock") == "second"


@pytest.mark.django_db
def test_full_cache_drops_expired_entries_first() -> None:
    small = JsonDatabaseCache("cache", {"OPTIONS": {"MAX_ENTRIES": 3}})
    for number in range(4):
        small.set(f"old{number}", number, -1)
    small.set("new", "value", 60)
    assert small.get("new") == "value"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_full_cache_drops_what_expires_first() -> None:
    small = JsonDatabaseCache("cache", {"OPTIONS": {"MAX_ENTRIES": 3, "CULL_FREQUENCY": 2}})
    for number in range(5):
        small.set(f"entry{number}", number, 60 + number)
    assert small.get_many([f"entry{number}" for number in range(5)]) == {"entry2": 2, "entry3": 3, "entry4": 4}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_both_add_the_same_entry() -> None:
    barrier = Barrier(4)

    def add(number: int) -> bool:
        barrier.wait()
        try:
            return cache.add("lock", number, 60)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for _round in range(5):
            assert sorted(pool.map(add, range(4))) == [False, False, False, True]
            cache.delete("lock")
