"""Child processes that die with the process that started them, even when that one is killed by `kill -9`.

Linux sends a *death signal* for us. It is lost on fork and on every change of user, so it is set last, just before the
program itself begins. Elsewhere this file runs as a small watcher between us and the child: it holds one end of a pipe,
and a closed pipe means that we are gone.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SET_DEATH_SIGNAL = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """A user of the system that a child runs as."""

    uid: int
    gid: int


@dataclass
class Child:
    """A running child and how to end it."""

    process: subprocess.Popen[bytes]
    lifeline: int | None

    @property
    def pid(self) -> int:
        return self.process.pid

    def running(self) -> bool:
        return self.process.poll() is None

    def stop(self, how: signal.Signals, *, patience: float) -> None:
        """Ask it to end, wait up to `patience` seconds, then end its whole process group by force."""
        if self.running():
            self.process.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        signal_group(self.pid, signal.SIGKILL)
        self.process.wait()
        if self.lifeline is not None:
            os.close(self.lifeline)
            self.lifeline = None


def signal_group(pid: int, how: signal.Signals) -> None:
    """Signal every process of the group that `pid` leads, if any is left."""
    with suppress(ProcessLookupError, PermissionError):  # macOS answers "not permitted" for a group of zombies
        os.killpg(pid, how)


def start_process(
    command: Sequence[str | Path],
    *,
    farewell: signal.Signals,
    log: Path,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    watched: bool = _LIBC is None,
) -> Child:
    """Start `command` in a session of its own; it gets `farewell` when we die. Its output is added to `log`."""
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("The death signal comes when the starting thread ends: start children from the main thread.")
    words = [str(word) for word in command]
    with log.open("ab") as output:
        start_one = _start_watched if watched else _start_bound
        return start_one(words, farewell=farewell, output=output.fileno(), account=account, env=env, cwd=cwd)


def _start_bound(
    command: list[str],
    *,
    farewell: signal.Signals,
    output: int,
    account: Account | None,
    env: Mapping[str, str] | None,
    cwd: Path | None,
) -> Child:
    parent = os.getpid()

    def bind_to_parent() -> None:
        # Runs after the change of user. The parent may be gone already: then no signal would ever come.
        if _LIBC is None or _LIBC.prctl(SET_DEATH_SIGNAL, int(farewell)) != 0 or os.getppid() != parent:
            os._exit(127)

    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=env,
        cwd=cwd,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        start_new_session=True,
        preexec_fn=bind_to_parent,  # noqa: PLW1509 - only the main thread comes here
    )
    return Child(process, None)


def _start_watched(
    command: list[str],
    *,
    farewell: signal.Signals,
    output: int,
    account: Account | None,
    env: Mapping[str, str] | None,
    cwd: Path | None,
) -> Child:
    watched_end, lifeline = os.pipe()
    who = f"{account.uid}:{account.gid}" if account else ""
    process = subprocess.Popen(
        [sys.executable, __file__, str(watched_end), str(int(farewell)), who, *command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=env,
        cwd=cwd,
        pass_fds=[watched_end],
        start_new_session=True,
    )
    os.close(watched_end)
    return Child(process, lifeline)


def watch(lifeline: int, farewell: int, who: str, command: list[str]) -> int:
    """The watcher: runs `command`, hands signals on, and says `farewell` to it when the pipe's other end closes."""
    uid, gid = (int(part) for part in who.split(":")) if who else (None, None)
    child = subprocess.Popen(command, user=uid, group=gid, extra_groups=[] if who else None)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda received, _frame: child.send_signal(received))
    while child.poll() is None:
        if select.select([lifeline], [], [], 0.1)[0]:
            child.send_signal(farewell)
            try:
                return child.wait(10)
            except subprocess.TimeoutExpired:
                signal_group(os.getpid(), signal.SIGKILL)
    return child.returncode


if __name__ == "__main__":
    sys.exit(watch(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
