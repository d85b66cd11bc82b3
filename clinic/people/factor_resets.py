"""Taking a lost second factor away: a manager asks, another manager or a Vaidya confirms, the owner is told by mail.

The password stays, and whoever signs in with it next sets a new factor up.
"""

import datetime as dt
from functools import cache

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from clinic.compiled_query import MOMENT, CompiledQuery
from clinic.people.factors import MAIN
from clinic.people.independence import NEW, Origins
from clinic.people.models import FactorReset, Membership, Role, User
from clinic.people.notices import Notice, tell_owner
from clinic.people.own_sessions import end_others


class CannotReset(Exception):
    """Why not, in words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def members_of(manager: User, *, now: dt.datetime) -> QuerySet[User]:
    """Who works at the clinics that this account manages, never a superuser.

    Each with `has_second_step` and `has_waiting_reset`.
    """
    clinics = Membership.objects.holding_at(now, Role.MANAGER).filter(user=manager).values("clinic")
    there = Membership.objects.holding_at(now).filter(clinic__in=clinics).values("user")
    own = Authenticator.objects.filter(user=OuterRef("pk"), type__in=MAIN)
    waiting = FactorReset.objects.waiting(now).filter(user=OuterRef("pk"))
    return (
        User.objects.filter(pk__in=there, is_superuser=False, is_active=True)
        .exclude(pk=manager.pk)
        .annotate(has_second_step=Exists(own), has_waiting_reset=Exists(waiting))
        .order_by("name", "username")
    )


@cache
def _any() -> CompiledQuery:
    return CompiledQuery.of(FactorReset.objects.waiting(MOMENT).order_by().values_list("pk")[:1])


def waiting_for(confirmer: User, *, now: dt.datetime) -> QuerySet[FactorReset]:
    """What this account may confirm: asked for by somebody else, for somebody else of a clinic of theirs.

    A Vaidya confirms, or a manager who has been one for a week and was not made one by whoever asks. Whichever of the
    two brought the other in: they are no two people.
    """
    if not _any().rows(now=now):  # nearly always, and every To-do page asks
        return FactorReset.objects.none()
    roles = Membership.objects.holding_at(now, Role.MANAGER, Role.VAIDYA).filter(user=confirmer)
    by_another = Q(granted_by=None) | ~Q(granted_by=OuterRef(OuterRef("asked_by")))
    confirming = roles.filter(Q(role=Role.VAIDYA) | Q(starts_on__lte=(now - NEW).date()) & by_another)
    there = Membership.objects.holding_at(now).filter(user=OuterRef("user"), clinic__in=confirming.values("clinic"))
    rows = FactorReset.objects.waiting(now).exclude(asked_by=confirmer).exclude(user=confirmer)
    rows = rows.filter(Exists(there)).select_related("user", "asked_by").order_by("asked_at")
    return rows.filter(asked_by__in=_whom_may_second(confirmer, rows, now))


def _whom_may_second(confirmer: User, rows: QuerySet[FactorReset], now: dt.datetime) -> list[int]:
    """Those who asked and are other people than the confirmer."""
    askers = set(rows.values_list("asked_by", flat=True))
    if not askers:
        return []
    origins = Origins.at(now)
    return [asker for asker in askers if origins.may_second(confirmer.pk, asker)]


def asked_by(manager: User, *, now: dt.datetime) -> QuerySet[FactorReset]:
    """What this account asked for and nobody has confirmed yet."""
    return FactorReset.objects.waiting(now).filter(asked_by=manager).select_related("user").order_by("asked_at")


def request_reset(*, user: User, by: User, now: dt.datetime) -> FactorReset:
    """A manager of the person's clinic asks; a second ask while one waits is the same one."""
    with transaction.atomic(durable=True):
        User.objects.select_for_update().get(pk=user.pk)
        if not members_of(by, now=now).filter(pk=user.pk).exists():
            raise CannotReset(_("Only a manager of the person's clinic can request this."))
        if waiting := FactorReset.objects.waiting(now).filter(user=user).first():
            return waiting
        tell_owner(user=user, what=Notice.RESET_REQUESTED, now=now, detail={"by": str(by)})
        return FactorReset.objects.create(user=user, asked_by=by, asked_at=now)


def confirm_reset(*, reset: FactorReset, by: User, now: dt.datetime) -> FactorReset:
    """Somebody else confirms: the factors and sessions of the person end, and they are told."""
    with transaction.atomic(durable=True):
        row = FactorReset.objects.select_for_update(of=("self",)).select_related("user").get(pk=reset.pk)
        if not _may_confirm(row, by, now):
            raise CannotReset(_("Another manager or a Vaidya must confirm this within a day."))
        row.confirmed_by, row.confirmed_at = by, now
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        take_away(row.user, by=str(by), now=now)
    return row


def end_reset(*, reset: FactorReset, by: User, now: dt.datetime) -> FactorReset:
    """Whoever asked withdraws it, or whoever may confirm it refuses; the owner is told that nothing changes."""
    with transaction.atomic(durable=True):
        row = FactorReset.objects.select_for_update(of=("self",)).select_related("user").get(pk=reset.pk)
        if not ending_by(by, now=now).filter(pk=row.pk).exists():
            raise CannotReset(_("This request has already been confirmed or ended."))
        row.ended_by, row.ended_at = by, now
        row.save(update_fields=["ended_by", "ended_at"])
        tell_owner(user=row.user, what=Notice.RESET_ENDED, now=now, detail={"by": str(by)})
    return row


def ending_by(user: User, *, now: dt.datetime) -> QuerySet[FactorReset]:
    """What this account may end: its own requests, and those that it may confirm."""
    own = asked_by(user, now=now).values("pk")
    return FactorReset.objects.filter(Q(pk__in=own) | Q(pk__in=waiting_for(user, now=now).values("pk")))


def take_away(user: User, *, by: str, now: dt.datetime) -> None:
    """Remove all factors of the account and end its sessions, in the caller's transaction."""
    Authenticator.objects.filter(user=user).delete()
    end_others(user=user, session_key="")
    tell_owner(user=user, what=Notice.FACTOR_CHANGED, now=now, detail={"factor": _("removed"), "by": by})


def _may_confirm(row: FactorReset, by: User, now: dt.datetime) -> bool:
    return waiting_for(by, now=now).filter(pk=row.pk).exists()
