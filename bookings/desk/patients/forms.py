"""What the desk types about a patient."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk.words import ENDS_OF_ACCESS
from clinic.fields import BirthDateField
from clinic.people.forms import NamesTidied
from clinic.people.models import Patient, TherapistGender
from clinic.people.models.access import Relation, Width
from clinic.people.versioned_forms import VersionedForm


def bare(*layout: Any) -> FormHelper:
    """Fields only: the template has the form's tag, its token and its buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if layout:
        helper.layout = Layout(*layout)
    return helper


def set_field(form: forms.BaseForm, name: str, **said: Any) -> None:
    """Say what only this request knows of a field: its choices, its rows, how they are written."""
    for what, value in said.items():
        setattr(form.fields[name], what, value)


class SearchForm(forms.Form):
    """A name or a part of it, or a phone number; the birth date narrows it, and finds patients of other clinics."""

    words = forms.CharField(
        label=_("Name or phone"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    birth_date = BirthDateField(label=_("Birth date"), required=False)

    @property
    def helper(self) -> FormHelper:
        return bare(Row(Column("words", css_class="col-sm-7"), Column("birth_date", css_class="col-sm-5")))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and len(said.get("words", "").strip()) < 2 and not said.get("birth_date"):
            self.add_error("words", _("Type at least two letters of the name, the phone number or the birth date."))
        return said


# The model speaks to the patient; the desk speaks of them.
SAID_BY_THE_DESK = {
    "gender": _("Gender, in the patient's own words"),
    "accepts_therapist": _("Accepts as therapist for body treatments"),
    "needs": _("What helps them at the clinic"),
    "channel": _("Letters go"),
}


class PatientForm(VersionedForm, NamesTidied):
    """What a patient says about themselves. The database's own rules are asked while the form is checked."""

    birth_date = BirthDateField(label=_("Birth date"))

    class Meta:
        model = Patient
        fields = [
            "given_name",
            "family_name",
            "birth_date",
            "gender",
            "accepts_therapist",
            "phone",
            "channel",
            "email",
            "language",
            "discreet",
            "label",
            "needs",
        ]

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_date"].knows(today)  # type: ignore[attr-defined]
        for name, label in SAID_BY_THE_DESK.items():
            self.fields[name].label = label
        set_field(self, "accepts_therapist", choices=[("", _("Not asked yet")), *TherapistGender.choices])
        for name in ("given_name", "family_name", "phone", "email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["label"].help_text = _("Shown instead of the name, for example “your 10 o'clock”.")

    @property
    def helper(self) -> FormHelper:
        return bare(
            Fieldset(
                _("Person"),
                Row(Column("given_name", css_class="col-sm-6"), Column("family_name", css_class="col-sm-6")),
                Row(Column("birth_date", css_class="col-sm-6"), Column("gender", css_class="col-sm-6")),
                "accepts_therapist",
                "needs",
            ),
            Fieldset(
                _("How we reach them"),
                Row(Column("phone", css_class="col-sm-6"), Column("email", css_class="col-sm-6")),
                Row(Column("channel", css_class="col-sm-6"), Column("language", css_class="col-sm-6")),
                "discreet",
                "label",
            ),
            *(["version"] if "version" in self.fields else []),
        )


class AcceptsForm(forms.Form):
    """Whom the patient accepts as therapist: asked when a therapy needs to know, never guessed."""

    accepts_therapist = forms.ChoiceField(
        label=_("Whom does the patient accept as therapist?"), choices=TherapistGender, widget=forms.RadioSelect
    )

    @property
    def helper(self) -> FormHelper:
        return bare()


class InviteForm(forms.Form):
    """For whom the code is, and how much they will see."""

    relation = forms.ChoiceField(label=_("The account's owner says of the patient"), choices=Relation)
    width = forms.ChoiceField(label=_("They see"), choices=Width, initial=Width.FULL)

    @property
    def helper(self) -> FormHelper:
        return bare(Row(Column("relation", css_class="col-sm-6"), Column("width", css_class="col-sm-6")))


class EndAccessForm(forms.Form):
    """Why an account no longer acts for a patient."""

    reason = forms.ChoiceField(label=_("Reason"), choices=tuple(ENDS_OF_ACCESS.items()), widget=forms.RadioSelect)

    @property
    def helper(self) -> FormHelper:
        return bare()
