"""Prescriptions: write, read, discard, end."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions import (
    assessments as assessment_actions,
)
from bookings.actions import (
    prescriptions as prescription_actions,
)
from bookings.desk.addresses import say_not_understood, uuid_in
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import ClinicalRequest
from bookings.errors import ActionRefused
from bookings.facts import record as record_facts
from bookings.facts.record_access import TREATS
from bookings.models import Assessment, Prescription
from bookings.rules import assessments as assessment_rules
from bookings.rules import prescriptions as prescription_rules
from clinic.people.kept_forms import keeps_writing
from clinic.people.models import Role

from . import lookups
from .autosave import draft_kept, draft_unfinished, of_written, saves_itself
from .prescription_forms import EndForm
from .prescription_page import Page, page_for


@keeps_writing
@record_access_required(Role.VAIDYA)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_written)
def prescribe(request: ClinicalRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """One's own draft on this examination, or a new one; `?replaces=` names the one whose place it takes."""
    now, patient = timezone.now(), request.patient
    assessment = lookups.assessment_or_404(request, assessment_id, drafts=True)
    try:
        page = page_for(
            assessment, by=request.user, clinic=request.clinic, record=request.record, replaces=_asked(request), now=now
        )
        page.fill(request.POST or None)
        if page.is_valid() and (saved := _kept(request, assessment, page, now)):
            return _after(request, saved, now)
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return redirect("desk:assessment", public_id, assessment_id)
    if saves_itself(request):
        return draft_unfinished()
    context = {"patient": patient, "assessment": assessment, "form": page.form, "items": page.items}
    context |= {"fingerprint": record_facts.order_fingerprint(page.draft)}
    context |= {"courses": page.courses, "chosen": page.chosen}
    return render(request, "desk/clinical/prescribe.html", context, status=422 if page.has_errors else 200)


@record_access_required(*TREATS)
@require_safe
@reads(of_record)
def show(request: ClinicalRequest, public_id: uuid.UUID, prescription_id: uuid.UUID) -> HttpResponse:
    """What was ordered, by whom and until when, and what is left of it."""
    now, patient = timezone.now(), request.patient
    writes = lookups.is_vaidya(request.user, now)
    prescription = lookups.prescription_or_404(request, prescription_id, drafts=writes)
    shown = record_facts.prescription_summary(prescription, now=now)
    page = {
        "patient": patient,
        "shown": shown,
        "prescription": prescription,
        "writes": writes,
        "mine": writes and not assessment_rules.why_not_change(prescription, by=request.user),
        "may_end": writes and shown.in_force,
        "may_discard": writes and not assessment_rules.why_not_discard(prescription, by=request.user),
        "basis": lookups.still_valid(request, request.clinic.today(now)) if writes and shown.in_force else None,
    }
    return render(request, "desk/clinical/prescription.html", page)


@record_access_required(Role.VAIDYA)
@require_POST
@reads(of_record)
def discard(request: ClinicalRequest, public_id: uuid.UUID, prescription_id: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    now = timezone.now()
    prescription = lookups.prescription_or_404(request, prescription_id, drafts=True)
    with refusals_as_messages(request):
        assessment_actions.discard(draft=prescription, by=request.user, now=now)
        messages.success(request, _("The draft has been discarded."))
    return redirect("desk:record", public_id)


@record_access_required(Role.VAIDYA)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_record)
def end(request: ClinicalRequest, public_id: uuid.UUID, prescription_id: uuid.UUID) -> HttpResponse:
    """End it before its last day, with the reason."""
    now, patient = timezone.now(), request.patient
    prescription = lookups.prescription_or_404(request, prescription_id, drafts=True)
    form = EndForm(request.POST or None)
    if form.is_valid():
        try:
            prescription_actions.end_prescription(
                prescription=prescription, by=request.user, now=now, **form.cleaned_data
            )
        except ActionRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The prescription has ended."))
            return redirect("desk:prescription", public_id, prescription_id)
    page = {"patient": patient, "shown": record_facts.prescription_summary(prescription, now=now), "form": form}
    return render(request, "desk/clinical/end_prescription.html", page, status=422 if form.errors else 200)


def _after(request: ClinicalRequest, saved: Prescription, now: dt.datetime) -> HttpResponse:
    """Where the button leads once the draft is kept; for a form that saved itself only that it is."""
    if saves_itself(request):
        return draft_kept(record_facts.order_fingerprint(saved), clinic=saved.clinic, now=now)
    messages.success(request, _("The draft has been saved. It becomes valid when you sign it."))
    if request.POST.get("then") == "sign":
        return redirect("desk:sign_assessment", request.patient.public_id, saved.assessment.public_id)
    return redirect("desk:prescription", request.patient.public_id, saved.public_id)


def _asked(request: HttpRequest) -> uuid.UUID | None:
    """The prescription of the address; anything that is none is no error page, and is said."""
    words = request.GET.get("replaces", "")
    replaced = uuid_in(words)
    if words and replaced is None:
        say_not_understood(request, words, instead=_("a new prescription"))
    return replaced


def _kept(request: ClinicalRequest, assessment: Assessment, page: Page, now: dt.datetime) -> Prescription | None:
    """The draft, kept; nothing when the action refused, which is said above the form."""
    data = page.form.cleaned_data
    items = page.items.items
    usual = prescription_rules.usual_review(items, on=request.clinic.today(now), valid_until=data["valid_until"])
    data = data | {"review_on": data["review_on"] or usual}
    rows: dict[str, Any] = {"clinic": page.clinic, "by": request.user, "now": now}
    try:
        return prescription_actions.prescribe(
            assessment=assessment, prescription=page.draft, items=items, shown=request.POST.get("shown"), **rows, **data
        )
    except ActionRefused as refusal:
        page.form.add_error(None, refusal.reason)
        return None
