"""A therapist hands a session over to a colleague."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions import hand_overs
from bookings.desk import lookups
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required, record_of_visit
from bookings.desk.request import ClinicalRequest
from bookings.errors import ActionRefused
from bookings.facts.record_access import TREATS
from bookings.rules.hand_overs import why_not_hand_over

from .hand_over_forms import HandOverForm


@record_access_required(*TREATS, find=record_of_visit)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_record)
def hand_on(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """To whom, and what to know: a page of its own, so that nothing typed in the record is lost with it."""
    now, visit = timezone.now(), request.visit
    booking = lookups.booking_or_404(visit, position)
    form = HandOverForm(request.POST or None, booking=booking, by=request.user, now=now, prefix="hand")
    if form.is_valid():
        try:
            data = {"to": form.cleaned_data["to"].user, "words": form.cleaned_data["words"]}
            hand_overs.hand_session_over(booking=booking, by=request.user, now=now, **data)
        except ActionRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The session has been handed over."))
            return redirect("desk:session", public_id=public_id, position=position)
    page = {"visit": visit, "booking": booking, "form": form, "why_not": why_not_hand_over(booking)}
    return render(request, "desk/sessions/hand_over.html", page, status=422 if form.errors else 200)
