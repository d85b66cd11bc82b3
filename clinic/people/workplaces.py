"""Where somebody works: asked by every page of the portal and of staff, so its queries are compiled once."""

import datetime as dt
from collections import defaultdict
from functools import cache
from typing import Any

from clinic.compiled_query import MOMENT, CompiledQuery, CompiledRows, ids_to_be
from clinic.people.models import Membership, User


def works_at_a_clinic(user: User, now: dt.datetime) -> bool:
    """Whether this account holds a role at some clinic at this moment; of whoever asks it was read with the account."""
    was_read: bool | None = getattr(user, "works_here", None)
    return bool(_roles_now().rows(ids=[user.pk], now=now)) if was_read is None else was_read


def clinics_with_role(user: User, now: dt.datetime, *roles: str) -> list[Any]:
    """The clinics where this account holds one of `roles` at this moment, as `User.clinics_at`."""
    return _clinics_now(roles).rows(ids=[user.pk], now=now)


def roles_held(user: User, now: dt.datetime) -> dict[int, set[str]]:
    """What this account is at each clinic at this moment, by the clinic's number; nothing elsewhere."""
    held: dict[int, set[str]] = defaultdict(set)
    for clinic, role in _memberships_now().rows(ids=[user.pk], now=now):
        held[clinic].add(role)
    return held


@cache
def _memberships_now() -> CompiledQuery:
    held = Membership.objects.filter(user__in=ids_to_be(1)).holding_at(MOMENT)
    return CompiledQuery.of(held.order_by().values_list("clinic", "role"))


@cache
def _roles_now() -> CompiledQuery:
    (user,) = ids_to_be(1)
    return CompiledQuery.of(User(pk=user).clinics_at(MOMENT).order_by().values_list("pk")[:1])


@cache
def _clinics_now(roles: tuple[str, ...]) -> "CompiledRows[Any]":
    (user,) = ids_to_be(1)
    return CompiledRows(User(pk=user).clinics_at(MOMENT, *roles))
