"""Actions about roles: who works at which clinic as what, from when, until when."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.people.models import Membership, Role, RoleOffer, RoleSource, User
from clinic.people.models.role_offer import Closing
from clinic.people.notices import Notice, tell_owner
from clinic.people.own_sessions import end_others


class CannotGive(Exception):
    """Why this account is not given the role; `reason` is in words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class AlreadyMember(CannotGive):
    """The account holds this role at this clinic on that day."""


def why_not_add(*, user: User, clinic: Any, role: str, starts_on: dt.date) -> str:
    """ "" or why this account cannot get the role on that day, by whichever way."""
    if not user.is_active:
        return _("This account is closed. Please reopen it first.")
    same = Membership.objects.ever_holding().filter(user=user, clinic=clinic, role=role)
    current = same.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on)).order_by("starts_on").first()
    if current is None:
        return ""
    words = {"role": current.get_role_display(), "day": date_format(current.starts_on, "j F Y")}
    if current.starts_on > starts_on:
        return _("This person gets the role %(role)s at this clinic on %(day)s already.") % words
    return _("This person already has the role %(role)s at this clinic.") % words


def works_here_only(*, user: User, clinic: Any, now: dt.datetime) -> bool:
    """Whether the account belongs to the staff of this clinic, to no other clinic, and to no patient."""
    roles = user.memberships.holding_at(now)
    at = set(roles.values_list("clinic", flat=True))
    return at == {clinic.pk} and not user.accesses.filter(ends_on=None).exists()


def is_known_here(*, user: User, clinic: Any) -> bool:
    """Whether the account has ever held a role at the clinic, or was opened for somebody invited to it."""
    if user.memberships.filter(clinic=clinic).exists():
        return True
    return user.created_by_id is not None and user.role_offers.filter(clinic=clinic).exists()


def belongs_here_only(*, user: User, clinic: Any, now: dt.datetime) -> bool:
    """Whether this clinic alone answers for the account: known here, no role elsewhere now or later, no patient."""
    elsewhere = user.memberships.not_over_at(now).exclude(clinic=clinic)
    is_used_elsewhere = user.is_superuser or elsewhere.exists() or user.accesses.filter(ends_on=None).exists()
    return not is_used_elsewhere and is_known_here(user=user, clinic=clinic)


def add_by_operator(
    *,
    user: User,
    clinic: Any,
    role: str,
    starts_on: dt.date,
    now: dt.datetime,
    by: User | None = None,
) -> Membership:
    """The operator gives any role, as the first Vaidya's and the first manager's of an installation."""
    context = {"user": by.pk} if by else {"command": "operator"}
    with pghistory.context(**context), transaction.atomic():
        row = Membership(
            user=user, clinic=clinic, role=role, starts_on=starts_on, source=RoleSource.OPERATOR, granted_by=by
        )
        return _begin(row, by=str(by or _("the operator")), now=now)


def begin_offered(*, offer: RoleOffer, now: dt.datetime) -> Membership:
    """The role of an offer that is accepted, and confirmed where it must be; in the caller's transaction."""
    row = Membership(
        user=offer.user,
        clinic=offer.clinic,
        role=offer.role,
        starts_on=max(offer.starts_on, offer.clinic.today(now)),
        granted_by=offer.made_by,
        confirmed_by=offer.confirmed_by,
        alone=offer.alone,
        reason=offer.reason,
    )
    return _begin(row, by=str(offer.made_by), now=now)


def _begin(row: Membership, *, by: str, now: dt.datetime) -> Membership:
    user = User.objects.select_for_update().get(pk=row.user_id)  # two managers at once
    reason = why_not_add(user=user, clinic=row.clinic, role=row.role, starts_on=row.starts_on)
    if reason:
        raise AlreadyMember(reason)
    row.save(force_insert=True)
    _tell(row, Notice.ROLE_GIVEN, by, now)
    return row


class CannotEnd(Exception):
    """Why this role stays; `reason` is in words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def end_membership(*, membership: Membership, by: User, now: dt.datetime, ends_on: dt.date | None = None) -> Membership:
    """End a role; without `ends_on` (the first day without it) from the next request on. Raises CannotEnd."""
    return end_memberships(memberships=[membership], by=by, now=now, ends_on=ends_on)[0]


def end_memberships(
    *, memberships: Iterable[Membership], by: User, now: dt.datetime, ends_on: dt.date | None = None
) -> list[Membership]:
    """End all of these roles or, when one of them has to stay, none. Raises CannotEnd."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        return end_together(memberships=memberships, by=by, now=now, ends_on=ends_on)


def end_together(
    *, memberships: Iterable[Membership], by: User, now: dt.datetime, ends_on: dt.date | None = None
) -> list[Membership]:
    """The same in the caller's transaction."""
    return [_end(row, by=by, now=now, ends_on=ends_on) for row in memberships]


