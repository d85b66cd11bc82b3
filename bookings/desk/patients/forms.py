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
from clinic.fields import OLDEST, BirthDateField, CalendarField, WholeField
from clinic.people.forms import NamesTidied
from clinic.people.models import ContactChannel, Gender, Kinship, Patient, TherapistGender
from clinic.people.models.access import Relation, Width
from clinic.people.patient_search import years_before
from clinic.people.person_names import tidy
from clinic.people.versioned_forms import VersionedForm
from clinic.premises.models import Clinic
from clinic.wall import WallTimeFormField


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
            "birth_is_approximate",
            "gender",
            "kinship",
            "kin_name",
            "village",
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
        self.today = today
        self.fields["birth_date"].knows(today)  # type: ignore[attr-defined]
        for name, label in SAID_BY_THE_DESK.items():
            self.fields[name].label = label
        set_field(self, "accepts_therapist", choices=[("", _("Not asked yet")), *TherapistGender.choices])
        set_field(self, "kinship", choices=[("", _("Not stated")), *Kinship.choices])
        for name in ("given_name", "family_name", "phone", "email", "kin_name", "village"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["label"].help_text = _("Shown instead of the name, for example “your 10 o'clock”.")
        if "birth_is_approximate" in self.fields:
            set_field(self, "birth_is_approximate", label=_("Only the age is known: the date is approximate"))

    @property
    def helper(self) -> FormHelper:
        return bare(
            Fieldset(
                _("Person"),
                Row(Column("given_name", css_class="col-sm-6"), Column("family_name", css_class="col-sm-6")),
                Row(Column("birth_date", css_class="col-sm-6"), Column("gender", css_class="col-sm-6")),
                "birth_is_approximate",
                KIN_AND_VILLAGE,
                "accepts_therapist",
                "needs",
            ),
            Fieldset(
                _("Contact"),
                Row(Column("phone", css_class="col-sm-6"), Column("email", css_class="col-sm-6")),
                *CONTACT,
            ),
            *(["version"] if "version" in self.fields else []),
        )

    def clean_kin_name(self) -> str:
        return tidy(self.cleaned_data["kin_name"])

    def clean(self) -> dict[str, Any]:
        """The way to reach somebody needs its address; said beside that address, to whoever types it."""
        data = super().clean() or self.cleaned_data
        for channel, name, words in NEEDED_FOR_CHANNEL:
            if data.get("channel") == channel and not data.get(name) and name not in self.errors:
                self.add_error(name, words)
        return data


KIN_AND_VILLAGE = Row(
    Column("kinship", css_class="col-sm-3"),
    Column("kin_name", css_class="col-sm-5"),
    Column("village", css_class="col-sm-4"),
)
CONTACT = (
    Row(Column("channel", css_class="col-sm-6"), Column("language", css_class="col-sm-6")),
    "emergency_contact",
    "discreet",
    "label",
)
NEEDED_FOR_CHANNEL = (
    (ContactChannel.EMAIL, "email", _("Enter the patient's e-mail address, or choose another way to send messages.")),
    (ContactChannel.CALL, "phone", _("Enter the patient's phone number, or choose another way to send messages.")),
)


class RegistrationForm(PatientForm):
    """Somebody new: name, phone, age or date of birth, gender; the rest may come later.

    Messages go the way that what was typed allows, unless another is chosen.
    """

    birth_date = BirthDateField(label=_("or date of birth"), required=False)
    age = WholeField(label=_("Age in years"), max_value=OLDEST, required=False)
    gender = forms.ChoiceField(
        label=_("Gender"), choices=[("", _("Not stated")), *Gender.choices], required=False, initial=""
    )

    class Meta(PatientForm.Meta):
        fields = [name for name in PatientForm.Meta.fields if name != "birth_is_approximate"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = _("E-mail if given, otherwise phone")
        set_field(self, "channel", required=False, choices=[("", usual), *ContactChannel.choices])
        self.initial["channel"] = ""
        self.fields["age"].widget.attrs["inputmode"] = "numeric"
        set_field(self, "gender", label=_("Gender"))

    @property
    def helper(self) -> FormHelper:
        helper = bare(
            Row(Column("given_name", css_class="col-sm-6"), Column("family_name", css_class="col-sm-6")),
            Row(
                Column("phone", css_class="col-sm-6 col-lg-3"),
                Column("age", css_class="col-sm-6 col-lg-3"),
                Column("birth_date", css_class="col-sm-6 col-lg-3"),
                Column("gender", css_class="col-sm-6 col-lg-3"),
            ),
            KIN_AND_VILLAGE,
        )
        helper.render_unmentioned_fields = False
        return helper

    @property
    def more(self) -> FormHelper:
        """What is asked where there is time."""
        helper = bare("email", *CONTACT, "accepts_therapist", "needs")
        helper.render_unmentioned_fields = False
        return helper

    @property
    def has_more(self) -> bool:
        """Whether something of it was typed, or is wrong."""
        names = ("email", "channel", "emergency_contact", "discreet", "label", "accepts_therapist", "needs")
        return any(self[name].value() or name in self.errors for name in names)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("channel") and not {"channel", "email", "phone"} & self.errors.keys():
            typed = [(data["email"], ContactChannel.EMAIL), (data["phone"], ContactChannel.CALL)]
            data["channel"] = next((channel for words, channel in typed if words), ContactChannel.PAPER)
        self._settle_birth(data)
        return data

    def _settle_birth(self, data: dict[str, Any]) -> None:
        """An age alone gives the latest birth date that fits it; that it is approximate is kept with it."""
        if {"age", "birth_date"} & self.errors.keys():
            return
        age, born = data.get("age"), data.get("birth_date")
        if born is None and age is None:
            self.add_error("age", _("Enter the age or the date of birth."))
        elif born is None and age is not None:
            data["birth_date"] = years_before(self.today, age)
        elif born and age is not None and Patient(birth_date=born).age(self.today) != age:
            self.add_error("age", _("The age and the date of birth do not match."))

    @property
    def facts(self) -> dict[str, Any]:
        """What the action about patients takes."""
        facts = dict(self.cleaned_data)
        age = facts.pop("age")
        return facts | {"birth_is_approximate": age is not None and not self["birth_date"].value()}


class InviteForm(forms.Form):
    """For whom the code is, and how much they will see."""

    relation = forms.ChoiceField(
        label=_("Relation of the account owner to the patient"), choices=[("", _("Please choose")), *Relation.choices]
    )
    width = forms.ChoiceField(label=_("Access"), choices=[("", _("Please choose")), *Width.choices])

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
