"""The clinical record of a patient, for those who treat."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import clinical_record
from bookings.desk.asking import ClinicalRequest
from bookings.desk.sessions.pauses import pauses_of
from bookings.record_access import TREATS

from . import finding
from .door import clinical_door


@clinical_door(*TREATS)
@require_safe
def record(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """Examinations with their versions, prescriptions with what is left of them, consents."""
    now = timezone.now()
    patient = finding.audited_patient(request, "record", now)
    drafts = finding.is_vaidya(request.user, now)
    prescriptions = finding.prescriptions(request, drafts=drafts)
    page = {
        "patient": patient,
        "writes": drafts,
        "record": request.record,
        "pauses": pauses_of(patient) if request.record.elsewhere else [],
        "assessments": finding.assessments(request, drafts=drafts),
        "prescribed": [clinical_record.prescribed(row, now=now) for row in prescriptions],
        "consents": finding.consents(request),
    }
    return render(request, "desk/clinical/record.html", page)