def why_not_end_membership(*, membership: Membership, by: User, now: dt.datetime) -> str:
    """ "" or why this role stays: a clinic keeps a manager."""
    if membership.role != Role.MANAGER or has_another(membership, now=now):
        return ""
    if membership.user_id == by.pk:
        return _("You are the only manager of this clinic. Please make someone else a manager first.")
    return _("%(name)s is the only manager of this clinic. Please make someone else a manager first.") % {
        "name": membership.user
    }


def has_another(membership: Membership, *, now: dt.datetime) -> bool:
    """Whether somebody else holds the same role at the clinic now, without an end."""
    same = Membership.objects.holding_at(now, membership.role).filter(clinic=membership.clinic_id, ends_on=None)
    return same.filter(user__is_active=True).exclude(user=membership.user_id).exists()


def close_account(*, user: User, clinic: Any, by: User, now: dt.datetime) -> User:
    """End every role, offer and session of the account, and let nobody sign in with it. Its owner is told once.

    Raises CannotGive where it is not the clinic's alone, CannotEnd for its only manager.
    """
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        return shut_account(user=user, clinic=clinic, by=by, now=now)


def shut_account(*, user: User, clinic: Any, by: User, now: dt.datetime) -> User:
    """The same in the caller's transaction."""
    current = User.objects.select_for_update().get(pk=user.pk)
    reason = why_not_close(user=current, clinic=clinic, by=by, now=now)
    if reason:
        raise CannotGive(reason)
    for membership in current.memberships.not_over_at(now):
        _end(membership, by=by, now=now, tells_owner=False)
    for offer in current.role_offers.open(now).select_for_update(of=["self"]):
        offer.closing, offer.closed_at, offer.closed_by = Closing.WITHDRAWN, now, by
        offer.save(update_fields=["closing", "closed_at", "closed_by"])
    current.is_active = False
    current.save(update_fields=["is_active"])
    end_others(user=current, session_key="")  # opened again, an old browser is not signed in
    _tell_of_account(current, Notice.ACCOUNT_CLOSED, clinic, by, now)
    return current


def why_not_close(*, user: User, clinic: Any, by: User, now: dt.datetime) -> str:
    """ "" or why a manager of the clinic may not close this account."""
    if user == by:
        return _("You cannot close your own account. Please ask another manager.")
    if not belongs_here_only(user=user, clinic=clinic, now=now):
        return _("This account is also used at another clinic, so it stays open. End its roles here instead.")
    return ""


def reopen_account(*, user: User, clinic: Any, by: User, now: dt.datetime) -> User:
    """The account can be signed in with again, and its owner is told; its roles stay ended."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        current = User.objects.select_for_update().get(pk=user.pk)
        if not current.is_active:
            current.is_active = True
            current.save(update_fields=["is_active"])
            _tell_of_account(current, Notice.ACCOUNT_OPENED, clinic, by, now)
    return current


def _end(
    membership: Membership, *, by: User, now: dt.datetime, ends_on: dt.date | None = None, tells_owner: bool = True
) -> Membership:
    _lock_role(membership)
    current = Membership.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=membership.pk)
    reason = why_not_end_membership(membership=current, by=by, now=now)
    if reason:
        raise CannotEnd(reason)
    current.ends_on = max(ends_on or current.clinic.today(now), current.starts_on)
    current.save(update_fields=["ends_on"])
    if tells_owner:
        _tell(current, Notice.ROLE_ENDED, str(by), now)
    return current


def _lock_role(membership: Membership) -> None:
    """Whoever ends one of these rows waits for whoever is ending another: of two managers one stays."""
    rows = Membership.objects.filter(clinic=membership.clinic_id, role=membership.role)
    list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _tell(membership: Membership, what: Notice, by: str, now: dt.datetime) -> None:
    clinic = membership.clinic
    detail = {"clinic": clinic.name, "zone": clinic.timezone, "role": membership.role, "by": by}
    if what == Notice.ROLE_GIVEN and membership.starts_on > clinic.today(now):
        detail["starts_on"] = membership.starts_on.isoformat()
    if what == Notice.ROLE_GIVEN and membership.confirmed_by:
        detail["confirmed_by"] = str(membership.confirmed_by)
    tell_owner(user=membership.user, what=what, now=now, detail=detail, clinic=clinic.pk)


def _tell_of_account(user: User, what: Notice, clinic: Any, by: User, now: dt.datetime) -> None:
    detail = {"clinic": clinic.name, "zone": clinic.timezone, "by": str(by)}
    tell_owner(user=user, what=what, now=now, detail=detail, clinic=clinic.pk)
