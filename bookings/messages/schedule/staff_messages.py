"""Messages to staff: day sheet, new online bookings, failed messages. A count and a link, never a name."""

import datetime as dt
import logging

from django.db import DatabaseError, transaction

from bookings.messages.content.staff_counts import ROUNDS, Round
from bookings.messages.times import on_day
from bookings.models import Message
from clinic.people.models import Membership, Role, User
from clinic.premises.models import Clinic

log = logging.getLogger(__name__)

READERS = (Role.FRONT_DESK, Role.MANAGER)
STILL_WORTH_IT = dt.timedelta(hours=2)


def plan_staff_messages(*, now: dt.datetime) -> int:
    """Write the messages that are due at each clinic and have something to report; returns how many were new.

    Every sender calls it at each tick: the key contains clinic, kind, date and reader, so a message exists only once.
    """
    return sum(_plan(clinic, now=now) for clinic in Clinic.objects.filter(is_active=True))


def _plan(clinic: Clinic, *, now: dt.datetime) -> int:
    """A bad value of one clinic, such as an unknown time zone, must not stop the others."""
    try:
        with transaction.atomic():
            return sum(_write(clinic, turn, now=now) for turn in ROUNDS if _hour_has_come(clinic, turn, now))
    except (DatabaseError, ValueError, KeyError, ArithmeticError):  # ZoneInfo raises the second and third
        log.exception("the messages to staff of %s cannot be planned", clinic.slug)
        return 0


def _hour_has_come(clinic: Clinic, turn: Round, now: dt.datetime) -> bool:
    due = on_day(clinic.today(now), turn.minute, clinic.zone)
    return due <= now < due + STILL_WORTH_IT


def _write(clinic: Clinic, turn: Round, *, now: dt.datetime) -> int:
    on = clinic.today(now)
    keys = {f"clinic:{clinic.pk}:{turn.kind}:{on}:{reader.pk}": reader for reader in _readers(clinic, on)}
    new = keys.keys() - set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    if not new or not turn.count(clinic, now):
        return 0
    rows = [
        Message(
            key=key, kind=turn.kind, clinic=clinic, user=keys[key], recipient=keys[key].email, due_at=now, made_at=now
        )
        for key in sorted(new)
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _readers(clinic: Clinic, on: dt.date) -> list[User]:
    """Today's front desk and managers who have an address; each once."""
    holding = Membership.objects.holding(*READERS, on=on).filter(clinic=clinic)
    return list(User.objects.filter(pk__in=holding.values("user"), is_active=True).exclude(email=""))
