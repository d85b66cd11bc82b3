"""Where the embedded servers live: folders, the user they run as, and their programs.

Nothing here changes the mode or the owner of a folder that we did not make.
"""

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from clinic.local.child_processes import Account

NAME = "clinic-therapy-booking"
USER = "clinic-booking"
PROJECT = Path(__file__).resolve().parents[2]
YOUNG_SECONDS = 60
LONGEST_SOCKET_FOLDER = 90  # a socket's whole path may have 107 characters


class CannotStart(Exception):
    """A server cannot run here; the message is one line for people."""


def default_data_dir() -> Path:
    """Where `make run` keeps its data unless DATA_DIR says otherwise."""
    return root_home() if os.geteuid() == 0 else PROJECT / ".data"


def root_home() -> Path:
    """Below /var/lib, one folder for each checkout of the project."""
    return Path("/var/lib") / NAME / hashlib.sha256(str(PROJECT).encode()).hexdigest()[:12]


# --- the user ---------------------------------------------------------------------------------------------------------


def account_for_servers() -> Account | None:
    """None: run as ourselves. As root: our own unprivileged user, made when missing, or else `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in (USER, "nobody"):
        if name == USER:
            _make_user()
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise CannotStart("PostgreSQL must not run as root and this system has no user `nobody`: run as a normal user.")


def _make_user() -> None:
    try:
        pwd.getpwnam(USER)
    except KeyError:
        program = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
        if program:
            options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
            command = [program, *options, "--shell", "/usr/sbin/nologin", USER]
            subprocess.run(command, check=False, capture_output=True)


# --- folders ----------------------------------------------------------------------------------------------------------


def make_home(home: Path, account: Account | None) -> None:
    """The folder of one pair of servers. For root every user may pass through it to what is theirs."""
    make_folders(home, 0o755 if account else 0o700)
    make_folders(home / "log", 0o700)
    if account and not _reachable(home):
        raise CannotStart(f"{home} cannot be reached by the servers' user: set DATA_DIR to a folder below /var/lib.")


def make_folders(folder: Path, mode: int) -> None:
    """`folder` and those above it that are missing, with `mode` whatever the umask says."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir()
        path.chmod(mode)


def make_private(folder: Path, account: Account | None) -> None:
    """A new folder that only the servers' user can open."""
    folder.mkdir(mode=0o700)
    give(folder, account)


def give(path: Path, account: Account | None) -> None:
    if account:
        os.chown(path, account.uid, account.gid)


def _reachable(folder: Path) -> bool:
    return all(path.stat().st_mode & stat.S_IXOTH for path in (folder.resolve(), *folder.resolve().parents))


def run_folder(home: Path, stack: ExitStack, account: Account | None) -> Path:
    """For sockets: inside `home`, or where that path is too long for a socket, a short one that goes at the end."""
    run = home / "run"
    if len(str(run)) > LONGEST_SOCKET_FOLDER:
        run = Path(tempfile.mkdtemp(prefix="clinic-", dir="/tmp"))
        stack.callback(shutil.rmtree, run, ignore_errors=True)
        give(run, account)
    elif not run.exists():
        make_private(run, account)
    return run


@contextmanager
def throwaway_home(account: Account | None) -> Iterator[Path]:
    """A folder that goes at the end; those whose owner was killed go now."""
    base = root_home() / "throwaway" if account else Path(tempfile.gettempdir())
    make_folders(base, 0o755)
    _sweep(base)
    home = Path(tempfile.mkdtemp(prefix=f"{USER}-", dir=base))
    if account:
        home.chmod(0o755)
    try:
        with (home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _sweep(base: Path) -> None:
    for old in base.glob(f"{USER}-*"):
        try:
            if old.stat().st_uid == os.geteuid() and time.time() - old.stat().st_mtime > YOUNG_SECONDS:
                with (old / "lock").open() as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(old, ignore_errors=True)
        except OSError:  # somebody lives there, or somebody else swept it
            continue


# --- programs ---------------------------------------------------------------------------------------------------------


def wheel(package: str, distribution: str, account: Account | None) -> Path:
    """The folder of an installed wheel, found without importing it; for root a copy that every user can read."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(f"The package {distribution} is missing: run `python3 clinic/local/bootstrap.py`.")
    here = Path(spec.submodule_search_locations[0])
    return _copied(here, importlib.metadata.version(distribution)) if account else here


def _copied(package: Path, version: str) -> Path:
    """Beside each other, because the programs look for their libraries in `<package>.libs`."""
    target = root_home() / "programs" / f"{package.name}-{version}"
    if not target.exists():
        make_folders(target.parent, 0o755)
        beside = Path(tempfile.mkdtemp(prefix="copying-", dir=target.parent))
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                unneeded = shutil.ignore_patterns("*.py", "*.pyc", "__pycache__", "include")
                shutil.copytree(source, beside / source.name, symlinks=True, ignore=unneeded)
        for path in (beside, *beside.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)
        _settle(beside, target)
    return target / package.name


def _settle(beside: Path, target: Path) -> None:
    """Rename; when another process was quicker, its copy is as good."""
    try:
        beside.rename(target)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        if not target.exists():
            raise


def program(path: Path) -> Path:
    """`path`, if it is a program that can be run."""
    if not os.access(path, os.X_OK):
        raise CannotStart(f"The program {path} is missing: remove .venv and run `make run` again.")
    return path
