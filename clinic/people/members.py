"""Verbs about roles: who works at which clinic as what, from when, until when."""

import datetime as dt
from typing import Any

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.people.models import Membership, User
from clinic.people.notices import Notice, tell_owner


class AlreadyMember(Exception):
    """The account holds this role at this clinic on that day."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def why_not_add(*, user: User, clinic: Any, role: str, starts_on: dt.date) -> str:
    """ "" or why this account cannot be given the role on that day."""
    if Membership.objects.holding(role, on=starts_on).filter(user=user, clinic=clinic).exists():
        return _("This person already has this role at this clinic.")
    return ""


def add_member(
    *,
    user: User,
    clinic: Any,
    role: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    by: User,
    now: dt.datetime,
) -> Membership:
    """Give an account a role at a clinic. Raises AlreadyMember when it has it on the first day."""
    with pghistory.context(user=by.pk), transaction.atomic():  # not durable: the admin's form is a transaction
        User.objects.select_for_update().get(pk=user.pk)  # two managers at once
        reason = why_not_add(user=user, clinic=clinic, role=role, starts_on=starts_on)
        if reason:
            raise AlreadyMember(reason)
        membership = Membership.objects.create(
            user=user, clinic=clinic, role=role, starts_on=starts_on, ends_on=ends_on
        )
        _tell(membership, Notice.ROLE_GIVEN, by, now)
    return membership


def end_membership(*, membership: Membership, by: User, now: dt.datetime, ends_on: dt.date | None = None) -> Membership:
    """End a role; without `ends_on` (the first day without it) from the next request on."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        current = Membership.objects.select_for_update().select_related("clinic").get(pk=membership.pk)
        current.ends_on = max(ends_on or current.clinic.today(now), current.starts_on)
        current.save(update_fields=["ends_on"])
        _tell(current, Notice.ROLE_ENDED, by, now)
    return current


def _tell(membership: Membership, what: Notice, by: User, now: dt.datetime) -> None:
    clinic = membership.clinic
    detail = {"clinic": clinic.name, "zone": clinic.timezone, "role": membership.role, "by": str(by)}
    tell_owner(user=membership.user, what=what, now=now, detail=detail)
