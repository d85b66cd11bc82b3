"""Leases: a row is sent only by the holder of its lease."""

import datetime as dt
import uuid

from django.db import connection, transaction

from bookings.models import Message

from .switch import may_leave

ROWS = 5


def lease(*, now: dt.datetime, length: dt.timedelta, rows: int = ROWS) -> tuple[uuid.UUID, list[int]]:
    """Lease a few due rows for `length`, urgent ones first; rows that another sender is leasing are skipped.

    Returns the token and the rows' ids in the order of sending; no ids when nothing is due.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        for urgent in (True, False):
            due = may_leave(now).filter(urgent=urgent).select_for_update(skip_locked=True)
            ids = list(due.values_list("pk", flat=True)[:rows])
            if ids:
                Message.objects.filter(pk__in=ids).update(leased_until=now + length, lease_token=token)
                return token, ids
    return token, []


def release(*, token: uuid.UUID, ids: list[int]) -> None:
    """Give leased rows back before the lease ends."""
    Message.objects.filter(pk__in=ids, lease_token=token).update(leased_until=None, lease_token=None)


def is_urgent_mail_due(now: dt.datetime) -> bool:
    """Whether somebody waits before the screen for a mail that no sender has taken yet."""
    return may_leave(now).filter(urgent=True).exists()


def database_clock() -> dt.datetime:
    """PostgreSQL's time, the one clock that all senders share. Only entry points read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    return row[0].astimezone(dt.UTC)
