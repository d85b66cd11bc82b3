"""Letters to staff: the day sheet, new online bookings, letters that failed. Counts and a link, never a name."""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, transaction

from bookings.messages.times import on_day
from bookings.models import History, Kind, Message, State, Status, Visit
from clinic.people.models import Membership, Role, User
from clinic.premises.models import Clinic

log = logging.getLogger(__name__)

READERS = (Role.FRONT_DESK, Role.MANAGER)
STILL_WORTH_IT = dt.timedelta(hours=2)
A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Round:
    """A letter to staff: its local minute of the day, and the count without which it is not worth sending."""

    kind: Kind
    minute: int
    count: Callable[[Clinic, dt.datetime], int]


def visits_today(clinic: Clinic, now: dt.datetime) -> int:
    """Visits of the clinic's day that stand."""
    today = Visit.objects.filter(clinic=clinic).on(clinic.today(now), clinic.zone)
    return today.exclude(bookings__status=Status.CANCELLED).distinct().count()


def booked_online(clinic: Clinic, now: dt.datetime) -> int:
    """Bookings of the last day made by people who do not work at the clinic."""
    staff = Membership.objects.filter(clinic=clinic).values("user")
    acts = History.objects.filter(verb="book", visit__clinic=clinic, at__gt=now - A_DAY, at__lte=now)
    return acts.exclude(by__in=staff).values("visit").distinct().count()


def failed_letters(clinic: Clinic, now: dt.datetime) -> int:
    """Letters of the last day that could not be sent."""
    return Message.objects.filter(
        clinic=clinic, state=State.FAILED, due_at__gt=now - A_DAY, visit__isnull=False
    ).count()


ROUNDS = (
    Round(Kind.DAY_SHEET, 6 * 60 + 30, visits_today),
    Round(Kind.FAILED_LETTERS, 8 * 60, failed_letters),
    Round(Kind.NEW_BOOKINGS, 18 * 60, booked_online),
)
COUNTS: dict[str, Callable[[Clinic, dt.datetime], int]] = {turn.kind: turn.count for turn in ROUNDS}


def plan_house_letters(*, now: dt.datetime) -> int:
    """Write the rows of every clinic whose hour has come and that has something to tell; returns how many were new.

    Called at each tick by every sender: the key is made of clinic, kind, date and reader, so a row exists once.
    """
    return sum(_plan(clinic, now=now) for clinic in Clinic.objects.filter(is_active=True))


def _plan(clinic: Clinic, *, now: dt.datetime) -> int:
    """A bad value of one clinic, a time zone that nobody knows, stops no other clinic."""
    try:
        with transaction.atomic():
            return sum(_write(clinic, turn, now=now) for turn in ROUNDS if _hour_has_come(clinic, turn, now))
    except (DatabaseError, ValueError, KeyError, ArithmeticError):  # ZoneInfo raises the second and third
        log.exception("the letters to staff of %s cannot be planned", clinic.slug)
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
    """Front desk and managers of the day who have an address; each once."""
    holding = Membership.objects.holding(*READERS, on=on).filter(clinic=clinic)
    return list(User.objects.filter(pk__in=holding.values("user"), is_active=True).exclude(email=""))
