"""The switch that stops all sending, and the messages that are held after a restore. For managers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from bookings.desk.reads import reads_page
from bookings.desk.request import StaffRequest
from bookings.messages.held_messages import discard_held, held_at, release_held, resume_sending, stop_sending
from bookings.messages.outbox.switch import sending as switch
from clinic.people.models import Role
from clinic.people.permissions import staff_required

from .forms import HeldForm, StopForm

MOST = 200
"""Held messages on one page, the earliest first."""


@staff_required(Role.MANAGER)
@require_safe
@reads_page(lambda page: [row.whom.pk for row in page["rows"] if row.whom])
def sending(request: StaffRequest) -> HttpResponse:
    """Whether messages leave, and what waits for a person."""
    rows = held_at(request.clinics)
    page = {"switch": switch(), "rows": list(rows[:MOST]), "count": rows.count(), "form": StopForm()}
    return TemplateResponse(request, "desk/sending.html", page)


@staff_required(Role.MANAGER)
@require_POST
def stop(request: StaffRequest) -> HttpResponse:
    """Nothing leaves any more, of no clinic."""
    form = StopForm(request.POST)
    if form.is_valid():
        stop_sending(reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
        messages.success(request, _("Sending is stopped."))
    else:
        messages.error(request, _("Give a reason."))
    return redirect("desk:sending")


@staff_required(Role.MANAGER)
@require_POST
def resume(request: StaffRequest) -> HttpResponse:
    """Messages leave again; held ones stay held."""
    resume_sending()
    messages.success(request, _("Messages are sent again."))
    return redirect("desk:sending")


@staff_required(Role.MANAGER)
@require_POST
def settle_held(request: StaffRequest) -> HttpResponse:
    """Send or do not send one held message, or all that the page showed."""
    form = HeldForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose whether to send them."))
        return redirect("desk:sending")
    rows = held_at(request.clinics).filter(pk__in=form.cleaned_data["message"])
    is_sent = form.cleaned_data["outcome"] == "send"
    count = (
        release_held(messages=rows, by=request.user, now=timezone.now())
        if is_sent
        else discard_held(messages=rows, by=request.user)
    )
    words = ngettext("%(count)d message is settled.", "%(count)d messages are settled.", count)
    messages.success(request, words % {"count": count})
    return redirect("desk:sending")
