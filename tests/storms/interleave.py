"""Two actions on two real connections, the first stopped at one point while the second runs as far as it can.

The point is before the first lock, before the commit, or before the n-th statement.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection

from tests.eventually import PATIENCE

LOCK, COMMIT = -1, -2
"""Points; any other is the number of a statement, from 0."""
LOCKING = ("pg_advisory_xact_lock", "FOR UPDATE", "FOR NO KEY UPDATE")
Act = Callable[[], object]


class Gate:
    """Where the first action waits, once."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def wait(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            if not self.opened.wait(PATIENCE):
                raise TimeoutError


class Pair:
    """Two threads with a connection each, kept for many pairs of actions."""

    def __init__(self) -> None:
        self._pools = [ThreadPoolExecutor(1), ThreadPoolExecutor(1)]
        self._backends = [pool.submit(_backend).result() for pool in self._pools]

    def close(self) -> None:
        for pool in self._pools:
            pool.submit(lambda: connection.close()).result()  # noqa: PLW0108 - the connection of that thread
            pool.shutdown()

    def run(self, first: Act, second: Act, *, at: int) -> tuple[Exception | None, Exception | None]:
        """How each ended: None, or what it raised."""
        gate = Gate()
        running = self._pools[0].submit(_stopped, first, gate, at)
        if not gate.reached.wait(PATIENCE):
            raise TimeoutError
        other = self._pools[1].submit(_outcome, second)
        self._let_run(other)
        gate.opened.set()
        return running.result(PATIENCE), other.result(PATIENCE)

    def _let_run(self, other: "Future[Exception | None]") -> None:
        """Until it is done, or waits for what the first one has."""
        while not wait([other], timeout=0.003).done:
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self._backends[1]])
                if cursor.fetchone()[0]:
                    return


@contextmanager
def pair() -> Iterator[Pair]:
    both = Pair()
    try:
        yield both
    finally:
        both.close()


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _outcome(act: Act) -> Exception | None:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - the ledger judges it
        return error
    return None


def _stopped(act: Act, gate: Gate, at: int) -> Exception | None:
    """Run it, waiting at the gate; one that never comes there opens the way for the other when it is done."""
    try:
        with ExitStack() as stack:
            if at == COMMIT:
                stack.enter_context(_before_commit(gate))
            else:
                stack.enter_context(connection.execute_wrapper(_before_statement(gate, at)))
            return _outcome(act)
    finally:
        gate.reached.set()


def _before_statement(gate: Gate, at: int) -> Callable[..., Any]:
    numbers = iter(range(1_000_000))

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        number = next(numbers)
        if number == at or (at == LOCK and any(word in sql for word in LOCKING)):
            gate.wait()
        return execute(sql, params, many, context)

    return wrapper


@contextmanager
def _before_commit(gate: Gate) -> Iterator[None]:
    commit = connection.commit

    def later() -> None:
        gate.wait()
        commit()

    connection.commit = later  # type: ignore[method-assign]
    try:
        yield
    finally:
        del connection.commit  # the instance's own: the class's shows again
