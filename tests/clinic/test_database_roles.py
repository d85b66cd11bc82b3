"""The role that serves cannot rewrite a log; the one that erases can; the owner migrates."""

import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.db.models import ProtectedError

from clinic.append_only import REDACTION_ROLE, append_only_models, sealed_models
from clinic.database_roles import grant_serving_role, powers
from clinic.deploy_checks import serves_without_power
from clinic.people.expiry import delete_account
from clinic.people.models import Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.owner import as_owner

ACTS = [
    "UPDATE {} SET {} = NULL",
    "DELETE FROM {}",
    "TRUNCATE {} CASCADE",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
    "ALTER TABLE {} DROP COLUMN {}",
    "CREATE RULE lost AS ON INSERT TO {} DO INSTEAD NOTHING",
    "DROP TABLE {} CASCADE",
]
WAYS = [
    "SET session_replication_role = replica",
    "SET ROLE postgres",
    f"SET ROLE {REDACTION_ROLE}",
    "SET SESSION AUTHORIZATION postgres",
    "CREATE TABLE own (id int)",
    "COPY people_read TO PROGRAM 'cat'",
    "DELETE FROM django_migrations",
    "UPDATE pghistory_context SET id = gen_random_uuid()",
    "DELETE FROM pghistory_context",
    f"GRANT {REDACTION_ROLE} TO clinic_serving",
]


@pytest.fixture
def serving(db: None) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """Signed in as the program is when it serves."""
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]) as there:
        yield there


def allowed(there: "psycopg.Connection[tuple[object, ...]]", statement: str) -> bool:
    """Whether the role has the right; everything is taken back."""
    try:
        with there.transaction(force_rollback=True):
            there.execute(statement)  # type: ignore[arg-type]
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def test_serving_role_rewrites_no_log_and_switches_no_trigger_off(
    serving: "psycopg.Connection[tuple[object, ...]]",
) -> None:
    tables = {model._meta.db_table: model._meta.concrete_fields[-1].column for model in append_only_models()}
    acts = [act.format(table, column) for table, column in tables.items() for act in ACTS]

    assert len(tables) > 30
    assert [act for act in [*acts, *WAYS] if allowed(serving, act)] == []


def test_serving_role_does_its_work(serving: "psycopg.Connection[tuple[object, ...]]") -> None:
    tables = [model._meta.db_table for model in append_only_models()]
    reads = [f"SELECT 1 FROM {table}" for table in tables]
    rights = serving.execute(
        "SELECT bool_and(has_table_privilege(name, 'INSERT')) FROM unnest(%s::text[]) name", [tables]
    )

    assert [
        act for act in [*reads, "DELETE FROM cache", "UPDATE people_user SET name = name"] if not allowed(serving, act)
    ] == []
    assert rights.fetchone() == (True,)


def test_a_right_that_was_given_by_hand_is_seen_and_taken_back(db: None) -> None:
    rights = (
        "SELECT has_table_privilege(%s, 'people_read', 'DELETE'), count(*) FROM information_schema.role_table_grants"
    )
    seen = []
    with as_owner() as cursor:
        for statement in ["SELECT 1", f"GRANT DELETE ON people_read TO {settings.SERVING_ROLE}", None, None]:
            cursor.execute(statement) if statement else grant_serving_role()
            cursor.execute(rights, [settings.SERVING_ROLE])
            seen.append(cursor.fetchone())

    before, by_hand, after, again = seen
    assert (before[0], by_hand[0], before == after == again) == (False, True, True)


def test_redaction_role_erases_what_nobody_else_can(clinic: Clinic, front_desk: User) -> None:
    Read.objects.create(at=factories.NOW, user=front_desk, door="desk:day", clinic=clinic, patients=[1])

    with as_owner() as cursor:
        cursor.execute(f"SET ROLE {REDACTION_ROLE}")
        cursor.execute("UPDATE people_read SET patients = '{}'")
        changed = cursor.rowcount
        cursor.execute("DELETE FROM people_read")

    assert (changed, Read.objects.count()) == (1, 0)


def test_redaction_role_has_rights_on_sealed_tables_only(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(%s, oid, 'DELETE')",
            [REDACTION_ROLE],
        )
        tables = {table for (table,) in cursor.fetchall()}

    assert tables == {model._meta.db_table for model in sealed_models()}


def test_powers_of_the_role_are_told(db: None) -> None:
    assert powers() == []
    assert serves_without_power(databases=["default"]) == []
    with as_owner():
        assert [reason.split()[:2] for reason in powers()] == [["is", "a"], ["owns", "the"], ["is", "a"]]
        assert {warning.id for warning in serves_without_power(databases=["default"])} == {"clinic.W004"}


def test_command_says_where_the_owner_serves_itself(db: None, settings: object) -> None:
    settings.DATABASE_OWNER = {}  # type: ignore[attr-defined]
    said = StringIO()
    call_command("grant_serving_role", stdout=said)

    assert said.getvalue().startswith("The owner serves itself")


def test_account_that_did_something_in_the_admin_stays(db: None) -> None:
    somebody, nobody = factories.make_user("somebody@example.org"), factories.make_user("nobody@example.org")
    LogEntry.objects.create(user=somebody, action_flag=1, object_repr="Lepa")

    for delete in (LogEntry.objects.all().delete, somebody.delete, lambda: delete_account(somebody)):
        with pytest.raises((ProtectedError, ProgrammingError)), transaction.atomic():
            delete()
    assert delete_account(nobody) == {"people.User": 1}
    assert LogEntry.objects.get().user == somebody


def test_processes_that_serve_are_not_told_of_the_owner(tmp_path: Path) -> None:
    from clinic.local.own_processes import parts

    env = {"DATABASE_URL": "postgres://serving@/clinic", "OWNER_DATABASE_URL": "postgres://owner@/clinic"}

    told = [(part.name, sorted(part.env)) for part in parts(tmp_path, env, 1)]
    assert told == [(name, ["DATABASE_URL", "PROCESS"]) for name in ("web", "worker", "letters", "beat")]
