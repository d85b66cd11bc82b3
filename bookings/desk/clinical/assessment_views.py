"""Examinations: write, change while unsigned, read, begin a new version, discard."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions import assessments as assessment_actions
from bookings.desk.addresses import say_not_understood
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required, record_of_visit
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import ClinicalRequest
from bookings.errors import ActionRefused
from bookings.facts import record as record_facts
from bookings.facts.record_access import TREATS
from bookings.models import Assessment
from bookings.rules import assessments as assessment_rules
from clinic.people.kept_forms import keeps_writing
from clinic.people.models import Patient, Role

from . import lookups
from .assessment_forms import AssessmentForm, initial_of
from .autosave import draft_kept, draft_unfinished, of_written, saves_itself

NEXT = {"prescribe": "desk:prescribe", "sign": "desk:sign_assessment"}
"""Where a button leads after the draft is kept; another one to the examination itself."""


@keeps_writing
@record_access_required(Role.VAIDYA)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_written)
def assess(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """A new examination, of the visit in `?visit=`; or what this very page has already kept as a draft."""
    now, patient = timezone.now(), request.patient
    words = request.GET.get("visit", "")
    at_visit = lookups.visit_of_patient(patient, request, words)
    if words and at_visit is None:
        say_not_understood(request, words, instead=_("an examination without a visit"))
    visits = lookups.visits_of_today(patient, request, now, beside=at_visit)
    begun, before = lookups.begun_draft(request, request.POST.get("draft", "")), lookups.last_signed(request)
    initial = {
        "prakriti": before.prakriti if before else "",
        "visit": at_visit or visits.first(),
        "draft": uuid.uuid4(),
    }
    form = AssessmentForm(request.POST or None, initial=initial, visits=visits, therapies=lookups.ordered_therapies())
    return _kept(request, patient, begun, form) or _page(request, patient, begun, form)


@record_access_required(Role.VAIDYA, find=record_of_visit)
@require_safe
@reads(of_record)
def examine(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """From a visit to its examination: one's own draft of it where there is one, else a new one."""
    visit = request.visit
    draft = lookups.draft_of_visit(request, visit)
    if draft is not None:
        return redirect("desk:change_assessment", request.patient.public_id, draft.public_id)
    if reason := assessment_rules.why_not_examine(visit, now=timezone.now()):
        messages.error(request, reason)
        return redirect("desk:visit", visit.public_id)
    return HttpResponseRedirect(f"{reverse('desk:assess', args=[request.patient.public_id])}?visit={visit.public_id}")


@keeps_writing
@record_access_required(Role.VAIDYA)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_written)
def change(request: ClinicalRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """One's own draft."""
    now, patient = timezone.now(), request.patient
    assessment = lookups.assessment_or_404(request, assessment_id, drafts=True)
    if reason := assessment_rules.why_not_change(assessment, by=request.user):
        messages.error(request, reason)
        return redirect("desk:assessment", public_id, assessment_id)
    visits = lookups.visits_of_today(patient, request, now, beside=assessment.visit)
    form = AssessmentForm(
        request.POST or None, initial=initial_of(assessment), visits=visits, therapies=lookups.ordered_therapies()
    )
    return _kept(request, patient, assessment, form) or _page(request, patient, assessment, form)


@record_access_required(*TREATS)
@require_safe
@reads(of_record)
def show(request: ClinicalRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """What was found, who signed it and when, and what was ordered on it."""
    now, patient = timezone.now(), request.patient
    writes = lookups.is_vaidya(request.user, now)
    assessment = lookups.assessment_or_404(request, assessment_id, drafts=writes)
    orders = lookups.prescriptions(request, drafts=writes, on=assessment)
    page = {
        "patient": patient,
        "assessment": assessment,
        "rows": record_facts.assessment_rows(assessment),
        "prescribed": [record_facts.prescription_summary(row, now=now) for row in orders],
        "writes": writes,
        "mine": writes and not assessment_rules.why_not_change(assessment, by=request.user),
        "may_renew": writes
        and not (assessment_rules.why_not_take_over(assessment, by=request.user) or newer_signed(assessment)),
        "may_discard": writes and not assessment_rules.why_not_discard(assessment, by=request.user),
    }
    return render(request, "desk/clinical/assessment.html", page)


@record_access_required(Role.VAIDYA)
@require_POST
@reads(of_record)
def again(request: ClinicalRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """A new version with the old words, to be changed and signed."""
    now = timezone.now()
    assessment = lookups.assessment_or_404(request, assessment_id, drafts=True)
    try:
        new = assessment_actions.new_version(assessment=assessment, by=request.user, now=now)
    except ActionRefused as refusal:
        messages.error(request, refusal.reason)
        return redirect("desk:assessment", public_id, assessment_id)
    return redirect("desk:change_assessment", public_id, new.public_id)


@record_access_required(Role.VAIDYA)
@require_POST
@reads(of_record)
def discard(request: ClinicalRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """Throw a draft away."""
    now = timezone.now()
    assessment = lookups.assessment_or_404(request, assessment_id, drafts=True)
    with refusals_as_messages(request):
        assessment_actions.discard(draft=assessment, by=request.user, now=now)
        messages.success(request, _("The draft has been discarded."))
    return redirect("desk:record", public_id)


def newer_signed(assessment: Assessment) -> bool:
    """Whether a signed version stands in its place."""
    newer = getattr(assessment, "replaced_by", None)
    return newer is not None and newer.is_signed


def _kept(
    request: ClinicalRequest, patient: Patient, assessment: Assessment | None, form: AssessmentForm
) -> HttpResponse | None:
    """Keep the draft and go where the button leads; nothing when there is something to correct."""
    if not form.is_valid():
        return draft_unfinished() if saves_itself(request) else None
    now, clinic = timezone.now(), assessment.clinic if assessment else request.clinic
    data = {name: form.cleaned_data[name] for name in ("visit", "shown")}
    data |= {"by": request.user, "now": now, "suited": form.suited, "public_id": form.cleaned_data["draft"]}
    try:
        saved = assessment_actions.assess(patient=patient, clinic=clinic, assessment=assessment, **data, **form.facts)
    except ActionRefused as refusal:
        form.add_error(None, refusal.reason)
        return draft_unfinished() if saves_itself(request) else None
    if saves_itself(request):
        return draft_kept(record_facts.record_fingerprint(saved, None), clinic=clinic, now=now)
    messages.success(request, _("The draft has been saved. It becomes valid when you sign it."))
    return redirect(NEXT.get(request.POST.get("then", ""), "desk:assessment"), patient.public_id, saved.public_id)


def _page(
    request: ClinicalRequest, patient: Patient, assessment: Assessment | None, form: AssessmentForm
) -> HttpResponse:
    fingerprint = record_facts.record_fingerprint(assessment, None) if assessment else ""
    page = {"patient": patient, "assessment": assessment, "form": form, "fingerprint": fingerprint}
    return render(request, "desk/clinical/assess.html", page, status=422 if form.errors else 200)
