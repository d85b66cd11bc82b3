"""Who acts for a patient in the portal: the desk hands out codes, and ends what should not go on."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings.desk import lookups
from bookings.desk.buttons import DESK
from bookings.desk.reads import by_patient, reads
from bookings.desk.request import PatientRequest
from clinic.people.access import CannotInvite, end_access, open_invitations, withdraw_invitation
from clinic.people.access import invite as make_invitation
from clinic.people.models.access import Relation, Width
from clinic.people.permissions import staff_required

from .forms import EndAccessForm, InviteForm


@staff_required(*DESK)
@require_POST
@reads(by_patient)
def invite(request: PatientRequest, public_id: uuid.UUID) -> HttpResponse:
    """A slip with a code: whoever types it with the birth date acts for this patient in the portal."""
    now, person = timezone.now(), request.patient
    form = InviteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose one of the answers."))
        return redirect("desk:patient", public_id=public_id)
    try:
        code = make_invitation(patient=person, by=request.user, now=now, **form.cleaned_data)
    except CannotInvite as refusal:
        messages.error(request, refusal.reason)
        return redirect("desk:patient", public_id=public_id)
    shown = {"patient": person, "code": code, "clinic": request.clinic}
    shown |= {"relation": Relation(form.cleaned_data["relation"]), "width": Width(form.cleaned_data["width"])}
    return render(request, "desk/slip.html", shown)


@staff_required(*DESK)
@require_POST
@reads(by_patient)
def withdraw_code(request: PatientRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """Take a code back that nobody has used."""
    now, person = timezone.now(), request.patient
    invitation = get_object_or_404(open_invitations(person, now=now), pk=pk)
    withdraw_invitation(invitation=invitation, by=request.user, now=now)
    messages.success(request, _("The code is withdrawn."))
    return redirect("desk:patient", public_id=public_id)


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_patient)
def end(request: PatientRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """End that an account acts for this patient, with the reason; it acts at the account's next request."""
    now, person = timezone.now(), request.patient
    access = lookups.access_or_404(person, pk, now)
    form = EndAccessForm(request.POST or None)
    if form.is_valid():
        end_access(access=access, by=request.user, now=now, reason=form.cleaned_data["reason"])
        messages.success(request, _("This account can no longer book for %(name)s.") % {"name": person})
        return redirect("desk:patient", public_id=public_id)
    page = {"patient": person, "access": access, "form": form}
    return render(request, "desk/end_access.html", page, status=422 if form.errors else 200)
