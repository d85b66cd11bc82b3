"""The embedded servers: real, confined, gone when their starter is gone, and true to what they confirmed."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from clinic.local import server_home
from clinic.local.embedded_servers import Servers, servers
from clinic.local.server_home import CannotStart
from tests.eventually import alive, eventually

HOLDER = """
import time
from clinic.local.embedded_servers import servers
with servers(None, durable=False) as running:
    print(running.postgres.child.pid, running.valkey.child.pid, running.env["PGHOST"], flush=True)
    time.sleep(600)
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="concerns root only")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the servers' user can reach, as pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-embedded-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def connect(running: Servers) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(running.env["OWNER_DATABASE_URL"], host=running.env["PGHOST"], autocommit=True)


def one(connection: psycopg.Connection[tuple[object, ...]], question: str) -> object:
    row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def test_throwaway_servers_work_and_are_gone_afterwards() -> None:
    with servers(None, durable=False) as running, connect(running) as connection:
        assert running.postgres is not None and running.valkey is not None  # noqa: PT018
        assert str(one(connection, "SHOW server_version_num")) >= "180000"
        assert one(connection, "SHOW listen_addresses") == ""
        assert one(connection, "SHOW fsync") == "off"
        assert one(connection, "SHOW synchronous_commit") == "on"
        assert one(connection, "SHOW max_connections") == "200"
        connection.execute("CREATE EXTENSION btree_gist")
        with redis.Redis.from_url(running.redis_url.replace("/0", "/100")) as valkey:
            assert valkey.set("key", "value") is True
        pids = [running.postgres.child.pid, running.valkey.child.pid]
        folder = Path(running.env["PGHOST"]).parent

    assert not any(alive(pid) for pid in pids)
    assert not folder.exists()


def test_servers_refuse_strangers() -> None:
    with servers(None, durable=False) as running:
        without_password = running.redis_url.split("@")[1]
        with redis.Redis.from_url(f"redis://{without_password}") as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert stat.S_IMODE(Path(running.env["PGHOST"]).stat().st_mode) == 0o700


@as_root
def test_servers_do_not_run_as_root() -> None:
    with servers(None, durable=False) as running:
        for server in (running.postgres, running.valkey):
            status = Path(f"/proc/{server.child.pid}/status").read_text()
            uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
            assert "0" not in uids


def test_servers_end_when_their_starter_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        postgres, valkey, run = holder.stdout.readline().split()

        assert alive(int(postgres))
        assert alive(int(valkey))
        holder.kill()
        holder.wait()

        assert eventually(lambda: not alive(int(postgres)) and not alive(int(valkey)))
        shutil.rmtree(Path(run).parent)


def test_confirmed_rows_survive_a_killed_server(home: Path) -> None:
    with servers(home, durable=True) as running:
        assert running.postgres is not None
        with connect(running) as connection:
            assert one(connection, "SHOW fsync") == "on"
            connection.execute("CREATE TABLE kept (number int)")
            connection.execute("INSERT INTO kept VALUES (42)")
            running.postgres.kill()
        running.postgres.start()
        running.postgres.wait()

        with connect(running) as connection:
            assert one(connection, "SELECT number FROM kept") == 42


def test_durable_data_is_there_at_the_next_start(home: Path) -> None:
    with servers(home, durable=True) as running, connect(running) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    with servers(home, durable=True) as running, connect(running) as connection:
        assert one(connection, "SELECT number FROM kept") == 7


def test_a_dead_servers_number_taken_by_another_process_is_no_obstacle(home: Path) -> None:
    with servers(home, durable=True):
        pass
    (home / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{home}/postgres\n")

    with servers(home, durable=True) as running, connect(running) as connection:
        assert one(connection, "SELECT 1") == 1


def test_addresses_in_the_environment_win() -> None:
    given = {"DATABASE_URL": "postgres://elsewhere/db", "REDIS_URL": "redis://elsewhere/0"}

    with servers(None, durable=False, given=given) as running:
        assert running.postgres is None
        assert running.valkey is None
        assert running.env == {}
        assert running.database_url == "postgres://elsewhere/db"


@as_root
def test_a_home_out_of_reach_is_refused_and_stays_as_it_was(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(CannotStart, match="cannot be reached"), servers(closed / "data", durable=True):
        pass

    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_folders_of_killed_runs_are_swept_but_not_those_in_use() -> None:
    account = server_home.account_for_servers()
    with server_home.throwaway_home(account) as first:
        left = first.with_name(f"{server_home.USER}-left-behind")
        left.mkdir()
        (left / "lock").touch()
        long_ago = time.time() - 3600
        for folder in (left, first):
            os.utime(folder, (long_ago, long_ago))

        with server_home.throwaway_home(account):
            assert not left.exists()
            assert first.exists()


def test_a_missing_program_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="is missing") as refusal:
        server_home.program(tmp_path / "postgres")

    assert "\n" not in str(refusal.value)
