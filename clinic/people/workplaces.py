"""Whether somebody works at a clinic: asked by every page of the portal, so its query is compiled once."""

import datetime as dt
from functools import cache

from clinic.compiled_query import MOMENT, CompiledQuery, ids_to_be
from clinic.people.models import User


def works_at_a_clinic(user: User, now: dt.datetime) -> bool:
    """Whether this account holds a role at some clinic at this moment."""
    return bool(_roles_now().rows(ids=[user.pk], now=now))


@cache
def _roles_now() -> CompiledQuery:
    (user,) = ids_to_be(1)
    return CompiledQuery.of(User(pk=user).clinics_at(MOMENT).order_by().values_list("pk")[:1])
