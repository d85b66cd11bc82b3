"""Runs the whole clinic on one machine: `python -m clinic.local.launcher`, behind `make run`.

PostgreSQL, Valkey, web, worker and beat are children of this process and die with it, whatever ends it.
"""

import ctypes
import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from clinic.local import child_processes
from clinic.local.child_processes import Child
from clinic.local.embedded_servers import servers
from clinic.local.own_processes import parts, wait_for_page, watch_over
from clinic.local.server_home import PROJECT, CannotStart, default_data_dir, make_folders

FREE_BYTES = 200 * 1024 * 1024
PORT_SECONDS = 3  # what a launcher killed a moment ago leaves needs this long to go
# What `clinic.local.preparation` brings into the database.
PREPARED_FROM = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "clinic/append_only.py",
    "clinic/database_roles.py",
    "therapies/catalogue/**/*",
    "requirements.txt",
)


class Stopped(Exception):
    """Somebody asked us to end."""


@dataclass(frozen=True)
class StartStep:
    """Something that has to be done once, and where it says how it went."""

    child: Child
    log: Path


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    _end_with_parent()
    try:
        run(dict(os.environ))
    except Stopped:
        print("\nThe clinic is closed.", flush=True)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Cannot start: {error}", file=sys.stderr)
        return 1
    return 0


def run(environ: dict[str, str]) -> None:
    """Start everything, say where it is, and watch over it until told to stop."""
    begun = time.monotonic()
    port = port_number(environ.get("PORT") or "8000")
    site = environ.get("SITE_URL") or f"http://localhost:{port}"
    data_dir = Path(environ.get("DATA_DIR") or default_data_dir()).absolute()
    with ExitStack() as stack:
        make_folders(data_dir, 0o755 if os.geteuid() == 0 else 0o700)
        stack.enter_context(only_one(data_dir / "lock", site))
        check_disk(data_dir)
        check_port(port)
        if environ.get("RESET"):
            reset(data_dir, environ["RESET"])
        _say("Starting PostgreSQL and Valkey")
        started = stack.enter_context(servers(data_dir, durable=True, given=environ))
        env = environ | started.env | our_environment(environ, data_dir, site, port)
        our_own = started.postgres is not None
        prepare(data_dir, env, our_own=our_own)
        demo = start_demo(data_dir, env) if our_own else None
        web, *others = parts(data_dir, env, port)
        for part in (web, *others):
            stack.callback(part.stop)
        web.start()
        wait_for_page(web, port)
        _say(f"The first page is there after {time.monotonic() - begun:.1f} s:  {site}")
        for part in others:
            part.start()
        if demo is not None:
            finish_demo(data_dir, demo)
        _say(f"\nThe clinic is open:  {site}\n{print_sign_ins(env)}Logs are in {data_dir / 'log'}. Ctrl-C closes it.")
        watch_over([server for server in (started.postgres, started.valkey) if server], [web, *others], _say)


