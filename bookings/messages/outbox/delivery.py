"""Sends due messages: lease, check, send, mark. Any number of senders may run at the same time."""

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction

from bookings.messages.account_messages import is_too_late
from bookings.messages.content.composition import CannotCompose, compose
from bookings.messages.kinds import SORTS
from bookings.messages.schedule.batch import Batch, read_batch
from bookings.messages.schedule.moderation import why_hold_back
from bookings.messages.schedule.plan import CONFIRMING
from bookings.messages.schedule.planner import channel_for
from bookings.models import Channel, Message, MessageKind, State

from .heartbeat import beat
from .leases import ROWS, is_urgent_mail_due, lease, release
from .marks import add_call, is_sent_elsewhere, lock_message, pass_on, put_off, read_bookings, settle
from .smtp import Mailer, NoLongerValid, PermanentFailure, ServerUnreachable, TemporaryFailure
from .switch import is_stopped
from .throttle import keep_to_the_limit

log = logging.getLogger(__name__)

LONGEST_PAUSE = dt.timedelta(hours=1)
GIVE_UP_AFTER = 30  # tries: more than a day
RUN_SECONDS = 40.0
MOST_ROWS = 50
BATCH_SECONDS = 1.0  # somebody may be waiting for a sign-in code: no batch occupies a sender much longer


@dataclass(frozen=True)
class Pace:
    """Leases, deadlines and pauses; tests use shorter ones. No row is started in the last quarter of its lease."""

    lease: dt.timedelta
    deadline_seconds: float
    first_pause: dt.timedelta
    rows: int = ROWS
    run_seconds: float = RUN_SECONDS

    @classmethod
    def set(cls) -> "Pace":
        """The pace of the settings."""
        return cls(
            lease=dt.timedelta(seconds=settings.LETTERS_LEASE_SECONDS),
            deadline_seconds=settings.LETTERS_DEADLINE_SECONDS,
            first_pause=dt.timedelta(seconds=settings.LETTERS_PAUSE_SECONDS),
        )

    def rows_after(self, done: int, seconds: float) -> int:
        """How many rows to lease next: a few, or as many as a fast server takes in a second."""
        return max(self.rows, min(MOST_ROWS, int(done * BATCH_SECONDS / max(seconds, 0.001))))


@dataclass
class Tally:
    """The result of one run: ids of rows by how they ended, and whether the run left rows that were due."""

    ended: dict[str, list[int]] = field(default_factory=dict)
    is_unfinished: bool = False

    def note(self, how: str, row: int) -> None:
        self.ended.setdefault(how, []).append(row)

    def count(self, how: str) -> int:
        return len(self.ended.get(how, []))


def send_due(*, clock: Callable[[], dt.datetime], sender: str, pace: Pace | None = None) -> Tally:
    """Send until nothing is due, the run is long enough, or the mail server cannot be reached.

    `clock` is read once for each batch; `sender` names the heartbeat, which is written first.
    """
    pace = pace or Pace.set()
    tally = Tally()
    begun, rows = time.monotonic(), pace.rows
    beat(name=sender, now=clock())
    try:
        with closing(Mailer(deadline_seconds=pace.deadline_seconds)) as mailer:
            while time.monotonic() - begun < pace.run_seconds:
                now, leased = clock(), time.monotonic()
                token, ids = lease(now=now, rows=rows, length=pace.lease)
                if not ids:
                    return tally
                _send_batch(mailer, token, ids, now=now, pace=pace, tally=tally)
                rows = pace.rows_after(len(ids), time.monotonic() - leased)
    except ServerUnreachable as fault:
        log.warning("mail waits: %s", fault)
        return tally
    tally.is_unfinished = True
    return tally


def _send_batch(
    mailer: Mailer, token: uuid.UUID, ids: list[int], *, now: dt.datetime, pace: Pace, tally: Tally
) -> None:
    """Send the leased rows one by one.

    Release the rest when the lease is nearly over, the server is unreachable, or somebody waits for urgent mail.
    """
    begun = time.monotonic()
    batch = read_batch(ids, now=now)
    waiting = [pk for pk in keep_to_the_limit(batch, ids, token=token, now=now) if pk in batch.rows]
    try:
        while waiting and (elapsed := dt.timedelta(seconds=time.monotonic() - begun)) <= pace.lease * 3 / 4:
            if is_stopped():
                break
            mailer.connect()
            pk = waiting.pop(0)
            tally.note(_send_one(mailer, batch, batch.rows[pk], now=now + elapsed, pace=pace), pk)
            if not batch.rows[pk].urgent and is_urgent_mail_due(now + elapsed):
                break
    finally:
        release(token=token, ids=waiting)


