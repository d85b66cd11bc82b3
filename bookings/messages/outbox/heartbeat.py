"""Heartbeats of the senders, and the health of the outbox."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from bookings.models import Channel, Heartbeat, Message, State

from .switch import held_mail, sending

TICK = "tick"
LOOP = "loop"
ONCE = "once"  # a run by hand: not expected to come again
FORGOTTEN_AFTER = dt.timedelta(days=1)
TICKS_OF_GRACE = 3
LATE_SECONDS = 900.0


def beat(*, name: str, now: dt.datetime) -> None:
    """Record that this sender is alive."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=now)], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )


@dataclass(frozen=True)
class Pulse:
    """The health of the outbox. Ages are in seconds; None when there is no due mail or no heartbeat."""

    oldest_due_seconds: float | None
    last_look_seconds: float | None
    silent: tuple[str, ...]
    is_stopped: bool = False
    is_holding: bool = False

    @property
    def late(self) -> bool:
        return (self.oldest_due_seconds or 0) > LATE_SECONDS

    @property
    def well(self) -> bool:
        trouble = self.silent or self.late or self.is_stopped or self.is_holding
        return self.last_look_seconds is not None and not trouble


def pulse(*, now: dt.datetime) -> Pulse:
    """What `/health/reminders` shows. A sender of the last day is silent after three ticks without a heartbeat.

    As quick with ten million messages as with ten: it reads a few rows by the index that senders walk, and counts none.
    """
    limit = dt.timedelta(seconds=settings.LETTERS_TICK_SECONDS * TICKS_OF_GRACE)
    beats = dict(Heartbeat.objects.filter(at__gt=now - FORGOTTEN_AFTER).values_list("name", "at"))
    switch, oldest = sending(), _oldest_due(now)
    return Pulse(
        oldest_due_seconds=(now - oldest).total_seconds() if oldest else None,
        last_look_seconds=(now - max(beats.values())).total_seconds() if beats else None,
        is_stopped=switch.stopped_at is not None,
        is_holding=switch.held_before is not None and held_mail().exists(),
        silent=tuple(sorted(name for name, at in beats.items() if name != ONCE and now - at > limit)),
    )


def _oldest_due(now: dt.datetime) -> dt.datetime | None:
    """When the mail that waits longest was due: the first row of each lane. What is held is counted apart."""
    waiting = Message.objects.filter(channel=Channel.EMAIL, state=State.DUE, due_at__lte=now)
    if until := sending().held_before:
        waiting = waiting.filter(due_at__gt=until)
    lanes = [waiting.filter(urgent=urgent).order_by("due_at", "pk").values_list("due_at") for urgent in (True, False)]
    return min((due_at for lane in lanes for (due_at,) in lane[:1]), default=None)
