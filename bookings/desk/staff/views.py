"""Who works at the clinic: the list, inviting somebody, and what their accounts need."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions import colleagues
from bookings.desk.buttons import DESK, buttons_of
from bookings.desk.reads import reads_page
from bookings.desk.request import StaffRequest
from clinic.people import members, password_links, role_offers, staff
from clinic.people.members import CannotGive
from clinic.people.models import Role, User
from clinic.people.password_links import CannotSend
from clinic.people.permissions import manager_required, staff_required
from clinic.people.role_offers import CannotConfirm, OfferOver
from clinic.people.staff import MustConfirm

from . import page
from .forms import InviteStaffForm
from .slip import picture_of
from .unserved import visits_without_staff, visits_without_watch


@contextmanager
def _reasons_told(request: HttpRequest) -> Iterator[None]:
    """Run an action; what it refuses is said on the next page."""
    try:
        yield
    except (CannotGive, CannotConfirm, CannotSend, OfferOver) as refusal:
        messages.error(request, refusal.reason)


@staff_required(Role.MANAGER, Role.VAIDYA)
@require_safe
def team(request: StaffRequest) -> HttpResponse:
    """Everybody with a role here, what is offered, and whose account is closed."""
    now, clinic = timezone.now(), request.clinic
    shown = {
        "team": page.team(clinic, request.user, now),
        "offers": page.open_offers(clinic, now),
        "decided": page.decided_offers(clinic, now),
        "former": page.former_staff(clinic, now),
        "closed": page.closed_accounts(clinic),
        "manages": request.user.clinics_at(now, Role.MANAGER).filter(pk=clinic.pk).exists(),
        "clinic": clinic,
    }
    return render(request, "desk/staff/team.html", shown)


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: StaffRequest) -> HttpResponse:
    """Ask somebody to work here. An account that exists is asked; else one is opened."""
    now, clinic = timezone.now(), request.clinic
    form = InviteStaffForm(request.POST or None, initial=page.invitation_of(request, now), today=clinic.today(now))
    if form.is_valid() and "correct" not in request.POST:
        data = form.invitation() | {"serving": form.serving(), "confirmed": request.POST.get("confirmed", "")}
        try:
            return _invited(request, colleagues.take_on(clinic=clinic, by=request.user, now=now, **data))
        except CannotGive as refusal:
            form.add_error(None, refusal.reason)
        except MustConfirm as stop:
            return render(request, "desk/staff/confirm_invite.html", page.doubt(request, form, stop.doubt))
    return render(
        request, "desk/staff/invite.html", {"form": form, "clinic": clinic}, status=422 if form.errors else 200
    )


def _invited(request: StaffRequest, invitation: staff.StaffInvitation) -> HttpResponse:
    if invitation.url:
        shown = {"invitation": invitation, "picture": picture_of(invitation.url), "clinic": request.clinic}
        return render(request, "desk/staff/slip.html", shown)
    if any(offer.accepted_at is None for offer in invitation.offers):
        messages.success(request, _where_it_waits(invitation.user))
    elif any(offer.membership_id is None for offer in invitation.offers):
        messages.success(request, _("The role has been proposed. A Vaidya must confirm it."))
    else:
        messages.success(request, _("The role has been given."))
    return redirect("desk:team")


def _where_it_waits(user: User) -> str:
    """How somebody hears of an offer."""
    if user.email:
        words = _("The invitation has been sent to %(email)s. It is listed below until it is answered.")
        return words % {"email": user.email}
    words = _(
        "%(name)s signs in with %(number)s and answers there. If the password is forgotten, give a new slip below."
    )
    return words % {"name": user, "number": user.username}


@manager_required
@require_POST
def give_slip(request: StaffRequest, pk: int) -> HttpResponse:
    """A slip with a link to choose a password, for a colleague without an e-mail address."""
    user = page.colleague_or_404(request, pk)
    try:
        return _invited(request, staff.slip_for(user=user, clinic=request.clinic, by=request.user, now=timezone.now()))
    except CannotGive as refusal:
        messages.error(request, refusal.reason)
        return redirect("desk:team")


@manager_required
@require_POST
def new_link(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Another link for somebody new whose first one lapsed."""
    offer = page.managed_offer_or_404(request, public_id)
    try:
        invitation = staff.new_link(offer=offer, by=request.user, now=timezone.now())
    except CannotGive as refusal:
        messages.error(request, refusal.reason)
        return redirect("desk:team")
    return _invited(request, invitation)


@manager_required
@require_POST
def withdraw(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take an offer back."""
    offer = page.managed_offer_or_404(request, public_id)
    with _reasons_told(request):
        role_offers.withdraw_offer(offer=offer, by=request.user, now=timezone.now())
        messages.success(request, _("The offer has been withdrawn."))
    return redirect("desk:team")


@manager_required
@require_POST
def send_link(request: StaffRequest, pk: int) -> HttpResponse:
    """Mail a colleague a link to choose a password."""
    user = page.colleague_or_404(request, pk)
    with _reasons_told(request):
        password_links.send_password_link(user=user, by=request.user, now=timezone.now())
        messages.success(request, _("A link was sent to %(name)s.") % {"name": user})
    return redirect("desk:team")


@manager_required
@require_POST
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """Open a closed account again; roles are given anew."""
    user = page.closed_or_404(request, pk)
    members.reopen_account(user=user, clinic=request.clinic, by=request.user, now=timezone.now())
    messages.success(request, _("The account is open again. Its roles stay ended: give the person a role below."))
    return redirect("desk:team")


@staff_required(*DESK)
@require_safe
@reads_page(lambda page: [visit.patient for part in ("hit", "unwatched") for visit, _ in page[part] if visit.patient])
def unserved(request: StaffRequest) -> HttpResponse:
    """Visits to come whose practitioner has left, or that nobody would watch over, each with the ways out."""
    now = timezone.now()
    clinics = [clinic.pk for clinic in request.clinics]
    page = {
        part: [(visit, buttons_of(visit, now=now, desk=True)) for visit in visits]
        for part, visits in (
            ("hit", visits_without_staff(clinics, now)),
            ("unwatched", visits_without_watch(clinics, now)),
        )
    }
    return TemplateResponse(request, "desk/staff/unserved.html", page | {"clinic": request.clinic})
