"""What patients ask for: the clinic says yes or no, in time."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookings.actions import approval
from bookings.desk import lookups
from bookings.desk.addresses import back
from bookings.desk.buttons import DESK
from bookings.desk.reads import by_visit, reads
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import StaffRequest, VisitRequest
from bookings.errors import ActionRefused
from clinic.people.permissions import staff_required

from .forms import DeclineForm
from .open_act_views import while_open


@staff_required(*DESK)
@require_POST
def accept(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Yes: the visit is booked, and the patient is told."""
    visit = lookups.visit_or_404(request, public_id)
    with refusals_as_messages(request):
        approval.accept(visit=visit, by=request.user, now=timezone.now())
        messages.success(request, _("The visit has been booked."))
    return back(request, visit)


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_visit)
@while_open("decline")
def decline(request: VisitRequest, public_id: uuid.UUID) -> HttpResponse:
    """No, with the reason; the time is free again."""
    now, visit = timezone.now(), request.visit
    form = DeclineForm(request.POST or None)
    if form.is_valid():
        try:
            approval.decline(visit=visit, by=request.user, now=now, reason=form.cleaned_data["reason"])
        except ActionRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The request has been declined. The time is available again."))
            return back(request, visit)
    return render(request, "desk/decline.html", {"visit": visit, "form": form}, status=422 if form.errors else 200)
