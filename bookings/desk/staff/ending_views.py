"""Roles end and accounts close: the visits that are affected are named first."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bookings.desk.reads import reads_page
from bookings.desk.request import StaffRequest
from bookings.models import Visit
from clinic.people import members
from clinic.people.members import CannotEnd, CannotGive
from clinic.people.models import Patient, Role
from clinic.people.permissions import manager_required

from . import page
from .unserved import affected_by_closing, affected_by_ending


def patients_of(page: dict[str, Any]) -> list[Patient]:
    """Whose visits are affected; a page that only says why it cannot be names nobody."""
    return [] if page.get("why_not") else [visit.patient for visit in page["visits"] if visit.patient]


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
@reads_page(patients_of)
def end_roles(request: StaffRequest) -> HttpResponse:
    """End the roles named in the address, after showing what it means."""
    now = timezone.now()
    roles = page.roles_or_404(request, request.GET)
    visits = affected_by_ending(roles, now)
    if request.method == "POST":
        try:
            members.end_memberships(memberships=roles, by=request.user, now=now)
        except CannotEnd as refusal:
            messages.error(request, refusal.reason)
            return redirect("desk:team")
        return _done(request, _("Ended. This takes effect immediately."), visits)
    return _asked(request, "desk/staff/end.html", page.ending(request, roles, now), visits)


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
@reads_page(patients_of)
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """Close an account that is used here only, after showing what it means."""
    now = timezone.now()
    user = page.colleague_or_404(request, pk)
    visits = affected_by_closing(user, now)
    if request.method == "POST":
        try:
            members.close_account(user=user, clinic=request.clinic, by=request.user, now=now)
        except (CannotGive, CannotEnd) as refusal:
            messages.error(request, refusal.reason)
            return redirect("desk:team")
        return _done(request, _("The account has been closed."), visits)
    return _asked(request, "desk/staff/close.html", page.closing_context(request, user, now), visits)


def _asked(request: StaffRequest, template: str, shown: dict[str, object], visits: list[Visit]) -> HttpResponse:
    return TemplateResponse(request, template, shown | {"visits": visits, "clinic": request.clinic})


def _done(request: StaffRequest, words: str, visits: list[Visit]) -> HttpResponse:
    sees_staff = request.user.clinics_at(timezone.now(), Role.MANAGER, Role.VAIDYA).exists()
    if not visits or not sees_staff:
        messages.success(request, words)
        return redirect("desk:team" if sees_staff else "signed_in")
    affected = ngettext("%(count)s visit is affected.", "%(count)s visits are affected.", len(visits))
    messages.warning(request, f"{words} {affected % {'count': len(visits)}}")
    return redirect("desk:unserved")
