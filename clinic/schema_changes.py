"""Changes of a large table beside a clinic at work: none of them keeps readers or writers waiting.

They run outside a transaction (`atomic = False` in the migration), so each can be repeated after it was interrupted.
CONTRIBUTING.md says which change is made by which operation.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import OperationalError, connection, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState
from django.db.models import Index
from psycopg.errors import LockNotAvailable

LOCK_SECONDS = 2.0
"""How long a change waits for a table: whoever comes after it waits as long."""
PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 30.0, 30.0)


class BuildIndex(AddIndexConcurrently):
    """Django's. What an interrupted try left half made goes first."""

    index: Index

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        with _patience(schema_editor):
            if self.index.name in _half_made(schema_editor):
                schema_editor.execute(f"DROP INDEX CONCURRENTLY {schema_editor.quote_name(self.index.name)}")
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class DropIndex(migrations.RunSQL):
    """An index that the models do not know by name, such as the one of a foreign key; `columns` makes it anew."""

    def __init__(self, name: str, *, table: str, columns: str) -> None:
        self.name, self.table, self.columns = name, table, columns
        super().__init__(
            f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"',
            f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{name}" ON "{table}" ({columns})',
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return self.__class__.__qualname__, [self.name], {"table": self.table, "columns": self.columns}


@contextmanager
def lock_limit(seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """No statement of this connection waits longer for a table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds * 1000:.0f}ms"])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def try_again(act: Callable[[], object], *, say: Callable[[str], object], pauses: Iterable[float] = PAUSES) -> None:
    """Do it, and again after each pause where a table was in use; what was committed before is not done twice."""
    for pause in pauses:
        try:
            act()
        except OperationalError as refused:
            if not isinstance(refused.__cause__, LockNotAvailable):
                raise
        else:
            return
        say(f"A table is in use. Trying again in {pause:g} s.")
        time.sleep(pause)
    act()


@contextmanager
def _patience(schema_editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    """An index that is built beside the work waits for transactions to end, and keeps nobody waiting meanwhile."""
    schema_editor.execute("SELECT set_config('clinic.lock_timeout', current_setting('lock_timeout'), false)")
    schema_editor.execute("SET lock_timeout = 0")
    try:
        yield
    finally:
        schema_editor.execute("SELECT set_config('lock_timeout', current_setting('clinic.lock_timeout'), false)")


def _half_made(schema_editor: BaseDatabaseSchemaEditor) -> set[str]:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE NOT indisvalid")
        return {name for (name,) in cursor.fetchall()}
