"""The contact address of a patient: the desk asks whether it is theirs, and takes a mistake back."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings.actions import address_proof
from bookings.desk import lookups
from bookings.desk.buttons import DESK
from bookings.desk.request import StaffRequest
from clinic.people.audit import record_read
from clinic.people.permissions import staff_door


@staff_door(*DESK)
@require_POST
def check(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """I checked this address with the patient: letters may come there."""
    now = timezone.now()
    person = lookups.patient_or_404(request, public_id)
    record_read(request=request, patients=[person], door="desk:check_address", clinic=request.clinic, now=now)
    if address_proof.check_address(patient=person, address=request.POST.get("email", ""), by=request.user, now=now):
        messages.success(request, _("The e-mail address is confirmed: letters are sent to it."))
    else:
        messages.error(request, _("The address was changed or confirmed in the meantime. Please look once more."))
    return redirect("desk:patient", public_id=public_id)


@staff_door(*DESK)
@require_POST
def take_back(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """The address was confirmed by mistake."""
    now = timezone.now()
    person = lookups.patient_or_404(request, public_id)
    record_read(request=request, patients=[person], door="desk:take_back_address", clinic=request.clinic, now=now)
    if reason := address_proof.take_proof_back(patient=person, by=request.user, now=now):
        messages.error(request, reason)
    else:
        messages.success(request, _("The e-mail address is no longer confirmed."))
    return redirect("desk:patient", public_id=public_id)
