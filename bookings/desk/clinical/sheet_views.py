"""A prescription on paper: on the clinic's letterhead, in the language of who takes it home."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.desk.addresses import say_not_understood
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required
from bookings.desk.request import ClinicalRequest
from bookings.facts import record as record_facts
from bookings.facts.record_access import TREATS

from . import lookups


@record_access_required(*TREATS)
@require_safe
@reads(of_record)
def sheet(request: ClinicalRequest, public_id: uuid.UUID, prescription_id: uuid.UUID) -> HttpResponse:
    """What is signed, for A4; no diagnosis stands on it. `?language=` chooses another language than the patient's."""
    now, patient = timezone.now(), request.patient
    prescription = lookups.prescription_or_404(request, prescription_id, drafts=False)
    if not prescription.is_signed:
        messages.error(request, _("Only a signed prescription can be printed."))
        return redirect("desk:prescription", public_id, prescription_id)
    words, languages = request.GET.get("language", ""), dict(settings.LANGUAGES)
    language = words if words in languages else patient.language
    if words and words != language:
        say_not_understood(request, words, instead=languages.get(language, language))
    with translation.override(language):
        shown = record_facts.prescription_summary(prescription, now=now)
    age = patient.age(prescription.clinic.today(now))
    page = {"patient": patient, "prescription": prescription, "shown": shown, "sheet_language": language, "age": age}
    return render(request, "desk/clinical/prescription_sheet.html", page | {"languages": settings.LANGUAGES})
