"""What patients ask for: the clinic says yes or no, in time."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings import scheduling
from bookings.refusals import NotPossible
from clinic.people.auditing import record_read
from clinic.people.doors import staff_door

from . import finding, record
from .acts import DESK
from .addresses import back
from .asking import StaffRequest
from .telling import refusals_told
from .visit_forms import DeclineForm


@staff_door(*DESK)
@require_POST
def accept(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Yes: the visit is booked, and the patient is told."""
    visit = finding.visit_or_404(request, public_id)
    with refusals_told(request):
        scheduling.accept(visit=visit, by=request.user, now=timezone.now())
        messages.success(request, _("The visit is booked."))
    return back(request, visit)


@staff_door(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """No, with the reason; the time is free again."""
    now = timezone.now()
    visit = finding.visit_or_404(request, public_id)
    record_read(request=request, patients=record.named(visit), door="desk:decline", clinic=visit.clinic, now=now)
    form = DeclineForm(request.POST or None)
    if form.is_valid():
        try:
            scheduling.decline(visit=visit, by=request.user, now=now, reason=form.cleaned_data["reason"])
        except NotPossible as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The request is declined, and its time is free again."))
            return back(request, visit)
    return render(request, "desk/decline.html", {"visit": visit, "form": form}, status=422 if form.errors else 200)
