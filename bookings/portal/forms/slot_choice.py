"""What, where, with whom, when."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.portal import lookups
from bookings.portal.request import query_of
from bookings.slots.search_space import SlotRequest
from clinic.fields import MomentField, date_in_address
from clinic.grid import CELL_MINUTES
from clinic.premises.models import Clinic
from therapies.models import Variant
from therapies.shape import shape


def helper_of(*fields: Any) -> FormHelper:
    """A layout without the form's own tag: the template holds it, with its token and its buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*fields)
    return helper


class VariantField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A consultation, with its length."""

    def label_from_instance(self, variant: Any) -> str:
        minutes = shape(variant).length * CELL_MINUTES
        return _("%(name)s, %(minutes)s minutes") % {"name": variant, "minutes": minutes}


class SlotRequestForm(forms.Form):
    """Sent by GET: the address of the list of times says what is looked for, by numbers only."""

    clinic = forms.ModelChoiceField(
        Clinic.objects.none(), label=_("Clinic"), to_field_name="slug", widget=forms.RadioSelect, empty_label=None
    )
    what = VariantField(Variant.objects.none(), label=_("Treatment"), widget=forms.RadioSelect, empty_label=None)
    who = forms.ModelChoiceField(
        lookups.Practitioner.objects.none(),
        label=_("Preferred practitioner (optional)"),
        required=False,
        empty_label=_("Any available practitioner"),
    )

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].queryset = lookups.offered_variants()  # type: ignore[attr-defined]
        self.fields["who"].queryset = lookups.consulting(on)  # type: ignore[attr-defined]
        self.fields["clinic"].queryset = lookups.open_clinics()  # type: ignore[attr-defined]
        self.only_clinic = self._only_clinic()
        if self.only_clinic:
            self.fields["clinic"].required = False
            self.fields["clinic"].widget = forms.HiddenInput()
            self.fields["clinic"].initial = self.only_clinic.slug
        self.helper = helper_of("clinic", "what", "who")

    def _only_clinic(self) -> Clinic | None:
        """The clinic of a house that has one: nobody is asked for it."""
        first_two = list(lookups.open_clinics()[:2])
        return first_two[0] if len(first_two) == 1 else None

    def clean_clinic(self) -> Clinic | None:
        return self.cleaned_data["clinic"] or self.only_clinic

    @property
    def slot_request(self) -> SlotRequest:
        """Once the form is valid."""
        data = self.cleaned_data
        return SlotRequest(data["clinic"], (data["what"],), practitioner_id=data["who"].pk if data["who"] else None)

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
