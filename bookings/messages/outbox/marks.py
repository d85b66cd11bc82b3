"""Lock and mark a leased row."""

import datetime as dt
import logging
from typing import NamedTuple

from django.db.models import F

from bookings.messages.kinds import SORTS
from bookings.messages.schedule.planner import NO_LEASE
from bookings.models import Booking, Channel, Message, State

log = logging.getLogger(__name__)


def lock_message(message: Message) -> bool:
    """Lock the row until the end of the transaction; False when it is no longer due or no longer leased by us."""
    rows = Message.objects.filter(pk=message.pk, lease_token=message.lease_token, state=State.DUE)
    return rows.select_for_update().values_list("pk").first() is not None


class BookingState(NamedTuple):
    sequence: int
    status: str
    starts_at: dt.datetime


def read_bookings(visit_id: int) -> list[BookingState]:
    """The bookings of the visit as they are at this moment; `sequence` is the visit's."""
    rows = Booking.objects.filter(visit=visit_id).order_by("pk")
    return [BookingState(*row) for row in rows.values_list("visit__sequence", "status", "starts_at")]


def settle(message: Message, state: State, problem: str, *, now: dt.datetime, message_id: str = "") -> str:
    """Mark the row if the lease is still ours, and erase its secret. Returns the state."""
    sent_at = now if state == State.SENT else None
    Message.objects.filter(pk=message.pk, lease_token=message.lease_token).update(
        state=state,
        problem=problem[:200],
        sent_at=sent_at,
        message_id=message_id,
        recipient=message.recipient,
        attempts=F("attempts") + 1,
        secret={},
        **NO_LEASE,
    )
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
    same = Message.objects.filter(patient=message.patient_id, kind=message.kind)
    others = same.filter(key__startswith=message.key.rpartition(":")[0] + ":")
    return others.filter(state__in=[State.DUE, State.SENT]).exclude(pk=message.pk).exists()
