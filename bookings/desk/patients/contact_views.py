"""The contact address of a patient: the desk asks whether it is theirs, and takes a mistake back."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.actions import address_proof
from bookings.desk.buttons import DESK
from bookings.desk.reads import by_patient, reads
from bookings.desk.request import PatientRequest
from clinic.people.permissions import staff_required


@staff_required(*DESK)
@require_POST
@reads(by_patient)
def check(request: PatientRequest, public_id: uuid.UUID) -> HttpResponse:
    """I checked this address with the patient: letters may come there."""
    now, person = timezone.now(), request.patient
    if address_proof.check_address(patient=person, address=request.POST.get("email", ""), by=request.user, now=now):
        messages.success(request, _("The e-mail address has been confirmed. Messages will be sent to it."))
    else:
        messages.error(request, _("The address was changed or confirmed in the meantime. Please check again."))
    return redirect("desk:patient", public_id=public_id)


@staff_required(*DESK)
@require_POST
@reads(by_patient)
def take_back(request: PatientRequest, public_id: uuid.UUID) -> HttpResponse:
    """The address was confirmed by mistake."""
    now, person = timezone.now(), request.patient
    if reason := address_proof.take_proof_back(patient=person, by=request.user, now=now):
        messages.error(request, reason)
    else:
        messages.success(request, _("The e-mail address is no longer confirmed."))
    return redirect("desk:patient", public_id=public_id)
