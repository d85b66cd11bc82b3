"""The sessions of an account: where and since when somebody is signed in, and ending them."""

import datetime as dt
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from clinic.people.devices import device_in_words
from clinic.people.models import Shift, User
from clinic.people.sessions import SEEN


@dataclass(frozen=True)
class OwnSession:
    """One of them, as its owner sees it. `device` is "" when the browser did not name itself."""

    id: int
    device: str
    ip: str
    begun_at: dt.datetime
    seen_at: dt.datetime
    is_this: bool


def own_sessions(user: User, *, session_key: str) -> list[OwnSession]:
    """Those in force, the newest first."""
    rows = UserSession.objects.filter(user=user).order_by("-created_at")
    return [_shown(row, session_key) for row in rows if not row.purge()]


def end_session(*, user: User, pk: int) -> int:
    """End one of the account's sessions. How many ended: none when it is over already or somebody else's."""
    rows = UserSession.objects.filter(user=user, pk=pk)
    return _end(list(rows))


def end_others(*, user: User, session_key: str) -> int:
    """End all sessions of the account except this one, and its shifts on clinic devices. How many sessions."""
    Shift.objects.filter(user=user).delete()
    return _end(list(UserSession.objects.filter(user=user).exclude(session_key=session_key)))


def _end(rows: list[UserSession]) -> int:
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    return UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


def _shown(row: UserSession, session_key: str) -> OwnSession:
    seen = SessionStore(row.session_key).get(SEEN)
    seen_at = dt.datetime.fromtimestamp(seen, dt.UTC) if seen else row.created_at
    is_this = row.session_key == session_key
    return OwnSession(row.pk, device_in_words(row.user_agent), row.ip, row.created_at, seen_at, is_this)
