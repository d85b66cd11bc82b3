"""A program of its own, with an environment of its own: for what is read once, when the settings are imported."""

import json
import os
import subprocess
import sys
from pathlib import Path

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
        timeout=60,
    )


def settings(expression: str = "''", **env: str | None) -> subprocess.CompletedProcess[str]:
    """Import the settings of production with these variables changed (None: missing), and print an expression."""
    whole = {name: value for name, value in (PRODUCTION | env).items() if value is not None}
    return run("-c", f"from clinic import settings; print(({expression}))", env=whole)


def complaints(*changes: dict[str, str | None]) -> list[str]:
    """What the settings of production say to each of these changes of the environment; "" where they start."""
    program = (
        "import importlib, json, os, sys\n"
        "kept = dict(os.environ)\n"
        "def say(env):\n"
        "    os.environ.clear()\n"
        "    os.environ.update(kept | env)\n"
        "    for name in ('clinic.settings', 'clinic.environment_variables'):\n"
        "        sys.modules.pop(name, None)\n"
        "    try:\n"
        "        importlib.import_module('clinic.settings')\n"
        "    except Exception as error:\n"
        "        return f'{type(error).__name__}: {error}'\n"
        "    return ''\n"
        "print(json.dumps([say(env) for env in json.loads(sys.argv[1])]))\n"
    )
    whole = [{name: value for name, value in (PRODUCTION | env).items() if value is not None} for env in changes]
    ran = run("-c", program, json.dumps(whole), env={})
    assert ran.returncode == 0, ran.stderr
    return [str(said) for said in json.loads(ran.stdout)]
