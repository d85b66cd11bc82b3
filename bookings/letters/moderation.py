"""Not too many letters: one for several visits of a day, and at most two a day besides changes."""

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfoNotFoundError

from django.db.models import F, Q

from bookings.models import Channel, Kind, Message, State, Visit

from .kinds import SORTS
from .stopping import has_stopped_optional_letters
from .times import DAY

if TYPE_CHECKING:
    from .batch import Batch

PER_DAY = 2
CHANGES = [Kind(kind) for kind, sort in SORTS.items() if sort.change]


def is_of_the_day(message: Message) -> bool:
    """Whether the letter speaks of the whole day of the visit, all visits of that day included."""
    return message.kind == Kind.PREPARATION or (message.kind == Kind.REMINDER and offset_of(message) >= DAY)


def is_well_ahead(message: Message) -> bool:
    """Whether it is a reminder of two days or more, early enough to tell what takes time to prepare."""
    return message.kind == Kind.REMINDER and offset_of(message) >= 2 * DAY


def offset_of(message: Message) -> int:
    """Minutes before the start for which a reminder was planned; it stands in the key."""
    parts = message.key.split(":")
    return int(parts[4]) if len(parts) > 4 and parts[4].isdigit() else 0


def zone_or_utc(visit: Visit) -> dt.tzinfo:
    """The visit's zone. One that does not exist is found out, and said, where the letter is composed."""
    try:
        return visit.zone
    except (ZoneInfoNotFoundError, ValueError):
        return dt.UTC


def why_hold_back(message: Message, batch: "Batch", *, now: dt.datetime) -> str:
    """ "" or why this letter need not go although it holds. Letters that tell of a change always go."""
    sort, visit = SORTS[message.kind], message.visit
    if visit is None or visit.patient is None or sort.change or message.resend_of_id:
        return ""
    if sort.optional and has_stopped_optional_letters(visit.patient):
        return "stopped by the patient"
    others = batch.others.get(message.pk)
    if others and _told_with_an_earlier_visit(message, visit, others[0]):
        return "told with the first visit of the day"
    midnight = now.astimezone(zone_or_utc(visit)).replace(hour=0, minute=0, second=0, microsecond=0)
    return "two letters went today already" if batch.sent_since(message, midnight) >= PER_DAY else ""


def _told_with_an_earlier_visit(message: Message, visit: Visit, first: Visit) -> bool:
    """Whether the day's first visit has such a letter that tells of this one: due, or sent since it was booked."""
    if (first.arrives_at, first.pk) > (visit.arrives_at, visit.pk):
        return False
    rows = Message.objects.filter(visit=first, kind=message.kind, channel=Channel.EMAIL, sequence=F("visit__sequence"))
    telling = rows.filter(Q(state=State.DUE) | Q(state=State.SENT, sent_at__gte=message.made_at))
    return any(is_of_the_day(row) for row in telling)
