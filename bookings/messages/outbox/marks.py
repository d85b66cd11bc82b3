"""Locks and marks a leased row: written out in SQL, because it is done for each letter."""

import datetime as dt
import logging

from django.db import connection

from bookings.messages.kinds import SORTS
from bookings.messages.schedule.planner import NO_LEASE
from bookings.models import Channel, Message, State

log = logging.getLogger(__name__)

LOCK = "SELECT 1 FROM bookings_message WHERE id = %s AND lease_token = %s AND state = 'due' FOR UPDATE"
LOOK = """
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
    """Whether the row is still due and leased by us; if so it is locked until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [message.pk, message.lease_token])
        return cursor.fetchone() is not None


def look(visit_id: int) -> list[tuple[int, str, dt.datetime]]:
    """Sequence, status and start of each booking of the visit, as they are at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [visit_id])
        return cursor.fetchall()


def settle(message: Message, state: State, problem: str, *, now: dt.datetime, message_id: str = "") -> str:
    """Mark the row where the lease is still ours, and forget its secret."""
    sent_at = now if state == State.SENT else None
    rows = [state.value, problem[:200], sent_at, message_id, message.recipient, message.pk, message.lease_token]
    with connection.cursor() as cursor:
        cursor.execute(MARK, rows)
    log.info("letter %s %s %s", message.pk, message.kind, state.value)
    return state.value


def pass_on(message: Message, channel: Channel) -> str:
    """The patient is reached in another way now: the row waits there."""
    Message.objects.filter(pk=message.pk).update(channel=channel, **NO_LEASE)
    return "passed on"


def put_off(message: Message, why: str, *, until: dt.datetime) -> str:
    """The row comes back then, with one try more behind it."""
    Message.objects.filter(pk=message.pk, lease_token=message.lease_token).update(
        attempts=message.attempts + 1, due_at=until, problem=why[:200], **NO_LEASE
    )
    log.info("letter %s %s put off", message.pk, message.kind)
    return "put off"


def ask_the_desk_to_ring(message: Message, *, now: dt.datetime) -> None:
    """A call about the same, for a letter that will never arrive."""
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


def is_told_elsewhere(message: Message) -> bool:
    """Whether the same news went, or goes, to another address too: then nobody need ring. Their keys begin alike."""
    if not SORTS[message.kind].fixed:
        return False
    alike = Message.objects.filter(key__startswith=message.key.rpartition(":")[0] + ":")
    return alike.filter(state__in=[State.DUE, State.SENT]).exclude(pk=message.pk).exists()
