"""Sends what is due: lease, look again, hand over, mark. Any number of senders may run at once."""

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction

from bookings.messages.account_messages import is_too_late
from bookings.messages.content.composition import CannotCompose
from bookings.messages.kinds import SORTS
from bookings.messages.schedule.batch import Batch, read_batch
from bookings.messages.schedule.moderation import why_hold_back
from bookings.messages.schedule.plan import CONFIRMING
from bookings.messages.schedule.planner import channel_for
from bookings.models import Channel, Message, MessageKind, State

from .channels import WAYS, Hand, Hands
from .heartbeat import beat
from .leases import ROWS, lease, release
from .marks import (
    ask_the_desk_to_ring,
    is_told_elsewhere,
    lock_message,
    look,
    pass_on,
    put_off,
    settle,
)
from .smtp import NoLongerWanted, PermanentFailure, ServerUnreachable, TemporaryFailure
from .throttle import keep_to_the_limit

log = logging.getLogger(__name__)

LONGEST_PAUSE = dt.timedelta(hours=1)
GIVE_UP_AFTER = 30  # tries: more than a day
RUN_SECONDS = 40.0
MOST_ROWS = 50
BATCH_SECONDS = 1.0  # somebody may wait for a sign-in code: no batch keeps a sender much longer


@dataclass(frozen=True)
class Pace:
    """Leases, deadlines and pauses; tests use shorter ones. A row is not begun in the last quarter of its lease."""

    lease: dt.timedelta
    deadline_seconds: float
    first_pause: dt.timedelta
    rows: int = ROWS
    run_seconds: float = RUN_SECONDS

    @classmethod
    def set(cls) -> "Pace":
        """As the settings say."""
        return cls(
            lease=dt.timedelta(seconds=settings.LETTERS_LEASE_SECONDS),
            deadline_seconds=settings.LETTERS_DEADLINE_SECONDS,
            first_pause=dt.timedelta(seconds=settings.LETTERS_PAUSE_SECONDS),
        )

    def rows_after(self, done: int, seconds: float) -> int:
        """How many rows to lease next: a few, but of a quick server as many as a second takes."""
        return max(self.rows, min(MOST_ROWS, int(done * BATCH_SECONDS / max(seconds, 0.001))))


@dataclass
class Tally:
    """What one run did: ids of rows by how they ended."""

    ended: dict[str, list[int]] = field(default_factory=dict)

    def note(self, how: str, row: int) -> None:
        self.ended.setdefault(how, []).append(row)

    def count(self, how: str) -> int:
        return len(self.ended.get(how, []))


def send_due(*, clock: Callable[[], dt.datetime], sender: str, pace: Pace | None = None) -> Tally:
    """Send until nothing is due, the run is long enough, or no way out can be reached.

    `clock` is read once for each batch; `sender` names the heartbeat, which a run moves at its beginning.
    """
    pace = pace or Pace.set()
    tally = Tally()
    begun, rows = time.monotonic(), pace.rows
    beat(name=sender, now=clock())
    with Hands(deadline_seconds=pace.deadline_seconds) as hands:
        while time.monotonic() - begun < pace.run_seconds and hands.open_ways():
            now, leased = clock(), time.monotonic()
            token, ids = lease(now=now, rows=rows, length=pace.lease, channels=hands.open_ways())
            if not ids:
                break
            _send_batch(hands, token, ids, now=now, pace=pace, tally=tally)
            rows = pace.rows_after(len(ids), time.monotonic() - leased)
    for channel, fault in hands.shut.items():
        log.warning("letters by %s wait: %s", channel, fault)
    return tally


def _send_batch(hands: Hands, token: uuid.UUID, ids: list[int], *, now: dt.datetime, pace: Pace, tally: Tally) -> None:
    """Send the leased rows one by one. Those that come too late for their lease or cannot be reached are given back."""
    begun = time.monotonic()
    batch = read_batch(ids, now=now)
    ids = keep_to_the_limit(batch, ids, token=token, now=now)
    for place, pk in enumerate(ids):
        elapsed = dt.timedelta(seconds=time.monotonic() - begun)
        if elapsed > pace.lease * 3 / 4:
            release(token=token, ids=ids[place:])
            return
        message = batch.rows.get(pk)
        hand = hands.reach(message.channel) if message else None
        if message is None or hand is None:
            release(token=token, ids=[pk])
            continue
        tally.note(_one(hand, batch, message, now=now + elapsed, pace=pace), pk)


