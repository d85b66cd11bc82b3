"""The database that those of the tests are copied from: `python -m tests.template` migrates it, once for a whole run.

It happens while the tests are being collected; each worker waits for it and then only copies.
"""

import os
import sys
import time

import psycopg
from psycopg import sql

BEING_MADE, MADE = "template_being_made", "template_made"
FLAG = "TESTS_COPY_A_TEMPLATE"
"""Set where this run has a PostgreSQL of its own."""
PATIENCE = 300


def owner_url() -> str:
    """The address by which the owner of the test databases logs in."""
    return os.environ.get("OWNER_DATABASE_URL") or os.environ["DATABASE_URL"]


def begin() -> None:
    """An empty one under its first name: whoever sees that name waits."""
    with _anywhere() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(BEING_MADE)))
    os.environ[FLAG] = "yes"


def wait() -> str | None:
    """The name of the template once it is there; None where nobody makes one, or it failed."""
    if FLAG not in os.environ:
        return None
    deadline = time.monotonic() + PATIENCE
    with _anywhere() as connection:
        while time.monotonic() < deadline:
            rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template_%'").fetchall()
            if (BEING_MADE,) not in rows:
                return MADE if (MADE,) in rows else None
            time.sleep(0.05)
    return None


def _anywhere() -> psycopg.Connection[tuple[object, ...]]:
    """A database cannot be made or renamed from inside."""
    return psycopg.connect(owner_url(), dbname="postgres", autocommit=True)


def _migrate() -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    connection.settings_dict["NAME"] = BEING_MADE
    call_command("migrate", verbosity=0)
    connection.close()


def main() -> int:
    try:
        _migrate()
    except BaseException:  # whoever waits is set free, and meets the same error
        with _anywhere() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(BEING_MADE)))
        raise
    with _anywhere() as connection:
        names = sql.Identifier(BEING_MADE), sql.Identifier(MADE)
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
