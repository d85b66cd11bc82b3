"""No migration stops a clinic at work, and the program of before works on the new tables."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.models import Index

from clinic.one_step import OneStep
from clinic.schema_changes import lock_limit, try_again
from tests.migration_rules import LANDED, faults, tables_made
from tests.owner import as_owner
from tests.template import owner_url

WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE NOT granted AND datname = current_database()"""
"""Who waits for a table."""
ADD = 'ALTER TABLE "bookings_message" ADD '


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ('CREATE INDEX "x" ON "bookings_message" ("due_at")', "builds an index while writers wait"),
        ('CREATE UNIQUE INDEX "x" ON "bookings_visit" ("ics_uid")', "builds an index while writers wait"),
        ('ALTER TABLE "bookings_booking" ALTER COLUMN "paper" SET NOT NULL', "reads every row"),
        ('ALTER TABLE "bookings_booking" ALTER COLUMN "reason" TYPE text USING "reason"::text', "may write the whole"),
        (ADD + 'CONSTRAINT "c" CHECK ("attempts" < 99)', "reads every row"),
        (ADD + 'CONSTRAINT "c" FOREIGN KEY ("visit_id") REFERENCES "bookings_visit" ("id")', "reads every row"),
        (ADD + 'CONSTRAINT "c" UNIQUE ("key")', "builds an index while nobody"),
        (ADD + 'COLUMN "u" uuid DEFAULT gen_random_uuid() NOT NULL', "writes the whole table anew"),
        (ADD + 'COLUMN "n" integer GENERATED ALWAYS AS (1) STORED', "writes the whole table anew"),
        ('UPDATE "bookings_visit" SET "extended" = false', "touches all rows"),
        ('ALTER TABLE "premises_clinic" DROP COLUMN "phone" CASCADE', "drops a column"),
        ('ALTER TABLE "premises_clinic" RENAME COLUMN "phone" TO "telephone"', "renames"),
        ('ALTER TABLE "premises_room" RENAME TO "premises_place"', "renames"),
        ('DROP TABLE "premises_room" CASCADE', "drops a table"),
        ('ALTER TABLE "premises_clinic" ALTER COLUMN "rows" DROP DEFAULT', "give it a db_default"),
    ],
)
def test_migration_that_would_stop_a_clinic_is_seen(statement: str, fault: str) -> None:
    (found,) = faults([statement], atomic=True)

    assert fault in found


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX CONCURRENTLY "x" ON "bookings_message" ("due_at")',
        'DROP INDEX CONCURRENTLY IF EXISTS "x"',
        'CREATE INDEX "x" ON "premises_room" ("name")',
        ADD + 'CONSTRAINT "c" CHECK ("attempts" < 99) NOT VALID',
        ADD + 'COLUMN "later_taken" integer DEFAULT 0 NOT NULL',
        ADD + 'COLUMN "at" timestamp with time zone NULL',
        'CREATE TABLE "bookings_new" ("id" bigint NOT NULL PRIMARY KEY)',
        'CREATE INDEX "x" ON "bookings_new" ("name")',
    ],
)
def test_migration_that_stops_nobody_passes(statement: str) -> None:
    assert faults([statement], atomic=True, new=frozenset({"bookings_new"})) == []


def test_constraint_is_not_validated_in_the_transaction_that_adds_it() -> None:
    both = [ADD + 'CONSTRAINT "c" CHECK (true) NOT VALID', 'ALTER TABLE "bookings_message" VALIDATE CONSTRAINT "c"']

    assert len(faults(both, atomic=True)) == 1
    assert faults(both, atomic=False) == []


@pytest.mark.django_db(transaction=True)  # indexes are built outside of one
def test_no_migration_since_the_landed_state_stops_a_clinic() -> None:
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    landed = {key for leaf in LANDED for key in graph.forwards_plan(leaf)}
    plan = executor.migration_plan(graph.leaf_nodes(), clean_start=True)
    state = executor.loader.project_state([*LANDED])
    new: frozenset[str] = frozenset()
    found = {}
    for migration, _backwards in plan:
        if (migration.app_label, migration.name) in landed or migration.app_label not in {app for app, _ in LANDED}:
            continue
        with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
            state = migration.apply(state, editor, collect_sql=True)
        new |= tables_made(editor.collected_sql)
        found[migration.name] = faults(editor.collected_sql, atomic=migration.atomic, new=new)
        if any(type(operation) is AddIndexConcurrently for operation in each(migration.operations)):
            found[migration.name].append("an interrupted AddIndexConcurrently cannot be repeated: use BuildIndex")

    assert {name: rows for name, rows in found.items() if rows} == {}
    assert "0025_rows_by_day" in found


def each(operations: Sequence[Operation]) -> Iterator[Operation]:
    """Those inside a step too."""
    for operation in operations:
        yield from each(operation.operations) if isinstance(operation, OneStep) else [operation]


def test_operations_of_a_step_are_looked_at_too() -> None:
    index = AddIndexConcurrently("room", Index(fields=["name"], name="x"))

    assert list(each([OneStep([index])])) == [index]


@contextmanager
def held(table: str) -> Iterator[psycopg.Connection[Any]]:
    """Somebody at work on the table, until the block ends or they roll back."""
    with psycopg.connect(owner_url(), dbname=connection.settings_dict["NAME"]) as there:
        there.execute(f"LOCK TABLE {table} IN ACCESS SHARE MODE")
        yield there


def lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])


def alter() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE premises_absence ALTER COLUMN reason SET NOT NULL")


@pytest.mark.django_db(transaction=True)
def test_change_of_a_table_in_use_steps_back_and_comes_again() -> None:
    said: list[str] = []

    def tell_and_finish(words: str) -> None:
        said.append(words)
        if len(said) == 2:
            at_work.rollback()

    with as_owner(), lock_limit(0.1), held("premises_absence") as at_work:
        try_again(alter, say=tell_and_finish, pauses=[0.1, 0.2, 0.3])

    assert said == ["A table is in use. Trying again in 0.1 s.", "A table is in use. Trying again in 0.2 s."]


@pytest.mark.django_db(transaction=True)
def test_change_that_never_gets_its_table_fails_soon_and_keeps_nobody_waiting() -> None:
    before, said = lock_timeout(), list[str]()
    with as_owner(), lock_limit(0.1), held("premises_absence") as at_work:
        with pytest.raises(OperationalError, match="lock timeout"):
            try_again(alter, say=said.append, pauses=[0.1])
        waiting = at_work.execute(WAITING).fetchone()

    assert (said, waiting) == (["A table is in use. Trying again in 0.1 s."], (0,))
    assert lock_timeout() == before
