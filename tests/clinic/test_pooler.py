"""Behind a pooler in transaction mode every time limit holds: it belongs to the login role of the kind of process.

No pooler runs here. What it takes away is left out: nothing is asked for when a connection begins.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from io import StringIO
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from bookings.messages.wakeup import ears, heard, wake_senders
from clinic.database_roles import missing_limits
from clinic.deploy_checks import waits_no_longer_than_it_may
from clinic.time_limits import TIME_LIMITS
from tests.eventually import PATIENCE
from tests.owner import as_owner

ROLES = {kind: f"behind_a_pooler_{kind}" for kind in TIME_LIMITS}
SHOWN = {name for limits in TIME_LIMITS.values() for name in limits}


@pytest.fixture(autouse=True)
def _owner_of_the_test(settings: Settings) -> None:
    """The commands would log in anew; `as_owner` of the tests is the owner already."""
    settings.DATABASE_OWNER = {}


def limit_roles(**options: Any) -> str:
    """What the command says, as the owner."""
    said = StringIO()
    with as_owner():
        call_command("limit_roles", **options, stdout=said)
    return said.getvalue()


@pytest.fixture
def roles(transactional_db: None) -> Iterator[dict[str, str]]:
    with as_owner() as cursor:
        for role in ROLES.values():
            cursor.execute(f"CREATE ROLE {role} LOGIN")
    try:
        yield ROLES
    finally:
        with as_owner() as cursor:
            for role in ROLES.values():
                cursor.execute(f"DROP OWNED BY {role}")
                cursor.execute(f"DROP ROLE {role}")


def log_in(role: str) -> "psycopg.Connection[tuple[object, ...]]":
    """As a pooler does: the name of the role, and no options."""
    address = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(address._replace(netloc=address.netloc.replace(str(address.username), role, 1)))
    return psycopg.connect(url, dbname=connection.settings_dict["NAME"])


def test_limits_come_with_the_role_and_the_rights_too(roles: dict[str, str]) -> None:
    limit_roles(**roles)

    for kind, role in roles.items():
        with log_in(role) as there:
            rows = there.execute("SELECT name, setting::int FROM pg_settings WHERE name = ANY(%s)", [[*SHOWN]])
            assert dict(rows.fetchall()) == TIME_LIMITS[kind]  # type: ignore[index]
            assert there.execute("SELECT count(*) FROM bookings_visit").fetchone() == (0,)
            assert there.execute("SHOW timezone").fetchone() == ("UTC",)


def test_statement_of_a_web_process_ends_by_the_limit_of_its_role(
    roles: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TIME_LIMITS["web"], "statement_timeout", 100)
    limit_roles(**roles)

    with log_in(roles["web"]) as there, pytest.raises(psycopg.errors.QueryCanceled):
        there.execute("SELECT pg_sleep(5)")


def test_statements_are_shown_to_whoever_may_not_run_them(roles: dict[str, str]) -> None:
    said = limit_roles(**roles, sql=True)

    assert f'ALTER ROLE "{roles["web"]}" SET "statement_timeout" = 5000;' in said.splitlines()
    with log_in(roles["web"]) as there:
        assert there.execute("SHOW statement_timeout").fetchone() == ("0",)


def test_one_role_for_all_is_refused_and_so_is_one_that_is_missing(db: None) -> None:
    with pytest.raises(CommandError, match="role of its own"):
        limit_roles(web="a", worker="a", command="b")
    with pytest.raises(CommandError, match="Create them first, with LOGIN and a password: a, b, c"):
        limit_roles(web="a", worker="b", command="c")


def test_process_without_its_limits_is_told(db: None) -> None:
    assert missing_limits(settings.PROCESS) == []
    assert missing_limits("web") == ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]
    assert waits_no_longer_than_it_may(databases=["default"]) == []
    assert waits_no_longer_than_it_may() == []


@pytest.mark.django_db(transaction=True)
def test_listener_hears_past_the_pooler(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of the program leads nowhere for a listener here; its own leads to PostgreSQL."""
    params = connection.get_connection_params()
    past = {name: params[name] for name in ("dbname", "user", "host", "port") if params.get(name)}

    with ExitStack() as stack:
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(settings, "LISTENER_DATABASE", past)
            elsewhere.setattr(connection, "get_connection_params", lambda: params | {"dbname": "nowhere"})
            listening = stack.enter_context(ears())
        wake_senders()

        assert heard(listening, seconds=PATIENCE)
