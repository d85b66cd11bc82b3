"""Whose address it is: its owner opened a link of ours or came in by a code, or staff took it face to face."""

import datetime as dt

from django.db import transaction

from bookings.letters.plan import Event
from bookings.letters.planning import plan_letters
from bookings.locking import lock
from bookings.models import ScreeningState, Status, Visit
from clinic.people.models import Patient


@transaction.atomic
def prove_address(*, address: str, now: dt.datetime, patient: Patient | None = None) -> int:
    """Note that this address is its owner's, for the patient or for everybody who gave it; plan what was held back.

    Returns for how many patients it was news.
    """
    rows = Patient.objects.written_to([address]).exclude(proved_email__iexact=address)
    if patient is not None:
        rows = rows.filter(pk=patient.pk)
    found = list(rows.order_by("pk"))
    if found:
        lock(patients=[person.pk for person in found])
    for person in found:
        Patient.objects.filter(pk=person.pk).update(proved_email=person.email, email_proved_at=now)
        _plan(person, now)
    return len(found)


def _plan(patient: Patient, now: dt.datetime) -> None:
    """The letters that the patient's booked visits deserve from now on."""
    visits = Visit.objects.upcoming(now).filter(patient=patient, bookings__status=Status.BOOKED)
    for visit in visits.select_related("patient", "clinic").prefetch_related("bookings"):
        plan_letters(visit=visit, event=Event.ADDRESS_PROVED, by=None, now=now)
        if any(booking.screening == ScreeningState.DUE for booking in visit.bookings.all()):
            plan_letters(visit=visit, event=Event.QUESTIONS_DUE, by=None, now=now)
