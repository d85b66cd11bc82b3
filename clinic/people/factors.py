"""The second factor of those who work here: who needs one, who has one, and whether a session has proved it."""

import datetime as dt
import json
import re
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from clinic.fields import JsonField
from clinic.people import attempts
from clinic.people.models import User
from clinic.people.security_log import REFUSED, Event, note

MAIN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a factor; recovery codes only stand in for one."""
LAST_COUNTER = "last_counter"
DEMO_CODE = "demo_code"
METHOD = "mfa"
PIN_METHOD = "pin"
"""Name and PIN on a clinic device, in a shift that began with the second factor."""


def needs_factor(user: User, *, now: dt.datetime) -> bool:
    """Whether this account may only come in with a second factor: it holds a role today, or runs the installation."""
    return user.is_superuser or user.memberships.holding_at(now).exists()


def has_factor(user: User) -> bool:
    """Whether an authenticator app or a passkey is set up."""
    return Authenticator.objects.filter(user=user, type__in=MAIN).exists()


def factors_of(user: User) -> QuerySet[Authenticator]:
    """The apps and passkeys of this account."""
    return Authenticator.objects.filter(user=user, type__in=MAIN).order_by("pk")


def has_proved(request: HttpRequest, user: User) -> bool:
    """Whether this session has proved the second factor of the account. The one place that says how.

    A PIN stands in for it on a clinic device until the shift ends; it is never a fresh proof.
    """
    return any(_is_proof(record) for record in get_authentication_records(request, user))


def _is_proof(record: dict[str, Any]) -> bool:
    in_shift = record.get("method") == PIN_METHOD and record.get("until", 0) > time.time()
    return in_shift or record.get("method") == METHOD


def proved_at(request: HttpRequest, user: User) -> dt.datetime | None:
    """When this session last proved the second factor itself; None when it did not."""
    records = get_authentication_records(request, user)
    moments = [record.get("at", 0) for record in records if record.get("method") == METHOD]
    return dt.datetime.fromtimestamp(max(moments), dt.UTC) if moments else None


def note_pin(request: HttpRequest, user: User, *, until: dt.datetime) -> None:
    """This session unlocked a clinic device by PIN, in a shift that ends then."""
    record_authentication(request, user, PIN_METHOD, until=until.timestamp())


def typed_password(request: HttpRequest, user: User) -> bool:
    """Whether this session began with the password."""
    return any(record.get("method") == "password" for record in get_authentication_records(request, user))


def needs_password(request: HttpRequest, user: User, *, now: dt.datetime) -> bool:
    """Whether somebody who works here and has no factor yet showed less than a password."""
    return not typed_password(request, user) and needs_factor(user, now=now) and not has_factor(user)


def note_proof(request: HttpRequest, user: User, **details: Any) -> None:
    """This session has proved the second factor now."""
    record_authentication(request, user, METHOD, **details)


def proved_within(request: HttpRequest, user: User, span: dt.timedelta) -> bool:
    """Whether the second factor was proved so recently, at the sign-in or since."""
    records = get_authentication_records(request, user)
    since = time.time() - span.total_seconds()
    return any(record.get("method") == METHOD and record.get("at", 0) > since for record in records)


# --- codes ------------------------------------------------------------------------------------------------------------


def use_code(*, user: User, code: str, now: dt.datetime) -> Authenticator | None:
    """The authenticator that a typed code belongs to; the code is used up by it. None when it fits nothing.

    Under the lock of the rows: of two requests with the same code, one gets in.
    """
    typed = re.sub(r"[\s-]", "", code)
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(user=user).order_by("pk")
        for row in rows:
            if _fits(row, typed):
                row.last_used_at = now
                row.save(update_fields=["data", "last_used_at"])
                return row
    return None


def note_counter(row: Authenticator, code: str) -> None:
    """The code that set an app up is used up as well."""
    if not _fits(row, re.sub(r"[\s-]", "", code)):
        raise ValueError("This code was not made by this app.")
    row.save(update_fields=["data"])


def _fits(row: Authenticator, typed: str) -> bool:
    if row.type == Authenticator.Type.RECOVERY_CODES:
        return _fits_recovery(row, typed)
    return row.type == Authenticator.Type.TOTP and (_fits_app(row, typed) or _fits_demo(row, typed))


def _fits_app(row: Authenticator, typed: str) -> bool:
    """RFC 6238: each code once, and none older than the last one used."""
    secret = decrypt(row.data["secret"])
    for counter in yield_hotp_counters_from_time():
        is_new = counter > row.data.get(LAST_COUNTER, -1)
        if constant_time_compare(format_hotp_value(hotp_value(secret, counter)), typed) and is_new:
            row.data[LAST_COUNTER] = counter
            return True
    return False


def _fits_demo(row: Authenticator, typed: str) -> bool:
    """The printed code of the demo's people, on the machine of somebody who tries the program and nowhere else."""
    code = row.data.get(DEMO_CODE, "")
    return settings.MODE == "local" and bool(code) and constant_time_compare(code, typed)


