"""A clinical role on its way: a Vaidya looks at it, confirms or refuses."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.desk.request import StaffRequest
from clinic.people import role_offers
from clinic.people.members import CannotGive
from clinic.people.models import Role
from clinic.people.permissions import staff_required
from clinic.people.role_offers import CannotConfirm, OfferOver

from . import page
from .forms import RefuseForm


@staff_required(Role.MANAGER, Role.VAIDYA)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who is to get which role, and a Vaidya's confirmation of it."""
    now = timezone.now()
    offer = page.offer_or_404(request, public_id, now)
    why_not = role_offers.why_not_confirm_offer(offer, by=request.user, now=now)
    may = not why_not and offer.needs_confirmation(now)
    form = page.confirm_form(request, offer, request.POST if request.method == "POST" and may else None, now)
    if form.is_valid():
        try:
            reason = form.cleaned_data.get("reason", "")
            role_offers.confirm_offer(offer=offer, by=request.user, now=now, reason=reason)
        except (OfferOver, CannotConfirm, CannotGive) as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, _("You confirmed the role of %(name)s.") % {"name": offer.name})
        return redirect("desk:team")
    shown = {"offer": offer, "form": form, "why_not": why_not, "may_confirm": may, "is_open": offer.is_open(now)}
    return render(request, "desk/staff/offer.html", shown, status=422 if form.errors else 200)


@staff_required(Role.MANAGER, Role.VAIDYA)
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """A Vaidya says no, and why."""
    now = timezone.now()
    offer = page.offer_or_404(request, public_id, now)
    form = RefuseForm(request.POST or None)
    if form.is_valid():
        try:
            role_offers.refuse_offer(offer=offer, by=request.user, now=now, reason=form.cleaned_data["reason"])
        except (OfferOver, CannotConfirm) as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, _("You refused the role. The person and whoever offered it are told."))
        return redirect("desk:team")
    why_not = role_offers.why_not_refuse_offer(offer, by=request.user, now=now)
    shown = {"offer": offer, "form": form, "why_not": why_not, "is_open": offer.is_open(now)}
    return render(request, "desk/staff/refuse.html", shown, status=422 if form.errors else 200)
