"""Not too many letters: one for several visits of a day, and at most two a day besides changes."""

import datetime as dt

from django.db.models import F, Q

from bookings.models import Channel, Kind, Message, State, Visit

from .kinds import COMING, SORTS
from .stopping import has_stopped_optional_letters
from .times import DAY

PER_DAY = 2
CHANGES = [Kind(kind) for kind, sort in SORTS.items() if sort.change]


def is_of_the_day(message: Message) -> bool:
    """Whether the letter speaks of the whole day of the visit, all visits of that day included."""
    return message.kind == Kind.PREPARATION or (message.kind == Kind.REMINDER and offset_of(message) >= DAY)


def offset_of(message: Message) -> int:
    """Minutes before the start for which a reminder was planned; it stands in the key."""
    parts = message.key.split(":")
    return int(parts[4]) if len(parts) > 4 and parts[4].isdigit() else 0


def others_of_the_day(message: Message) -> list[Visit]:
    """The patient's other visits at this clinic on the same date that still stand, if the letter tells of the day."""
    visit = message.visit
    if visit is None or not is_of_the_day(message):
        return []
    midnight = visit.arrives_at.astimezone(visit.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    same_day = Visit.objects.filter(
        patient=visit.patient_id,
        clinic=visit.clinic_id,
        arrives_at__gte=midnight,
        arrives_at__lt=midnight + dt.timedelta(days=1),  # aware and in its zone: the next midnight on the wall
    )
    standing = same_day.exclude(pk=visit.pk).filter(bookings__position=0, bookings__status__in=COMING)
    return list(standing.order_by("arrives_at", "pk").prefetch_related("bookings").select_related("patient", "clinic"))


def why_hold_back(message: Message, others: list[Visit], *, now: dt.datetime) -> str:
    """ "" or why this letter need not go although it holds. Letters that tell of a change always go."""
    sort = SORTS[message.kind]
    visit = message.visit
    if visit is None or visit.patient is None or sort.change or message.resend_of_id:
        return ""
    if sort.optional and has_stopped_optional_letters(visit.patient):
        return "stopped by the patient"
    if others and _told_with_an_earlier_visit(message, visit, others[0]):
        return "told with the first visit of the day"
    if _sent_today(visit, now) >= PER_DAY:
        return "two letters went today already"
    return ""


def _told_with_an_earlier_visit(message: Message, visit: Visit, first: Visit) -> bool:
    """Whether the day's first visit has such a letter that tells of this one: due, or sent since it was booked."""
    if (first.arrives_at, first.pk) > (visit.arrives_at, visit.pk):
        return False
    rows = Message.objects.filter(visit=first, kind=message.kind, channel=Channel.EMAIL, sequence=F("visit__sequence"))
    telling = rows.filter(Q(state=State.DUE) | Q(state=State.SENT, sent_at__gte=message.made_at))
    return any(is_of_the_day(row) for row in telling)


def _sent_today(visit: Visit, now: dt.datetime) -> int:
    midnight = now.astimezone(visit.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    sent = Message.objects.filter(visit__patient=visit.patient_id, state=State.SENT, channel=Channel.EMAIL)
    return sent.filter(sent_at__gte=midnight).exclude(kind__in=CHANGES).count()
