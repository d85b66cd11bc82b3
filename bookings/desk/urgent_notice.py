"""The notice that somebody must act at once for a patient: plain words for everybody, never why."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from bookings.facts.on_duty import VaidyaOnDuty, vaidyas_on_duty
from bookings.facts.record_access import TREATS
from bookings.facts.urgent import UrgentCall, urgent_calls
from bookings.models import Suspension
from clinic.people.records import RecordsOf
from clinic.premises.models import Clinic

from .request import StaffRequest


@dataclass(frozen=True)
class UrgentNotice:
    """The earliest call. `people`: Vaidyas on duty; `session_url`: where it was measured, for whoever treats."""

    call: UrgentCall
    people: list[VaidyaOnDuty]
    clinic: Clinic
    session_url: str


def shown_urgent(request: StaffRequest, now: dt.datetime) -> UrgentNotice | None:
    """That of the patient whom the address names; None where nobody need act at once."""
    patient = getattr(request, "patient", None)
    rows = urgent_calls([patient.pk], now=now).get(patient.pk, []) if patient else []
    if not rows:
        return None
    call = rows[0]
    clinic = Clinic.objects.get(pk=call.clinic)
    treats = request.user.clinics_at(now, *TREATS).filter(pk=clinic.pk).exists()
    url = reverse("desk:session", args=[call.visit, call.position]) if treats and call.visit else ""
    return UrgentNotice(call, vaidyas_on_duty(clinic, now), clinic, url)


def has_paused_treatments(request: StaffRequest) -> bool:
    """Whether treatments of the patient whom the address names are paused: that alone, for everybody at the clinic."""
    patient = getattr(request, "patient", None)
    return patient is not None and Suspension.objects.active().filter(patient__in=RecordsOf(patient)).exists()
