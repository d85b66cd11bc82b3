"""Senders that start at once: one process reads the program, and each sender is a fork of it.

To read the program takes seconds and to fork it milliseconds, and a storm kills a hundred and fifty senders. A fork is
a process like any other: `kill -9` ends it, and nothing of it is shared but memory that nobody writes.

Run as a program it reads a line for each sender, which sender and in which environment, forks it, and answers with its
number.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from tests.eventually import PATIENCE


@dataclass
class Forked:
    """A sender, as much like `subprocess.Popen` as the storms need. The nursery buries it: it leaves no zombie."""

    pid: int
    args: list[str]

    def poll(self) -> int | None:
        """None while it lives."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        deadline = time.monotonic() + PATIENCE
        while self.poll() is None:
            assert time.monotonic() < deadline, f"{self.pid} does not end"
            time.sleep(0.005)
        return 0


@dataclass
class Nursery:
    """Forks senders that write to `output`; what they read was read in `env`, their settings are their own."""

    env: dict[str, str]
    project: Path
    output: BinaryIO
    parent: "subprocess.Popen[str] | None" = field(default=None, init=False)

    def fork(self, words: list[str], env: dict[str, str]) -> Forked:
        parent = self.parent = self.parent or self._open()
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdin.write(f"{json.dumps([words[0], env])}\n")
        parent.stdin.flush()
        return Forked(int(parent.stdout.readline()), words)

    def _open(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.storms.nursery"]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=self.project, env=self.env, stdin=pipe, stdout=pipe, stderr=self.output, text=True
        )

    def close(self) -> None:
        if self.parent is not None:
            self.parent.kill()
            self.parent.communicate()
            self.parent = None


def loop() -> None:
    from django.core.management import call_command

    call_command("send_due", loop=True, every=0.3)


def sleeping() -> None:
    from django.core.management import call_command

    call_command("send_due", "--loop", "--every", "600")


def reckless() -> None:
    from tests.storms.reckless import main

    main()


SENDERS: dict[str, Callable[[], None]] = {"loop": loop, "sleeping": sleeping, "reckless": reckless}


def become(sender: Callable[[], None], env: dict[str, str]) -> None:
    """What the fork does: a session of its own, nothing of the nursery's pipes, its settings, and then only to send."""
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(2, 1)
        os.close(0)
        read_settings_in(env)
        sender()
    except Exception:  # noqa: BLE001 - nobody else would say why it ended
        traceback.print_exc()
    finally:
        os._exit(1)


def read_settings_in(env: dict[str, str]) -> None:
    """As a process that begins there does."""
    from django.conf import Settings, settings

    os.environ.update(env)
    importlib.reload(importlib.import_module(settings.SETTINGS_MODULE))
    settings._wrapped = Settings(settings.SETTINGS_MODULE)


def main() -> None:
    import django

    django.setup()
    from django.urls import get_resolver

    from bookings.management.commands import send_due  # noqa: F401 - read before the first fork
    from tests.storms import reckless as _reckless  # noqa: F401

    get_resolver().check()  # reads every page of the house, as the first letter would
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        sender, env = json.loads(line)
        pid = os.fork()
        if pid == 0:
            become(SENDERS[sender], env)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
