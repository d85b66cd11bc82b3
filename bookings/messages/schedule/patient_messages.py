"""Messages about a patient without a visit: a review that is due, news about contacts and access, a requested call."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from bookings.messages.times import MORNING, on_day
from bookings.messages.wakeup import at_once
from bookings.models import Channel, Message, MessageKind, State, Visit
from clinic.people.contacts import Recipients
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic

from .planner import NO_LEASE, channel_for, without_mail

REVIEW_AHEAD = dt.timedelta(days=7)


def plan_review_message(
    *, patient: Patient, clinic: Clinic, review_on: dt.date, by: User | None, now: dt.datetime
) -> Message | None:
    """Plan the message that a review is due on `review_on`; an earlier one of this clinic and patient becomes void.

    Call it in the transaction of the action that sets the date. None when the date is past.
    """
    patient = patient.person
    earlier = Message.objects.filter(patient=patient, clinic=clinic, kind=MessageKind.REVIEW_DUE, state=State.DUE)
    free = list(earlier.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Message.objects.filter(pk__in=free).update(state=State.VOID, **NO_LEASE)
    due_at = review_due_at(review_on, now=now, zone=clinic.zone)
    if due_at is None:
        return None
    channel = channel_for(patient)
    if channel == Channel.EMAIL and not patient.email_is_proved:
        channel = without_mail(patient)
    return Message.objects.create(
        key=f"review:{uuid.uuid4()}:{review_on}",
        kind=MessageKind.REVIEW_DUE,
        channel=channel,
        clinic=clinic,
        patient=patient,
        recipient=patient.email if channel == Channel.EMAIL else "",
        language=patient.language,
        due_at=due_at,
        made_by=by,
        made_at=now,
    )


def review_due_at(review_on: dt.date, *, now: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """10:00 a week before the day, to leave time to book; otherwise 10:00 on the day; None when both are past."""
    moments = (on_day(day, MORNING, zone) for day in (review_on - REVIEW_AHEAD, review_on))
    return next((moment for moment in moments if moment > now), None)


def write_news(
    *,
    patient: Patient,
    kind: str,
    clinic: Clinic | None,
    by: User,
    now: dt.datetime,
    recipients: Recipients,
    makers: Iterable[int],
    detail: Mapping[str, str],
) -> list[Message]:
    """Report a change of a patient's contact or access: an e-mail to each recipient, and a call where one is needed.

    The patient's preferred channel does not matter, so that the news arrives soon and in writing. Call it in the
    transaction of the change, which fixes the recipients.
    """
    channel = Channel.CALL if recipients.phone else Channel.PAPER
    routes = [(Channel.EMAIL, address) for address in recipients.addresses]
    routes += [(channel, recipients.phone)] if recipients.rings else []
    act = uuid.uuid4()
    rows = [
        Message(
            key=f"{kind}:{act}:{number}",
            kind=kind,
            channel=channel,
            clinic=clinic or Clinic.objects.filter(is_active=True).order_by("pk").first(),
            patient=patient,
            recipient=recipient,
            language=patient.language,
            secret={"makers": sorted(makers), **detail},
            due_at=at_once(now),
            made_by=by,
            made_at=now,
        )
        for number, (channel, recipient) in enumerate(routes)
    ]
    return Message.objects.bulk_create(rows)


def ask_desk_to_call(
    *,
    patient: Patient,
    clinic: Clinic,
    now: dt.datetime,
    by: User | None,
    visit: Visit | None = None,
    kind: MessageKind = MessageKind.CALL_BACK,
) -> Message:
    """Put the patient on the desk's list of calls, first where help was asked for, unless they are on it already."""
    about = {"visit": visit, "patient": None} if visit else {"visit": None, "patient": patient.person}
    message = Message.objects.filter(kind=kind, state=State.DUE, clinic=clinic, **about).first()
    return message or Message.objects.create(
        key=f"{kind}:{uuid.uuid4()}",
        kind=kind,
        channel=Channel.CALL,
        urgent=kind == MessageKind.CALL_BACK,
        clinic=clinic,
        sequence=visit.sequence if visit else None,
        language=patient.language,
        due_at=now,
        made_by=by,
        made_at=now,
        **about,
    )
