"""Write a visit's messages and make them void, in the transaction of the action that changed the visit."""

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

from django.conf import settings

from bookings.messages.kinds import BEFORE_START
from bookings.models import Channel, Message, MessageKind, State, Visit
from clinic.people.models import Patient, User
from clinic.statements import Statement

from .plan import (
    CONFIRMING,
    ENDING,
    KEEPS_THE_REST,
    QUIETENS,
    TABLE,
    TAKES_A_DAY,
    TELLING,
    PlannedMessage,
    VisitEvent,
    VisitFacts,
    planned_messages,
)
from .runs import neighbours_of


class TreatmentsRow(NamedTuple):
    """Start and end of a visit's treatments, their reminders, and whether there is preparation or after-care.

    Of a visit without a booking everything is None.
    """

    starts_at: dt.datetime | None
    ends_at: dt.datetime
    reminders: list[list[int]]
    preparation: bool
    aftercare: bool


TREATMENTS = Statement(
    """
SELECT min(b.starts_at) AS starts_at, max(b.ends_at) AS ends_at, json_agg(t.reminder_hours) AS reminders,
       bool_or(EXISTS (SELECT FROM therapies_therapytext text
                       WHERE text.therapy_id = t.id AND cardinality(text.preparation) > 0))
           AS preparation,
       bool_or(EXISTS (SELECT FROM therapies_therapytext text
                       WHERE text.therapy_id = t.id AND cardinality(text.aftercare) > 0))
           AS aftercare
FROM bookings_booking b
JOIN therapies_variant v ON v.id = b.variant_id
JOIN therapies_therapy t ON t.id = v.therapy_id
WHERE b.visit_id = %(visit)s
""",
    TreatmentsRow,
)
FIRST = frozenset(
    {VisitEvent.BOOKED, VisitEvent.BOOKED_TOGETHER, VisitEvent.REQUESTED}
)  # there are no earlier messages
NO_LEASE = {"leased_until": None, "lease_token": None}


class NotBookedYet(Exception):
    """The visit has no patient or no booking."""


def plan_messages(*, visit: Visit, event: VisitEvent, by: User | None, now: dt.datetime, late: int = 0) -> None:
    """Make the visit's planned messages void and write those that `event` requires.

    Call it after the visit and its bookings are saved, under the lock on the patient. It does not wait for a message
    that is being sent at this moment: that one counts as sent, and a cancellation follows it.
    """
    if event in QUIETENS:
        void_messages(visit=visit)
    if not TABLE[event]:
        return
    voided = set() if event in FIRST | KEEPS_THE_REST else void_messages(visit=visit)
    is_informed = event in FIRST | KEEPS_THE_REST or _was_told(visit)
    beside = neighbours_of(visit) if event in TAKES_A_DAY else []
    facts = visit_facts_of(
        visit, told=is_informed, now=now, course=bool(beside), asked_in_vain=MessageKind.QUESTIONS in voided
    )
    if late:
        facts = replace(facts, late=late)
    if event is VisitEvent.REINSTATED:
        facts = replace(facts, told_of_end=_was_told_of_end(visit))
    _write(visit, event, facts, by=by, now=now)
    for neighbour in beside:
        _write(neighbour, VisitEvent.JOINED, visit_facts_of(neighbour, told=True, now=now, course=True), by=by, now=now)


def _write(visit: Visit, event: VisitEvent, facts: VisitFacts, *, by: User | None, now: dt.datetime) -> None:
    if visit.patient and facts.channel == Channel.EMAIL and not visit.patient.email_is_proved:
        facts = _not_proved(facts, visit.patient, by)
    rows = [_row(visit, message, by=by, now=now) for message in planned_messages(event, facts)]
    if not rows:
        return
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    if event not in FIRST:
        _revive(rows)


def _not_proved(facts: VisitFacts, patient: Patient, by: User | None) -> VisitFacts:
    """The facts for an address that is not confirmed."""
    everybody = Patient.objects.written_to([patient.email])
    earlier = Message.objects.filter(visit__patient__in=everybody, kind__in=CONFIRMING, channel=Channel.EMAIL)
    themselves = by is None or patient.accesses.filter(user=by).exists()
    return replace(
        facts,
        proved=False,
        confirmed_before=earlier.exclude(state=State.VOID).exists(),
        otherwise=None if themselves else without_mail(patient),
    )


