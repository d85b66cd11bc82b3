"""The clinical record of a patient, for those who treat."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required
from bookings.desk.request import ClinicalRequest
from bookings.desk.sessions.pauses import pauses_of
from bookings.facts import record as record_facts
from bookings.facts.record_access import TREATS

from . import lookups


@record_access_required(*TREATS)
@require_safe
@reads(of_record)
def record(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """Examinations with their versions, prescriptions with what is left of them, consents."""
    now, patient = timezone.now(), request.patient
    drafts = lookups.is_vaidya(request.user, now)
    prescriptions = lookups.prescriptions(request, drafts=drafts)
    page = {
        "patient": patient,
        "writes": drafts,
        "record": request.record,
        "pauses": pauses_of(patient) if request.record.elsewhere else [],
        "assessments": lookups.assessments(request, drafts=drafts),
        "prescribed": [record_facts.prescription_summary(row, now=now) for row in prescriptions],
        "consents": lookups.consents(request),
    }
    return render(request, "desk/clinical/record.html", page)
