"""Somebody is asked to work at a clinic: what they answer, and where the owner of an account chooses a password."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.people import coming_roles, role_offers
from clinic.people.factors import has_factor
from clinic.people.forms import ChoosePasswordForm
from clinic.people.members import CannotGive
from clinic.people.password_links import LinkOver, user_of
from clinic.people.password_links import choose_password as keep_password
from clinic.people.permissions import account_required, signed_in_user, token_required
from clinic.people.role_offers import OfferOver


@token_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest, token: str) -> HttpResponse:
    """The owner chooses a password by the link that was sent; nobody else ever knows it."""
    try:
        user = user_of(token)
        form = ChoosePasswordForm(user, request.POST or None)
        if form.is_valid():
            keep_password(token=token, password=form.cleaned_data["new_password1"], now=timezone.now())
            messages.success(request, _("Your password has been set. Please sign in."))
            return redirect("account_login")
    except LinkOver:
        return render(request, "people/link_over.html", status=410)
    page = {"form": form, "account": user}
    return render(request, "people/choose_password.html", page, status=422 if form.errors else 200)


@account_required
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """The roles that this account is offered, and those that it will have without doing anything."""
    now, user = timezone.now(), signed_in_user(request)
    page = {
        "offers": user.role_offers.to_answer(now).select_related("clinic", "made_by").order_by("made_at"),
        "waiting": coming_roles.waiting_roles(user, now=now),
        "refused": coming_roles.refused_roles(user, now=now),
        "later": coming_roles.later_roles(user, now=now),
        "has_second_step": has_factor(user),
    }
    return render(request, "people/role_offers.html", page)


@account_required
@require_POST
def answer(request: HttpRequest, public_id: uuid.UUID, *, yes: bool) -> HttpResponse:
    """Accept or decline one of them."""
    user = signed_in_user(request)
    offer = get_object_or_404(user.role_offers, public_id=public_id)
    try:
        offer = (role_offers.accept_offer if yes else role_offers.decline_offer)(
            offer=offer, by=user, now=timezone.now()
        )
    except (OfferOver, CannotGive) as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, _outcome(offer))
    return redirect("role_offers")


def _outcome(offer: role_offers.RoleOffer) -> str:
    rows = {"role": offer.get_role_display(), "clinic": offer.clinic}
    if offer.closed_at is not None:
        return _("You declined the role. Your account has not changed.")
    if offer.membership is None:
        return _("You accepted. A Vaidya must now confirm the role. We will then e-mail you.")
    return _("You accepted. Your role at %(clinic)s is %(role)s.") % rows
