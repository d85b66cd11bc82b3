"""Who comes."""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bookings.portal.forms.slot_choice import helper_of
from clinic.fields import BirthDateField
from clinic.people.forms import NamesTidied
from clinic.people.models import ContactChannel, Patient
from clinic.people.models.access import Relation
from clinic.people.versioned_forms import VersionedForm
from clinic.premises.editions import of_edition
from clinic.templatetags.plain_fields import plain_field

OWN = ("email", "language")
"""What an empty form knows of whoever fills it in."""


class PickForm(forms.Form):
    """One of the people this account acts for, by random id; another's is as unknown as a missing one."""

    patient = forms.ChoiceField(
        label=_("Who is the appointment for?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who the appointment is for."),
            "invalid_choice": _("Please choose from the list."),
        },
    )

    def __init__(self, *args: Any, people: Iterable[Patient], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.public_id): person for person in people}
        self.fields["patient"].choices = [(key, str(person)) for key, person in self.people.items()]  # type: ignore[attr-defined]

    def clean_patient(self) -> Patient:
        return self.people[self.cleaned_data["patient"]]


class PatientForm(NamesTidied):
    """What the clinic needs to know of a person, apart from health."""

    birth_date = BirthDateField(label=_("Date of birth"))

    class Meta:
        model = Patient
        fields = [
            "given_name",
            "family_name",
            "birth_date",
            "gender",
            "phone",
            "email",
            "language",
            "channel",
            "needs",
        ]
        widgets = {
            "given_name": forms.TextInput({"autocomplete": "given-name"}),
            "family_name": forms.TextInput({"autocomplete": "family-name"}),
            "gender": forms.TextInput({"autocomplete": "sex"}),
            "phone": forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
            "email": forms.EmailInput({"autocomplete": "email"}),
            "channel": forms.RadioSelect,
            "language": forms.RadioSelect,
        }
        help_texts = {
            "needs": _("For example: a wheelchair, help with changing, no stairs."),
        }

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_date"].knows(today)  # type: ignore[attr-defined]
        self.helper = helper_of(*self.layout())

    def layout(self) -> list[Any]:
        return [
            Row(Column("given_name", css_class="col-md-6"), Column("family_name", css_class="col-md-6")),
            Row(Column("birth_date", css_class="col-md-6"), Column("gender", css_class="col-md-6")),
            Row(Column("phone", css_class="col-md-6"), Column("email", css_class="col-md-6")),
            Row(Column("channel", css_class="col-md-6"), Column("language", css_class="col-md-6")),
            "needs",
        ]

    def clean(self) -> dict[str, Any]:
        """The way to reach somebody needs its address; said beside that address, not above the form."""
        data = super().clean() or self.cleaned_data
        if data.get("channel") == ContactChannel.EMAIL and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Give an e-mail, or choose another way to reach you."))
        if data.get("channel") == ContactChannel.CALL and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Give a phone number, or choose another way to reach you."))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """What the actions about patients take."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class NewPatientForm(PatientForm):
    """Somebody the clinic does not know yet, and who they are to the account."""

    relation = forms.ChoiceField(label=_("Who is this person?"), choices=Relation, initial=Relation.SELF)

    def layout(self) -> list[Any]:
        return ["relation", *super().layout()]


def fields_shown(form: NewPatientForm, *, today: dt.date, edition: str) -> dict[str, SafeString]:
    """The fields as the page shows them. Those of an empty form are the same for everybody, but for the address."""
    if form.is_bound or any(form.initial.get(name) for name in form.fields if name not in OWN):
        return _rendered(form, form.fields)
    blank = partial(NewPatientForm, today=today, initial={"language": form.initial.get("language", "en")})
    names = [name for name in form.fields if name != "email"]
    shown = of_edition(edition, f"new-person:{today}", lambda: _rendered(blank(), names))
    return shown | _rendered(form, ["email"])


def _rendered(form: NewPatientForm, names: Iterable[str]) -> dict[str, SafeString]:
    return {name: plain_field(form[name]) for name in names}


class OwnDetailsForm(VersionedForm, PatientForm):
    """The same for somebody the clinic knows, with what body treatments ask."""

    class Meta(PatientForm.Meta):
        fields = [*PatientForm.Meta.fields, "accepts_therapist", "discreet", "label"]

    def layout(self) -> list[Any]:
        return [*super().layout(), "accepts_therapist", "discreet", "label", "version"]
