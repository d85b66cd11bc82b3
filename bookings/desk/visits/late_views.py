"""A visit of an earlier day that nobody closed: what became of it, said afterwards."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.actions.left_open import close_late
from bookings.desk import visit_row
from bookings.desk.addresses import day_url
from bookings.desk.buttons import DESK
from bookings.desk.reads import by_visit, reads
from bookings.desk.request import VisitRequest
from bookings.errors import ActionRefused
from bookings.rules.left_open import why_not_close_late
from clinic.people.permissions import staff_required

from .late_forms import LateForm


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_visit)
def afterwards(request: VisitRequest, public_id: uuid.UUID) -> HttpResponse:
    """The patient was here, did not come, or had cancelled; with the true times, and why it is said only now."""
    now, visit = timezone.now(), request.visit
    form = LateForm(request.POST or None, visit=visit)
    if form.is_valid():
        try:
            close_late(visit=visit, afterwards=form.afterwards(), by=request.user, now=now, version=form.version)
        except ActionRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("Recorded. You can undo this until the end of the day."))
            return HttpResponseRedirect(day_url(visit))
    page = {"visit": visit, "form": form, "why_not": why_not_close_late(visit_row.first_of(visit), now=now)}
    return render(request, "desk/afterwards.html", page, status=422 if form.errors else 200)
