"""Second steps of the clinic's people: who has one, and taking a lost one away."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.people import factor_resets
from clinic.people.models import Role
from clinic.people.permissions import signed_in_user, staff_required


@contextmanager
def refusals_shown(request: HttpRequest) -> Iterator[None]:
    """What somebody else did meanwhile is said, not an error page."""
    try:
        yield
    except factor_resets.CannotReset as refusal:
        messages.error(request, refusal.reason)


@staff_required(Role.MANAGER, Role.VAIDYA)
@require_GET
def second_steps(request: HttpRequest) -> HttpResponse:
    """Who of my clinics has one, and what waits for somebody to confirm."""
    now, user = timezone.now(), signed_in_user(request)
    page = {
        "members": factor_resets.members_of(user, now=now),
        "waiting": factor_resets.waiting_for(user, now=now),
        "asked": factor_resets.asked_by(user, now=now),
    }
    return render(request, "people/second_steps.html", page)


@staff_required(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a reset of somebody's second step, after saying what it means."""
    now, user = timezone.now(), signed_in_user(request)
    owner = get_object_or_404(factor_resets.members_of(user, now=now), pk=pk)
    if request.method != "POST":
        return render(request, "people/ask_reset.html", {"owner": owner})
    with refusals_shown(request):
        factor_resets.request_reset(user=owner, by=user, now=now)
        messages.success(request, _("Requested. Another manager or a Vaidya must confirm it within a day."))
    return redirect("second_steps")


@staff_required(Role.MANAGER, Role.VAIDYA)
@require_POST
def end_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw what I asked for, or refuse what somebody else did."""
    now, user = timezone.now(), signed_in_user(request)
    reset = get_object_or_404(factor_resets.ending_by(user, now=now), pk=pk)
    with refusals_shown(request):
        factor_resets.end_reset(reset=reset, by=user, now=now)
        messages.success(request, _("The request has ended. The second step stays, and the person is told."))
    return redirect("second_steps")


@staff_required(Role.MANAGER, Role.VAIDYA)
@require_POST
def confirm_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm what somebody else asked for."""
    now, user = timezone.now(), signed_in_user(request)
    reset = get_object_or_404(factor_resets.waiting_for(user, now=now), pk=pk)
    with refusals_shown(request):
        factor_resets.confirm_reset(reset=reset, by=user, now=now)
        messages.success(
            request, _("The second step has been removed. The person will set up a new one at the next sign-in.")
        )
    return redirect("second_steps")
