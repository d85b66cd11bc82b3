"""Makes the virtual environment: `python3 clinic/local/bootstrap.py [requirements-file]`. Only the standard library.

Does nothing when the lock file is the one already installed. Any old Python can read it and be told what it lacks.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List

PROJECT = Path(__file__).resolve().parents[2]
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
OLDEST = (3, 11)
# Every file that holds all lines of the ones before it.
SETS = ("requirements.txt", "requirements-local.txt", "requirements-dev.txt")


class CannotInstall(Exception):
    """Said in one line."""


def main() -> int:
    wanted = sys.argv[1] if len(sys.argv) > 1 else "requirements-local.txt"
    try:
        if wanted not in SETS:
            raise CannotInstall("Name one of: {}.".format(", ".join(SETS)))
        if not installed(wanted):
            make_environment()
            install(wanted)
    except (CannotInstall, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def fingerprint(name: str) -> str:
    """Of a lock file and the Python it was installed for."""
    content = (PROJECT / name).read_bytes() + repr(sys.version_info[:2]).encode()
    return hashlib.sha256(content).hexdigest()


def installed(wanted: str) -> bool:
    """Is this set, or a larger one, what the environment holds?"""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    if not isinstance(stamp, dict):
        return False
    return PYTHON.exists() and any(stamp.get(name) == fingerprint(name) for name in SETS[SETS.index(wanted) :])


def make_environment() -> None:
    if sys.version_info < OLDEST:
        raise CannotInstall("Python {}.{} or newer is needed; this is {}.".format(*OLDEST, sys.version.split()[0]))
    if PYTHON.exists() and _runs([str(PYTHON), "-c", "import pip, sys; assert sys.version_info >= (3, 11)"]):
        return
    if importlib.util.find_spec("ensurepip") is None:
        get_ensurepip()
    print("Making the virtual environment .venv", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if made.returncode != 0:
        output = made.stdout.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise CannotInstall("The virtual environment cannot be made: {}".format(output[-1]))


def get_ensurepip() -> None:
    """Debian and Ubuntu keep it in a package of its own."""
    advice = "Python's venv module is missing. Install it: sudo apt-get install -y python3-venv"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise CannotInstall(advice)
    print("Installing python3-venv", flush=True)
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "python3-venv"]):
        if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            raise CannotInstall(advice)


def install(wanted: str) -> None:
    total = sum(
        "==" in line and not line.startswith(("#", " ")) for line in (PROJECT / wanted).read_text().splitlines()
    )
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--disable-pip-version-check",
        "--progress-bar=off",
    ]
    rows = []
    print("Installing {} packages from {}".format(total, wanted), flush=True)
    with subprocess.Popen(
        [*command, "-r", str(PROJECT / wanted)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in pip.stdout:
            rows.append(line.strip())
            show_progress(rows, total)
    if pip.returncode != 0:
        errors = [line for line in rows if line.startswith("ERROR")] or rows[-1:] or ["pip said nothing"]
        raise CannotInstall("\nPackages cannot be installed: {}".format(errors[-1]))
    print(flush=True)
    STAMP.write_text(json.dumps({wanted: fingerprint(wanted)}))


def show_progress(said: List[str], total: int) -> None:
    """One line that counts on a terminal; elsewhere a line for every tenth package."""
    line, done = said[-1], sum(was.startswith(("Collecting ", "Requirement already")) for was in said)
    if line.startswith("Installing collected"):
        print("\r  unpacking{:30}".format(""), end="", flush=True)
    elif line.startswith(("Collecting ", "Requirement already")):
        if sys.stdout.isatty():
            print("\r  {} of {} {:30.30}".format(done, total, line.split()[1]), end="", flush=True)
        elif done % 10 == 0:
            print("  {} of {}".format(done, total), flush=True)


def _runs(command: List[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
