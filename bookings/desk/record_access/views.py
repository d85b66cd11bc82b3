"""What opens a record to those who do not treat the patient, and the list of it that managers read."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.actions.record_access import end_sharing, open_record, share_record
from bookings.desk import lookups
from bookings.desk.addresses import asked_page
from bookings.desk.buttons import DESK
from bookings.desk.reads import Patients, reads, reads_page
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import PatientRequest, StaffRequest
from bookings.facts.record_access import TREATS
from clinic.people.audit import record_read
from clinic.people.permissions import manager_required, staff_required
from clinic.premises.models import Clinic

from . import page as openings
from .forms import OpeningForm, SharingForm
from .permissions import closed_page

PAGE = 50
NOT_VALID = 422


@staff_required(*TREATS)
@require_http_methods(["GET", "HEAD", "POST"])
def open_with_reason(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """One press with a ready reason: the record is open to this person until the clinic's day ends."""
    now, patient = timezone.now(), lookups.patient_or_404(request, public_id)
    record = reverse("desk:record", args=[public_id])
    form = OpeningForm(request.POST or None, initial={"next": record})
    if not form.is_valid():
        return closed_page(request, patient, form, now, status=NOT_VALID if form.is_bound else 200)
    clinic = openings.clinic_for(request, patient)
    opening = open_record(patient=patient, clinic=clinic, reason=form.cleaned_data["reason"], by=request.user, now=now)
    request.opened_for = opening.reason  # type: ignore[attr-defined]
    record_read(request=request, patients=[patient], door="desk:open_record", clinic=clinic, now=now)
    address = form.cleaned_data["next"]
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith("/desk/")
    return HttpResponseRedirect(address if is_ours else record)


def by_sharing_patient(request: PatientRequest, public_id: uuid.UUID) -> tuple[Patients, Clinic]:
    """Read at the clinic to which the record may be shared."""
    request.patient = lookups.patient_or_404(request, public_id)
    return [request.patient], openings.clinic_for(request, request.patient)


@staff_required(*DESK, *TREATS)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_sharing_patient)
def share(request: PatientRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down that the patient lets this clinic read what our other clinics wrote; or that they no longer do."""
    now, patient = timezone.now(), request.patient
    clinic = openings.clinic_for(request, patient)
    open_sharing = openings.sharing_with(patient, clinic)
    form = SharingForm(request.POST if "how" in request.POST else None)
    if open_sharing and "end" in request.POST:
        end_sharing(sharing=open_sharing, by=request.user, now=now)
        messages.success(request, _("This clinic can now read only its own records."))
        return redirect("desk:patient", public_id)
    if form.is_valid():
        with refusals_as_messages(request):
            share_record(patient=patient, clinic=clinic, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, _("Saved. The patient will be informed."))
        return redirect("desk:patient", public_id)
    page = {"patient": patient, "form": form, "open_sharing": open_sharing, "clinic": clinic}
    return render(request, "desk/clinical/share.html", page, status=NOT_VALID if form.errors else 200)


@manager_required
@require_safe
@reads_page(lambda page: [row.patient_id for row in (*page["page"], *page["changes"], *page["cards"])])
def listed(request: StaffRequest) -> HttpResponse:
    """Who opened whose record with which reason, and where birth dates were guessed wrong: the newest first."""
    now = timezone.now()
    page = asked_page(request, Paginator(openings.openings_at(request.clinics), PAGE))
    changes = openings.contacts_changed_then_opened(request.clinics, now)
    cards = openings.cards_opened_at(request.clinics)
    shown = {"page": page, "changes": changes, "cards": cards, "misses": openings.misses_at(request.clinics, now)}
    return TemplateResponse(request, "desk/clinical/openings.html", shown)
