"""Rows that come or go without the triggers: for what puts a whole known state into the tables, or takes it out."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.utils import CursorWrapper

from tests.owner import as_owner


@contextmanager
def triggers_off() -> Iterator[CursorWrapper]:
    """In a transaction of its own: no history is written, nothing is refused, and no foreign key is looked up.

    Asking them about each row takes longer than all the rest. It needs an owner who is a superuser, as in the tests.
    """
    with transaction.atomic(), as_owner() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")
