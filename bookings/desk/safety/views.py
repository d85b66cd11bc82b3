"""Changes of safety data, for Vaidyas who decide on them and managers who proposed them."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.desk.request import StaffRequest
from clinic.people.models import Role
from clinic.people.permissions import staff_required
from therapies.models import SafetyProposal
from therapies.safety import decisions
from therapies.safety.contents import content_groups
from therapies.safety.writer import ProposalRefused

from .forms import AloneForm, ReasonForm
from .page import ReviewSummary, entries, lists

READS = staff_required(Role.VAIDYA, Role.MANAGER)
DECIDES = staff_required(Role.VAIDYA)


@READS
@require_safe
def safety(request: StaffRequest) -> HttpResponse:
    """What is open, what acts already, and what is over."""
    page = {"lists": lists(request.user, timezone.now()), "summary": ReviewSummary(content_groups())}
    return render(request, "desk/safety/safety.html", page)


@DECIDES
@require_POST
def confirm(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """A Vaidya agrees: it acts."""
    return _decided(request, public_id, decisions.confirm_proposal, _("Confirmed. The change is in force."))


@READS
@require_POST
def withdraw(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Whoever proposed it takes it back."""
    return _decided(request, public_id, decisions.withdraw_proposal, _("Withdrawn. Nothing has changed."))


@READS
@require_POST
def propose_again(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """An outdated proposal against what is there now."""
    return _decided(request, public_id, decisions.propose_again, _("Proposed again in its current form."))


@DECIDES
@require_POST
def note_seen(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """A stricter value stays."""
    return _decided(request, public_id, decisions.note_seen, _("Reviewed. It stays in force."))


@DECIDES
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """A Vaidya says no, with the reason."""
    return _with_reason(request, public_id, decisions.decline_proposal, _("Decline this change?"), _("Decline"))


@DECIDES
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """A stricter value goes back to what was before, with the reason."""
    return _with_reason(request, public_id, decisions.take_back, _("Withdraw this change?"), _("Withdraw"))


@DECIDES
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_alone(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """The only Vaidya confirms alone: a reason, the second factor, and a day of waiting."""
    proposal, now = get_object_or_404(SafetyProposal, public_id=public_id), timezone.now()
    form = AloneForm(request.POST or None, user=request.user, request=request)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = _("Confirmed. It takes effect in 24 hours. Until then, you can withdraw it.")
        return _decided(request, public_id, decisions.confirm_alone, done, reason=reason)
    ((entry,),) = entries([[proposal]], request.user, now)
    return render(
        request, "desk/safety/confirm_alone.html", {"entry": entry, "form": form}, status=422 if form.errors else 200
    )


def _decided(
    request: StaffRequest, public_id: uuid.UUID, verb: Callable[..., Any], done: str, **said: str
) -> HttpResponse:
    """Run the action; what it refuses is said on the list."""
    proposal = get_object_or_404(SafetyProposal, public_id=public_id)
    try:
        verb(proposal=proposal, by=request.user, now=timezone.now(), **said)
    except ProposalRefused as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, done)
    return redirect("desk:safety")


def _with_reason(
    request: StaffRequest, public_id: uuid.UUID, verb: Callable[..., Any], title: str, button: str
) -> HttpResponse:
    proposal, now = get_object_or_404(SafetyProposal, public_id=public_id), timezone.now()
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        return _decided(request, public_id, verb, _("Done. This is recorded in the history."), **form.cleaned_data)
    ((entry,),) = entries([[proposal]], request.user, now)
    context = {"entry": entry, "form": form, "title": title, "button": button}
    return render(request, "desk/safety/reason.html", context, status=422 if form.errors else 200)
