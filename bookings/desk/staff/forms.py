"""What a manager writes about somebody who is to work here, and what a Vaidya writes who confirms alone."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk.form_fields import bare
from clinic.fields import CalendarField
from clinic.people.email_addresses import ContactEmailField
from clinic.people.factors import ProofForm
from clinic.people.models import Role
from clinic.people.person_names import tidy, validate_person_name, validate_staff_number


class InviteStaffForm(forms.Form):
    """Name, how to reach them, and as what they are to work."""

    name = forms.CharField(label=_("Name"), max_length=120, validators=[validate_person_name])
    number = forms.CharField(
        label=_("Staff ID"),
        max_length=40,
        validators=[validate_staff_number],
        required=False,
        help_text=_("Required if there is no e-mail address. It is used to sign in."),
    )
    email = ContactEmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("We send the invitation to this address. Without an address, you get a slip to hand over."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A Vaidya must confirm the roles therapist, attendant, nurse and Vaidya."),
    )
    registration_number = forms.CharField(
        label=_("Registration number"),
        max_length=40,
        required=False,
        help_text=_("For a Vaidya: the number in the state or national register."),
    )
    starts_on = CalendarField(label=_("Starts on"))

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("name", "email", "number"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def helper(self) -> FormHelper:
        return bare(
            "name",
            Row(Column("number", css_class="col-sm-6"), Column("email", css_class="col-sm-6")),
            "roles",
            Row(Column("registration_number", css_class="col-sm-6"), Column("starts_on", css_class="col-sm-6")),
        )

    def clean_name(self) -> str:
        return tidy(self.cleaned_data["name"])

    def clean_starts_on(self) -> dt.date:
        starts_on: dt.date = self.cleaned_data["starts_on"]
        if not self.today <= starts_on <= self.today + dt.timedelta(days=366):
            raise forms.ValidationError(_("Choose a date between today and one year from now."))
        return starts_on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data["number"] and not data["email"]:
            self.add_error("number", _("Enter an e-mail address or a staff ID."))
        if Role.VAIDYA in data.get("roles", []) and not data.get("registration_number"):
            self.add_error("registration_number", _("A Vaidya needs a registration number."))
        return data


class ConfirmAloneForm(ProofForm):
    """Nobody else is there to look at it: a reason and the second factor instead."""

    reason = forms.CharField(
        label=_("Reason for confirming without a second person"),
        max_length=200,
        help_text=_("It is recorded with the role."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["reason", "code"]

    @property
    def helper(self) -> FormHelper:
        return bare("reason", "code")


class RefuseForm(forms.Form):
    """Why a role is not confirmed."""

    reason = forms.CharField(
        label=_("Why you refuse it"),
        max_length=200,
        help_text=_("Managers and Vaidyas of the clinic read it on the page Staff. It is not mailed."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    @property
    def helper(self) -> FormHelper:
        return bare("reason")


class ConfirmForm(forms.Form):
    """A press is enough where somebody else proposed the role."""

    @property
    def helper(self) -> FormHelper:
        return bare()
