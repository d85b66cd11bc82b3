"""Somebody is away, or a room is out of order: which visits does that hit?"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions import hours_and_absences
from bookings.desk import lookups
from bookings.desk.absences.forms import AbsenceForm
from bookings.desk.buttons import DESK, buttons_of
from bookings.desk.reads import reads_page
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import StaffRequest
from bookings.errors import ActionRefused
from clinic.people.permissions import staff_required


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: StaffRequest) -> HttpResponse:
    """Who and what is away now or later, and a form to enter more."""
    now, clinic = timezone.now(), request.clinic
    form = AbsenceForm(request.POST or None, clinic=clinic, on=clinic.today(now))
    if form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("resource", "during", "reason")}
        try:
            away = hours_and_absences.enter_absence(by=request.user, now=now, **data)
        except ActionRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            words = ngettext("%(count)s visit is affected.", "%(count)s visits are affected.", len(away.hit))
            messages.success(request, _("The absence has been recorded.") + " " + words % {"count": len(away.hit)})
            return redirect("desk:absence", pk=away.absence.pk)
    page = {"form": form, "away": lookups.absences_to_come(clinic, now), "clinic": clinic}
    return render(request, "desk/absences.html", page, status=422 if form.errors else 200)


@staff_required(*DESK)
@require_safe
@reads_page(lambda page: [visit.patient for visit, _buttons in page["hit"] if visit.patient])
def absence(request: StaffRequest, pk: int) -> HttpResponse:
    """The visits that an absence hits, each with the ways out."""
    now = timezone.now()
    found = lookups.absence_or_404(request, pk)
    hit = lookups.hit_by(found, request.clinics, now)
    rows = [(visit, buttons_of(visit, now=now, desk=True)) for visit in hit]
    return TemplateResponse(request, "desk/absence.html", {"absence": found, "hit": rows, "clinic": request.clinic})


@staff_required(*DESK)
@require_POST
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Back again, or entered by mistake."""
    absence = lookups.absence_or_404(request, pk)
    with refusals_as_messages(request):
        hours_and_absences.end_absence(absence=absence, by=request.user, now=timezone.now())
        messages.success(request, _("The absence has been withdrawn."))
    return redirect("desk:absences")
