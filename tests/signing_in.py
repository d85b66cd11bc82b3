"""Signed-in browsers and second factors for tests."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.http import HttpRequest
from django.test import Client

from clinic.people.factors import note_proof
from clinic.people.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class SignedInClient(Client):
    """`force_login` counts as password and second factor; a session that has proved none is asked for by name."""

    def force_login(self, user: Any, backend: str | None = None, *, proved: bool = True) -> None:
        super().force_login(user, backend)
        if proved:
            request = HttpRequest()
            request.session = self.session
            note_proof(request, user)
            request.session.save()


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
