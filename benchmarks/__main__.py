"""`make bench`: builds the worlds once, measures, and prints a table that can be pasted.

Runs on servers of its own, with the disk's promises kept (fsync on). Worlds stay as template databases below DATA_DIR.
"""

import argparse
import datetime as dt
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from psycopg import sql

from clinic.local.embedded_servers import Servers, servers

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1_000, 10_000, 100_000, 1_000_000)
MAIN = 100_000
MANY_CLINICS = 200
KEPT_DAYS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="bookings in each world")
    parser.add_argument("--no-http", action="store_true", help="leave out what runs over HTTP")
    parser.add_argument("--pages", action="store_true", help="only what each page costs")
    parser.add_argument("--scale", action="store_true", help="only what must not grow: health, senders, admin lists")
    parser.add_argument("--clinics", type=int, default=1, help="clinics in each world; with many, ten people each")
    options = parser.parse_args()
    home = Path(os.environ.get("DATA_DIR", ROOT / ".data")) / "bench"
    if os.geteuid() == 0 and "DATA_DIR" not in os.environ:
        home = Path("/var/lib/clinic-therapy-booking") / "bench"  # PostgreSQL refuses root and must reach its files
    with servers(home, durable=True) as running:
        env = environment(running, home)
        if options.pages:
            pages(running, env, options.sizes, options.clinics)
        elif options.scale:
            pages(running, env, options.sizes, options.clinics, what="scale")
        else:
            everything(running, env, sorted({*options.sizes, MAIN}), http=not options.no_http)


def everything(running: Servers, env: dict[str, str], sizes: list[int], *, http: bool) -> None:
    for size in sizes:
        build(running, env, size)
    say("| what | figure |\n|---|---|")
    for size in sizes:
        measure(running, env, size, "growth")
    measure(running, env, MAIN, "all")
    if http:
        measure(running, env, MAIN, "http")
    measure(running, env, MAIN, "pages")
    pages(running, env, [MAIN], MANY_CLINICS)
    for size in (MAIN, max(sizes)):
        measure(running, env, size, "scale")
    pages(running, env, [MAIN], MANY_CLINICS, what="scale")


def pages(running: Servers, env: dict[str, str], sizes: list[int], clinics: int, what: str = "pages") -> None:
    """What each page costs, or what must not grow, in each world."""
    for size in sizes:
        build(running, env, size, clinics)
        measure(running, env, size, what, clinics)


def environment(running: Servers, home: Path) -> dict[str, str]:
    rows = {
        "MODE": "local",
        "SITE_URL": "http://127.0.0.1:8000",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATA_DIR": str(home),
        "PYTHONPATH": str(ROOT),
        "PROCESS": "command",
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
    }
    return {**os.environ, **running.env, **rows}


def name_of(size: int, clinics: int) -> str:
    return f"world_{size}" if clinics == 1 else f"world_{size}_{clinics}"


def build(running: Servers, env: dict[str, str], size: int, clinics: int = 1) -> None:
    """The world of this size, unless a fresh one is kept."""
    name = name_of(size, clinics)
    if (age := age_days(running, name)) is not None and age <= KEPT_DAYS:
        return
    admin(running, "DROP DATABASE IF EXISTS {}", name)
    admin(running, "CREATE DATABASE {}", name)
    begun = time.monotonic()
    here = {**env, "DATABASE_URL": f"postgres://postgres@/{name}"}
    python = [sys.executable, "-W", "ignore", str(ROOT / "manage.py")]
    subprocess.run([*python, "migrate", "--verbosity", "0"], env=here, check=True)
    people = [] if clinics == 1 else ["--clinics", str(clinics), "--practitioners", "10", "--rooms", "10"]
    world = [*python, "make_world", "--bookings", str(size), *people]
    subprocess.run(world, env=here, check=True, stdout=subprocess.DEVNULL)
    admin(running, "COMMENT ON DATABASE {} IS {}", name, dt.datetime.now(dt.UTC).date().isoformat())
    sys.stderr.write(f"world of {size:,} bookings built in {time.monotonic() - begun:.0f} s\n")


def age_days(running: Servers, name: str) -> int | None:
    with connected(running) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
    if row is None or row[0] is None:
        return None
    return (dt.datetime.now(dt.UTC).date() - dt.date.fromisoformat(row[0])).days


def measure(running: Servers, env: dict[str, str], size: int, what: str, clinics: int = 1) -> None:
    """Run one set of measurements on a fresh copy of a world."""
    name = "measured"
    admin(running, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    admin(running, f"CREATE DATABASE {{}} TEMPLATE {name_of(size, clinics)} STRATEGY FILE_COPY", name)
    here = {**env, "DATABASE_URL": f"postgres://postgres@/{name}"}
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.measurements", what, str(size)]
    subprocess.run(command, env=here, check=True)


def connected(running: Servers) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(f"host={running.env['PGHOST']} user=postgres dbname=postgres", autocommit=True)


def admin(running: Servers, statement: str, name: str, *values: str) -> None:
    with connected(running) as connection:
        parts = [sql.Identifier(name), *(sql.Literal(value) for value in values)]
        connection.execute(sql.SQL(statement).format(*parts))  # type: ignore[arg-type]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
