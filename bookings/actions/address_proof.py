"""Whose address it is: its owner opened a link of ours or came in by a code, or staff took it face to face."""

import datetime as dt

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from bookings.actions.locks import lock
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import ScreeningState, Status, Visit
from clinic.people.models import Patient, User


@transaction.atomic
def prove_address(*, address: str, now: dt.datetime, patient: Patient | None = None) -> int:
    """Note that this address is its owner's, for the patient or for everybody who gave it; plan what was held back.

    Returns for how many patients it was news.
    """
    rows = Patient.objects.written_to([address]).exclude(proved_email__iexact=address)
    if patient is not None:
        rows = rows.filter(pk=patient.pk)
    proofs = list(rows.order_by("pk"))
    if proofs:
        lock(patients=[person.pk for person in proofs])
    for person in proofs:
        Patient.objects.filter(pk=person.pk).update(proved_email=person.email, email_proved_at=now)
        _plan(person, now)
    return len(proofs)


TAKEN_BACK_WITHIN = dt.timedelta(hours=24)
"""How long the desk may take back that an address is known."""


def check_address(*, patient: Patient, address: str, by: User, now: dt.datetime) -> bool:
    """Staff asked the patient face to face: this contact address is theirs. The history keeps who, when and how.

    False where the patient has another address by now, or it was known already.
    """
    with pghistory.context(user=by.pk, act="address_checked"), transaction.atomic(durable=True):
        return prove_address(address=address, patient=patient, now=now) > 0


def why_not_take_proof_back(patient: Patient, *, now: dt.datetime) -> str:
    """ "" or why it stays known that the contact address is the patient's."""
    if patient.email_proved_at is None or not patient.email_is_proved:
        return _("This address is not confirmed.")
    if now - patient.email_proved_at > TAKEN_BACK_WITHIN:
        return _("This was confirmed more than a day ago. Please change the address instead.")
    return ""


def take_proof_back(*, patient: Patient, by: User, now: dt.datetime) -> str:
    """The address was confirmed by mistake: letters that need a known address wait again. "" or why not."""
    with pghistory.context(user=by.pk, act="address_check_taken_back"), transaction.atomic(durable=True):
        lock(patients=[patient.pk])
        current = Patient.objects.get(pk=patient.pk)
        reason = why_not_take_proof_back(current, now=now)
        if not reason:
            Patient.objects.filter(pk=patient.pk).update(proved_email="", email_proved_at=None)
        return reason


def _plan(patient: Patient, now: dt.datetime) -> None:
    """The letters that the patient's booked visits deserve from now on."""
    visits = Visit.objects.upcoming(now).filter(patient=patient, bookings__status=Status.BOOKED)
    for visit in visits.select_related("patient", "clinic").prefetch_related("bookings"):
        plan_messages(visit=visit, event=VisitEvent.ADDRESS_PROVED, by=None, now=now)
        if any(booking.screening == ScreeningState.DUE for booking in visit.bookings.all()):
            plan_messages(visit=visit, event=VisitEvent.QUESTIONS_DUE, by=None, now=now)
