"""Messages to staff: what each one counts, and when it is due. Many clinics are counted by one query."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Exists, OuterRef

from bookings.models import History, Message, MessageKind, State, Status, Visit
from clinic.people.models import Membership
from clinic.premises.models import Clinic

A_DAY = dt.timedelta(days=1)
Counts = dict[int, int]
"""How many, by clinic; a clinic without any is missing."""


@dataclass(frozen=True)
class Round:
    """A message to staff: the local minute of the day, and the count; it is not sent when the count is 0."""

    kind: MessageKind
    minute: int
    count: Callable[[Iterable[Clinic], dt.datetime], Counts]


def visits_today(clinics: Iterable[Clinic], now: dt.datetime) -> Counts:
    """Today's visits that are not cancelled."""
    counts: Counts = {}
    for zone, here in groupby(sorted(clinics, key=lambda clinic: clinic.timezone), key=lambda clinic: clinic.zone):
        today = Visit.objects.filter(clinic__in=list(here)).on(now.astimezone(zone).date(), zone)
        rows = today.exclude(bookings__status=Status.CANCELLED).values_list("clinic")
        counts |= dict(rows.annotate(count=Count("pk", distinct=True)).order_by())
    return counts


def booked_online(clinics: Iterable[Clinic], now: dt.datetime) -> Counts:
    """Bookings of the last 24 hours that were not made by staff of the clinic."""
    staff = Membership.objects.filter(clinic=OuterRef("visit__clinic"), user=OuterRef("by"))
    acts = History.objects.filter(verb="book", visit__clinic__in=list(clinics), at__gt=now - A_DAY, at__lte=now)
    rows = acts.exclude(Exists(staff)).values_list("visit__clinic")
    return dict(rows.annotate(count=Count("visit", distinct=True)).order_by())


def count_failed_messages(clinics: Iterable[Clinic], now: dt.datetime) -> Counts:
    """Messages of the last 24 hours that could not be sent."""
    rows = Message.objects.filter(
        clinic__in=list(clinics), state=State.FAILED, due_at__gt=now - A_DAY, visit__isnull=False
    )
    return dict(rows.values_list("clinic").annotate(count=Count("pk")).order_by())


ROUNDS = (
    Round(MessageKind.DAY_SHEET, 6 * 60 + 30, visits_today),
    Round(MessageKind.FAILED_MESSAGES, 8 * 60, count_failed_messages),
    Round(MessageKind.NEW_BOOKINGS, 18 * 60, booked_online),
)


COUNTS: dict[str, Callable[[Iterable[Clinic], dt.datetime], Counts]] = {turn.kind: turn.count for turn in ROUNDS}


def count_of(kind: str, clinic: Clinic, now: dt.datetime) -> int:
    """What a message to staff of one clinic says."""
    return COUNTS[kind]([clinic], now).get(clinic.pk, 0)
