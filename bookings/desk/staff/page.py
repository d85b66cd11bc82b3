"""What the pages of staff show, each thing looked up where the asker works."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from bookings.desk.request import StaffRequest
from clinic.fields import number_of
from clinic.people import members, role_offers
from clinic.people.models import Membership, Role, RoleOffer, User
from clinic.people.password_links import GOOD_FOR, why_not_send
from clinic.people.staff import Doubt
from clinic.premises.models import Clinic

from .forms import ConfirmAloneForm, ConfirmForm, InviteStaffForm


@dataclass(frozen=True)
class Colleague:
    """One account with the roles it holds at the clinic. `closable`: it is used nowhere else."""

    user: User
    roles: tuple[Membership, ...]
    may_be_sent_a_link: bool
    is_closable: bool


def team(clinic: Clinic, by: User, now: dt.datetime) -> list[Colleague]:
    """Everybody who holds a role at the clinic now or later, by name."""
    today = clinic.today(now)
    rows = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), clinic=clinic)
    rows = rows.select_related("user", "granted_by", "confirmed_by").order_by("user__name", "user__username", "role")
    elsewhere = _used_elsewhere(clinic, now)
    by_user: dict[User, list[Membership]] = {}
    for row in rows:
        by_user.setdefault(row.user, []).append(row)
    return [
        Colleague(user, tuple(roles), not why_not_send(user), user != by and user.pk not in elsewhere)
        for user, roles in by_user.items()
    ]


def _used_elsewhere(clinic: Clinic, now: dt.datetime) -> set[int]:
    """The accounts of the clinic that also work at another one, or act for a patient."""
    here = User.objects.filter(memberships__clinic=clinic)
    elsewhere = Membership.objects.holding_at(now).exclude(clinic=clinic).values("user")
    also = here.filter(Q(pk__in=elsewhere) | Q(accesses__isnull=False, accesses__ends_on=None))
    return set(also.values_list("pk", flat=True))


def open_offers(clinic: Clinic, now: dt.datetime) -> QuerySet[RoleOffer]:
    """What is offered or proposed at the clinic and not settled, oldest first; `link_until` of a link to come in by."""
    link_until = ExpressionWrapper(F("link_sent_at") + Value(GOOD_FOR), output_field=DateTimeField())
    rows = RoleOffer.objects.open(now).filter(clinic=clinic).annotate(link_until=link_until)
    return rows.select_related("user", "made_by").order_by("made_at")


def closed_accounts(clinic: Clinic) -> QuerySet[User]:
    """Closed accounts that worked at this clinic and at no other."""
    elsewhere = Membership.objects.exclude(clinic=clinic).values("user")
    closed = User.objects.filter(is_active=False, memberships__clinic=clinic).exclude(pk__in=elsewhere)
    return closed.distinct().order_by("name")


def colleague_or_404(request: StaffRequest, pk: int) -> User:
    """Somebody who holds a role at the chosen clinic."""
    holding = Membership.objects.filter(clinic=request.clinic).values("user")
    return get_object_or_404(User, pk=pk, pk__in=holding)


def closed_or_404(request: StaffRequest, pk: int) -> User:
    return get_object_or_404(closed_accounts(request.clinic), pk=pk)


def offer_or_404(request: StaffRequest, public_id: uuid.UUID, now: dt.datetime) -> RoleOffer:
    """An offer of these clinics, or of a clinic without a Vaidya where this Vaidya may confirm."""
    offers = RoleOffer.objects.select_related("user", "clinic", "made_by", "confirmed_by")
    offer = get_object_or_404(offers, public_id=public_id)
    if offer.clinic in request.clinics or role_offers.may_confirm_at(request.user, offer.clinic, now):
        return offer
    raise Http404


def managed_offer_or_404(request: StaffRequest, public_id: uuid.UUID) -> RoleOffer:
    """An offer of the clinics of this door."""
    offers = RoleOffer.objects.filter(clinic__in=request.clinics).select_related("user", "clinic", "made_by")
    return get_object_or_404(offers, public_id=public_id)


def roles_or_404(request: StaffRequest, asked: QueryDict) -> list[Membership]:
    """The roles named in the request that still run, at the asker's clinics; at least one."""
    ids = {number for number in map(number_of, asked.getlist("role")) if number is not None}
    rows = Membership.objects.filter(pk__in=ids, clinic__in=request.clinics).select_related("user", "clinic")
    running = [row for row in rows.order_by("user__name", "role") if _runs(row)]
    if not running:
        raise Http404
    return running


def _runs(row: Membership) -> bool:
    return row.ends_on is None or row.ends_on > row.starts_on


def ending(request: StaffRequest, roles: list[Membership], now: dt.datetime) -> dict[str, object]:
    """What ending these roles means: why it cannot be, whether it is one's own, and who is the last of a kind."""
    reasons = [members.why_not_end_membership(membership=role, by=request.user, now=now) for role in roles]
    vaidyas = [role for role in roles if role.role == Role.VAIDYA and not members.has_another(role, now=now)]
    return {
        "roles": roles,
        "why_not": next(filter(None, reasons), ""),
        "is_own": any(role.user_id == request.user.pk for role in roles),
        "last_vaidyas": vaidyas,
    }


def doubt(request: StaffRequest, form: InviteStaffForm, doubt: Doubt) -> dict[str, object]:
    """What the page asks before a role is given; the form goes along hidden."""
    data = form.cleaned_data
    return {
        "clinic": request.clinic,
        "doubt": doubt,
        "typed": data,
        "roles": ", ".join(str(Role(role).label) for role in data["roles"]),
        "sign_in": data["email"] or data["number"],
        "hidden": [(name, value) for name, values in request.POST.lists() if name in form.fields for value in values],
    }


def confirm_form(
    request: StaffRequest, offer: RoleOffer, data: Any, now: dt.datetime
) -> ConfirmForm | ConfirmAloneForm:
    """Alone with a reason and a second factor, else a press."""
    if role_offers.is_alone(offer, by=request.user, now=now):
        return ConfirmAloneForm(data, user=request.user, request=request)
    return ConfirmForm(data)


def why_not_close_account(request: StaffRequest, user: User, now: dt.datetime) -> str:
    return members.why_not_close(user=user, clinic=request.clinic, by=request.user, now=now)
