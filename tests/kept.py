"""Rows that several tests read: made once for a module, inside a transaction around the transactions of its tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.test import TestCase
from pytest_django import DjangoDbBlocker


@contextmanager
def kept(blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a fixture of module scope: what it writes before its yield is there for each test, and gone at the end.

    Every test of that module sees the rows, asked for or not; tests that commit do not go together with it.
    """
    with blocker.unblock():
        around = TestCase._enter_atomics()  # type: ignore[attr-defined]
        try:
            yield
        finally:
            TestCase._rollback_atomics(around)  # type: ignore[attr-defined]
