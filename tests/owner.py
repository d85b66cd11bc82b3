"""What only the owner of the database may do. Tests otherwise act as the role that the program serves as."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus


@contextmanager
def as_owner() -> Iterator[CursorWrapper]:
    """The connection of the test as the owner, in the middle of its transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        try:
            yield cursor
        finally:
            if connection.connection.info.transaction_status != TransactionStatus.INERROR:
                cursor.execute("RESET ROLE")  # a failed transaction takes it back by itself