def _stop(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def _end_with_parent() -> None:
    """Under `make`, also end when make is killed by force."""
    if "--with-parent" in sys.argv and sys.platform == "linux":
        ctypes.CDLL(None).prctl(child_processes.SET_DEATH_SIGNAL, int(signal.SIGTERM))


def _say(words: str) -> None:
    print(words, flush=True)


# --- before anything starts -------------------------------------------------------------------------------------------


def port_number(value: str) -> int:
    if not (value.isascii() and value.isdigit()) or not 0 < int(value) < 65536:
        raise CannotStart(f"PORT is {value!r}; it must be a number from 1 to 65535.")
    return int(value)


@contextmanager
def only_one(lock: Path, site: str) -> Iterator[None]:
    """One launcher for each data folder; the lock goes with the process that holds it."""
    with lock.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.seek(0)
            raise CannotStart(f"Already running: {held.read().strip() or lock}. Stop it first.") from None
        held.truncate(0)
        held.write(f"{site} (process {os.getpid()})")
        held.flush()
        yield


def check_disk(data_dir: Path) -> None:
    free = shutil.disk_usage(data_dir).free
    if free < FREE_BYTES:
        raise CannotStart(f"The disk is full: {data_dir} has {free // 2**20} MB left and needs {FREE_BYTES // 2**20}.")


def check_port(port: int) -> None:
    deadline = time.monotonic() + PORT_SECONDS
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                if time.monotonic() > deadline:
                    raise CannotStart(f"Port {port} cannot be used ({error.strerror}): set PORT to another.") from None
            else:
                return
        time.sleep(0.1)


def reset(data_dir: Path, answer: str) -> None:
    """Forget what earlier runs have made here, finished or not: RESET=1. The secret key stays.

    The database of this folder holds a demo and what somebody tried in it; a clinic's own has an address of its own.
    """
    if answer != "1":
        raise CannotStart(f"RESET is {answer!r}; RESET=1 begins the demo anew.")
    _say("Forgetting the demo clinic of the last run")
    for name in ("postgres", "mailbox", "day-sheets"):
        shutil.rmtree(data_dir / name, ignore_errors=True)


def our_environment(environ: dict[str, str], data_dir: Path, site: str, port: int) -> dict[str, str]:
    return {
        "MODE": "local",
        "SITE_URL": site,
        "PORT": str(port),
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": environ.get("SECRET_KEY") or kept_secret(data_dir / "secret-key"),
        "DAY_SHEETS_FOLDER": environ.get("DAY_SHEETS_FOLDER") or str(data_dir / "day-sheets"),
        "PYTHONUNBUFFERED": "1",
    }


def kept_secret(path: Path) -> str:
    """Made once, so that sessions outlive a restart."""
    if not path.exists():
        beside = path.with_suffix(".new")
        beside.unlink(missing_ok=True)
        beside.touch(mode=0o600)
        beside.write_text(secrets.token_urlsafe(64))
        beside.rename(path)
    return path.read_text().strip()


# --- the database is brought up to the code ---------------------------------------------------------------------------


def prepare(data_dir: Path, env: dict[str, str], *, our_own: bool) -> None:
    """Tables and catalogue, when the code changed since. The stamp lies beside the tables that it speaks of."""
    stamp = data_dir / "postgres" / "prepared"
    wanted = prepared_from()
    if our_own and stamp.exists() and stamp.read_text() == wanted:
        return
    _say("Bringing tables and catalogue up to date")
    finish(
        "The database cannot be prepared",
        start_step(["-m", "clinic.local.preparation"], data_dir / "log" / "prepare.log", env),
    )
    if our_own:
        stamp.write_text(wanted)


def start_demo(data_dir: Path, env: dict[str, str]) -> StartStep | None:
    """The demo clinic, once, and only into a database of our own; it is made while the web server starts."""
    if (data_dir / "postgres" / "demo").exists():
        return None
    _say("Making the demo clinic")
    few = ["--few"] if env.get("DEMO") == "few" else []
    return start_step(["manage.py", "load_demo", *few], data_dir / "log" / "demo.log", env)


def finish_demo(data_dir: Path, demo: StartStep) -> None:
    finish("The demo clinic cannot be made", demo)
    (data_dir / "postgres" / "demo").touch()


def start_step(command: list[str], log: Path, env: dict[str, str]) -> StartStep:
    log.write_bytes(b"")
    env = env | {"PROCESS": "command"}
    return StartStep(
        child_processes.start_process(
            [sys.executable, *command], farewell=signal.SIGKILL, log=log, env=env, cwd=PROJECT
        ),
        log,
    )


def finish(refusal: str, step: StartStep) -> None:
    """Wait for a step; one that fails says why in its last line."""
    if step.child.process.wait() != 0:
        last = step.log.read_text(errors="replace").strip().splitlines()[-1:]
        raise CannotStart(f"{refusal}: {' '.join(last)} (see {step.log})")


def prepared_from() -> str:
    """A fingerprint of everything that preparing reads."""
    files = sorted({path for pattern in PREPARED_FROM for path in PROJECT.glob(pattern) if path.is_file()})
    digest = hashlib.sha256()
    for path in files:
        if ".venv" not in path.parts and path.suffix != ".pyc":
            digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


# --- who can sign in --------------------------------------------------------------------------------------------------


def print_sign_ins(env: dict[str, str]) -> str:
    """The demo's people, as its own command prints them; nothing when there is no demo."""
    command = [sys.executable, "manage.py", "demo_signins"]
    finished = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False)
    return finished.stdout if finished.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main())
