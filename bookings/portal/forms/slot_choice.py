"""What, where, with whom, when."""

import datetime as dt
import uuid
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.portal import consultations
from bookings.portal.request import query_of
from bookings.slots.search_space import SlotRequest
from clinic.fields import MomentField, date_in_address
from clinic.premises.models import Clinic
from therapies.models import Variant


def helper_of(*fields: Any) -> FormHelper:
    """A layout without the form's own tag: the template holds it, with its token and its buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*fields)
    return helper


class SlotRequestForm(forms.Form):
    """Sent by GET: the address of the list of times says what is looked for, by numbers only.

    The choices are what the edition has; who may be wanted is read once the clinic is known.
    """

    clinic = forms.CharField(label=_("Clinic"), required=False, max_length=50)
    what = forms.TypedChoiceField(label=_("Treatment"), coerce=int)
    who = forms.TypedChoiceField(
        label=_("Preferred practitioner (optional)"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, on: dt.date, edition: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        named = self.data.get("clinic") if self.is_bound else self.initial.get("clinic")
        self.chosen_clinic = consultations.clinic_of(edition, named or "")
        self.on = on
        self.fields["what"].choices = consultations.consultation_labels(edition)  # type: ignore[attr-defined]
        self.fields["who"].choices = lambda: self.people  # type: ignore[attr-defined]

    @cached_property
    def people(self) -> list[tuple[int, str]]:
        """Who may be wanted there, read when somebody is, or when the choice is shown."""
        return consultations.people_consulting(self.chosen_clinic, self.on) if self.chosen_clinic else []

    @property
    def treatments(self) -> list[tuple[int, str, bool]]:
        """Each with its label, and whether it is chosen: the first one, until somebody chooses."""
        choices = self.fields["what"].choices  # type: ignore[attr-defined]
        wanted = self["what"].value() or (choices[0][0] if choices and not self.is_bound else "")
        return [(pk, label, str(pk) == str(wanted)) for pk, label in choices]

    @property
    def practitioners(self) -> list[tuple[int, str, bool]]:
        """The same of those who may be wanted."""
        return [(pk, name, str(pk) == str(self["who"].value())) for pk, name in self.people]

    def clean_clinic(self) -> Clinic:
        if self.chosen_clinic is None:
            raise forms.ValidationError(_("Choose a clinic."), code="invalid_choice")
        return self.chosen_clinic

    def clean_what(self) -> Variant:
        return consultations.consultations(self.edition)[self.cleaned_data["what"]]

    @property
    def who_in_words(self) -> str:
        """The name of whoever is wanted; "" for anybody."""
        who = self.cleaned_data["who"]
        return dict(self.people)[who] if who else ""

    @property
    def slot_request(self) -> SlotRequest:
        """Once the form is valid."""
        data = self.cleaned_data
        return SlotRequest(data["clinic"], (data["what"],), practitioner_id=data["who"])

    @property
    def asked(self) -> dict[str, Any]:
        """The same as an address or as hidden fields say it."""
        return query_of(self.slot_request)


class StartOfList(forms.Form):
    """A time of the list. `page` is the list's own number: a double click is one wish, a second choice another."""

    start = MomentField()
    page = forms.UUIDField(widget=forms.HiddenInput)

    def key(self, held_before: str) -> uuid.UUID:
        """The idempotency key: going back and choosing the first time again is a new request."""
        data = self.cleaned_data
        return uuid.uuid5(data["page"], f"{data['start'].isoformat()} {held_before}")


class HoldForm(StartOfList, SlotRequestForm):
    """A time of the list for a consultation."""


def chosen_day(asked: Mapping[str, str]) -> dt.date | None:
    """The day whose times are looked at, as the address says it; nonsense is none."""
    return date_in_address(asked.get("day", ""))


def chosen_first_day(asked: Mapping[str, str]) -> dt.date | None:
    """The first day of the week that is looked at, as the address says it; nonsense shows the first week."""
    return date_in_address(asked.get("from", ""))
