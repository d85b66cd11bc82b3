"""One's own clinical record: what was found, what is prescribed, what one consented to. For whoever sees it in full."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.actions import consents as consent_actions
from bookings.errors import ActionRefused
from bookings.facts import record as record_facts
from bookings.pages.consent_papers import shown_inline
from bookings.portal import lookups
from bookings.portal.permissions import portal_access_required
from bookings.portal.visitor import signed_in


@portal_access_required
@require_safe
def record(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is signed; drafts are the Vaidya's own."""
    now = timezone.now()
    patient = lookups.person_or_404(signed_in(request), public_id, now)
    examined = record_facts.assessments_of(patient, drafts=False)
    rows = record_facts.prescriptions_of(patient, drafts=False)
    ordered = [record_facts.prescription_summary(row, now=now) for row in rows]
    context = {
        "patient": patient,
        "examinations": [
            (row, record_facts.assessment_rows(row)) for row in record_facts.current_assessments(examined)
        ],
        "in_force": [row for row in ordered if row.in_force],
        "earlier": [row for row in ordered if not row.in_force],
        "consents": record_facts.consents_of(patient),
    }
    return render(request, "portal/record.html", context)


@portal_access_required
@require_safe
def paper(request: HttpRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """The photo of what was signed on paper."""
    patient = lookups.person_or_404(signed_in(request), public_id, timezone.now())
    return shown_inline(lookups.paper_or_404(patient, pk))


@portal_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """Take a consent back: asked once more, then at once."""
    now, user = timezone.now(), signed_in(request)
    patient = lookups.person_or_404(user, public_id, now)
    consent = lookups.consent_or_404(patient, pk)
    if request.method == "POST":
        try:
            consent_actions.withdraw_consent(consent=consent, by=user, now=now)
            messages.success(request, _("The consent has been withdrawn."))
        except ActionRefused as refusal:
            messages.error(request, refusal.reason)
        return redirect("portal:record", public_id)
    return render(request, "portal/withdraw_consent.html", {"patient": patient, "consent": consent})
