"""The switch that stops all sending, and what is held after a restore: every sender asks it before each mail."""

import datetime as dt

from django.db.models import Q

from bookings.models import Message, Sending
from bookings.models.message import MessageQuerySet

ONLY = 1


def sending() -> Sending:
    """As it stands now; on where nobody ever stopped it."""
    return Sending.objects.filter(pk=ONLY).first() or Sending(pk=ONLY)


def is_stopped() -> bool:
    return Sending.objects.filter(pk=ONLY, stopped_at__isnull=False).exists()


def may_leave(now: dt.datetime) -> MessageQuerySet:
    """The mail whose time has come and that nothing stops or holds."""
    switch = sending()
    if switch.stopped_at is not None:
        return Message.objects.none()
    due = Message.objects.due(now)
    return due.filter(due_at__gt=switch.held_before) if switch.held_before else due


def held_mail() -> MessageQuerySet:
    """What waits for a person: mail that was due before a backup was restored, the earliest first."""
    until = sending().held_before
    if until is None:
        return Message.objects.none()
    return Message.objects.due(until).filter(Q(due_at__lte=until))


def stop_and_hold(*, reason: str, now: dt.datetime) -> int:
    """After a restore: nothing leaves, and what is due until now is held. Returns how many are."""
    Sending.objects.update_or_create(
        pk=ONLY, defaults={"stopped_at": now, "stopped_by": None, "reason": reason, "held_before": now}
    )
    return held_mail().count()
