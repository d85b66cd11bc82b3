"""What the pages of staff show, each thing looked up where the asker works."""

import datetime as dt
import uuid
from collections.abc import Iterable
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

DECIDED_SHOWN_FOR = dt.timedelta(days=60)


@dataclass(frozen=True)
class Colleague:
    """One account with the roles it holds at the clinic. `is_closable`: it is used nowhere else."""

    user: User
    roles: tuple[Membership, ...]
    may_be_sent_a_link: bool
    may_get_a_slip: bool
    is_closable: bool


def team(clinic: Clinic, by: User, now: dt.datetime) -> list[Colleague]:
    """Everybody who holds a role at the clinic now or later, by name."""
    rows = Membership.objects.not_over_at(now).filter(clinic=clinic)
    rows = rows.annotate(is_to_come=Q(starts_on__gt=clinic.today(now)))
    rows = rows.select_related("user", "granted_by", "confirmed_by").order_by("user__name", "user__username", "role")
    elsewhere = _used_elsewhere(clinic, now)
    by_user: dict[User, list[Membership]] = {}
    for row in rows:
        by_user.setdefault(row.user, []).append(row)
    return [
        Colleague(
            user=user,
            roles=tuple(roles),
            may_be_sent_a_link=not why_not_send(user),
            may_get_a_slip=user.is_active and not user.email and user.pk not in elsewhere,
            is_closable=user != by and user.pk not in elsewhere,
        )
        for user, roles in by_user.items()
    ]


def _used_elsewhere(clinic: Clinic, now: dt.datetime) -> set[int]:
    """The accounts of the clinic that also work at another one, now or later, or act for a patient."""
    here = User.objects.filter(memberships__clinic=clinic)
    elsewhere = Membership.objects.not_over_at(now).exclude(clinic=clinic).values("user")
    also = Q(pk__in=elsewhere) | Q(accesses__isnull=False, accesses__ends_on=None) | Q(is_superuser=True)
    return set(here.filter(also).values_list("pk", flat=True))


def former_staff(clinic: Clinic, now: dt.datetime) -> QuerySet[User]:
    """Open accounts that worked here, have no role anywhere, and are offered none here, by name."""
    working = Membership.objects.not_over_at(now).values("user")
    offered = RoleOffer.objects.open(now).filter(clinic=clinic).values("user")
    rows = User.objects.filter(is_active=True, memberships__clinic=clinic).exclude(pk__in=working)
    return rows.exclude(pk__in=offered).distinct().order_by("name", "username")


def decided_offers(clinic: Clinic, now: dt.datetime) -> QuerySet[RoleOffer]:
    """Offers of the last weeks that were refused or declined, the newest first."""
    rows = RoleOffer.objects.refused_or_declined(since=now - DECIDED_SHOWN_FOR).filter(clinic=clinic)
    return rows.select_related("made_by", "closed_by")


def invitation_of(request: StaffRequest, now: dt.datetime) -> dict[str, object]:
    """What the form of an invitation begins with: today, and whom the address names."""
    first = {"starts_on": request.clinic.today(now), "number": request.GET.get("number", "")[:40]}
    pk = number_of(request.GET.get("colleague", ""))
    user = former_staff(request.clinic, now).filter(pk=pk).first() if pk is not None else None
    if user is None:
        return first
    return first | {"name": user.name, "email": user.email, "number": "" if user.email else user.username}


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
    return {
        "roles": roles,
        "why_not": next(filter(None, reasons), ""),
        "is_own": any(role.user_id == request.user.pk for role in roles),
        "last_vaidyas": _last_vaidyas(roles, now),
    }


def _last_vaidyas(roles: Iterable[Membership], now: dt.datetime) -> list[Membership]:
    """Those of the roles without which the clinic has no Vaidya."""
    return [role for role in roles if role.role == Role.VAIDYA and not members.has_another(role, now=now)]


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


def closing_context(request: StaffRequest, user: User, now: dt.datetime) -> dict[str, object]:
    """What closing this account means: why it cannot be, and whether it is the last Vaidya's."""
    return {
        "account": user,
        "why_not": members.why_not_close(user=user, clinic=request.clinic, by=request.user, now=now),
        "last_vaidyas": _last_vaidyas(user.memberships.not_over_at(now).select_related("user", "clinic"), now),
    }
