"""Consent: read, sign, withdraw, and the photo of what was signed on paper."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from bookings.actions import consents as consent_actions
from bookings.desk.addresses import say_not_understood
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required
from bookings.desk.request import ClinicalRequest
from bookings.errors import ActionRefused
from bookings.facts.record_access import TREATS
from bookings.pages.consent_papers import shown_inline
from clinic.people.models import Patient
from therapies.consent_texts import ConsentText, consent_text

from . import lookups
from .consent_forms import ConsentForm, WhichForm, needs_guardian


@record_access_required(*TREATS)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_record)
def give(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """The words in the patient's language, and below them the signature."""
    now, patient = timezone.now(), request.patient
    therapy = lookups.therapy_or_404(request.GET.get("to", ""))
    words = request.GET.get("language", "")
    text = consent_text(therapy, words or patient.language)
    if words and text.language != words:
        say_not_understood(request, words, instead=dict(settings.LANGUAGES).get(text.language, text.language))
    today, people = request.clinic.today(now), lookups.vaidyas(request.clinics, now)
    initial = {"explained_by": people.filter(pk=request.user.pk).first()}
    form = ConsentForm(
        request.POST or None,
        request.FILES or None,
        initial=initial,
        patient=patient,
        on=today,
        version=text.version,
        vaidyas=people,
    )
    if form.is_valid() and _given(request, patient, therapy, text, form):
        messages.success(request, _("The consent has been saved."))
        return redirect("desk:record", public_id)
    which = WhichForm(initial={"to": therapy, "language": text.language}, therapies=lookups.consent_therapies())
    page = {"patient": patient, "text": text, "form": form, "which": which, "child": needs_guardian(patient, today)}
    return render(request, "desk/clinical/consent.html", page, status=422 if form.errors else 200)


@record_access_required(*TREATS)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_record)
def withdraw(request: ClinicalRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """The patient takes a consent back: words once more, then at once."""
    now, patient = timezone.now(), request.patient
    consent = lookups.consent_or_404(request, pk)
    if request.method == "POST":
        try:
            consent_actions.withdraw_consent(consent=consent, by=request.user, now=now)
            messages.success(request, _("The consent has been withdrawn."))
        except ActionRefused as refusal:
            messages.error(request, refusal.reason)
        return redirect("desk:record", public_id)
    return render(request, "desk/clinical/withdraw_consent.html", {"patient": patient, "consent": consent})


@record_access_required(*TREATS)
@require_safe
@reads(of_record)
def paper(request: ClinicalRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """The photo of the signed paper."""
    return shown_inline(lookups.paper_or_404(request, pk))


def _given(request: ClinicalRequest, patient: Patient, therapy: object, text: ConsentText, form: ConsentForm) -> bool:
    """Whether the action kept it; what it refused is said above the form."""
    data = form.cleaned_data
    arguments = {
        "explained_by": data["explained_by"],
        "paper": data["photo"],
        "by": request.user,
        "now": timezone.now(),
    }
    words = {"text_version": text.version, "language": text.language, "signature": form.signature}
    try:
        consent_actions.give_consent(patient=patient, clinic=request.clinic, therapy=therapy, **words, **arguments)  # type: ignore[arg-type]
    except ActionRefused as refusal:
        form.add_error(None, refusal.reason)
        return False
    return True
