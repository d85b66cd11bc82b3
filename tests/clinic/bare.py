"""A program of its own, with an environment of its own: for what is read once, when the settings are imported."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.eventually import PATIENCE

PROJECT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "MODE": "production",
    "DATABASE_URL": "postgres://clinic:secret@127.0.0.1:1/clinic",
    "REDIS_URL": "redis://:secret@127.0.0.1:1/0",
    "EMAIL_URL": "smtp+tls://clinic:secret@smtp.example.org:587",
    "SECRET_KEY": "".join(chr(97 + number * 7 % 26) + str(number % 10) for number in range(30)),
    "SITE_URL": "https://booking.example.org",
}
"""A complete environment of production, whose servers answer nobody."""


def run(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`python …` in the project, with this environment and nothing of ours."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=kept | env,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def settings(expression: str = "''", **env: str | None) -> subprocess.CompletedProcess[str]:
    """Import the settings of production with these variables changed (None: missing), and print an expression."""
    return run("-c", f"from clinic import settings; print(({expression}))", env=production(env))


def production(changes: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in (PRODUCTION | changes).items() if value is not None}


READER = """
import importlib, json, os, sys
before = dict(os.environ)
for line in sys.stdin:
    expression, env = json.loads(line)
    os.environ.clear()
    os.environ.update(before | env)
    for name in ("clinic.settings", "clinic.env"):
        sys.modules.pop(name, None)
    try:
        said = [str(eval(expression, {"settings": importlib.import_module("clinic.settings")})), ""]
    except Exception as error:
        said = ["", f"{type(error).__name__}: {error}"]
    print(json.dumps(said), flush=True)
"""


class Reader:
    """One program that imports the settings anew for each environment: most of a start is the libraries."""

    def __init__(self) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._program = subprocess.Popen([sys.executable, "-c", READER], cwd=PROJECT, env=kept, **pipes)

    def value(self, expression: str, **env: str | None) -> str:
        """An expression of the settings of production with these variables changed."""
        shown, complaint = self._ask(expression, env)
        assert complaint == ""
        return shown

    def complaints(self, *changes: dict[str, str | None]) -> list[str]:
        """What the settings of production say to each of these changes; "" where they start."""
        return [self._ask("''", env)[1] for env in changes]

    def _ask(self, expression: str, env: dict[str, str | None]) -> list[str]:
        assert self._program.stdin
        assert self._program.stdout
        print(json.dumps([expression, production(env)]), file=self._program.stdin, flush=True)
        return [str(said) for said in json.loads(self._program.stdout.readline())]

    def close(self) -> None:
        self._program.communicate(timeout=PATIENCE)
