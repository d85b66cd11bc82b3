"""Sends what is due: lease, look again, hand over, mark. Any number of senders may run at once."""

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction

from bookings.models import Channel, Message, State

from .accounts import is_too_late
from .batch import Batch, read_batch
from .composing import CannotCompose, compose
from .handing import Carrier, Later, NoLongerWanted, PostOfficeShut, Refused
from .heartbeat import beat
from .kinds import SORTS
from .leasing import ROWS, give_back, lease
from .moderation import why_hold_back
from .planning import NO_LEASE, channel_for

log = logging.getLogger(__name__)

LONGEST_PAUSE = dt.timedelta(hours=1)
GIVE_UP_AFTER = 30  # tries: more than a day
RUN_SECONDS = 40.0


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


@dataclass
class Tally:
    """What one run did: ids of rows by how they ended."""

    ended: dict[str, list[int]] = field(default_factory=dict)

    def note(self, how: str, row: int) -> None:
        self.ended.setdefault(how, []).append(row)

    def count(self, how: str) -> int:
        return len(self.ended.get(how, []))


def send_due(*, clock: Callable[[], dt.datetime], sender: str, pace: Pace | None = None) -> Tally:
    """Send until nothing is due, the run is long enough, or the mail server cannot be reached.

    `clock` is read once for each batch; `sender` names the heartbeat, which a run moves at its beginning.
    """
    pace = pace or Pace.set()
    tally = Tally()
    begun = time.monotonic()
    beat(name=sender, now=clock())
    with Carrier(deadline_seconds=pace.deadline_seconds) as carrier:
        while time.monotonic() - begun < pace.run_seconds:
            now = clock()
            token, ids = lease(now=now, rows=pace.rows, length=pace.lease)
            if not ids or not _send_batch(carrier, token, ids, now=now, pace=pace, tally=tally):
                break
    return tally


def _send_batch(
    carrier: Carrier, token: uuid.UUID, ids: list[int], *, now: dt.datetime, pace: Pace, tally: Tally
) -> bool:
    """Send the leased rows one by one. False: the mail server is away, and the rows were given back."""
    begun = time.monotonic()
    batch = read_batch(ids, now=now)
    for place, pk in enumerate(ids):
        elapsed = dt.timedelta(seconds=time.monotonic() - begun)
        if elapsed > pace.lease * 3 / 4:
            give_back(token=token, ids=ids[place:])
            return True
        try:
            carrier.reach()
        except PostOfficeShut as shut:
            log.warning("letters wait: %s", shut)
            give_back(token=token, ids=ids[place:])
            return False
        tally.note(_one(carrier, batch, pk, now=now + elapsed, pace=pace), pk)
    return True


def _one(carrier: Carrier, batch: Batch, pk: int, *, now: dt.datetime, pace: Pace) -> str:
    """Send one row; whatever is wrong with it is its own trouble and never the others'."""
    try:
        with transaction.atomic():
            return _send(carrier, batch, pk, now=now, pace=pace)
    except (DatabaseError, InterfaceError):
        raise  # the database is away: the lease ends by itself
    except Exception as fault:  # the loop goes on, the row waits with its reason
        log.exception("letter %s met an unforeseen fault", pk)
        _put_off(Message.objects.get(pk=pk), f"{type(fault).__name__}: {fault}", now=now, pace=pace)
        return "put off"


def _send(carrier: Carrier, batch: Batch, pk: int, *, now: dt.datetime, pace: Pace) -> str:
    """Lock the row (never the visit), read the visit anew, hand over, mark. Returns how it ended."""
    message = batch.rows.get(pk)
    if message is None or not _lock(message):
        return "not ours"
    why_not = why_void(message, now=now) or why_hold_back(message, batch, now=now)
    if why_not:
        return settle(message, State.VOID, why_not, now=now)
    if not _goes_by_mail(message, batch):
        return "passed on"
    return _hand_over(carrier, message, batch, now=now, pace=pace)


def _lock(message: Message) -> bool:
    """Whether the row is still due and leased by us; if so it is locked until the end of the transaction."""
    ours = Message.objects.filter(pk=message.pk, lease_token=message.lease_token, state=State.DUE)
    return bool(ours.select_for_update().values_list("pk"))


