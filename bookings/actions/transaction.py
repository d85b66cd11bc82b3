"""What every action shares: one transaction, and database refusals turned into words."""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import ParamSpec, TypeVar

import pghistory
from django.db import IntegrityError, OperationalError, transaction
from psycopg import errors

from bookings.errors import Busy, JustTaken
from clinic.people.models import User

P = ParamSpec("P")
T = TypeVar("T")

TOO_SLOW = (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected)


def recorded_as_done_by(user: object) -> AbstractContextManager[object]:
    """For the records of who changed what; acts of nobody, such as a tick, name nobody."""
    return pghistory.context(user=user.pk) if isinstance(user, User) else nullcontext()


def action(act: Callable[P, T]) -> Callable[P, T]:
    """Run an act in one durable transaction.

    What it changes is recorded as done by `by`. A lock that took too long becomes Busy, a constraint that was quicker
    than our re-read becomes JustTaken.
    """

    @functools.wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            with recorded_as_done_by(kwargs.get("by")), transaction.atomic(durable=True):
                return act(*args, **kwargs)
        except OperationalError as error:
            if isinstance(error.__cause__, TOO_SLOW):
                raise Busy from error
            raise
        except IntegrityError as error:
            if isinstance(error.__cause__, errors.ExclusionViolation):
                raise JustTaken from error
            raise

    return run
