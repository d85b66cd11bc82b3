"""Actions on access to a clinical record: open it with a reason, share it, end the sharing."""

import datetime as dt

import pghistory
from django.db import transaction

from bookings.errors import PolicyRefused
from bookings.models import RecordOpening, RecordSharing
from clinic.people.contacts import why_wait
from clinic.people.models import Patient, User
from clinic.people.news import News, tell_patient
from clinic.people.records import RecordsOf
from clinic.people.security_log import DONE, Event, note
from clinic.premises.models import Clinic
from clinic.wall import edge


def open_record(*, patient: Patient, clinic: Clinic, reason: str, by: User, now: dt.datetime) -> RecordOpening:
    """Open this record to `by` until the end of the clinic's day. Pressed twice it is written once."""
    with transaction.atomic(durable=True):
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # the second press waits here
        patient_facts = (
            RecordOpening.objects.in_force(now).filter(user=by, patient__in=RecordsOf(patient), reason=reason).first()
        )
        until = edge(clinic.today(now) + dt.timedelta(days=1), 0, clinic.zone)
        if patient_facts is None:
            note(Event.BREAK_GLASS, outcome=DONE, user=by, clinic=clinic.pk, patient=patient.pk, reason=reason)
        return patient_facts or RecordOpening.objects.create(
            user=by, patient=patient, clinic=clinic, reason=reason, at=now, until=until
        )


def share_record(*, patient: Patient, clinic: Clinic, how: str, by: User, now: dt.datetime) -> RecordSharing:
    """Write down that the patient lets this clinic read what others wrote, and tell the patient. Once is enough.

    Raises PolicyRefused for whoever has just changed how the patient is reached.
    """
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        current = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)  # the second press waits here
        patient_facts = RecordSharing.objects.in_force().filter(patient__in=RecordsOf(patient), clinic=clinic).first()
        if patient_facts:
            return patient_facts
        if reason := why_wait(patient, by=by, now=now):
            raise PolicyRefused(reason)
        tell_patient(current, News.RECORD_SHARED, clinic=clinic, by=by, now=now)
        return RecordSharing.objects.create(patient=patient, clinic=clinic, how=how, noted_by=by, noted_at=now)


def end_sharing(*, sharing: RecordSharing, by: User, now: dt.datetime) -> RecordSharing:
    """From the next request on the clinic reads only what it wrote itself."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        current = RecordSharing.objects.select_for_update().get(pk=sharing.pk)
        if current.ended_at is None:
            current.ended_by, current.ended_at = by, now
            current.save(update_fields=["ended_by", "ended_at"])
    return current
