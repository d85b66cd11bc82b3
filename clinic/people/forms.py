"""What people type to come in."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _


class ConfirmCodeForm(ConfirmLoginCodeForm):
    """The mailed code, with the digits of a telephone's keyboard."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code from the e-mail")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class StaffLoginForm(LoginForm):
    """Staff number or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Staff number or e-mail")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class JoinForm(forms.Form):
    """An invitation of the clinic; the birth date shows that it came into the right hands."""

    code = forms.CharField(
        label=_("Code from the clinic"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    birth_date = forms.DateField(
        label=_("Birth date of the patient"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
