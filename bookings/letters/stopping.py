"""Addresses and patients that mail no longer goes to."""

import datetime as dt

from bookings.models import Kind, Message, State, StoppedAddress, StoppedPatient
from clinic.people.models import Patient

from .kinds import SORTS

OPTIONAL = [Kind(kind) for kind, sort in SORTS.items() if sort.optional]


def stop_address(*, address: str, why: str, now: dt.datetime) -> None:
    """Send nothing more to this address; the desk rings instead. `why` is a code such as bounced or complained."""
    StoppedAddress.objects.bulk_create(
        [StoppedAddress(address=address.lower()[:254], why=why[:30], at=now)], ignore_conflicts=True
    )


def resume_address(*, address: str) -> None:
    """The address works again."""
    StoppedAddress.objects.filter(address=address.lower()).delete()


def stop_optional_letters(*, patient: Patient, now: dt.datetime) -> None:
    """No more letters than the visits need; those already planned are void."""
    StoppedPatient.objects.bulk_create([StoppedPatient(patient=patient, at=now)], ignore_conflicts=True)
    planned = Message.objects.filter(visit__patient=patient, kind__in=OPTIONAL, state=State.DUE)
    planned.update(state=State.VOID, problem="stopped by the patient", leased_until=None, lease_token=None)


def has_stopped_optional_letters(patient: Patient) -> bool:
    return StoppedPatient.objects.filter(patient=patient).exists()
