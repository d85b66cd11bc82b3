"""Actions about one's own second factors. Each tells the owner by mail; each ends the owner's other sessions."""

import datetime as dt
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.people.factors import MAIN, note_counter
from clinic.people.models import User
from clinic.people.notices import Notice, tell_owner
from clinic.people.own_sessions import end_others


class OnlyFactor(Exception):
    """Who works here keeps one."""

    def __init__(self) -> None:
        self.reason = _("This is your only second step. Set up another one first, then remove this one.")
        super().__init__(self.reason)


def set_up_app(*, user: User, secret: str, code: str, session_key: str, now: dt.datetime) -> Authenticator:
    """The app with this secret takes the place of the one before; the first factor comes with recovery codes."""
    with transaction.atomic(durable=True):
        User.objects.select_for_update().get(pk=user.pk)
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        row = TOTP.activate(user, secret).instance
        note_counter(row, code)
        _after(user, _("Authenticator app"), session_key, now)
    return row


def add_passkey(
    *, user: User, name: str, credential: dict[str, Any], session_key: str, now: dt.datetime
) -> Authenticator:
    """One more passkey; the answer of the browser was checked."""
    with transaction.atomic(durable=True):
        User.objects.select_for_update().get(pk=user.pk)
        row = WebAuthn.add(user, name, credential).instance
        _after(user, name, session_key, now)
    return row


def remove_factor(*, factor: Authenticator, user: User, session_key: str, now: dt.datetime) -> None:
    """Take an app or a passkey away. Raises OnlyFactor for the last one."""
    with transaction.atomic(durable=True):
        User.objects.select_for_update().get(pk=user.pk)
        if not Authenticator.objects.filter(user=user, type__in=MAIN).exclude(pk=factor.pk).exists():
            raise OnlyFactor
        factor.delete()
        _after(user, str(factor), session_key, now)


def make_recovery_codes(*, user: User, session_key: str, now: dt.datetime) -> None:
    """New ones; those before are worth nothing."""
    with transaction.atomic(durable=True):
        User.objects.select_for_update().get(pk=user.pk)
        Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        _after(user, _("Recovery codes"), session_key, now)


def codes_of(user: User, *, made_after: dt.datetime) -> list[str]:
    """The recovery codes that were not used yet, if they were made since then."""
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES)
    row = rows.filter(created_at__gte=made_after).first()
    return row.wrap().get_unused_codes() if row else []


def _after(user: User, factor: str, session_key: str, now: dt.datetime) -> None:
    RecoveryCodes.activate(user)
    end_others(user=user, session_key=session_key)
    tell_owner(user=user, what=Notice.FACTOR_CHANGED, now=now, detail={"factor": factor})
