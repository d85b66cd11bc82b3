"""Limits on messages: one for all visits of a day, one each evening of a course, two a day apart from changes."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import F, Q

from bookings.messages.content.preparation import neutral_points
from bookings.messages.kinds import OF_THE_DAY, SORTS, is_of_the_day, is_well_ahead
from bookings.messages.schedule.runs import zone_or_utc
from bookings.models import Channel, Message, MessageKind, ScreeningState, State, Status, Visit
from therapies.models import TherapyKind

from .course_moderation import why_told_otherwise

if TYPE_CHECKING:
    from .batch import Batch

PER_DAY = 2


def why_hold_back(message: Message, batch: "Batch", *, now: dt.datetime) -> str:
    """ "" or why this valid message is not sent. Messages about changes are always sent."""
    visit = message.visit
    if message.kind == MessageKind.REVIEW_DUE:
        return "a talk is booked already" if is_met_by_a_consultation(message, now=now) else ""
    if message.resend_of_id or visit is None or visit.patient is None:
        return ""
    if SORTS[message.kind].change:
        return _why_not_ask(message, visit)
    return (
        _why_unwanted(message, visit, batch)
        or _why_told_with_another(message, visit, batch)
        or why_told_otherwise(message, visit, batch)
        or _why_enough(message, visit, batch, now=now)
    )


def _why_unwanted(message: Message, visit: Visit, batch: "Batch") -> str:
    sort = SORTS[message.kind]
    unwanted = sort.optional and visit.patient_id in batch.unwilling
    if sort.reminds and visit.patient_id in batch.without_reminders:
        unwanted = not _says_how_to_prepare(message, visit, batch)
    return "stopped by the patient" if unwanted else ""


def _says_how_to_prepare(message: Message, visit: Visit, batch: "Batch") -> bool:
    """A message without which somebody might come unprepared is sent even to those who want no reminders."""
    if message.kind not in OF_THE_DAY and not is_well_ahead(message):
        return False
    return bool(neutral_points(visit, message.language, also=batch.others(message)))


def _why_told_with_another(message: Message, visit: Visit, batch: "Batch") -> str:
    others = batch.others(message)
    merged = others and _told_with_an_earlier_visit(message, visit, others[0])
    return "told with the first visit of the day" if merged else ""


def _why_enough(message: Message, visit: Visit, batch: "Batch", *, now: dt.datetime) -> str:
    midnight = now.astimezone(zone_or_utc(visit)).replace(hour=0, minute=0, second=0, microsecond=0)
    return "two letters went today already" if batch.sent_since(message, midnight) >= PER_DAY else ""


def _why_not_ask(message: Message, visit: Visit) -> str:
    """Questions that were answered already are not sent."""
    states = {booking.screening for booking in visit.bookings.all()}
    answered = states & {ScreeningState.CLEAR, ScreeningState.WAITING} and ScreeningState.DUE not in states
    return "answered already" if message.kind == MessageKind.QUESTIONS and answered else ""


def _told_with_an_earlier_visit(message: Message, visit: Visit, first: Visit) -> bool:
    """Whether the day's first visit has a message that mentions this one: due, or sent since this one was planned."""
    if (first.arrives_at, first.pk) > (visit.arrives_at, visit.pk):
        return False
    rows = Message.objects.filter(visit=first, kind=message.kind, channel=Channel.EMAIL, sequence=F("visit__sequence"))
    telling = rows.filter(Q(state=State.DUE) | Q(state=State.SENT, sent_at__gte=message.made_at))
    return any(is_of_the_day(row) for row in telling)


def is_met_by_a_consultation(message: Message, *, now: dt.datetime) -> bool:
    """Whether a consultation is booked already, so that no invitation is needed."""
    coming = Visit.objects.filter(patient=message.patient_id, bookings__starts_at__gt=now)
    talks = coming.filter(bookings__variant__therapy__kind=TherapyKind.CONSULTATION)
    return talks.filter(bookings__status__in=[Status.REQUESTED, Status.BOOKED]).exists()
