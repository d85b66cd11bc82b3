"""Limits against guessing, counted before the work is done and one after the other, so that bursts do not pass.

The cache's limits read, then write; two requests at once read the same number. Here the row is locked between the two.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from clinic.people.models import Attempts
from clinic.people.security_log import REFUSED, Event, note


@dataclass(frozen=True)
class Limit:
    """So many attempts within a span that begins with the first of them."""

    amount: int
    span: dt.timedelta


PASSWORD = Limit(5, dt.timedelta(minutes=5))
"""Wrong passwords for one account from one device."""
PASSWORD_OF_NETWORK = Limit(10, dt.timedelta(minutes=1))
"""Wrong passwords from one network address, whatever the account."""
PASSWORD_OF_STRANGERS = Limit(200, dt.timedelta(hours=1))
"""Wrong passwords for one account from all devices that never signed in to it."""
SIGNATURE = Limit(10, dt.timedelta(minutes=1))
"""Passwords typed as a signature."""
MAILED_CODE = Limit(5, dt.timedelta(minutes=15))
"""Wrong guesses of one mailed code."""
FACTOR = Limit(5, dt.timedelta(minutes=5))
"""Wrong codes of one account's second factor."""
JOIN = Limit(10, dt.timedelta(hours=1))
"""Codes of invitations that one account tries."""
JOIN_BY_ADDRESS = Limit(5, dt.timedelta(hours=24))
"""Birth dates that one account tries for its own address: it is no secret to a family, and never guessed."""
JOIN_OF_NETWORK = Limit(60, dt.timedelta(hours=1))
"""Codes of invitations tried from one network address, whatever the account."""


def take(*, key: str, limit: Limit, now: dt.datetime) -> bool:
    """Count one attempt; whether it is within the limit. One beyond it is not counted, so a wait always ends."""
    name = _digest(key)
    with transaction.atomic(durable=True):  # inside a transaction that is rolled back, the count would be lost
        fresh = Attempts(key=name, count=0, ends_at=now + limit.span)
        Attempts.objects.bulk_create([fresh], ignore_conflicts=True)
        row = Attempts.objects.select_for_update().get(key=name)
        if row.ends_at <= now:
            row.count, row.ends_at = 0, now + limit.span
        within = row.count < limit.amount
        if within:
            row.count += 1
            row.save(update_fields=["count", "ends_at"])
    if not within:
        note(Event.LIMIT_TRIPPED, outcome=REFUSED, limit=key.split(":", maxsplit=1)[0])
    return within


def take_all(wanted: Iterable[tuple[str, Limit]], *, now: dt.datetime) -> list[str] | None:
    """Count one attempt on several keys; the keys, or None when one of them is used up. Then it counts on none."""
    taken: list[str] = []
    for key, limit in wanted:
        if not take(key=key, limit=limit, now=now):
            give_all_back(taken)
            return None
        taken.append(key)
    return taken


def give_all_back(keys: Iterable[str]) -> None:
    """An attempt that was right, on each of its keys."""
    for key in keys:
        give_back(key=key)


def used_up(*, key: str, limit: Limit, now: dt.datetime) -> bool:
    """Whether the next attempt would be beyond the limit."""
    return Attempts.objects.filter(key=_digest(key), count__gte=limit.amount, ends_at__gt=now).exists()


def give_back(*, key: str) -> int:
    """An attempt that was right does not count against the person. How many rows changed."""
    return Attempts.objects.filter(key=_digest(key), count__gt=0).update(count=F("count") - 1)


def forget_attempts(*, before: dt.datetime) -> int:
    """Remove what no longer counts. How many."""
    return Attempts.objects.filter(ends_at__lt=before).delete()[0]


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
