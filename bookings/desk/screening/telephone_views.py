"""A Vaidya who is not in the clinic decides by telephone on ordinary answers; whoever treats writes it down."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions import decisions as decision_actions
from bookings.desk.clinical.lookups import vaidyas
from bookings.desk.reads import of_record, reads
from bookings.desk.record_access.permissions import record_access_required
from bookings.desk.request import ClinicalRequest
from bookings.errors import ActionRefused
from bookings.facts.on_duty import vaidyas_present
from clinic.people.models import Role
from clinic.premises.models import Clinic

from .open_answers import open_answers
from .telephone_forms import TelephoneForm, ordinary

NOT_VALID = 422


@record_access_required(Role.THERAPIST, Role.NURSE, Role.ATTENDANT)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(of_record)
def write_down(request: ClinicalRequest, public_id: uuid.UUID) -> HttpResponse:
    """The ordinary answers that wait, and what the Vaidya says on them; the Vaidya confirms it the same day."""
    now, here = timezone.now(), reverse("desk:telephone_decision", args=[public_id])
    rows = ordinary(open_answers(request.patient, by=request.user, now=now))
    of_the_clinic = vaidyas(Clinic.objects.filter(pk=request.clinic.pk), now).exclude(pk=request.user.pk)
    present = vaidyas_present(request.clinic, now)
    form = TelephoneForm(request.POST or None, rows=rows, vaidyas=of_the_clinic, present=present)
    if form.is_bound and form.is_outdated:
        messages.warning(request, _("This was decided or answered again in the meantime. Please check it again."))
        return HttpResponseRedirect(here)
    if form.is_valid() and _written(request, form, now):
        return HttpResponseRedirect(here)
    page = {"patient": request.patient, "form": form if rows else None, "here": here}
    return render(request, "desk/screening/telephone.html", page, status=NOT_VALID if form.is_bound else 200)


def _written(request: ClinicalRequest, form: TelephoneForm, now: dt.datetime) -> bool:
    vaidya = form.cleaned_data["vaidya"]
    decisions = form.decisions(request.clinic)
    why = form.cleaned_data.get("why_by_telephone", "")
    written: dict[str, Any] = {"by": vaidya, "written_by": request.user, "now": now, "why_by_telephone": why}
    try:
        decision_actions.decide(patient=request.patient, decisions=decisions, clinic=request.clinic, **written)
    except ActionRefused as refusal:
        form.add_error(None, refusal.reason)
        return False
    messages.success(request, _("Written down. %(vaidya)s must confirm it today.") % {"vaidya": vaidya})
    return True
