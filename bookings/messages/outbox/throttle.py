"""Limit the messages per minute to one mail domain, across all senders.

The count is a row in PostgreSQL. A message beyond the limit becomes due in the first later minute that has room: it is
touched once, loses no attempt, does not delay the others, and nobody takes it for late.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import transaction

from bookings.messages.kinds import SORTS
from bookings.messages.schedule.batch import Batch
from bookings.messages.schedule.planner import NO_LEASE
from bookings.models import Channel, Message
from bookings.models.message import DomainMinute

MINUTE = dt.timedelta(minutes=1)


def keep_to_the_limit(batch: Batch, ids: list[int], *, token: uuid.UUID, now: dt.datetime) -> list[int]:
    """The leased rows that may be sent in this minute, in order; the others are due in later ones.

    Urgent messages are counted but never wait.
    """
    limit = settings.LETTERS_PER_MINUTE_AND_DOMAIN
    domains = _by_domain(batch, ids)
    if not limit or not domains:
        return ids
    waiting: dict[int, dt.datetime] = {}
    with transaction.atomic():
        for minute in _minutes(domains, now=now):
            rows = domains[minute.domain]
            urgent = [pk for pk in rows if batch.rows[pk].urgent]
            others = [pk for pk in rows if not batch.rows[pk].urgent]
            room = max(0, limit - minute.taken - len(urgent))
            minute.taken += len(urgent) + min(room, len(others))
            waiting |= dict(_turns(minute, others[room:], limit=limit))
            minute.save()
        _wait(waiting, token=token)
    return [pk for pk in ids if pk not in waiting]


def _by_domain(batch: Batch, ids: Iterable[int]) -> dict[str, list[int]]:
    """Row ids by mail domain, sorted by domain, so that all senders lock domains in the same order."""
    rows: dict[str, list[int]] = {}
    for pk in ids:
        row = batch.rows.get(pk)
        if row is None or row.channel != Channel.EMAIL:
            continue
        address = row.whom.email if row.whom and not SORTS[row.kind].fixed else row.recipient
        if "@" in address:
            rows.setdefault(address.rsplit("@", 1)[1].lower(), []).append(pk)
    return dict(sorted(rows.items()))


def _minutes(domains: Iterable[str], *, now: dt.datetime) -> list[DomainMinute]:
    """The current minute of each domain, locked; one that is over is followed by whole minutes, as turns are."""
    names = list(domains)
    new = [DomainMinute(domain=name, begun_at=now, taken=0) for name in names]
    DomainMinute.objects.bulk_create(new, ignore_conflicts=True)
    rows = list(DomainMinute.objects.filter(domain__in=names).order_by("domain").select_for_update())
    for minute in rows:
        if minute.begun_at + MINUTE <= now:
            minute.begun_at, minute.taken = minute.begun_at + (now - minute.begun_at) // MINUTE * MINUTE, 0
    return rows


def _turns(minute: DomainMinute, rows: Iterable[int], *, limit: int) -> Iterator[tuple[int, dt.datetime]]:
    """When each row may be sent: after those that wait already."""
    following = minute.begun_at + MINUTE
    for pk in rows:
        if minute.later_at is None or minute.later_at < following:
            minute.later_at, minute.later_taken = following, 0
        elif minute.later_taken >= limit:
            minute.later_at, minute.later_taken = minute.later_at + MINUTE, 0
        minute.later_taken += 1
        yield pk, minute.later_at


def _wait(waiting: dict[int, dt.datetime], *, token: uuid.UUID) -> None:
    """Give the rows back, due when they have their turn."""
    for turn in set(waiting.values()):
        rows = [pk for pk, moment in waiting.items() if moment == turn]
        Message.objects.filter(pk__in=rows, lease_token=token).update(due_at=turn, **NO_LEASE)
