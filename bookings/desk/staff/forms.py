"""What a manager writes about somebody who is to work here, and what a Vaidya writes who confirms alone."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.actions.colleagues import Serving
from bookings.desk.form_fields import bare, set_field
from clinic.fields import CalendarField
from clinic.people.email_addresses import ContactEmailField
from clinic.people.factors import ProofForm
from clinic.people.models import Gender, Role
from clinic.people.person_names import tidy, validate_person_name, validate_staff_number
from clinic.premises.choices import languages
from clinic.premises.models.hours import Weekday
from clinic.wall import WallTimeFormField
from therapies.models import PractitionerRole, Therapy


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
    gender = forms.ChoiceField(label=_("Gender"), choices=[("", _("Not stated")), *Gender.choices], required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=languages, required=False, widget=forms.CheckboxSelectMultiple
    )
    gives = forms.ModelMultipleChoiceField(
        label=_("May give"), queryset=Therapy.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Works on"), choices=Weekday, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    works_from = WallTimeFormField(label=_("From"), required=False)
    works_to = WallTimeFormField(label=_("Until"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        set_field(self, "gives", queryset=Therapy.objects.offered())
        for name in ("name", "email", "number"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def helper(self) -> FormHelper:
        return bare(
            "name",
            Row(Column("number", css_class="col-sm-6"), Column("email", css_class="col-sm-6")),
            "roles",
            Row(Column("registration_number", css_class="col-sm-6"), Column("starts_on", css_class="col-sm-6")),
            Fieldset(
                _("For those who treat or consult (can be added later)"),
                "gender",
                "languages",
                "gives",
                "weekdays",
                Row(Column("works_from", css_class="col-sm-6"), Column("works_to", css_class="col-sm-6")),
            ),
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
        self._check_serving(data)
        return data

    def _check_serving(self, data: dict[str, Any]) -> None:
        """Once anything is said of serving: all that a search needs."""
        if not any(data.get(name) for name in ("gives", "weekdays", "gender")):
            return
        if not {*data.get("roles", [])} & {*PractitionerRole.values}:
            self.add_error("roles", _("Choose a role of those who treat or consult, or leave the lower part empty."))
        for name in ("gender", "weekdays"):
            if not data.get(name):
                self.add_error(name, _("Needed for whoever treats or consults."))
        begins, ends = data.get("works_from"), data.get("works_to")
        if begins is None or ends is None:
            self.add_error("works_to", _("Enter when the working day begins and when it ends."))
        elif begins >= ends:
            self.add_error("works_to", _("The end must be after the start."))

    def invitation(self) -> dict[str, Any]:
        """The part about the account."""
        names = ("name", "number", "email", "roles", "registration_number", "starts_on")
        return {name: self.cleaned_data[name] for name in names}

    def serving(self) -> Serving | None:
        """The part about treating; None where nothing of it was entered."""
        data = self.cleaned_data
        if not data["weekdays"]:
            return None
        minutes = {"from_minute": data["works_from"], "to_minute": data["works_to"]}
        said = {name: data[name] for name in ("gender", "languages", "gives", "weekdays")}
        return Serving(**said, **minutes)


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