def _send_one(mailer: Mailer, batch: Batch, message: Message, *, now: dt.datetime, pace: Pace) -> str:
    """Send one row and return how it ended. A fault of one row never stops the others."""
    try:
        with transaction.atomic():
            return _send(mailer, batch, message, now=now, pace=pace)
    except (DatabaseError, InterfaceError):
        raise  # the database is away: the lease ends by itself
    except Exception as fault:  # the loop goes on, the row waits with its reason
        log.exception("message %s: unforeseen fault", message.pk)
        return _retry_later(message, f"{type(fault).__name__}: {fault}", now=now, pace=pace)


def _send(mailer: Mailer, batch: Batch, message: Message, *, now: dt.datetime, pace: Pace) -> str:
    """Lock the row (never the visit), read the visit again, send, mark the row."""
    if not lock_message(message):
        return "not ours"
    why_not = why_void(message, now=now) or why_not_written_to(message) or why_hold_back(message, batch, now=now)
    if why_not:
        return settle(message, State.VOID, why_not, now=now)
    if SORTS[message.kind].fixed and message.recipient.lower() in batch.stopped:
        return _fail(message, "mail to this address was stopped", now=now)
    channel = _current_channel(message, batch)
    if channel != message.channel:
        return pass_on(message, channel)
    return _hand_over(mailer, message, batch, now=now, pace=pace)


def _hand_over(mailer: Mailer, message: Message, batch: Batch, *, now: dt.datetime, pace: Pace) -> str:
    """Compose the mail and send it; the outcome becomes the row's state."""
    try:
        mail = compose(message, now=now, others=batch.others(message), sender=batch.sender(message))
        mailer.send(mail, still_valid=lambda: not why_void(message, now=now))
    except NoLongerValid:
        return settle(message, State.VOID, "changed while it was on its way", now=now)
    except (PermanentFailure, CannotCompose) as fault:
        return _fail(message, str(fault), now=now)
    except TemporaryFailure as fault:
        return _retry_later(message, str(fault), now=now, pace=pace)
    batch.note_sent(message, now)
    return settle(message, State.SENT, "", now=now, message_id=mail.extra_headers["Message-ID"])


def why_void(message: Message, *, now: dt.datetime) -> str:
    """ "" or why the message is no longer true. Reads the visit as it is at this moment."""
    if message.visit_id is None:
        return "too late" if is_too_late(message, now) else ""
    sort = SORTS[message.kind]
    bookings = read_bookings(message.visit_id)
    if any(booking.sequence != message.sequence for booking in bookings):
        return "the visit has changed"
    starts = [booking.starts_at for booking in bookings if booking.status in sort.statuses]
    if not starts:
        return "the visit no longer stands so"
    return "too late" if sort.before_start and min(starts) <= now else ""


def why_not_written_to(message: Message) -> str:
    """ "" or why nothing goes to whom it is about."""
    if message.whom is not None and message.whom.death_noted_at is not None:
        return "the patient has died"
    return why_not_proved(message)


def why_not_proved(message: Message) -> str:
    """ "" or why the address gets nothing yet: before its owner confirms it, one confirmation and what staff resend."""
    patient = message.whom
    if patient is None or not patient.email or patient.email_is_proved or message.resend_of_id:
        return ""
    about_a_visit = message.visit_id is not None or message.kind == MessageKind.REVIEW_DUE
    return "the address was not confirmed" if about_a_visit and message.kind not in CONFIRMING else ""


def _current_channel(message: Message, batch: Batch) -> Channel:
    """How the patient is reached now: a call where they want no more mail, or where mail to the address was stopped.

    Puts the patient's present language and address into the row.
    """
    patient = message.whom
    if patient is None or SORTS[message.kind].fixed:
        return Channel(message.channel)
    message.language, message.recipient = patient.language, patient.email
    channel = channel_for(patient)
    is_stopped = channel == Channel.EMAIL and patient.email.lower() in batch.stopped
    return Channel.CALL if is_stopped else channel


def _fail(message: Message, why: str, *, now: dt.datetime) -> str:
    """Failed for good. Staff see it on the list, and call about a visit when no other address gets the message."""
    if message.whom is not None and not is_sent_elsewhere(message):
        add_call(message, now=now)
    return settle(message, State.FAILED, why, now=now)


def _retry_later(message: Message, why: str, *, now: dt.datetime, pace: Pace) -> str:
    """Failed for now: each pause is twice the last, up to an hour; after more than a day it failed for good."""
    if message.attempts + 1 >= GIVE_UP_AFTER:
        return _fail(message, why, now=now)
    pause = min(pace.first_pause * 2 ** min(message.attempts, 10), LONGEST_PAUSE)
    return put_off(message, why, until=now + pause)
