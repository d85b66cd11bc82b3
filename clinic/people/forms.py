"""What people type to come in."""

import datetime as dt
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, LoginForm, RequestLoginCodeForm, ResetPasswordForm
from allauth.core import context
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from clinic.fields import BirthDateField, limit_length
from clinic.people.email_addresses import validate_contact_email
from clinic.people.models import User
from clinic.people.person_names import tidy
from clinic.people.request_limits import CODE, RESET, MailLimits, take_mail

LONGEST_EMAIL = 254
"""Letters of an address, as mail programs and the database take it."""


class AskCodeForm(RequestLoginCodeForm):
    """Where the code goes: asking for one opens an account for the address."""

    def __init__(self, *args: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["email"].label = _("E-mail")
        limit_length(self.fields["email"], LONGEST_EMAIL)
        self.fields["email"].validators.append(validate_contact_email)

    def clean_email(self) -> str:
        _count(self.cleaned_data["email"], CODE, self.now)
        email: str = super().clean_email()
        return email


class AskResetForm(ResetPasswordForm):
    """Where the link goes."""

    def __init__(self, *args: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["email"].label = _("E-mail")
        limit_length(self.fields["email"], LONGEST_EMAIL)

    def clean_email(self) -> str:
        _count(self.cleaned_data["email"], RESET, self.now)
        email: str = super().clean_email()
        return email


def _count(email: str, limits: MailLimits, now: dt.datetime) -> None:
    """Before the account is looked up or opened."""
    if not take_mail(context.request, email=email, limits=limits, now=now):
        raise get_adapter().validation_error("rate_limited")


class ConfirmCodeForm(ConfirmLoginCodeForm):
    """The mailed code, with the digits of a telephone's keyboard."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code from the e-mail")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"inputmode": "numeric", "autofocus": True}
        limit_length(field, 40)


class NamesTidied(forms.ModelForm):  # type: ignore[type-arg]
    """A form about a person: the same name typed in several ways becomes one, before it is judged."""

    def clean_given_name(self) -> str:
        return tidy(self.cleaned_data["given_name"])

    def clean_family_name(self) -> str:
        return tidy(self.cleaned_data["family_name"])


class StaffLoginForm(LoginForm):
    """Staff number or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Staff ID or e-mail")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            limit_length(field, LONGEST_EMAIL)


class ChoosePasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """A password typed twice. What is wrong with it stands below the first field, which is the one to change."""

    def validate_password_for_user(self, user: User, *_names: str, **_options: str) -> None:
        super().validate_password_for_user(user, "new_password1")


class AddressForm(forms.Form):
    """The clinic knows the address of the account; the birth date shows whose appointments are meant."""

    birth_date = BirthDateField(label=_("Date of birth of the patient"))


class JoinForm(forms.Form):
    """An invitation of the clinic; the birth date shows that it came into the right hands."""

    code = forms.CharField(
        label=_("Code from the clinic"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    birth_date = BirthDateField(label=_("Date of birth of the patient"))
