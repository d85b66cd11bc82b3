"""A pytest plugin that gives every run its own PostgreSQL and Valkey, unless the environment names some.

It is loaded with `-p` (pyproject.toml) and acts when its options are asked for: pytest-django imports the settings
right after that, and they read the environment. Parallel workers inherit the addresses; each has its own test database
(by pytest-django, a copy of the one that `template.py` migrates) and its own broker number.
"""

import atexit
import os
import signal
import sys
from contextlib import ExitStack
from urllib.parse import urlsplit, urlunsplit

import pytest

from clinic.local import child_processes
from clinic.local.embedded_servers import Server, servers
from clinic.local.server_home import PROJECT
from tests import template

_running = ExitStack()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Not about options: the earliest moment a plugin is called."""
    _set_environment()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        os.environ["REDIS_URL"] = broker_number(os.environ["REDIS_URL"], int(worker.removeprefix("gw")))
    else:
        _start_servers()


def _set_environment() -> None:
    os.environ["MODE"] = "local"
    os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
    os.environ.setdefault("SITE_URL", "http://testserver")
    os.environ.setdefault("DATA_DIR", str(PROJECT / ".data"))
    # Playwright keeps an event loop in the thread of the test, which Django would take for asynchronous code.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    _keep_bytecode()


def _keep_bytecode() -> None:
    """A run starts dozens of Python programs; where nothing compiled may be kept each compiles the whole house anew."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _start_servers() -> None:
    started = _running.enter_context(servers(None, durable=False, given=os.environ))
    atexit.register(_running.close)
    os.environ.update(started.env)
    if started.postgres:
        _start_migrating(started.postgres)


def _start_migrating(postgres: Server) -> None:
    template.begin()
    command = [sys.executable, "-W", "ignore", "-m", "tests.template"]
    log, env = postgres.log.with_name("template.log"), os.environ | {"DJANGO_SETTINGS_MODULE": "clinic.settings"}
    child = child_processes.start_process(command, farewell=signal.SIGKILL, log=log, env=env, cwd=PROJECT)
    _running.callback(child.stop, signal.SIGKILL, patience=10)


def broker_number(url: str, number: int) -> str:
    """The same broker with another logical database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{number}"))
