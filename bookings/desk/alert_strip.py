"""What stands at the head of a patient's pages for whoever treats: read only where a page shows it, after the audit."""

import datetime as dt
from typing import cast

from bookings.facts.alert_rows import alerts_of_patient
from bookings.facts.alerts import Alerts
from bookings.facts.record_access import access_of
from clinic.people.models import Patient

from .request import ClinicalRequest, StaffRequest


def shown_alerts(request: StaffRequest, now: dt.datetime) -> Alerts | None:
    """Those of the patient whom the address names; None for whoever may not read this record.

    What another clinic of ours was told is among them: what care needs at once is shown to whoever treats.
    """
    patient = patient_to_read(request, now)
    return alerts_of_patient(patient, on=request.clinic.today(now), now=now) if patient else None


def patient_to_read(request: StaffRequest, now: dt.datetime) -> Patient | None:
    """The patient whom the address names, for whoever may read this record."""
    patient = getattr(request, "patient", None)
    if patient is None:
        return None
    is_behind_door = hasattr(request, "record")
    clinical_request = cast("ClinicalRequest", request)
    record = clinical_request.record if is_behind_door else access_of(user=request.user, patient=patient, now=now)
    return patient if record.is_open else None
