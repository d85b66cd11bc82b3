"""Who asks, behind the staff door."""

from django.db.models import QuerySet
from django.http import HttpRequest

from bookings.facts.record_access import RecordAccess
from bookings.models import Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic


class StaffRequest(HttpRequest):
    """A request that the staff door let in: `clinics` are those where the person holds one of the door's roles."""

    user: User
    clinics: QuerySet[Clinic]
    clinic: Clinic


class ClinicalRequest(StaffRequest):
    """One that the door of clinical records let in: whose record, how much of it, and by which visit if by one."""

    patient: Patient
    record: RecordAccess
    visit: Visit
    opened_for: str
