"""Roles that somebody will have, or was refused: waiting for a Vaidya, or given and beginning on a later day."""

import datetime as dt

from django.db.models import QuerySet

from clinic.people.models import Membership, RoleOffer, User
from clinic.people.models.role_offer import Closing

TOLD_FOR = dt.timedelta(days=60)


def waiting_roles(user: User, *, now: dt.datetime) -> QuerySet[RoleOffer]:
    """Clinical roles that this account has accepted and no Vaidya has confirmed."""
    rows = RoleOffer.objects.to_confirm(now).filter(user=user, accepted_at__isnull=False)
    return rows.select_related("clinic").order_by("made_at")


def later_roles(user: User, *, now: dt.datetime) -> QuerySet[Membership]:
    """Roles of this account that begin on a later day."""
    rows = Membership.objects.not_over_at(now).filter(user=user)
    rows = rows.exclude(pk__in=Membership.objects.holding_at(now).filter(user=user).values("pk"))
    return rows.select_related("clinic").order_by("starts_on")


def refused_roles(user: User, *, now: dt.datetime) -> QuerySet[RoleOffer]:
    """Clinical roles that a Vaidya lately refused this account."""
    rows = RoleOffer.objects.refused_or_declined(since=now - TOLD_FOR).filter(user=user, closing=Closing.REFUSED)
    return rows.select_related("clinic")


def has_coming_role(user: User, *, now: dt.datetime) -> bool:
    """Whether this account will work at a clinic, so that its second step may be set up already."""
    return waiting_roles(user, now=now).exists() or later_roles(user, now=now).exists()
