"""One's own clinical record: what was found, what is prescribed, what one consented to. For whoever sees it in full."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings import clinical_record, consents
from bookings.papers import shown_inline
from bookings.portal import finding
from bookings.portal.door import portal_door
from bookings.portal.visitor import signed_in
from bookings.refusals import NotPossible


@portal_door
@require_safe
def record(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What is signed; drafts are the Vaidya's own."""
    now = timezone.now()
    patient = finding.person_or_404(signed_in(request), public_id, now)
    examined = clinical_record.assessments_of(patient, drafts=False)
    rows = clinical_record.prescriptions_of(patient, drafts=False)
    ordered = [clinical_record.prescribed(row, now=now) for row in rows]
    context = {
        "patient": patient,
        "examinations": [(row, clinical_record.facts_of(row)) for row in clinical_record.standing(examined)],
        "in_force": [row for row in ordered if row.in_force],
        "earlier": [row for row in ordered if not row.in_force],
        "consents": clinical_record.consents_of(patient),
    }
    return render(request, "portal/record.html", context)


@portal_door
@require_safe
def paper(request: HttpRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """The photo of what was signed on paper."""
    patient = finding.person_or_404(signed_in(request), public_id, timezone.now())
    return shown_inline(finding.paper_or_404(patient, pk))


@portal_door
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """Take a consent back: asked once more, then at once."""
    now, user = timezone.now(), signed_in(request)
    patient = finding.person_or_404(user, public_id, now)
    consent = finding.consent_or_404(patient, pk)
    if request.method == "POST":
        try:
            consents.withdraw_consent(consent=consent, by=user, now=now)
            messages.success(request, _("The consent is withdrawn."))
        except NotPossible as refusal:
            messages.error(request, refusal.reason)
        return redirect("portal:record", public_id)
    return render(request, "portal/withdraw_consent.html", {"patient": patient, "consent": consent})
