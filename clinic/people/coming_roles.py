"""Roles that somebody will have, or was refused: waiting for a Vaidya, or given and beginning on a later day."""

import datetime as dt
from collections.abc import Iterable
from functools import cache

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.compiled_query import MOMENT, CompiledRows, ids_to_be
from clinic.people.models import Membership, Role, RoleOffer, User
from clinic.people.models.role_offer import Closing
from clinic.people.workplaces import roles_held

TOLD_FOR = dt.timedelta(days=60)


def waiting_roles(user: User, *, now: dt.datetime) -> QuerySet[RoleOffer]:
    """Clinical roles that this account has accepted and no Vaidya has confirmed."""
    rows = RoleOffer.objects.to_confirm(now).filter(user=user, accepted_at__isnull=False)
    return rows.select_related("clinic").order_by("made_at")


def later_roles(user: User, *, now: dt.datetime) -> QuerySet[Membership]:
    """Roles of this account that begin on a later day."""
    return Membership.objects.beginning_after(now).filter(user=user).select_related("clinic").order_by("starts_on")


def refused_roles(user: User, *, now: dt.datetime) -> QuerySet[RoleOffer]:
    """Clinical roles that a Vaidya lately refused this account."""
    rows = RoleOffer.objects.refused_or_declined(since=now - TOLD_FOR).filter(user=user, closing=Closing.REFUSED)
    return rows.select_related("clinic")


def why_not_let_in(user: User, roles: Iterable[str], *, now: dt.datetime) -> str:
    """What somebody of the staff reads who comes to a page for others; "" for whoever never worked here."""
    wanted = [*roles] or [*Role.values]
    if offer := next((row for row in _waiting().rows(ids=[user.pk], now=now) if row.role in wanted), None):
        return _("Your role as %(role)s waits until a Vaidya confirms it.") % {"role": offer.get_role_display()}
    if membership := next((row for row in _later().rows(ids=[user.pk], now=now) if row.role in wanted), None):
        words = {"role": membership.get_role_display(), "day": date_format(membership.starts_on, "j F Y")}
        return _("Your role as %(role)s begins on %(day)s.") % words
    if roles_held(user, now):
        names = ", ".join(str(Role(role).label) for role in wanted)
        return _("This page is for these roles: %(roles)s. A manager can give you one.") % {"roles": names}
    if membership := Membership.objects.ever_holding().filter(user=user).order_by("-ends_on").first():
        return _("Your role as %(role)s has ended.") % {"role": membership.get_role_display()}
    return ""


@cache
def _waiting() -> CompiledRows[RoleOffer]:
    (user,) = ids_to_be(1)
    return CompiledRows(waiting_roles(User(pk=user), now=MOMENT))


@cache
def _later() -> CompiledRows[Membership]:
    (user,) = ids_to_be(1)
    return CompiledRows(later_roles(User(pk=user), now=MOMENT))


def has_coming_role(user: User, *, now: dt.datetime) -> bool:
    """Whether this account will work at a clinic, so that its second step may be set up already."""
    return waiting_roles(user, now=now).exists() or later_roles(user, now=now).exists()
