"""Wake the senders with PostgreSQL's NOTIFY, which is delivered after the commit."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, Func, Value
from django.db.models.functions import Least

WORD = "letters_due"


def at_once(now: dt.datetime) -> Any:
    """The due time of what should leave now. Senders go by PostgreSQL's clock, and the caller's may be ahead of it."""
    clock = Func(function="clock_timestamp", output_field=DateTimeField())
    return Least(Value(now, output_field=DateTimeField()), clock)


def wake_senders() -> None:
    """Notify the senders. Call it inside the transaction that writes the row: after a rollback nobody is woken."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {WORD}")


@contextmanager
def ears() -> "Iterator[psycopg.Connection[tuple[object, ...]]]":
    """A separate connection that listens, past a pooler where there is one: in transaction mode that hears nothing."""
    params = connection.get_connection_params()
    allowed = {name: value for name, value in params.items() if name not in ("cursor_factory", "context", "pool")}
    with psycopg.connect(**(allowed | settings.LISTENER_DATABASE), autocommit=True) as listening:
        listening.execute(f"LISTEN {WORD}")
        yield listening


def heard(listening: "psycopg.Connection[tuple[object, ...]]", *, seconds: float) -> bool:
    """Wait for a notification, at most `seconds`; return whether one came."""
    return any(True for _word in listening.notifies(timeout=seconds, stop_after=1))
