"""Wake the senders with PostgreSQL's NOTIFY, which is delivered after the commit."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

WORD = "letters_due"


def wake_senders() -> None:
    """Notify the senders. Call it inside the transaction that writes the row: after a rollback nobody is woken."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {WORD}")


@contextmanager
def ears() -> "Iterator[psycopg.Connection[tuple[object, ...]]]":
    """A separate connection that listens; a pooler in transaction mode would lose notifications."""
    params = connection.get_connection_params()
    allowed = {name: value for name, value in params.items() if name not in ("cursor_factory", "context", "pool")}
    with psycopg.connect(**allowed, autocommit=True) as listening:
        listening.execute(f"LISTEN {WORD}")
        yield listening


def heard(listening: "psycopg.Connection[tuple[object, ...]]", *, seconds: float) -> bool:
    """Wait for a notification, at most `seconds`; return whether one came."""
    return any(True for _word in listening.notifies(timeout=seconds, stop_after=1))
