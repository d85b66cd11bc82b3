"""`/health/`: 200 when well, 503 and the reason when not, and never a wait."""

import datetime as dt
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, RequestFactory
from django.utils import timezone

from bookings.messages.outbox.heartbeat import TICK, beat
from bookings.models import Message, MessageKind
from clinic.health import checks
from clinic.outage import bad_request
from tests.clinic.bare import PRODUCTION, run
from tests.owner import as_owner

SECONDS = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _forget_what_was_applied() -> Iterator[None]:
    checks._all_applied.cache_clear()
    yield
    checks._all_applied.cache_clear()


def ask(client: Client, path: str) -> tuple[int, dict[str, str]]:
    answer = client.get(f"/health/{path}")
    return answer.status_code, answer.json()["checks"]


def make_letter(due_at: dt.datetime, **fields: Any) -> Message:
    return Message.objects.create(
        key=f"k{due_at}", kind=MessageKind.ACCOUNT, recipient="a@example.org", due_at=due_at, made_at=due_at, **fields
    )


@pytest.fixture
def ticking(db: None) -> None:
    beat(name=TICK, now=timezone.now())


def test_all_is_well(client: Client, ticking: None) -> None:
    answer = client.get("/health/")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {
            "database": "ok",
            "migrations": "ok",
            "clinics": "ok",
            "broker": "ok",
            "tick": "ok",
            "oldest_due": "ok",
            "sending": "ok",
            "held": "ok",
        },
    }


@pytest.mark.parametrize("path", ["", "live", "ready", "reminders"])
def test_answers_are_for_this_moment_only(client: Client, ticking: None, path: str) -> None:
    assert "no-cache" in client.get(f"/health/{path}").headers["Cache-Control"]


@pytest.mark.parametrize("path", ["", "live", "ready", "reminders"])
def test_health_is_only_looked_at(client: Client, ticking: None, path: str) -> None:
    assert client.post(f"/health/{path}").status_code == 405


def test_live_asks_nobody(client: Client, django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        assert ask(client, "live") == (200, {})


def test_missing_migration_is_not_ready(client: Client, ticking: None) -> None:
    ((app, newest),) = MigrationLoader(None).graph.leaf_nodes("people")
    with as_owner():
        MigrationRecorder(connection).record_unapplied(app, newest)

    assert ask(client, "ready") == (503, {"database": "ok", "migrations": "1 migrations are not applied"})
    assert ask(client, "")[0] == 503


def test_migrations_are_read_once_by_each_process(
    client: Client, ticking: None, django_assert_num_queries: Any
) -> None:
    ask(client, "ready")

    with django_assert_num_queries(0):
        assert ask(client, "ready")[0] == 200


def test_tick_that_never_came_is_ill(client: Client, db: None) -> None:
    status, found = ask(client, "reminders")

    assert (status, found["tick"]) == (503, "no sender has looked within a day")


@pytest.mark.parametrize(("ticks", "status"), [(2.9, 200), (3.1, 503)])
def test_tick_silent_for_three_ticks_is_ill(client: Client, db: None, settings: Any, ticks: float, status: int) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        beat(name=TICK, now=timezone.now() - ticks * settings.LETTERS_TICK_SECONDS * SECONDS)

        assert ask(client, "reminders")[0] == ask(client, "")[0] == status


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 503)])
def test_letter_that_waits_too_long_is_ill(client: Client, ticking: None, minutes: int, status: int) -> None:
    make_letter(timezone.now() - minutes * 60 * SECONDS)

    assert ask(client, "reminders")[0] == status


def test_letter_of_tomorrow_waits_rightly(client: Client, ticking: None) -> None:
    make_letter(timezone.now() + 86_400 * SECONDS)

    assert ask(client, "reminders")[0] == 200


def test_broker_that_is_away_is_ill(client: Client, ticking: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    status, found = ask(client, "reminders")

    assert (status, found["broker"]) == (503, "the broker does not answer (ConnectionError)")


def test_broker_that_is_frozen_is_ill(client: Client, ticking: None, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"

        status, found = ask(client, "reminders")

    assert (status, found["broker"]) == (503, "the broker does not answer (TimeoutError)")


def test_broker_that_is_away_does_not_keep_visitors_out(client: Client, ticking: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert ask(client, "ready")[0] == 200


def answers_without_a_database(*paths: str, port: int = 1) -> dict[str, tuple[int, str]]:
    """Status and body of each path from a web process whose database does not answer."""
    program = (
        "import json, django; django.setup()\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from django.test import Client\n"
        "def ask(path, **cookies):\n"
        "    client = Client(raise_request_exception=False, headers={'host': 'booking.example.org'})\n"
        "    client.cookies.load(cookies)\n"
        "    return client.get(path, secure=True)\n"
        "with ThreadPoolExecutor() as pool:\n"  # each waits for the database as long as it may: together, not in turn
        f"    asked = {{path: pool.submit(ask, path) for path in {paths!r}}}\n"
        "    asked['signed in'] = pool.submit(ask, '/health/live', **{'__Host-session': 'x' * 32})\n"
        "found = {path: answer.result() for path, answer in asked.items()}\n"
        "print(json.dumps({path: [a.status_code, a.content.decode()] for path, a in found.items()}))\n"
    )
    env = PRODUCTION | {
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
        "PROCESS": "web",
        "STATIC_MANIFEST": "0",
        "DATABASE_URL": f"postgres://clinic:secret@127.0.0.1:{port}/clinic",
    }
    ran = run("-c", program, env=env)
    assert ran.returncode == 0, ran.stderr
    return {path: (status, body) for path, (status, body) in json.loads(ran.stdout.splitlines()[-1]).items()}


def test_database_that_is_away_is_503_everywhere_but_live() -> None:
    found = answers_without_a_database("/health/live", "/health/ready", "/health/", "/health/reminders", "/", "/join/")

    assert {path: status for path, (status, _body) in found.items()} == {
        "/health/live": 200,
        "/health/ready": 503,
        "/health/": 503,
        "/health/reminders": 503,
        "/": 503,
        "/join/": 302,  # a visitor is only sent to sign in
        "signed in": 503,
    }
    assert "We are busy at the moment" in found["/"][1]
    assert "secret" not in "".join(body for _status, body in found.values())


def test_database_that_is_frozen_is_503() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = answers_without_a_database("/health/ready", port=silent.getsockname()[1])

    assert found["/health/ready"][0] == 503


@pytest.mark.parametrize(("cause", "status"), [(OperationalError, 503), (DatabaseError, 400)])
def test_session_that_could_not_be_saved_because_the_database_was_away_is_503(
    rf: RequestFactory, cause: type[Exception], status: int
) -> None:
    """Django raises its own exception for it, which it would answer with 400."""
    interruption = SessionInterrupted("The session was deleted")
    interruption.__context__ = UpdateError()
    interruption.__context__.__context__ = cause()

    assert bad_request(rf.get("/"), interruption).status_code == status
