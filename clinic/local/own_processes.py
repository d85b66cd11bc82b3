"""Our own processes, web, worker, sender and beat, as `make run` starts them and watches over them."""

import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from clinic.local import child_processes
from clinic.local.child_processes import Child
from clinic.local.embedded_servers import Server
from clinic.local.server_home import PROJECT, CannotStart

ANSWER_SECONDS = 60
RESTARTS_PER_MINUTE = 5


@dataclass
class OwnProcess:
    """One of our own processes, started again when it ends by itself."""

    name: str
    command: list[str]
    env: dict[str, str]
    log: Path
    farewell: signal.Signals
    child: Child | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.starts = [*(at for at in self.starts if at > time.monotonic() - 60), time.monotonic()]
        if len(self.starts) > RESTARTS_PER_MINUTE:
            raise CannotStart(f"The {self.name} process ends again and again; see {self.log}.")
        self.child = child_processes.start_process(
            self.command, farewell=self.farewell, log=self.log, env=self.env, cwd=PROJECT
        )

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop(self.farewell, patience=10)

    def running(self) -> bool:
        return self.child is not None and self.child.running()


def parts(data_dir: Path, env: dict[str, str], port: int) -> list[OwnProcess]:
    """Web first; it is what people wait for. None of them is told how the owner of the tables logs in."""
    serving = {name: value for name, value in env.items() if name != "OWNER_DATABASE_URL"}
    schedule = data_dir / "beat-schedule"
    for old in data_dir.glob("beat-schedule*"):
        old.unlink()  # plain intervals need no memory, and a killed beat may have spoilt it
    celery = [sys.executable, "-m", "celery", "-A", "clinic"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    bind = ["--bind", f"127.0.0.1:{port}", "--graceful-timeout", "5", "--no-control-socket", "--preload"]
    commands = {
        "web": [sys.executable, "-m", "gunicorn", "clinic.wsgi", *bind, "-k", "gthread", "-w", "2", "--threads", "4"],
        "worker": [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2", *quiet],
        # Sign-in codes wake it at once; it also sends when the broker is away. Leases keep it out of the worker's way.
        "letters": [sys.executable, "manage.py", "send_due", "--loop"],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--schedule", str(schedule), "--pidfile", ""],
    }
    return [
        OwnProcess(
            name=name,
            command=command,
            env=serving | {"PROCESS": "web" if name == "web" else "worker"},
            log=data_dir / "log" / f"{name}.log",
            # A worker told SIGTERM would finish its tasks first; the outbox makes SIGQUIT as safe.
            farewell=signal.SIGQUIT if name == "worker" else signal.SIGTERM,
        )
        for name, command in commands.items()
    ]


def wait_for_page(web: OwnProcess, port: int) -> None:
    """Until the first page is there, so that nothing else takes its processor before."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        if not web.running():
            raise CannotStart(f"The web server does not start; see {web.log}.")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30).close()
        except urllib.error.HTTPError as error:
            raise CannotStart(f"The web server answers {error.code}; see {web.log}.") from None
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise CannotStart(f"The web server does not answer after {ANSWER_SECONDS} seconds; see {web.log}.")


def watch_over(running_servers: list[Server], our_parts: list[OwnProcess], say: Callable[[str], None]) -> None:
    """What ends by itself is started again; what keeps ending stops everything."""
    while True:
        for server in running_servers:
            if not server.running():
                say(f"{server.name} ended and is started again.")
                server.start()
                server.wait()
        for part in our_parts:
            if not part.running():
                say(f"The {part.name} process ended and is started again; see {part.log}.")
                part.start()
        time.sleep(0.5)
