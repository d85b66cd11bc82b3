"""Calls: whom the desk rings now, and what is handed over on paper."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.letters.calls import due_calls, papers, settle_call
from bookings.letters.records import letter_at
from clinic.people.auditing import record_read
from clinic.people.doors import staff_door

from .acts import DESK
from .asking import StaffRequest
from .letters_forms import OutcomeForm
from .telling import refusals_told


@staff_door(*DESK)
@require_safe
def calls(request: StaffRequest) -> HttpResponse:
    """What is due now, earliest first."""
    now = timezone.now()
    to_ring = due_calls(clinics=request.clinics, now=now)
    to_hand = papers(clinics=request.clinics, now=now)
    named = [call.patient.pk for call in (*to_ring, *to_hand)]
    record_read(request=request, patients=named, door="desk:calls", clinic=request.clinic, now=now)
    return render(request, "desk/calls.html", {"calls": to_ring, "papers": to_hand, "now": now})


@staff_door(*DESK)
@require_POST
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    """Done, no answer, or later."""
    message, form = letter_at(request.clinics, pk), OutcomeForm(request.POST)
    if message is None or not form.is_valid():
        raise Http404
    with refusals_told(request):
        settle_call(message=message, outcome=form.cleaned_data["outcome"], by=request.user, now=timezone.now())
        messages.success(request, _("Noted."))
    return redirect("desk:calls")
