"""What was opened with a reason, for the pages about it."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from bookings.desk.request import StaffRequest
from bookings.models import BirthDateMiss, EmergencyOpening, RecordOpening, RecordSharing
from clinic.people.contacts import WAIT
from clinic.people.models import ContactChange, Invitation, Patient
from clinic.people.records import RecordsOf
from clinic.premises.models import Clinic

A_WEEK = dt.timedelta(days=7)
SHOWN = 50


def openings_at(clinics: QuerySet[Clinic]) -> QuerySet[RecordOpening]:
    """Those at these clinics, the newest first."""
    rows = RecordOpening.objects.filter(clinic__in=clinics)
    return rows.select_related("user", "patient", "clinic").order_by("-at", "-pk")


def opened_lately(clinics: Collection[Clinic], now: dt.datetime) -> int:
    """How many there were within a week."""
    if not clinics:
        return 0
    return RecordOpening.objects.filter(clinic__in=clinics, at__gt=now - A_WEEK).count()


def cards_opened_at(clinics: QuerySet[Clinic]) -> list[EmergencyOpening]:
    """Emergency cards, the newest first."""
    rows = EmergencyOpening.objects.filter(clinic__in=clinics).select_related("user", "patient")
    return list(rows.order_by("-at", "-pk")[:SHOWN])


def misses_at(clinics: QuerySet[Clinic], now: dt.datetime) -> list[BirthDateMiss]:
    """Wrong birth dates of the last week, the newest first."""
    rows = BirthDateMiss.objects.filter(clinic__in=clinics, at__gt=now - A_WEEK)
    return list(rows.select_related("user", "clinic").order_by("-at", "-pk")[:SHOWN])


def contacts_changed_then_opened(clinics: QuerySet[Clinic], now: dt.datetime) -> list[ContactChange]:
    """Changes of contact of the last week after which, within a day, a code was made or the record shared."""
    until = OuterRef("at") + WAIT
    code = Invitation.objects.filter(
        patient__in=RecordsOf(OuterRef("patient")), made_at__gte=OuterRef("at"), made_at__lt=until
    )
    shared = RecordSharing.objects.filter(
        patient__in=RecordsOf(OuterRef("patient")), noted_at__gte=OuterRef("at"), noted_at__lt=until
    )
    here = Patient.clinics.through.objects.filter(patient=OuterRef("patient"), clinic__in=clinics)
    rows = ContactChange.objects.filter(Exists(here), Exists(code) | Exists(shared), at__gt=now - A_WEEK)
    return list(rows.select_related("by", "patient").order_by("-at", "-pk")[:SHOWN])


def clinic_for(request: StaffRequest, patient: Patient) -> Clinic:
    """In which clinic's list an opening stands: the chosen one where the patient comes there, else another."""
    rows = list(request.clinics.filter(patients=patient).order_by("pk"))
    return request.clinic if request.clinic in rows else rows[0]


def sharing_with(patient: Patient, clinic: Clinic) -> RecordSharing | None:
    """The patient's consent that this clinic reads all of the record, if there is one."""
    return (
        RecordSharing.objects.in_force()
        .filter(patient__in=RecordsOf(patient), clinic=clinic)
        .select_related("noted_by")
        .first()
    )
