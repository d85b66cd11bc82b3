"""Who may send a row: whoever holds its lease."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import connection, transaction

from bookings.models import Channel, Message

ROWS = 5


def lease(
    *,
    now: dt.datetime,
    length: dt.timedelta,
    rows: int = ROWS,
    channels: Sequence[str] = (Channel.EMAIL,),
) -> tuple[uuid.UUID, list[int]]:
    """Take a few due rows for `length`, urgent ones first, passing over what others are taking at this moment.

    Returns the token and the rows' ids, in the order in which they should go; no ids: nothing is due.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        for urgent in (True, False):
            due = Message.objects.due(now, channels).filter(urgent=urgent).select_for_update(skip_locked=True)
            found = list(due.values_list("pk", flat=True)[:rows])
            if found:
                Message.objects.filter(pk__in=found).update(leased_until=now + length, lease_token=token)
                return token, found
    return token, []


def release(*, token: uuid.UUID, ids: list[int]) -> None:
    """Return leased rows untouched, so that others need not wait for the lease to end."""
    Message.objects.filter(pk__in=ids, lease_token=token).update(leased_until=None, lease_token=None)


def database_clock() -> dt.datetime:
    """PostgreSQL's time: the one clock that all senders share. Read by the delivery door only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    return row[0].astimezone(dt.UTC)
