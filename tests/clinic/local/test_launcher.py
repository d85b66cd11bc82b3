"""`make run`, for real: in a fresh copy of the project, inside a folder that nobody else can enter.

Its database has the tables of this run already, as after an update that brought no new one: the template of the tests
is made by the same migrations, from nothing, and a second time would take as long as all the rest.
"""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg
import pytest

from clinic.local import launcher
from clinic.local.embedded_servers import DATABASE, OWNER, servers
from clinic.local.server_home import NAME, PROJECT, CannotStart
from tests import template
from tests.eventually import PATIENCE, alive, eventually
from tests.ports import free_port

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".data", ".*_cache", ".hypothesis", "node_modules")
OURS = (
    "DATABASE_URL",
    "OWNER_DATABASE_URL",
    "REDIS_URL",
    "PGHOST",
    "DATA_DIR",
    "SECRET_KEY",
    "SITE_URL",
    "MODE",
    "PROCESS",
    "PORT",
)


@dataclass
class House:
    """A copy of the project, how to launch it, and which processes belong to it."""

    project: Path
    port: int = field(default_factory=free_port)
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    @cached_property
    def data(self) -> Path:
        """As the launcher of the copy chooses it."""
        code = "from clinic.local.server_home import default_data_dir; print(default_data_dir())"
        return Path(subprocess.check_output([sys.executable, "-c", code], cwd=self.project, text=True).strip())

    def launch(self, **more: str) -> subprocess.Popen[str]:
        env = {name: value for name, value in os.environ.items() if name not in OURS and "PYTEST" not in name}
        return subprocess.Popen(
            [sys.executable, "-m", "clinic.local.launcher"],
            cwd=self.project,
            env=env | {"PORT": str(self.port), "HOUSE_MARK": self.mark, "DEMO": "few"} | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def page(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=PATIENCE) as answer:
            return int(answer.status)

    def processes(self) -> list[int]:
        """Ours by the mark in their environment, the servers' by the folder they work in or are told of."""
        data = str(self.data)
        return [int(path.name) for path in Path("/proc").glob("[0-9]*") if self._is_ours(path, data)]

    def _is_ours(self, process: Path, data: str) -> bool:
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            where = str((process / "cwd").readlink())
        except OSError:
            return False
        return (self.mark.encode() in told or data.encode() in told or where.startswith(data)) and alive(
            int(process.name)
        )


@pytest.fixture
def house() -> Iterator[House]:
    closed = Path(tempfile.mkdtemp(prefix="clinic-launch-"))
    project = closed / "project"
    shutil.copytree(PROJECT, project, ignore=LEFT_OUT, symlinks=True)
    house = House(project)
    bring_tables(house.data)
    yield house
    for pid in house.processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert NAME in str(house.data) or closed in house.data.parents
    shutil.rmtree(house.data, ignore_errors=True)
    shutil.rmtree(closed)


def bring_tables(data: Path) -> None:
    """Where this run has kept its template; elsewhere the launcher makes them itself."""
    dump = template.kept_dump()
    if dump.exists():
        with (
            servers(data, durable=True, given={"REDIS_URL": "unused"}) as started,
            psycopg.connect(host=started.env["PGHOST"], user=OWNER, dbname=DATABASE) as connection,
        ):
            connection.execute(dump.read_bytes())


def read_until(launcher: subprocess.Popen[str], words: str) -> str:
    """What the launcher says, up to and with the line that has `words`."""
    assert launcher.stdout is not None
    said = ""
    for line in launcher.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"The launcher ended without saying {words!r}:\n{said}")


def modes(folder: Path) -> dict[Path, int]:
    """Of a folder and all above it."""
    return {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.parents)}


@pytest.mark.slow
def test_launcher_starts_refuses_a_second_and_leaves_nothing_when_killed(house: House) -> None:
    before = modes(house.project)
    launcher = house.launch()
    said = read_until(launcher, "Ctrl-C")

    assert f"http://localhost:{house.port}" in said
    assert "/desk/mailbox/" in said
    assert house.page() == 200
    assert len(house.processes()) > 8

    second = house.launch()
    refusal, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 1
    assert refusal.startswith("Already running")
    assert refusal.count("\n") == 1

    launcher.kill()
    launcher.communicate()
    assert eventually(lambda: not house.processes())
    assert modes(house.project) == before

    key = (house.data / "secret-key").read_text()
    again = house.launch()
    said = read_until(again, "Ctrl-C")
    assert "Making" not in said
    assert house.page() == 200
    assert (house.data / "secret-key").read_text() == key

    again.send_signal(signal.SIGTERM)
    rest, _ = again.communicate(timeout=PATIENCE)
    assert again.returncode == 0
    assert "closed" in rest
    assert eventually(lambda: not house.processes())


def test_port_in_use_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "PORT_SECONDS", 0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        with pytest.raises(CannotStart) as refusal:
            launcher.run({"PORT": port, "DATA_DIR": str(tmp_path / "data")})

    assert str(refusal.value) == f"Port {port} cannot be used (Address already in use): set PORT to another."
    assert not (tmp_path / "data" / "postgres").exists()


@pytest.mark.parametrize("value", ["0", "65536", "http", "-1", "8000.5", "٣"])
def test_port_number_outside_its_range_is_refused(value: str) -> None:
    with pytest.raises(CannotStart, match="PORT is"):
        launcher.port_number(value)


def test_full_disk_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "FREE_BYTES", 2**63)  # more than any disk has

    with pytest.raises(CannotStart, match="The disk is full") as refusal:
        launcher.check_disk(tmp_path)

    assert "\n" not in str(refusal.value)


def test_reset_forgets_the_demo_finished_or_not_and_asks_for_the_number_one(tmp_path: Path) -> None:
    for name in ("postgres", "mailbox", "day-sheets"):
        (tmp_path / name).mkdir()
    (tmp_path / "secret-key").touch()

    with pytest.raises(CannotStart, match="RESET is 'yes'"):
        launcher.reset(tmp_path, "yes")
    assert (tmp_path / "postgres").exists()

    launcher.reset(tmp_path, "1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret-key"]


def test_secret_key_is_kept_and_private(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"

    first = launcher.kept_secret(path)

    assert launcher.kept_secret(path) == first
    assert len(first) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_fingerprint_changes_with_the_catalogue_and_only_with_what_preparing_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "PROJECT", tmp_path)
    catalogue = tmp_path / "therapies" / "catalogue" / "therapies.yaml"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text("abhyanga")
    first = launcher.prepared_from()

    (tmp_path / "README.md").write_text("words")
    unrelated = launcher.prepared_from()
    catalogue.write_text("basti")

    assert unrelated == first
    assert launcher.prepared_from() != first