def _hand_over(carrier: Carrier, message: Message, batch: Batch, *, now: dt.datetime, pace: Pace) -> str:
    """Compose and hand over; whatever the mail server or the words say becomes the row's state."""
    try:
        mail = compose(message, now=now, others=batch.others(message))
        carrier.hand(mail, still_wanted=lambda: not why_void(message, now=now))
    except NoLongerWanted:
        return settle(message, State.VOID, "changed while it was on its way", now=now)
    except (Refused, CannotCompose) as fault:
        return _failed(message, str(fault), now=now)
    except (Later, PostOfficeShut) as fault:
        return _put_off(message, str(fault), now=now, pace=pace)
    batch.note_sent(message, now)
    return settle(message, State.SENT, "", now=now, message_id=mail.extra_headers["Message-ID"])


def why_void(message: Message, *, now: dt.datetime) -> str:
    """ "" or why the letter no longer holds. Reads the visit as it is at this moment."""
    if message.visit_id is None:
        return "too late" if is_too_late(message, now) else ""
    sort = SORTS[message.kind]
    rows = _look(message.visit_id)
    standing = [starts_at for _sequence, status, starts_at in rows if status in sort.statuses]
    if any(sequence != message.sequence for sequence, _status, _starts_at in rows):
        return "the visit has changed"
    if not standing:
        return "the visit no longer stands so"
    return "too late" if sort.before_start and min(standing) <= now else ""


def _look(visit_id: int) -> list[tuple[int, str, dt.datetime]]:
    """Sequence, status and start of each booking of the visit. Asked twice for each letter, so it is written out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT visit.sequence, booking.status, booking.starts_at"
            " FROM bookings_booking booking JOIN bookings_visit visit ON visit.id = booking.visit_id"
            " WHERE visit.id = %s",
            [visit_id],
        )
        return cursor.fetchall()


def _goes_by_mail(message: Message, batch: Batch) -> bool:
    """A patient who wants no mail any more, or whose address is stopped, is rung up instead; the row passes on."""
    patient = message.whom
    if patient is None:
        return True
    channel = channel_for(patient)
    if channel == Channel.EMAIL and patient.email.lower() in batch.stopped:
        channel = Channel.CALL
    message.recipient, message.language = patient.email, patient.language
    if channel != Channel.EMAIL:
        Message.objects.filter(pk=message.pk).update(channel=channel, **NO_LEASE)
    return channel == Channel.EMAIL


def settle(message: Message, state: State, problem: str, *, now: dt.datetime, message_id: str = "") -> str:
    """Mark the row where the lease is still ours, and forget its secret."""
    Message.objects.filter(pk=message.pk, lease_token=message.lease_token).update(
        state=state,
        problem=problem[:200],
        sent_at=now if state == State.SENT else None,
        message_id=message_id,
        recipient=message.recipient,
        attempts=message.attempts + 1,
        secret={},
        **NO_LEASE,
    )
    log.info("letter %s %s %s", message.pk, message.kind, state.value)
    return state.value


def _failed(message: Message, why: str, *, now: dt.datetime) -> str:
    """For good. The desk sees it on the list, and rings about a visit when there is a number."""
    if message.whom is not None:
        _ask_the_desk_to_ring(message, now=now)
    return settle(message, State.FAILED, why, now=now)


def _ask_the_desk_to_ring(message: Message, *, now: dt.datetime) -> None:
    call = Message(
        key=f"{message.key}:call",
        kind=message.kind,
        channel=Channel.CALL,
        clinic_id=message.clinic_id,
        visit_id=message.visit_id,
        patient_id=message.patient_id,
        sequence=message.sequence,
        language=message.language,
        due_at=now,
        made_at=now,
    )
    Message.objects.bulk_create([call], ignore_conflicts=True)


def _put_off(message: Message, why: str, *, now: dt.datetime, pace: Pace) -> str:
    """For now: each pause is twice the last, up to an hour; after more than a day it failed."""
    if message.attempts + 1 >= GIVE_UP_AFTER:
        return _failed(message, why, now=now)
    pause = min(pace.first_pause * 2 ** min(message.attempts, 10), LONGEST_PAUSE)
    Message.objects.filter(pk=message.pk, lease_token=message.lease_token).update(
        attempts=message.attempts + 1, due_at=now + pause, problem=why[:200], **NO_LEASE
    )
    log.info("letter %s %s put off", message.pk, message.kind)
    return "put off"
