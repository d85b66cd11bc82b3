"""What the desk types about a patient."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk import offers
from bookings.desk.form_fields import WallTimesForm, bare, set_field
from bookings.desk.words import ENDS_OF_ACCESS
from clinic.fields import BirthDateField, CalendarField
from clinic.people.forms import NamesTidied
from clinic.people.models import ContactChannel, Patient, TherapistGender
from clinic.people.models.access import Relation, Width
from clinic.people.patient_search import Typed
from clinic.people.versioned_forms import VersionedForm
from clinic.premises.models import Clinic
from clinic.wall import WallTimeFormField

SHORTEST_PHONE = 8
"""Fewer digits are a part of a number, or an age."""


class SearchForm(forms.Form):
    """What is at hand of a patient; phone and birth date together also find patients of other clinics."""

    words = forms.CharField(
        label=_("Name, village, phone, e-mail or number"),
        max_length=80,
        required=False,
        help_text=_("In any spelling or script. Add a part of the phone number or the age if many have the name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    birth_date = BirthDateField(label=_("Date of birth"), required=False)

    @property
    def helper(self) -> FormHelper:
        return bare(Row(Column("words", css_class="col-sm-7"), Column("birth_date", css_class="col-sm-5")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and len(data.get("words", "").strip()) < 2 and not data.get("birth_date"):
            self.add_error("words", _("Enter at least two letters of the name, the phone number or the date of birth."))
        return data


class HitsForm(forms.Form):
    """What is typed in the head of a page, from three letters or digits on."""

    words = forms.CharField(max_length=80, min_length=3)


def details_of_search(form: SearchForm) -> dict[str, Any]:
    """What was typed to find somebody, as the first values of their registration."""
    typed = Typed.read(form.cleaned_data["words"] if form.is_valid() else "")
    names = [word.title() for word in typed.words]
    phone = typed.digits if len(typed.digits) >= SHORTEST_PHONE else ""
    return {
        "given_name": " ".join(names[:1]),
        "family_name": " ".join(names[1:]),
        "phone": phone,
        "email": typed.email,
        "birth_date": typed.birth_date or form.cleaned_data.get("birth_date"),
    }


# The model speaks to the patient; the desk speaks of them.
SAID_BY_THE_DESK = {
    "gender": _("Gender (optional)"),
    "accepts_therapist": _("Therapist for treatments with touch"),
    "needs": _("Support needs at the clinic"),
    "channel": _("How we send messages"),
    "emergency_contact": _("Emergency contact: name and phone"),
}


class PatientForm(VersionedForm, NamesTidied):
    """What a patient says about themselves. The database's own rules are asked while the form is checked."""

    birth_date = BirthDateField(label=_("Date of birth"))

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
            "emergency_contact",
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
                _("Contact"),
                Row(Column("phone", css_class="col-sm-6"), Column("email", css_class="col-sm-6")),
                Row(Column("channel", css_class="col-sm-6"), Column("language", css_class="col-sm-6")),
                "emergency_contact",
                "discreet",
                "label",
            ),
            *(["version"] if "version" in self.fields else []),
        )


class RegistrationForm(PatientForm):
    """Somebody new: messages go the way that what was typed allows, unless another is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = _("E-mail if given, otherwise phone")
        set_field(self, "channel", required=False, choices=[("", usual), *ContactChannel.choices])
        self.initial["channel"] = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("channel") and not {"channel", "email", "phone"} & self.errors.keys():
            typed = [(data["email"], ContactChannel.EMAIL), (data["phone"], ContactChannel.CALL)]
            data["channel"] = next((channel for words, channel in typed if words), ContactChannel.PAPER)
        return data


class InviteForm(forms.Form):
    """For whom the code is, and how much they will see."""

    relation = forms.ChoiceField(
        label=_("Relation of the account owner to the patient"), choices=[("", "---------"), *Relation.choices]
    )
    width = forms.ChoiceField(label=_("Access"), choices=[("", "---------"), *Width.choices])

    @property
    def helper(self) -> FormHelper:
        return bare(Row(Column("relation", css_class="col-sm-6"), Column("width", css_class="col-sm-6")))


class EndAccessForm(forms.Form):
    """Why an account no longer acts for a patient."""

    reason = forms.ChoiceField(label=_("Reason"), choices=tuple(ENDS_OF_ACCESS.items()), widget=forms.RadioSelect)

    @property
    def helper(self) -> FormHelper:
        return bare()


class PastForm(WallTimesForm):
    """A visit that was run on paper."""

    what = forms.ModelChoiceField(label=_("Treatment given"), queryset=offers.no_variants())
    on = CalendarField(label=_("Date"))
    at = WallTimeFormField(label=_("Started at"), widget=forms.TextInput(attrs={"placeholder": "07:30"}))
    who = forms.ModelMultipleChoiceField(
        label=_("Treated by"), queryset=offers.no_people(), widget=forms.CheckboxSelectMultiple
    )
    room = forms.ModelChoiceField(label=_("Room"), queryset=offers.no_rooms(), required=False)

    def __init__(self, *args: Any, clinic: Clinic, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, clinic=clinic, **kwargs)
        set_field(self, "what", queryset=offers.variants())
        set_field(self, "what", label_from_instance=offers.variant_label)
        set_field(self, "who", queryset=offers.people(clinic, on))
        set_field(self, "room", queryset=offers.rooms(clinic))

    @property
    def helper(self) -> FormHelper:
        return bare("what", Row(Column("on", css_class="col-sm-6"), Column("at", css_class="col-sm-6")), "who", "room")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return data | {"start": self.moment("on", "at", empty=0)}

    def resource_ids(self) -> list[int]:
        """People and room together."""
        room = self.cleaned_data["room"]
        return [person.pk for person in self.cleaned_data["who"]] + ([room.pk] if room else [])
