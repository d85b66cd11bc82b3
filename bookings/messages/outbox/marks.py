"""Lock and mark a leased row. In SQL where it runs for every message."""

import datetime as dt
import logging
from typing import NamedTuple

from django.db import connection

from bookings.messages.kinds import SORTS
from bookings.messages.schedule.planner import NO_LEASE
from bookings.models import Channel, Message, State

log = logging.getLogger(__name__)

LOCK = "SELECT 1 FROM bookings_message WHERE id = %s AND lease_token = %s AND state = 'due' FOR UPDATE"
BOOKINGS = """
SELECT visit.sequence, booking.status, booking.starts_at
FROM bookings_booking booking JOIN bookings_visit visit ON visit.id = booking.visit_id WHERE visit.id = %s
"""
MARK = """
UPDATE bookings_message
SET state = %s, problem = %s, sent_at = %s, message_id = %s, recipient = %s, attempts = attempts + 1, secret = '{}',
    leased_until = NULL, lease_token = NULL
WHERE id = %s AND lease_token = %s
"""


def lock_message(message: Message) -> bool:
    """Lock the row until the end of the transaction; False when it is no longer due or no longer leased by us."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [message.pk, message.lease_token])
        return cursor.fetchone() is not None


class BookingState(NamedTuple):
    sequence: int
    status: str
    starts_at: dt.datetime


def read_bookings(visit_id: int) -> list[BookingState]:
    """The bookings of the visit as they are at this moment; `sequence` is the visit's."""
    with connection.cursor() as cursor:
        cursor.execute(BOOKINGS, [visit_id])
        return [BookingState(*row) for row in cursor.fetchall()]


def settle(message: Message, state: State, problem: str, *, now: dt.datetime, message_id: str = "") -> str:
    """Mark the row if the lease is still ours, and erase its secret. Returns the state."""
    sent_at = now if state == State.SENT else None
    values = [state.value, problem[:200], sent_at, message_id, message.recipient, message.pk, message.lease_token]
    with connection.cursor() as cursor:
        cursor.execute(MARK, values)
    log.info("message %s %s %s", message.pk, message.kind, state.value)
    return state.value


def pass_on(message: Message, channel: Channel) -> str:
    """Move the row to another channel, where it waits as due."""
    Message.objects.filter(pk=message.pk).update(channel=channel, **NO_LEASE)
    return "passed on"


def put_off(message: Message, why: str, *, until: dt.datetime) -> str:
    """Make the row due again at `until`, and count the attempt."""
    Message.objects.filter(pk=message.pk, lease_token=message.lease_token).update(
        attempts=message.attempts + 1, due_at=until, problem=why[:200], **NO_LEASE
    )
    log.info("message %s %s put off", message.pk, message.kind)
    return "put off"


def add_call(message: Message, *, now: dt.datetime) -> None:
    """Put a call with the same content on the desk's list, in place of a mail that will never arrive."""
    call = Message(
        key=f"{message.key}:call",
        kind=message.kind,
        channel=Channel.CALL,
        clinic_id=message.clinic_id,
        visit_id=message.visit_id,
        patient_id=message.patient_id,
        sequence=message.sequence,
        language=message.language,
        secret=message.secret,
        due_at=now,
        made_by_id=message.made_by_id,
        made_at=now,
    )
    Message.objects.bulk_create([call], ignore_conflicts=True)


def is_sent_elsewhere(message: Message) -> bool:
    """Whether the same news was or will be sent to another address. Its rows share the beginning of the key."""
    if not SORTS[message.kind].fixed:
        return False
    others = Message.objects.filter(key__startswith=message.key.rpartition(":")[0] + ":")
    return others.filter(state__in=[State.DUE, State.SENT]).exclude(pk=message.pk).exists()
