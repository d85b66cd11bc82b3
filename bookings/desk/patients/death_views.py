"""A patient has died: noted in one press, and taken back on the same day where it was a mistake."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.actions import deaths
from bookings.desk.buttons import DESK
from bookings.desk.reads import by_patient, reads
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import PatientRequest
from clinic.clock import date_format
from clinic.people.permissions import staff_required


@staff_required(*DESK)
@require_POST
@reads(by_patient)
def note(request: PatientRequest, public_id: uuid.UUID) -> HttpResponse:
    """Everything to come is called off, and nothing more is sent to the patient."""
    with refusals_as_messages(request):
        deaths.note_death(patient=request.patient, by=request.user, now=timezone.now())
        messages.success(request, _("Noted. Upcoming visits are cancelled, and no more messages will be sent."))
    return redirect("desk:patient", public_id=public_id)


@staff_required(*DESK)
@require_POST
@reads(by_patient)
def take_back(request: PatientRequest, public_id: uuid.UUID) -> HttpResponse:
    """It was a mistake: what was called off is booked again where its time is free."""
    with refusals_as_messages(request):
        lost = deaths.take_death_back(patient=request.patient, by=request.user, now=timezone.now())
        messages.success(request, _("Taken back. The cancelled visits are booked again."))
        for visit in lost:
            moment = date_format(visit.arrives_at.astimezone(visit.zone), "l j F, H:i")
            words = _("The visit on %(moment)s could not be booked again. Please book it anew.")
            messages.warning(request, words % {"moment": moment})
    return redirect("desk:patient", public_id=public_id)
