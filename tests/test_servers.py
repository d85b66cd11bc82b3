"""The plugin that gives every test run its own servers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clinic.local.server_home import PROJECT
from tests import template
from tests.eventually import alive, eventually
from tests.servers import broker_number

HOLDS = """
import os, time
def test_hold():
    print("SOCKETS", os.environ["PGHOST"], flush=True)
    time.sleep(600)
"""
GIVEN = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "PGHOST")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/3"),
        ("redis://:secret@127.0.0.1:6379", "redis://:secret@127.0.0.1:6379/3"),
    ],
)
def test_broker_number_keeps_the_rest_of_the_address(url: str, expected: str) -> None:
    assert broker_number(url, 3) == expected


def test_parallel_worker_has_a_broker_number_of_its_own() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")

    assert os.environ["REDIS_URL"].endswith("/" + worker.removeprefix("gw"))


def test_kept_template_is_for_the_files_that_migrations_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "PROJECT", tmp_path)
    migration = tmp_path / "clinic" / "people" / "migrations" / "0001_people.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("operations = []")
    first = template.fingerprint()

    (tmp_path / "clinic" / "people" / "views").mkdir()
    (tmp_path / "clinic" / "people" / "views" / "page.py").write_text("")
    unrelated = template.fingerprint()
    migration.write_text("operations = [1]")

    assert unrelated == first
    assert template.fingerprint() != first


@pytest.mark.slow
def test_killed_run_leaves_no_server(tmp_path: Path) -> None:
    (tmp_path / "test_hold.py").write_text(HOLDS)
    env = {name: value for name, value in os.environ.items() if name not in GIVEN and "PYTEST" not in name}
    ours = ["-c", "pyproject.toml", "--rootdir", str(PROJECT), "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-s", "-q", *ours, str(tmp_path / "test_hold.py")]
    with subprocess.Popen(command, cwd=PROJECT, env=env, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        sockets = next(line.split()[1] for line in run.stdout if line.startswith("SOCKETS"))
        home = Path(sockets).parent
        postmaster = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
        assert alive(postmaster)

        run.kill()
        run.wait()

        assert eventually(lambda: not alive(postmaster))
        shutil.rmtree(home)
