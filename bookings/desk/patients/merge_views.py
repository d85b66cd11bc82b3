"""Two records of one person: found, compared and merged by the desk; and taken back."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from bookings.actions.merges import merge_patients, undo_merge
from bookings.desk import lookups
from bookings.desk.buttons import DESK
from bookings.desk.reads import by_patient, by_two_records, reads, reads_page
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import PatientRequest, StaffRequest, TwoRecordsRequest
from bookings.errors import ActionRefused
from clinic.people.permissions import staff_required

from .forms import SearchForm
from .merge_page import preview_of


@staff_required(*DESK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@reads_page(lambda page: [page["patient"], *page["found"]])
def find_record(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Look for the other record of a patient who has two."""
    now, person = timezone.now(), lookups.patient_or_404(request, public_id)
    form = SearchForm(request.POST or None)
    page: dict[str, object] = {"form": form, "patient": person, "found": [], "searched": form.is_valid()}
    if form.is_valid():
        results = lookups.search(request, now=now, welcomes=False, **form.cleaned_data)
        page["found"] = [other for other in results.here if other.pk != person.pk]
    return TemplateResponse(request, "desk/find_record.html", page, status=422 if form.errors else 200)


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_two_records)
def merge_records(request: TwoRecordsRequest, public_id: uuid.UUID, other_id: uuid.UUID) -> HttpResponse:
    """Both side by side, with what a merge moves and what speaks against it; one press merges them."""
    now, why_not = timezone.now(), ""
    if request.method == "POST":
        records = {"survivor": request.patient, "merged": request.other}
        try:
            merge_patients(**records, clinic=request.clinic, by=request.user, now=now)
        except ActionRefused as refusal:
            why_not = refusal.reason
        else:
            messages.success(request, _("The two records are one now."))
            return redirect("desk:patient", public_id=public_id)
    preview = preview_of(request, now)
    page = {"patient": request.patient, "other": request.other, "preview": preview}
    page["why_not"] = why_not or preview.why_not
    return render(request, "desk/merge_records.html", page, status=422 if why_not else 200)


@staff_required(*DESK)
@require_POST
@reads(by_patient)
def take_merge_back(request: PatientRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """They were two people after all."""
    merge = lookups.merge_or_404(request.patient, pk)
    with refusals_as_messages(request):
        undo_merge(merge=merge, by=request.user, now=timezone.now())
        messages.success(request, _("The merge is undone: there are two records again."))
    return redirect("desk:patient", public_id=public_id)
