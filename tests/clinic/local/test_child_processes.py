"""Children that die with their starter, by the death signal and by the watcher."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from clinic.local import child_processes
from tests.eventually import alive, eventually

STARTER = """
import signal, sys, time
from pathlib import Path
from clinic.local import child_processes as children
child = children.start_process(
    sys.argv[2:], farewell=signal.SIGTERM, log=Path(sys.argv[1]), watched={watched},
)
print(child.pid, flush=True)
time.sleep(600)
"""
SAYS_ITS_NUMBER = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
IGNORES_EVERYTHING = """
import signal, time
for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "child.log"


@pytest.mark.parametrize("watched", [False, True])
def test_child_ends_when_its_starter_is_killed(log: Path, *, watched: bool) -> None:
    code = STARTER.format(watched=watched)
    with subprocess.Popen([sys.executable, "-c", code, log, sys.executable, "-c", SAYS_ITS_NUMBER]) as starter:
        assert eventually(lambda: log.exists() and log.read_text().strip())
        pid = int(log.read_text())

        assert alive(pid)
        starter.kill()
        starter.wait()

        assert eventually(lambda: not alive(pid))


@pytest.mark.parametrize("watched", [False, True])
def test_stop_ends_a_child_that_does_not_listen(log: Path, *, watched: bool) -> None:
    child = child_processes.start_process(
        [sys.executable, "-c", IGNORES_EVERYTHING], farewell=signal.SIGTERM, log=log, watched=watched
    )
    assert eventually(lambda: "deaf" in log.read_text())

    child.stop(signal.SIGTERM, patience=0.1)

    assert not child.running()
    assert eventually(lambda: not _members(child.pid))


def test_stop_ends_what_the_child_left_behind(log: Path) -> None:
    child = child_processes.start_process(
        ["/bin/sh", "-c", "sleep 600 & echo $!; exit 0"], farewell=signal.SIGTERM, log=log
    )
    assert eventually(lambda: not child.running())
    grandchild = int(log.read_text())
    assert alive(grandchild)

    child.stop(signal.SIGTERM, patience=1)

    assert eventually(lambda: not alive(grandchild))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change to another user")
@pytest.mark.parametrize("watched", [False, True])
def test_child_of_another_user_ends_when_its_starter_is_killed(log: Path, *, watched: bool) -> None:
    code = STARTER.format(watched=watched).replace("watched=", "account=children.Account(65534, 65534), watched=")
    with subprocess.Popen(
        [sys.executable, "-c", code, log, "/bin/sh", "-c", "id -u; echo $$; exec sleep 600"]
    ) as starter:
        assert eventually(lambda: log.exists() and log.read_text().count("\n") == 2)
        uid, pid = (int(line) for line in log.read_text().split())

        starter.kill()
        starter.wait()

        assert uid == 65534
        assert eventually(lambda: not alive(pid))


def test_start_in_another_thread_is_refused(log: Path) -> None:
    refusals: list[str] = []

    def try_it() -> None:
        with pytest.raises(RuntimeError) as refusal:
            child_processes.start_process(["/bin/true"], farewell=signal.SIGTERM, log=log)
        refusals.append(str(refusal.value))

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()

    assert len(refusals) == 1


def _members(group: int) -> list[int]:
    """The running processes of a group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, of_group = path.read_text().rsplit(")", 1)[1].split()[:3]
        except OSError:
            continue
        if int(of_group) == group and state != "Z":
            found.append(int(path.parent.name))
    return found
