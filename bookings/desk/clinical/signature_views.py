"""One page with all that is signed, and the signature."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bookings.actions import signing
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required
from bookings.desk.request import ClinicalRequest
from bookings.errors import ActionRefused
from bookings.facts import record as record_facts
from bookings.models import Assessment, Prescription
from bookings.rules import assessments as assessment_rules
from clinic.people import attempts
from clinic.people.models import Role

from . import lookups
from .open_findings import found_for, print_of
from .signature_forms import SignForm


@record_access_required(Role.VAIDYA)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_record)
def sign(request: ClinicalRequest, public_id: uuid.UUID, assessment_id: uuid.UUID) -> HttpResponse:
    """Read everything once more, decide on what the patient told, sign with the password or a passkey."""
    now, patient = timezone.now(), request.patient
    examined = lookups.assessment_or_404(request, assessment_id, drafts=True)
    order = record_facts.draft_order(examined, request.user)
    if reason := _nothing_to_sign(request, examined, order):
        messages.info(request, reason)
        return redirect("desk:assessment", public_id, assessment_id)
    findings = found_for(order, now=now)
    shown = print_of(examined, order, findings)
    proof: dict[str, Any] = {"request": request, "asks_code": _purifies(order)}
    ticks = "tick_ordinary" in request.POST
    proof["ticks_ordinary"] = ticks
    form = SignForm(None if ticks else request.POST or None, found=findings, by=request.user, shown=shown, **proof)
    if form.is_valid() and _is_signer(request, form) and _signed(request, examined, order, form):
        messages.success(request, _("Signed."))
        return redirect("desk:assessment", public_id, assessment_id)
    page = {"patient": patient, "assessment": examined, "rows": record_facts.assessment_rows(examined), "form": form}
    page |= {"shown": record_facts.prescription_summary(order, now=now) if order else None, "fingerprint": shown}
    page |= {"of_today": [row for row in findings if not row.lasting]}  # decided on that day
    return render(request, "desk/clinical/sign.html", page, status=422 if form.is_bound else 200)


def _purifies(order: Prescription | None) -> bool:
    """Whether purification is ordered: then the second factor is proved once more, in the same act."""
    items = order.items.select_related("variant__therapy") if order else []
    return any(item.variant.therapy.purifies for item in items)


def _nothing_to_sign(request: ClinicalRequest, examined: Assessment, order: Prescription | None) -> str:
    """Why there is nothing for this person to sign here, or ""."""
    if not examined.is_signed:
        return assessment_rules.why_not_change(examined, by=request.user)
    return "" if order else _("This has already been signed.")


def _is_signer(request: ClinicalRequest, form: SignForm) -> bool:
    """Whether the password fits, and the code. As often as somebody may confirm who they are; then they wait."""
    if not attempts.take(key=f"sign:{request.user.pk}", limit=attempts.SIGNATURE, now=timezone.now()):
        form.add_error("password", _("Too many attempts. Please wait a few minutes and try again."))
        return False
    return form.is_proved()


def _signed(request: ClinicalRequest, examined: Assessment, order: Prescription | None, form: SignForm) -> bool:
    """Whether the action signed it; what it refused is said above the form."""
    seen, now = record_facts.record_fingerprint(examined, order), timezone.now()
    documents: dict[str, Any] = {"assessment": examined, "prescription": order, "shown": seen}
    try:
        signing.sign(**documents, clearing=form.clearing, by=request.user, now=now)
    except ActionRefused as refusal:
        form.add_error(None, refusal.reason)
        return False
    return True
