"""Signed-in browsers and second factors for tests."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client

from clinic.people.factors import note_proof
from clinic.people.models import User
from clinic.people.session_store import SessionStore

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class SignedInClient(Client):
    """`force_login` counts as password and second factor; a session that has proved none is asked for by name."""

    _proved = False

    def force_login(self, user: Any, backend: str | None = None, *, proved: bool = True) -> None:
        self._proved = proved
        super().force_login(user, backend)

    def _login(self, user: Any, backend: str | None = None) -> None:
        """As Django's, which makes an empty session first, loads it and saves it twice: half of all that it asks."""
        request = HttpRequest()
        request.session = self.session if settings.SESSION_COOKIE_NAME in self.cookies else SessionStore()
        login(request, user, backend)
        if self._proved:
            note_proof(request, user)
        request.session.save()
        self._set_login_cookies(request)  # type: ignore[attr-defined]


def give_factor(user: User) -> Authenticator:
    """An authenticator app, and recovery codes."""
    RecoveryCodes.activate(user)
    return TOTP.activate(user, SECRET).instance


def app_code(*, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes from now."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps))


def recovery_code(user: User, place: int = 0) -> str:
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return row.wrap().generate_codes()[place]
