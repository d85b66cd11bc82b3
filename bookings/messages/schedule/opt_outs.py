"""Addresses and patients that get no more e-mails."""

import datetime as dt

from django.db.models import Q

from bookings.messages.kinds import SORTS
from bookings.models import Message, MessageKind, State, StoppedAddress, StoppedPatient
from clinic.people.models import Patient

OPTIONAL = [MessageKind(kind) for kind, sort in SORTS.items() if sort.optional]
BY_THE_PATIENT = "stopped by the patient"
UNDO = dt.timedelta(minutes=10)
"""How long a stop can be undone: a mail scanner may have triggered it."""


def stop_address(*, address: str, why: str, now: dt.datetime) -> None:
    """Send nothing more to this address; the desk calls instead. `why` is a code such as bounced or complained."""
    StoppedAddress.objects.bulk_create(
        [StoppedAddress(address=address.lower()[:254], why=why[:30], at=now)], ignore_conflicts=True
    )


def resume_address(*, address: str) -> None:
    """Send to this address again."""
    StoppedAddress.objects.filter(address=address.lower()).delete()


def stop_optional_messages(*, patient: Patient, now: dt.datetime, reminders: bool = False) -> None:
    """Send only what the visits need, with `reminders` none of those either.

    Optional messages that are planned become void. Whether a reminder is sent is asked when it is due: one that says
    how to prepare goes out all the same.
    """
    StoppedPatient.objects.bulk_create([StoppedPatient(patient=patient, at=now)], ignore_conflicts=True)
    if reminders:
        StoppedPatient.objects.filter(patient=patient, reminders_at=None).update(reminders_at=now)
    planned = Message.objects.filter(visit__patient=patient, kind__in=OPTIONAL, state=State.DUE)
    planned.update(state=State.VOID, problem=BY_THE_PATIENT, leased_until=None, lease_token=None)


def undo_stop(*, patient: Patient, now: dt.datetime) -> bool:
    """Undo a recent stop, with the messages it made void. Returns whether it was undone."""
    resumed = StoppedPatient.objects.filter(patient=patient, reminders_at__gt=now - UNDO).update(reminders_at=None)
    undone, _rows = StoppedPatient.objects.filter(patient=patient, at__gt=now - UNDO).delete()
    if undone:
        stopped = Message.objects.filter(visit__patient=patient, kind__in=OPTIONAL, state=State.VOID)
        stopped.filter(problem=BY_THE_PATIENT, due_at__gt=now).update(state=State.DUE, problem="")
    return bool(undone or resumed)


def may_undo_stop(patient: Patient, *, now: dt.datetime) -> bool:
    recent = Q(at__gt=now - UNDO) | Q(reminders_at__gt=now - UNDO)
    return StoppedPatient.objects.filter(recent, patient=patient).exists()


def has_stopped(patient: Patient, *, reminders: bool = False) -> bool:
    """Whether the optional messages were stopped, or with `reminders` whether those were."""
    rows = StoppedPatient.objects.filter(patient=patient)
    return rows.filter(reminders_at__isnull=False).exists() if reminders else rows.exists()
