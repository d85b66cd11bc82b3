"""Statements written by hand: each fits the tables as they are migrated, and returns the columns that its rows read."""

import ast
import inspect
import re
from typing import Any

import pytest
from django.db import connection

import clinic.urls  # noqa: F401 - all interfaces, and with them the modules that have statements
from clinic.statements import Statement
from tests.test_house import name_of, trees

pytestmark = pytest.mark.django_db

# Where SQL is run: by hand for speed, or because a query of Django has no word for it.
SPEAK_SQL = {
    "clinic/statements.py",
    "clinic/compiled_query.py",  # what Django compiled, once a process
    "clinic/json_cache.py",  # as Django's own cache in a table
    "clinic/database_roles.py",  # grants
    "clinic/schema_changes.py",  # migrations beside a clinic at work
    "clinic/history.py",  # a migration copies rows into their history
    "clinic/wall.py",  # asks a function, without a table
    "bookings/messages/wakeup.py",  # NOTIFY and LISTEN
    "bookings/messages/outbox/leases.py",  # the clock of the database
}


def numbered(text: str) -> str:
    """The statement as PREPARE takes it: `%(name)s` becomes $1, the same for each name."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", text)))
    return re.sub(r"%\((\w+)\)s", lambda match: f"${names.index(match[1]) + 1}", text)


def prepared_columns(statement: Statement[Any]) -> list[str]:
    """The columns that the statement would return; PostgreSQL refuses one that does not fit its tables."""
    connection.ensure_connection()
    server = connection.connection.pgconn
    result = server.prepare(b"", numbered(statement.text).encode())
    assert not result.error_message, result.error_message.decode()
    described = server.describe_prepared(b"")
    return [described.fname(number).decode() for number in range(described.nfields)]


def test_each_statement_fits_the_tables_and_returns_what_its_rows_read() -> None:
    columns = {statement.row: prepared_columns(statement) for statement in Statement.every}

    assert len(Statement.every) == 17
    assert columns == {row: [*inspect.signature(row).parameters] for row in columns}


def test_statement_with_a_column_that_is_not_there_is_found() -> None:
    wrong = Statement("SELECT id, gone FROM bookings_booking WHERE visit_id = %(visit)s", dict)
    Statement.every.remove(wrong)

    with pytest.raises(AssertionError, match='column "gone" does not exist'):
        prepared_columns(wrong)


def test_only_these_modules_run_sql() -> None:
    found = {
        name_of(path)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"execute", "executemany"}
    }

    assert {name for name in found if not re.search(r"management/|demo/|clinic/local/", name)} == SPEAK_SQL
