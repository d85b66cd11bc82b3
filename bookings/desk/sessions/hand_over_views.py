"""A therapist hands a session over to a colleague."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.actions import hand_overs
from bookings.desk import lookups
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required, record_of_visit
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import ClinicalRequest
from bookings.facts.record_access import TREATS

from .hand_over_forms import HandOverForm


@record_access_required(*TREATS, find=record_of_visit)
@require_POST
@reads(of_record)
def hand_on(request: ClinicalRequest, public_id: uuid.UUID, position: int) -> HttpResponse:
    """To whom, and what to know."""
    now, booking = timezone.now(), lookups.booking_or_404(request.visit, position)
    form = HandOverForm(request.POST, booking=booking, by=request.user, now=now, prefix="hand")
    if form.is_valid():
        with refusals_as_messages(request):
            data = {"to": form.cleaned_data["to"].user, "words": form.cleaned_data["words"]}
            hand_overs.hand_session_over(booking=booking, by=request.user, now=now, **data)
            messages.success(request, _("The session has been handed over."))
    else:
        messages.error(request, _("Please choose a colleague from the list."))
    return redirect("desk:session", public_id=public_id, position=position)
