"""Who may do what in the database: the owner migrates, the serving role serves, the redaction role erases.

The program serves as a role that owns nothing. So it cannot switch off a trigger, and logs that only grow stay as they
are, whatever it is made to do. `grant_serving_role` says so to PostgreSQL; `manage.py migrate` calls it at its end.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import CommandError
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from pghistory.models import Context
from psycopg import sql

from clinic.append_only import REDACTION_ROLE, append_only_models, sealed_models
from clinic.env import Process
from clinic.time_limits import TIME_LIMITS

READ_ONLY = {"django_migrations"}
CHANGED_WITHIN_A_REQUEST = {Context._meta.db_table: ("metadata", "updated_at")}
"""Sealed tables of which these columns change as long as the row is young; a trigger says how long."""
POWERS = """
SELECT 'is a superuser' FROM pg_roles WHERE rolname = current_user AND rolsuper
UNION ALL
SELECT 'owns the table ' || min(tablename) FROM pg_tables
WHERE schemaname = current_schema() AND pg_has_role(tableowner, 'MEMBER') HAVING count(*) > 0
UNION ALL
SELECT 'is a member of ' || rolname FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'MEMBER')
"""


@contextmanager
def as_owner() -> Iterator[None]:
    """The connection as the role of OWNER_DATABASE_URL, where there is one; the database stays the same."""
    here = connection.settings_dict
    serving = {name: here[name] for name in settings.DATABASE_OWNER}
    connection.close() if serving else None
    here.update(settings.DATABASE_OWNER)
    try:
        yield
    finally:
        connection.close() if serving else None
        here.update(serving)


def grant_serving_role() -> bool:
    """As the owner: give the serving role what it needs and take the rest. False where the owner serves itself."""
    if not settings.DATABASE_OWNER or settings.DATABASE_OWNER["USER"] == settings.SERVING_ROLE:
        return False
    with transaction.atomic(), connection.cursor() as cursor:
        _make_sure_of_roles(cursor)
        for statement in _grants(set(connection.introspection.table_names(cursor)), settings.SERVING_ROLE):
            cursor.execute(statement)
    return True


def limits_of_role(role: str, kind: Process) -> list[sql.Composed]:
    """The limits of a kind of process as those of a login role, which no pooler takes away; it serves as before."""
    names = {"role": sql.Identifier(role), "serving": sql.Identifier(settings.SERVING_ROLE)}
    rows = [*TIME_LIMITS[kind].items(), ("timezone", "UTC")]
    statement = sql.SQL("ALTER ROLE {role} SET {name} = {value}")
    limits = [statement.format(**names, name=sql.Identifier(name), value=sql.Literal(value)) for name, value in rows]
    if role == settings.SERVING_ROLE:
        return limits
    return [sql.SQL("GRANT {serving} TO {role}").format(**names), *limits]


def limit_role(role: str, kind: Process) -> None:
    """As the owner, who needs CREATEROLE: connections of this role begin with the limits from now on."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in limits_of_role(role, kind):
            cursor.execute(statement)


def missing_limits(kind: Process) -> list[str]:
    """The limits of this kind of process that this connection does not have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting::bigint FROM pg_settings WHERE name = ANY(%s)", [[*TIME_LIMITS[kind]]])
        here = dict(cursor.fetchall())
    return [name for name, limit in TIME_LIMITS[kind].items() if here[name] != limit]


def powers() -> list[str]:
    """Why the role of this connection could rewrite a log; empty for a serving role."""
    with connection.cursor() as cursor:
        cursor.execute(POWERS, [REDACTION_ROLE])
        return [reason for (reason,) in cursor.fetchall()]


def _make_sure_of_roles(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT rolname FROM pg_roles")
    roles = {name for (name,) in cursor.fetchall()}
    if settings.SERVING_ROLE not in roles:
        raise CommandError(f"The role {settings.SERVING_ROLE!r} of DATABASE_URL does not exist: create it with LOGIN.")
    if REDACTION_ROLE not in roles:
        cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            raise CommandError(f"The role {REDACTION_ROLE!r} does not exist: CREATE ROLE {REDACTION_ROLE} NOLOGIN.")
        cursor.execute(f"CREATE ROLE {REDACTION_ROLE} NOLOGIN")


def _grants(tables: set[str], role: str) -> list[sql.Composed]:
    """All tables of ours by the one list of those that only grow; a table that is missing yet is left out."""
    growing = {model._meta.db_table for model in append_only_models()}
    sealed = {model._meta.db_table for model in sealed_models()}
    changing = {table: columns for table, columns in CHANGED_WITHIN_A_REQUEST.items() if table in tables}
    ordinary = tables - growing - READ_ONLY - changing.keys()
    return [
        _statement("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}", [role]),
        _statement("GRANT USAGE ON SCHEMA public TO {}", [role, REDACTION_ROLE]),
        _statement("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", [role]),
        *_granted("SELECT", tables & READ_ONLY, role),
        *_granted("SELECT, INSERT", tables & growing | changing.keys(), role),
        *_granted("SELECT, INSERT, UPDATE, DELETE", ordinary, role),
        *(_granted_columns(columns, table, role) for table, columns in changing.items()),
        *_granted("SELECT", tables, REDACTION_ROLE),
        *_granted("UPDATE, DELETE", tables & sealed, REDACTION_ROLE),
    ]


def _statement(text: str, roles: list[str]) -> sql.Composed:
    return sql.SQL(text).format(_names(roles))


def _granted(rights: str, tables: Iterable[str], role: str) -> list[sql.Composed]:
    names = sorted(tables)
    grant = sql.SQL(f"GRANT {rights} ON {{}} TO {{}}")
    return [grant.format(_names(names), sql.Identifier(role))] if names else []


def _granted_columns(columns: Iterable[str], table: str, role: str) -> sql.Composed:
    grant = sql.SQL("GRANT UPDATE ({}) ON {} TO {}")
    return grant.format(_names(columns), sql.Identifier(table), sql.Identifier(role))


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
