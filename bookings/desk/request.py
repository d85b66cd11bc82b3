"""Who asks, behind the staff door."""

from django.db.models import QuerySet
from django.http import HttpRequest

from bookings.facts.record_access import RecordAccess
from bookings.models import Visit
from clinic.people.models import Patient, PossibleTwin, User
from clinic.premises.models import Clinic


class StaffRequest(HttpRequest):
    """A request that the staff door let in: `clinics` are those where the person holds one of the door's roles."""

    user: User
    clinics: QuerySet[Clinic]
    clinic: Clinic


class PatientRequest(StaffRequest):
    """One whose address names a patient, whose data the page shows."""

    patient: Patient
    twins: list[tuple[PossibleTwin, Patient]]


class TwoRecordsRequest(PatientRequest):
    """One whose address names two records of perhaps one person."""

    other: Patient


class VisitRequest(PatientRequest):
    """One whose address names a visit of that patient."""

    visit: Visit


class ClinicalRequest(VisitRequest):
    """One that the door of clinical records let in: how much of the record; a visit only if the address names one."""

    record: RecordAccess
    opened_for: str
