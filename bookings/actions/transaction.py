"""What every action shares: one transaction, and database refusals turned into words."""

import functools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

import pghistory
from django.db import IntegrityError, OperationalError, transaction
from psycopg import errors

from bookings.errors import Busy, JustTaken, MergedMeanwhile
from clinic.people.models import User

P = ParamSpec("P")
T = TypeVar("T")

TOO_SLOW = (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected)


_IS_TRIAL: ContextVar[bool] = ContextVar("is_trial", default=False)


def is_trial() -> bool:
    """Whether what is done now is only tried, and will be taken back."""
    return _IS_TRIAL.get()


@contextmanager
def trial() -> Iterator[None]:
    """What acts inside it would do can be looked at before it ends; then all of it is taken back.

    They run in the one transaction of the trial, and take no lock of booking: nobody waits for a look ahead.
    """
    before = _IS_TRIAL.set(True)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        _IS_TRIAL.reset(before)


def recorded_as_done_by(user: object) -> AbstractContextManager[object]:
    """For the records of who changed what; acts of nobody, such as a tick, name nobody."""
    return pghistory.context(user=user.pk) if isinstance(user, User) else nullcontext()


def action(act: Callable[P, T]) -> Callable[P, T]:
    """Run an act in one durable transaction.

    What it changes is recorded as done by `by`. A lock that took too long becomes Busy, a constraint that was quicker
    than our re-read becomes JustTaken, a record that was merged since it was read MergedMeanwhile.
    """

    @functools.wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            with recorded_as_done_by(kwargs.get("by")), transaction.atomic(durable=not is_trial()):
                return act(*args, **kwargs)
        except OperationalError as error:
            if isinstance(error.__cause__, TOO_SLOW):
                raise Busy from error
            raise
        except IntegrityError as error:
            if isinstance(error.__cause__, errors.ExclusionViolation):
                raise JustTaken from error
            if _is_of_merged_record(error):
                raise MergedMeanwhile from error
            raise

    return run


def _is_of_merged_record(error: IntegrityError) -> bool:
    """Whether a trigger of `clinic.people.merge_triggers` refused the row."""
    cause = error.__cause__
    name = cause.diag.constraint_name if isinstance(cause, errors.CheckViolation) else None
    return (name or "").endswith("_of_no_merged_record")
