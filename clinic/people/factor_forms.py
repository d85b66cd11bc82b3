"""Forms about second factors: typing one at the sign-in, and setting an app up."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core import context
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clinic.fields import JsonField
from clinic.people import attempts
from clinic.people.factors import CODE_WIDGET, ProofForm, refusing_nonsense
from clinic.people.models import User
from clinic.people.security_log import REFUSED, Event, note


class AuthenticateForm(ProofForm):
    """The second step of signing in: the library's page names the person, who is not signed in yet."""

    asked_again = False

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, request=context.request, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = True

    def save(self) -> None:
        """The proof is noted with the code already."""


@contextmanager
def noting_refusal(user: User | None) -> Iterator[None]:
    """A passkey that does not fit stands in the security log."""
    try:
        yield
    except forms.ValidationError:
        note(Event.SECOND_FACTOR_FAILED, outcome=REFUSED, user=user)
        raise


class PasskeySignInForm(LoginWebAuthnForm):
    """A passkey instead of password and code."""

    credential = JsonField(widget=forms.HiddenInput)

    def clean_credential(self) -> Any:
        with noting_refusal(self.user), refusing_nonsense():
            return super().clean_credential()


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey as the second step."""

    credential = JsonField(widget=forms.HiddenInput)

    def clean_credential(self) -> Any:
        with noting_refusal(self.user), refusing_nonsense():
            return super().clean_credential()


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey."""

    credential = JsonField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        with refusing_nonsense():
            return super().clean()


class SetUpAppForm(forms.Form):
    """The first code of an app shows that it has the secret."""

    code = forms.CharField(
        label=_("Current code from the app"), max_length=20, widget=forms.TextInput(attrs=CODE_WIDGET)
    )

    def __init__(self, *args: Any, user: User, secret: str, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.secret, self.now = user, secret, now

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        key = f"factor:{self.user.pk}"
        if not attempts.take(key=key, limit=attempts.FACTOR, now=self.now):
            raise forms.ValidationError(_("Too many attempts. Please wait a few minutes and try again."))
        if not validate_totp_code(self.secret, code):
            raise forms.ValidationError(_("The code is not correct. Please wait for the next one."))
        attempts.give_back(key=key)
        return code


def proof_form(request: HttpRequest, user: User) -> ProofForm:
    """The factor asked for once more, on a page of its own."""
    form = ProofForm(request.POST or None, user=user, request=request)
    form.fields["code"].widget.attrs["autofocus"] = True
    return form
