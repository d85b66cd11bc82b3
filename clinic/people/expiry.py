"""What nobody needs any more: sessions that are over, and accounts whose address nobody ever showed to be theirs."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector

from clinic.batches import delete_in_batches
from clinic.json_cache import forget_expired
from clinic.people import attempts, kept_forms, notices
from clinic.people.models import User

KEPT_FOR = dt.timedelta(days=30)
"""How long an account waits for somebody to come in after the last code was asked for."""

NOTICES_KEPT_FOR = dt.timedelta(days=400)


@dataclass(frozen=True)
class Swept:
    sessions: int
    accounts: int


def sweep(*, now: dt.datetime) -> Swept:
    """Remove both. An account that anything in the clinic names stays, whatever it is."""
    sessions = delete_in_batches(Session.objects.filter(expire_date__lt=now))
    forget_expired(now=now)
    attempts.forget_attempts(before=now)
    notices.forget_notices(before=now - NOTICES_KEPT_FOR)
    kept_forms.forget(before=now)
    accounts = User.objects.never_shown(now - KEPT_FOR).values_list("pk", flat=True)
    return Swept(sessions=sessions, accounts=sum(_forget(pk, now) for pk in [*accounts]))


def _forget(account: int, now: dt.datetime) -> bool:
    """Each by itself and under its lock: somebody may be coming in this very moment."""
    with transaction.atomic(durable=True):
        user = User.objects.never_shown(now - KEPT_FOR).select_for_update().filter(pk=account).first()
        if user is None:
            return False
        try:
            delete_account(user)
        except ProtectedError:  # by the patients it acts for, its roles, letters, history: nothing is removed yet
            return False
        return True


def delete_account(user: User) -> dict[str, int]:
    """Remove an account that nothing names; how many rows of each model went. Raises ProtectedError for any other.

    Whoever did something in the admin stays, for its log only grows: Django itself would take the lines along.
    """
    if lines := list(user.logentry_set.all()):
        raise ProtectedError("An account with lines in the admin's log stays.", set(lines))
    collector = _Looking(using=DEFAULT_DB_ALIAS, origin=user)
    collector.collect([user])
    return collector.delete()[1]


class _Looking(Collector):
    """Looks for the rows that go along, and asks the database to delete none where there are none: it may not."""

    def can_fast_delete(self, *_args: Any, **_options: Any) -> bool:
        return False
