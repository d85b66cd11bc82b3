"""Which of the prescribed therapies, where, with whom, when."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.dateparse import parse_time
from django.utils.translation import gettext_lazy as _

from bookings.portal import lookups
from bookings.portal.forms.slot_choice import StartOfList
from bookings.slots.bookable_orders import BookableOrder, minutes_of
from clinic.people.models import TherapistGender
from clinic.premises.models import Clinic
from therapies.models import Variant


class SessionsForm(forms.Form):
    """Sent by GET: the address says by numbers which orders are meant. Several are given in one visit."""

    item = forms.TypedMultipleChoiceField(
        label=_("Treatment"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Please choose at least one."),
            "invalid_choice": _("This can no longer be booked. Please choose again."),
        },
    )
    clinic = forms.ModelChoiceField(
        Clinic.objects.none(), label=_("Clinic"), to_field_name="slug", widget=forms.RadioSelect, empty_label=None
    )
    who = forms.TypedChoiceField(
        label=_("Practitioner"),
        coerce=int,
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": _("This person no longer gives this treatment. Please choose again.")},
    )

    small = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, offered: Sequence[BookableOrder], people: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        clinics = lookups.open_clinics()
        self.fields["item"].choices = [(row.number, str(row.variant)) for row in offered]  # type: ignore[attr-defined]
        self.fields["who"].choices = [("", _("Any available practitioner")), *people]  # type: ignore[attr-defined]
        self.fields["clinic"].queryset = clinics  # type: ignore[attr-defined]
        first_two = list(clinics[:2])
        self.only_clinic = first_two[0] if len(first_two) == 1 else None
        self.fields["clinic"].required = self.only_clinic is None

    def clean_clinic(self) -> Clinic | None:
        return self.cleaned_data["clinic"] or self.only_clinic

    @property
    def chosen(self) -> list[BookableOrder]:
        """Once the form is valid: what was ticked, in the order of the prescription."""
        return [row for row in self.offered if row.number in self.cleaned_data["item"]]

    @property
    def variants(self) -> list[Variant]:
        """The variants that are meant: with a smaller crew where that was chosen and there is such a way."""
        small = self.cleaned_data["small"]
        return [row.smaller if small and row.smaller else row.variant for row in self.chosen]

    @property
    def longer(self) -> int | None:
        """By how many minutes it takes longer with a smaller crew; None where there is no such way."""
        smaller = [(row.smaller, row.minutes) for row in self.chosen if row.smaller]
        return sum(minutes_of(variant) - usual for variant, usual in smaller) if smaller else None

    @property
    def person(self) -> str:
        """The name of whoever was asked for."""
        names = dict(self.fields["who"].choices)  # type: ignore[attr-defined]
        who = self.cleaned_data["who"]
        return str(names[who]) if who else ""


class SessionsHoldForm(StartOfList, SessionsForm):
    """A time of the list."""


class AcceptsForm(forms.Form):
    """Whom the patient accepts as therapist: asked, never guessed."""

    accepts_therapist = forms.ChoiceField(
        label=_("Who may treat you?"),
        choices=TherapistGender.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the answers.")},
    )


class HourForm(forms.Form):
    """The time of day that suited last time; nonsense suits nothing."""

    at = forms.CharField(required=False, max_length=5)

    @classmethod
    def hour(cls, data: Any) -> dt.time | None:
        form = cls({"at": data.get("at", "")})
        try:
            return parse_time(form.cleaned_data["at"]) if form.is_valid() and form.cleaned_data["at"] else None
        except ValueError:
            return None
