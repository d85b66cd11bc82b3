"""The tables of the last released code, with the data of its demo and of ten thousand visits, become today's.

`tests/fixtures/` holds that database as `pg_dump --inserts --rows-per-insert=500 --no-owner --no-privileges` wrote it,
without its lines for psql.
"""

import lzma
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from tests.template import owner_url

FIXTURE = Path(__file__).with_name("fixtures") / "landed_2026_11_29.sql.xz"
SCHEMA = {
    "columns": """
        SELECT table_name, column_name, data_type, udt_name, character_maximum_length, is_nullable, is_identity
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, contype, condeferrable, condeferred, confdeltype, conkey::text IS NULL
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, tgenabled, pg_get_triggerdef(t.oid), prosrc
        FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal""",
}

WITHOUT_DEFAULT = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'"""

NOTED = """
SET search_path TO public;
INSERT INTO bookings_sessionnote (booking_id, identifiers, pressure, materials, batch, observations, adverse_event,
    event_code, stop_sign, by_id, at, systolic_before, diastolic_before)
SELECT (SELECT min(id) FROM bookings_booking), '', '', '', '', '', '', '', '', (SELECT min(id) FROM people_user),
    '2026-03-02T05:00Z', 182, 96;
UPDATE bookings_sessionnote SET systolic_before = NULL, diastolic_before = NULL, at = '2026-03-02T05:05Z';
UPDATE bookings_sessionnote SET pulse_after = 80, at = '2026-03-02T06:00Z';
"""
"""A session whose reading before it was rubbed out afterwards, in the columns of that time."""


PLACES = {
    "bookings_occupancy": 1,
    "premises_equipment": 4,
    "premises_resource": 4,
    "therapies_stepcrew": -8,
    "therapies_stepcrewevent": 12,
    "therapies_stepevent": 8,
}
"""By table: places for those who are watched after a purification, one for each room in which one is given, and what is
booked there. Their steps have no attendant of their own any more."""


@pytest.fixture(scope="module")
def landed(django_db_setup: None) -> Iterator[dict[str, str]]:
    """The environment of a process that works on the old database."""
    name = f"landed_{os.getpid()}"
    with psycopg.connect(owner_url(), dbname="postgres", autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            with psycopg.connect(owner_url(), dbname=name) as old:
                old.execute(lzma.decompress(FIXTURE.read_bytes()))
                old.execute(NOTED)
            address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}")
            yield os.environ | {"DATABASE_URL": urlunsplit(address), "LANDED": name}
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_landed_database_becomes_todays_with_its_data(landed: dict[str, str], db: None) -> None:
    before, demanded = counts(landed), asked(landed, WITHOUT_DEFAULT)

    command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "--no-input"]
    ended = subprocess.run(command, env=landed, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, "")
    after = counts(landed)
    changed = {table: after.get(table, 0) - count for table, count in before.items() if after.get(table) != count}
    assert changed == PLACES
    assert before["bookings_visit"] > 10_000
    # The program of before writes rows on while the new one starts: it knows no new column.
    assert {row for row in asked(landed, WITHOUT_DEFAULT) - demanded if row[0] in before} == set()
    assert readings(landed) == [("before", 182, 96, None), ("since", None, None, 80)]
    with psycopg.connect(owner_url(), dbname=landed["LANDED"]) as old, connection.cursor() as new:
        for what, query in SCHEMA.items():
            new.execute(query)
            assert (what, set(old.execute(query).fetchall()) ^ set(new.fetchall())) == (what, set())


def asked(landed: dict[str, str], query: LiteralString) -> set[tuple[object, ...]]:
    with psycopg.connect(owner_url(), dbname=landed["LANDED"]) as old:
        return set(old.execute(query).fetchall())


def readings(landed: dict[str, str]) -> list[tuple[object, ...]]:
    """What became of the readings in the notes, the one that was rubbed out too."""
    with psycopg.connect(owner_url(), dbname=landed["LANDED"]) as old:
        query = 'SELECT "when", systolic, diastolic, pulse FROM bookings_measurement ORDER BY at'
        return old.execute(query).fetchall()


def counts(landed: dict[str, str]) -> dict[str, int]:
    """How many rows each table of ours has; what Django keeps about itself may grow."""
    with psycopg.connect(owner_url(), dbname=landed["LANDED"]) as old:
        names = old.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        tables = {name for (name,) in names} - {"django_migrations", "django_content_type", "auth_permission"}
        query = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(table), sql.Identifier(table))
            for table in sorted(tables)
        )
        return dict(old.execute(query).fetchall())
