"""Calls: whom the desk rings now, and what is handed over on paper."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.desk.buttons import DESK
from bookings.desk.reads import reads_page
from bookings.desk.refusals import refusals_as_messages
from bookings.desk.request import StaffRequest
from bookings.messages.calls import due_calls, papers, settle_call
from bookings.messages.outbox.switch import is_stopped
from bookings.messages.records import message_at
from clinic.people.permissions import staff_required

from .forms import OutcomeForm


@staff_required(*DESK)
@require_safe
@reads_page(lambda page: [call.patient.pk for call in (*page["calls"], *page["papers"])])
def calls(request: StaffRequest) -> HttpResponse:
    """What is due now, earliest first."""
    now = timezone.now()
    to_ring = due_calls(clinics=request.clinics, now=now)
    to_hand = papers(clinics=request.clinics, now=now)
    page = {"calls": to_ring, "papers": to_hand, "now": now, "is_sending_stopped": is_stopped()}
    return TemplateResponse(request, "desk/calls.html", page)


@staff_required(*DESK)
@require_POST
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    """Done, no answer, or later."""
    message, form = message_at(request.clinics, pk), OutcomeForm(request.POST)
    if message is None or not form.is_valid():
        raise Http404
    with refusals_as_messages(request):
        settle_call(message=message, outcome=form.cleaned_data["outcome"], by=request.user, now=timezone.now())
        messages.success(request, _("Saved."))
    return redirect("desk:calls")
