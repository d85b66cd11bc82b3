"""What people type to come in."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm, RequestLoginCodeForm, ResetPasswordForm
from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.fields import BirthDateField, limit

LONGEST_EMAIL = 254
"""Letters of an address, as mail programs and the database take it."""


class AskCodeForm(RequestLoginCodeForm):
    """Where the code goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self.fields["email"], LONGEST_EMAIL)


class AskResetForm(ResetPasswordForm):
    """Where the link goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self.fields["email"], LONGEST_EMAIL)


class ConfirmCodeForm(ConfirmLoginCodeForm):
    """The mailed code, with the digits of a telephone's keyboard."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code from the e-mail")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"inputmode": "numeric", "autofocus": True}
        limit(field, 40)


class StaffLoginForm(LoginForm):
    """Staff number or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Staff number or e-mail")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            limit(field, LONGEST_EMAIL)


class JoinForm(forms.Form):
    """An invitation of the clinic; the birth date shows that it came into the right hands."""

    code = forms.CharField(
        label=_("Code from the clinic"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    birth_date = BirthDateField(label=_("Birth date of the patient"))
