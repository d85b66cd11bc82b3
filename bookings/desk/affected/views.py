"""Visits that a change made impossible or different."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.actions import affected as affected_actions
from bookings.desk import lookups
from bookings.desk.buttons import DESK
from bookings.desk.reads import reads_page
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import StaffRequest
from bookings.models import Settlement
from clinic.fields import date_in_address
from clinic.people.permissions import staff_required

from .forms import SettleForm
from .page import affected_on, affected_visits, count_affected


@staff_required(*DESK)
@require_safe
@reads_page(lambda page: [row.visit.patient for row in page["rows"]])
def affected(request: StaffRequest) -> HttpResponse:
    """Each with what has changed and the ways out: it stays here until one of them is taken."""
    rows = affected_visits(request.clinic, timezone.now())
    return TemplateResponse(request, "desk/affected/affected.html", {"rows": rows, "clinic": request.clinic})


@staff_required(*DESK)
@require_safe
def affected_count(request: StaffRequest) -> HttpResponse:
    """The line on the list of what is to be done, which htmx loads once the page is there."""
    if "HX-Request" not in request.headers:
        return redirect("desk:affected")
    count = count_affected(request.clinics, timezone.now())
    return render(request, "desk/affected/_line.html", {"count": count})


@staff_required(*DESK)
@require_safe
def affected_of_day(request: StaffRequest) -> HttpResponse:
    """Which visits of a date, for its board, which htmx loads once the page is there. Numbers only: nobody is named."""
    if "HX-Request" not in request.headers:
        return redirect("desk:affected")
    now = timezone.now()
    on = date_in_address(request.GET.get("date", "")) or request.clinic.today(now)
    return render(request, "desk/affected/_of_day.html", {"ids": affected_on(request.clinic, on, now)})


@staff_required(*DESK)
@require_POST
def settle_affected(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """The patient was told, or it stays as it is."""
    visit = lookups.visit_or_404(request, public_id)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(words) for listed in form.errors.values() for words in listed))
        return redirect("desk:affected")
    values = {"keys": form.cleaned_data["obstacles"], "reason": form.cleaned_data["reason"]}
    outcome = Settlement(form.cleaned_data["outcome"])
    with refusals_as_messages(request):
        affected_actions.settle_obstacles(visit=visit, outcome=outcome, by=request.user, now=timezone.now(), **values)
        messages.success(request, _("Recorded. The visit is no longer on this list."))
    return redirect("desk:affected")