def _fits_recovery(row: Authenticator, typed: str) -> bool:
    """Each of them once: a bit of the mask says which are used."""
    codes = row.wrap().generate_codes()
    for place, code in enumerate(codes):
        is_new = not row.data["used_mask"] & (1 << place)
        if constant_time_compare(code, typed) and is_new:
            row.data["used_mask"] |= 1 << place
            return True
    return False


@contextmanager
def refusing_nonsense() -> Iterator[None]:
    """The library reads what claims to come from a passkey and stumbles over anything else: that is a refusal too."""
    try:
        yield
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error) as nonsense:
        raise forms.ValidationError(_("The passkey did not match.")) from nonsense


def answered_passkey(user: User, credential: Any) -> Authenticator | None:
    """The passkey of the account that answered the question which this session was asked; None when it does not fit."""
    try:
        with refusing_nonsense():
            webauthn.parse_authentication_response(credential)
            passkey: Authenticator = webauthn.complete_authentication(user, credential)
    except forms.ValidationError:
        return None
    passkey.record_usage()
    return passkey


CODE_WIDGET = {"autocomplete": "one-time-code", "inputmode": "numeric"}


class ProofForm(forms.Form):
    """Asks for the second factor; other forms that need it stand on this one.

    The code is looked at when nothing else in the form is wrong, so that a mistake elsewhere does not use it up.
    """

    asked_again = True

    credential = JsonField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Code from your authenticator app"),
        max_length=20,
        help_text=_("Or one of your recovery codes."),
        widget=forms.TextInput(attrs=CODE_WIDGET),
    )

    def __init__(self, *args: Any, user: User, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.request = user, request
        self.fields["code"].required = not self.data.get(self.add_prefix("credential"))
        self.authenticator: Authenticator | None = None

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.errors:
            self._prove(timezone.now())

    @property
    def passkey_options(self) -> str:
        """What the browser needs to ask for a passkey, as JSON; "" for somebody who has none."""
        has_one = factors_of(self.user).filter(type=Authenticator.Type.WEBAUTHN).exists()
        return json.dumps(webauthn.begin_authentication(self.user), cls=DjangoJSONEncoder) if has_one else ""

    def _prove(self, now: dt.datetime) -> None:
        key = f"factor:{self.user.pk}"
        if not has_factor(self.user):
            self.add_error("code", _("Please set up your second step first."))
        elif not attempts.take(key=key, limit=attempts.FACTOR, now=now):
            self.add_error("code", _("Too many attempts. Please wait a few minutes and try again."))
        elif device := self._used(now):
            attempts.give_back(key=key)
            self.authenticator = device
            note_proof(self.request, self.user, id=device.pk, type=device.type, reauthenticated=self.asked_again)
        else:
            note(Event.SECOND_FACTOR_FAILED, outcome=REFUSED, user=self.user)
            self.add_error("code", _("The code is not correct or was already used. Please wait for the next one."))

    def _used(self, now: dt.datetime) -> Authenticator | None:
        """What proved it: a code, or the answer of a passkey to the question that this session was asked."""
        credential = self.cleaned_data.get("credential")
        if not credential:
            return use_code(user=self.user, code=self.cleaned_data["code"], now=now)
        return answered_passkey(self.user, credential)
