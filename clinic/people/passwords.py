"""Signing in by password: one look-up, one hash, and limits that a stranger cannot turn against the owner."""

import datetime as dt
from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal.ratelimit import get_ip
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from clinic.compiled_query import MOMENT, CompiledRows, ids_to_be
from clinic.people import attempts, devices
from clinic.people.models import Membership, User


class PasswordBackend(AuthenticationBackend):
    """A known, an unknown, a closed account and one without a password take the same work: one hash each."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:  # noqa: ARG002
        password = credentials.get("password")
        if not password:
            return None
        user = User.objects.by_sign_in(credentials.get("email") or credentials.get("username") or "")
        if user is None:
            User().set_password(password)
            return None
        if not user.check_password(password):
            return None
        if not self.user_can_authenticate(user):
            self._stash_user(user)  # its owner is told that it is closed
            return None
        return user

    def get_user(self, user_id: Any) -> User | None:
        """Whoever is signed in, as Django asks with each request; `works_here` says whether at a clinic."""
        user = _accounts().first(ids=[user_id], now=timezone.now())
        return user if user and self.user_can_authenticate(user) else None


@cache
def _accounts() -> CompiledRows[User]:
    held = Membership.objects.holding_at(MOMENT).filter(user=OuterRef("pk"))
    return CompiledRows(User.objects.filter(pk__in=ids_to_be(1)).annotate(works_here=Exists(held)))


def take_attempt(request: HttpRequest, *, sign_in: str, now: dt.datetime) -> list[str] | None:
    """Count a try of a password before it is looked at; the keys it counted on, or None when there were too many.

    A device that signed in to the account before has a count of its own, so nobody else can use it up. All others share
    those of their network and of all strangers. A number and an e-mail address of one account are one account.
    """
    user = User.objects.by_sign_in(sign_in)
    account = str(user.pk) if user else sign_in.lower()
    device = devices.known_device(request, user) if user else ""
    if device:
        wanted = [(f"password:{account}:device:{device}", attempts.PASSWORD)]
    else:
        network = get_ip(request)
        wanted = [
            (f"password:{account}:network:{network}", attempts.PASSWORD),
            (f"password:network:{network}", attempts.PASSWORD_OF_NETWORK),
            (f"password:{account}:strangers", attempts.PASSWORD_OF_STRANGERS),
        ]
    return attempts.take_all(wanted, now=now)
