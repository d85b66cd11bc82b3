"""The emergency card: for anybody who works where the patient is known, front desk too. Opening it is recorded."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions.emergency_cards import explain_opening, open_card
from bookings.desk.reads import by_patient, reads
from bookings.desk.record_access.page import clinic_for
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import PatientRequest
from bookings.facts.alert_rows import alerts_of_patient
from bookings.facts.measurements import measured_lately
from clinic.people.permissions import staff_required

from . import lookups
from .forms import ReasonForm


@staff_required()
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_patient)
def emergency_card(request: PatientRequest, public_id: uuid.UUID) -> HttpResponse:
    """One press opens it for an hour; without a press the page has the button and nothing else."""
    now, patient = timezone.now(), request.patient
    clinic = clinic_for(request, patient)
    if request.method == "POST":
        open_card(patient=patient, clinic=clinic, by=request.user, now=now)
        return redirect("desk:emergency_card", public_id)
    opening = lookups.opening_in_force(request.user, patient, now)
    if opening is None:
        return render(request, "desk/emergency/press.html", {"patient": patient})
    page = {
        "patient": patient,
        "opening": opening,
        "card": alerts_of_patient(patient, on=clinic.today(now), now=now),
        "readings": measured_lately(patient, now=now),
        "helpers": lookups.who_acts_for(patient, clinic.today(now)),
        "numbers": clinic.emergency_numbers,
        "now": now,
    }
    return render(request, "desk/emergency/card.html", page)


@staff_required()
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_patient)
def emergency_reason(request: PatientRequest, public_id: uuid.UUID, opening_id: uuid.UUID) -> HttpResponse:
    """Why this person opened the card: said once, within a day."""
    opening = lookups.own_opening_or_404(request.user, request.patient, opening_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_as_messages(request):
            explain_opening(opening=opening, by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Thank you. The reason has been saved."))
        return redirect("desk:patient", public_id)
    page = {"patient": request.patient, "opening": opening, "form": form}
    return render(request, "desk/emergency/reason.html", page, status=422 if form.errors else 200)