def _one(hand: Hand, batch: Batch, message: Message, *, now: dt.datetime, pace: Pace) -> str:
    """Send one row; whatever is wrong with it is its own trouble and never the others'."""
    try:
        with transaction.atomic():
            return _send(hand, batch, message, now=now, pace=pace)
    except (DatabaseError, InterfaceError):
        raise  # the database is away: the lease ends by itself
    except Exception as fault:  # the loop goes on, the row waits with its reason
        log.exception("letter %s met an unforeseen fault", message.pk)
        return _later(message, f"{type(fault).__name__}: {fault}", now=now, pace=pace)


def _send(hand: Hand, batch: Batch, message: Message, *, now: dt.datetime, pace: Pace) -> str:
    """Lock the row (never the visit), read the visit anew, hand over, mark. Returns how it ended."""
    if not lock_message(message):
        return "not ours"
    why_not = why_void(message, now=now) or why_not_there(message) or why_hold_back(message, batch, now=now)
    if why_not:
        return settle(message, State.VOID, why_not, now=now)
    if SORTS[message.kind].fixed and message.recipient.lower() in batch.stopped:
        return _failed(message, "mail to this address was stopped", now=now)
    channel = _channel_now(message, batch)
    if channel != message.channel:
        return pass_on(message, channel)
    return _hand_over(hand, message, batch, now=now, pace=pace)


def _hand_over(hand: Hand, message: Message, batch: Batch, *, now: dt.datetime, pace: Pace) -> str:
    """Whatever the other side or the words say becomes the row's state."""
    try:
        name = hand.hand(message, batch, now=now, still_wanted=lambda: not why_void(message, now=now))
    except NoLongerWanted:
        return settle(message, State.VOID, "changed while it was on its way", now=now)
    except (PermanentFailure, CannotCompose) as fault:
        return _failed(message, str(fault), now=now)
    except (TemporaryFailure, ServerUnreachable) as fault:
        return _later(message, str(fault), now=now, pace=pace)
    batch.note_sent(message, now)
    return settle(message, State.SENT, "", now=now, message_id=name)


def why_void(message: Message, *, now: dt.datetime) -> str:
    """ "" or why the letter no longer holds. Reads the visit as it is at this moment."""
    if message.visit_id is None:
        return "too late" if is_too_late(message, now) else ""
    sort = SORTS[message.kind]
    rows = look(message.visit_id)
    patient_facts = [starts_at for _sequence, status, starts_at in rows if status in sort.statuses]
    if any(sequence != message.sequence for sequence, _status, _starts_at in rows):
        return "the visit has changed"
    if not patient_facts:
        return "the visit no longer stands so"
    return "too late" if sort.before_start and min(patient_facts) <= now else ""


def why_not_there(message: Message) -> str:
    """ "" or that the address is not known to be the patient's: it gets one confirmation, and what the desk resends."""
    patient = message.whom
    if patient is None or not patient.email or patient.email_is_proved or message.resend_of_id:
        return ""
    about_a_visit = message.visit_id is not None or message.kind == MessageKind.REVIEW_DUE
    return "the address was not confirmed" if about_a_visit and message.kind not in CONFIRMING else ""


def _channel_now(message: Message, batch: Batch) -> Channel:
    """How the patient is reached now: who wants no mail any more, or whose address is stopped, is rung up instead."""
    patient = message.whom
    if patient is None or SORTS[message.kind].fixed:
        return Channel(message.channel)
    channel = channel_for(patient)
    if channel == Channel.EMAIL and patient.email.lower() in batch.stopped:
        channel = Channel.CALL
    message.language = patient.language
    message.recipient = WAYS[message.channel].address(patient)
    return channel


def _failed(message: Message, why: str, *, now: dt.datetime) -> str:
    """For good. The desk sees it on the list, and rings about a visit when there is a number."""
    if message.whom is not None and not is_told_elsewhere(message):
        ask_the_desk_to_ring(message, now=now)
    return settle(message, State.FAILED, why, now=now)


def _later(message: Message, why: str, *, now: dt.datetime, pace: Pace) -> str:
    """For now: each pause is twice the last, up to an hour; after more than a day it failed."""
    if message.attempts + 1 >= GIVE_UP_AFTER:
        return _failed(message, why, now=now)
    pause = min(pace.first_pause * 2 ** min(message.attempts, 10), LONGEST_PAUSE)
    return put_off(message, why, until=now + pause)