def without_mail(patient: Patient) -> Channel:
    """The channel for a patient whom e-mail does not reach."""
    return Channel.CALL if patient.phone else Channel.PAPER


def void_messages(*, visit: Visit, only: str = "") -> set[str]:
    """Make due messages of the visit void, or `only` this kind, except those being sent; returns the void kinds.

    A call that the patient asked for is not about the visit, so it stays.
    """
    due = Message.objects.filter(visit=visit, state=State.DUE).exclude(kind=MessageKind.CALL_BACK)
    due = due.filter(kind=only) if only else due
    free = dict(due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", "kind"))
    Message.objects.filter(pk__in=free).update(state=State.VOID, **NO_LEASE)
    return set(free.values())


def settle_on_arrival(*, visit: Visit) -> None:
    """Nobody rings a patient who stands at the desk: calls that are only useful before the visit are void."""
    calls = Message.objects.filter(visit=visit, state=State.DUE, channel=Channel.CALL, kind__in=BEFORE_START)
    calls.update(state=State.VOID, problem="the patient is here")


def _was_told(visit: Visit) -> bool:
    """Whether a message about the visit was sent. If none was ever planned, the patient was told in another way."""
    telling = Message.objects.filter(visit=visit, kind__in=TELLING, channel=Channel.EMAIL)
    states = set(telling.values_list("state", flat=True))
    return states != {State.VOID}


def _was_told_of_end(visit: Visit) -> bool:
    """Whether the patient was told of the last cancellation: by mail, by telephone or on paper."""
    last = Message.objects.filter(visit=visit, kind__in=ENDING, sequence=visit.sequence - 1)
    return last.filter(state=State.SENT).exists()


def visit_facts_of(
    visit: Visit, *, told: bool, now: dt.datetime, course: bool = False, asked_in_vain: bool = False
) -> VisitFacts:
    """What the table of messages needs to know about a visit."""
    treatments = TREATMENTS.one(visit=visit.pk)
    if visit.patient is None or treatments.starts_at is None:
        raise NotBookedYet(f"visit {visit.pk} has no patient or no booking")
    return VisitFacts(
        now=now,
        starts_at=treatments.starts_at,
        ends_at=treatments.ends_at,
        arrives_at=visit.arrives_at,
        zone=visit.zone,
        channel=channel_for(visit.patient),
        reminders=_reminders(visit, treatments.reminders),
        grace=dt.timedelta(seconds=settings.LETTERS_GRACE_SECONDS),
        told=told,
        preparation=treatments.preparation,
        aftercare=treatments.aftercare,
        course=course,
        asked_in_vain=asked_in_vain,
    )


def _reminders(visit: Visit, own: list[list[int]]) -> tuple[int, ...]:
    """Minutes before the start: the reminders of each treatment (`own`, in hours), or the clinic's if it has none."""
    return tuple({minutes for hours in own for minutes in [hour * 60 for hour in hours] or visit.clinic.reminders})


def channel_for(patient: Patient) -> Channel:
    """The channel that the patient prefers, if it is possible."""
    wished = Channel(patient.channel)
    if wished == Channel.EMAIL and not patient.email:
        return without_mail(patient)
    return wished


def _revive(rows: list[Message]) -> None:
    """Make rows due again that exist and are void: no-show, undone, no-show again."""
    for row in rows:
        old = Message.objects.filter(key=row.key, state=State.VOID)
        old.update(state=State.DUE, due_at=row.due_at, attempts=0, problem="")


def _row(visit: Visit, message: PlannedMessage, *, by: User | None, now: dt.datetime) -> Message:
    patient = visit.patient
    assert patient is not None  # noqa: S101 - visit_facts_of refused a visit without one
    key = f"visit:{visit.public_id}:{visit.sequence}:{message.kind}:{message.offset}:{message.channel}"
    return Message(
        key=key,
        kind=message.kind,
        channel=message.channel,
        clinic_id=visit.clinic_id,
        visit=visit,
        sequence=visit.sequence,
        recipient=patient.email if message.channel == Channel.EMAIL else "",
        language=patient.language,
        due_at=message.due_at,
        made_by=by,
        made_at=now,
    )
