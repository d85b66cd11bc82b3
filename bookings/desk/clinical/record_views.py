"""The clinical record of a patient, for those who treat."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import clinical_record
from bookings.desk.asking import StaffRequest
from bookings.desk.sessions.page import TREATS
from clinic.people.doors import staff_door

from . import finding


@staff_door(*TREATS)
@require_safe
def record(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Examinations with their versions, prescriptions with what is left of them, consents."""
    now = timezone.now()
    patient = finding.patient_or_404(request, public_id, "record", now)
    drafts = finding.is_vaidya(request.user, now)
    prescriptions = clinical_record.prescriptions_of(patient, drafts=drafts)
    page = {
        "patient": patient,
        "writes": drafts,
        "assessments": clinical_record.assessments_of(patient, drafts=drafts),
        "prescribed": [clinical_record.prescribed(row, now=now) for row in prescriptions],
        "consents": clinical_record.consents_of(patient),
    }
    return render(request, "desk/clinical/record.html", page)
