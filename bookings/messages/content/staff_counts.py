"""Messages to staff: what each one counts, and when it is due."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from bookings.models import History, Message, MessageKind, State, Status, Visit
from clinic.people.models import Membership
from clinic.premises.models import Clinic

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Round:
    """A message to staff: the local minute of the day, and the count; it is not sent when the count is 0."""

    kind: MessageKind
    minute: int
    count: Callable[[Clinic, dt.datetime], int]


def visits_today(clinic: Clinic, now: dt.datetime) -> int:
    """Today's visits that are not cancelled."""
    today = Visit.objects.filter(clinic=clinic).on(clinic.today(now), clinic.zone)
    return today.exclude(bookings__status=Status.CANCELLED).distinct().count()


def booked_online(clinic: Clinic, now: dt.datetime) -> int:
    """Bookings of the last 24 hours that were not made by staff of the clinic."""
    staff = Membership.objects.filter(clinic=clinic).values("user")
    acts = History.objects.filter(verb="book", visit__clinic=clinic, at__gt=now - A_DAY, at__lte=now)
    return acts.exclude(by__in=staff).values("visit").distinct().count()


def count_failed_messages(clinic: Clinic, now: dt.datetime) -> int:
    """Messages of the last 24 hours that could not be sent."""
    return Message.objects.filter(
        clinic=clinic, state=State.FAILED, due_at__gt=now - A_DAY, visit__isnull=False
    ).count()


ROUNDS = (
    Round(MessageKind.DAY_SHEET, 6 * 60 + 30, visits_today),
    Round(MessageKind.FAILED_MESSAGES, 8 * 60, count_failed_messages),
    Round(MessageKind.NEW_BOOKINGS, 18 * 60, booked_online),
)


COUNTS: dict[str, Callable[[Clinic, dt.datetime], int]] = {turn.kind: turn.count for turn in ROUNDS}
