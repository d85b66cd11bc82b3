"""Wakes the senders: PostgreSQL tells whoever listens, and only after the commit."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

WORD = "letters_due"


def wake_senders() -> None:
    """Call inside the transaction that writes the row: a rolled back one wakes nobody."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {WORD}")


@contextmanager
def ears() -> "Iterator[psycopg.Connection[tuple[object, ...]]]":
    """A connection of its own that hears the word; a pooler in transaction mode would swallow it."""
    params = connection.get_connection_params()
    allowed = {name: value for name, value in params.items() if name not in ("cursor_factory", "context", "pool")}
    with psycopg.connect(**allowed, autocommit=True) as listening:
        listening.execute(f"LISTEN {WORD}")
        yield listening


def heard(listening: "psycopg.Connection[tuple[object, ...]]", *, seconds: float) -> bool:
    """Waits for the word, at most that long."""
    return any(True for _word in listening.notifies(timeout=seconds, stop_after=1))
