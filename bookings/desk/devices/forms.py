"""What is typed at a clinic's shared device."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.fields import JsonField
from clinic.people.clinic_devices import PIN_LENGTH, why_not_pin
from clinic.people.factors import ProofForm, proved_within
from clinic.people.models import Shift
from clinic.people.permissions import FRESH_FOR
from clinic.premises.models import Clinic


def pin_field(label: Any, **options: Any) -> forms.CharField:
    """Six digits, on the number keys of a tablet, never shown and never remembered by the browser."""
    attributes = {"inputmode": "numeric", "autocomplete": "off", "maxlength": PIN_LENGTH}
    return forms.CharField(label=label, max_length=PIN_LENGTH, widget=forms.PasswordInput(attrs=attributes), **options)


class EnrolForm(ProofForm):
    """Makes this browser a device of one of the manager's clinics."""

    clinic = forms.ModelChoiceField(label=_("Clinic"), queryset=Clinic.objects.none(), to_field_name="slug")
    name = forms.CharField(label=_("Name of the device"), max_length=60, help_text=_("For example: Tablet, Room 2."))
    field_order = ("clinic", "name", "code")

    def __init__(self, *args: Any, clinics: QuerySet[Clinic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clinic"].queryset = clinics  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False


class PinForm(ProofForm):
    """One's own PIN, twice, and the second factor."""

    pin = pin_field(_("New PIN"), help_text=_("Six digits. It only unlocks clinic devices during your shift."))
    again = pin_field(_("Repeat the PIN"))
    field_order = ("pin", "again", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

        self.was_proved_now = proved_within(self.request, self.user, FRESH_FOR)
        if self.was_proved_now:
            del self.fields["code"]

    def _prove(self, now: dt.datetime) -> None:
        """A second factor proved a moment ago is not asked for once more: its code is used up."""
        if not self.was_proved_now:
            super()._prove(now)

    def clean_pin(self) -> str:
        """Digits without a pattern."""
        pin: str = self.cleaned_data["pin"]
        if reason := why_not_pin(pin):
            raise forms.ValidationError(reason)
        return pin

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("pin") and data.get("again") and data["pin"] != data["again"]:
            self.add_error("again", _("The PINs do not match."))
        return data


def _name(shift: Shift) -> str:
    """Who it is, and whether a passkey opens it too."""
    return gettext("%(name)s (passkey or PIN)") % {"name": shift.user} if shift.has_passkey else str(shift.user)


class UnlockForm(forms.Form):
    """A name of those whose shift runs here, and the PIN; or the answer of the member's passkey."""

    member = forms.TypedChoiceField(
        label=_("Your name"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose your name.")},
    )
    pin = pin_field(_("PIN"), error_messages={"required": _("Please enter your PIN.")})
    credential = JsonField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, shifts: list[Shift], no_shift: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [(shift.user_id, _name(shift)) for shift in shifts]  # type: ignore[attr-defined]
        self.fields["member"].error_messages["invalid_choice"] = no_shift
        self.fields["pin"].required = not self.data.get("credential")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("member", "pin")  # the credential stands beside the button that fills it
