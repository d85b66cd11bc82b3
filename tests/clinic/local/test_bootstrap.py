"""The virtual environment: made once, made again when a lock file changes, and what is missing said in one line."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from clinic.local import bootstrap

SOURCE = Path(bootstrap.__file__)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without packages, and the module pointed at it."""
    for name in bootstrap.SETS:
        (tmp_path / name).write_text("# nothing\n")
    (tmp_path / "clinic" / "local").mkdir(parents=True)
    shutil.copy(SOURCE, tmp_path / "clinic" / "local")
    monkeypatch.setattr(bootstrap, "PROJECT", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "installed.json")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return tmp_path


def run(project: Path, *words: str, first: str = "") -> subprocess.CompletedProcess[str]:
    """The script as a newcomer's Python runs it, after `first`."""
    script = str(project / "clinic" / "local" / "bootstrap.py")
    code = f"{first}\nimport runpy, sys\nsys.argv = sys.argv[1:]\nrunpy.run_path(sys.argv[0], run_name='__main__')"
    return subprocess.run([sys.executable, "-c", code, script, *words], capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_environment_is_made_once_and_again_when_the_lock_changes(project: Path) -> None:
    first = run(project)
    second = run(project)
    (project / "requirements-local.txt").write_text("# something else\n")
    third = run(project)
    (project / "requirements-local.txt").write_text("no-such-file.whl\n")
    fourth = run(project)

    assert first.returncode == 0
    assert "Making the virtual environment" in first.stdout
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert "Installing 0 packages" in third.stdout
    assert "Making" not in third.stdout
    assert fourth.returncode == 1
    assert "Packages cannot be installed" in fourth.stderr
    assert not bootstrap.installed("requirements-local.txt")


def test_larger_set_holds_the_smaller(project: Path) -> None:
    venv.create(project / ".venv", with_pip=False)
    bootstrap.STAMP.write_text(f'{{"requirements-dev.txt": "{bootstrap.fingerprint("requirements-dev.txt")}"}}')

    assert bootstrap.installed("requirements-local.txt")
    assert bootstrap.installed("requirements-dev.txt")


def test_smaller_set_does_not_hold_the_larger(project: Path) -> None:
    venv.create(project / ".venv", with_pip=False)
    bootstrap.STAMP.write_text(f'{{"requirements.txt": "{bootstrap.fingerprint("requirements.txt")}"}}')

    assert bootstrap.installed("requirements.txt")
    assert not bootstrap.installed("requirements-dev.txt")


@pytest.mark.parametrize("content", ["", "not json", "[]"])
def test_spoilt_stamp_counts_as_nothing_installed(project: Path, content: str) -> None:
    venv.create(project / ".venv", with_pip=False)
    bootstrap.STAMP.write_text(content)

    assert not bootstrap.installed("requirements.txt")


def test_old_python_is_told_so_in_one_line(project: Path) -> None:
    refused = run(project, first="import sys; sys.version_info = (3, 9, 18)")

    assert refused.returncode == 1
    assert refused.stderr.startswith("Python 3.11 or newer is needed; this is ")
    assert refused.stderr.count("\n") == 1


def test_missing_venv_module_is_told_in_one_line(project: Path) -> None:
    refused = run(project, first="import os, sys; sys.modules['ensurepip'] = None; os.geteuid = lambda: 1000")

    assert refused.returncode == 1
    assert refused.stderr == "Python's venv module is missing. Install it: sudo apt-get install -y python3-venv\n"


def test_unknown_set_is_refused(project: Path) -> None:
    refused = run(project, "requirements-other.txt")

    assert refused.returncode == 1
    assert refused.stderr.startswith("Name one of: ")
    assert not (project / ".venv").exists()
