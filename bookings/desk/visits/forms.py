"""What the desk types about a visit: what, when, who serves, why not."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk import offers
from bookings.desk.patients.forms import bare, set_field
from bookings.desk.words import BY_THE_DESK, OF_A_REQUEST
from bookings.models import Exit
from clinic.fields import CalendarField, MomentField, VersionField, WholeField
from clinic.premises.models import Clinic
from clinic.wall import NoSuchTime, TimeHappensTwice, WallTimeFormField, instant
from therapies.models import Variant


class WhatForm(forms.Form):
    """What is wished for. Addresses carry ids and dates, never the names of therapies."""

    item = forms.TypedMultipleChoiceField(
        label=_("Prescribed, in one visit"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("This can no longer be booked. Please choose again.")},
    )
    what = forms.ModelChoiceField(
        label=_("What for"), queryset=offers.no_variants(), required=False, empty_label=_("Please choose")
    )
    who = forms.ModelChoiceField(
        label=_("With"), queryset=offers.no_people(), required=False, empty_label=_("Whoever is free")
    )
    from_on = CalendarField(label=_("From"), required=False)

    def __init__(self, *args: Any, clinic: Clinic, known: offers.Known, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        set_field(self, "item", choices=[(row.number, offers.prescribed_label(row)) for row in known.open])
        set_field(self, "what", queryset=offers.variants())
        set_field(self, "what", label_from_instance=offers.variant_label)
        set_field(self, "who", queryset=offers.people(clinic, clinic.today(known.standing.now)))
        set_field(self, "who", label_from_instance=known.person_label)
        if known.open:
            set_field(self, "what", label=_("Or something else"))
        else:
            del self.fields["item"]

    @property
    def helper(self) -> FormHelper:
        row = Row(
            Column("what", css_class="col-md-5"),
            Column("who", css_class="col-md-4"),
            Column("from_on", css_class="col-md-3"),
        )
        return bare(*(["item"] if "item" in self.fields else []), row)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        items, what = said.get("item"), said.get("what")
        if items and what:
            self.add_error("what", _("Choose what is prescribed, or something else."))
        elif not items and not what and not self.errors:
            self.add_error("what", _("Please choose what the visit is for."))
        return said

    @property
    def variants(self) -> list[Variant]:
        """Once the form is valid: what is given in the visit, in the order of the prescription."""
        ticked = self.cleaned_data.get("item") or []
        return [row.variant for row in self.known.open if row.number in ticked] or [self.cleaned_data["what"]]


class HoldForm(WhatForm):
    """The same with the time that was chosen, and the key that keeps a double click from holding twice."""

    start = MomentField()
    key = forms.UUIDField()


class KeyForm(forms.Form):
    """A form whose only content is that it was sent, once."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class MoveForm(KeyForm):
    """A new time. `version` is of the visit as the page showed it."""

    start = MomentField()
    version = VersionField()


class DeclineForm(forms.Form):
    """Why a request is not met."""

    reason = forms.ChoiceField(
        label=_("Why?"), choices=[(code, BY_THE_DESK[code][0]) for code in OF_A_REQUEST], widget=forms.RadioSelect
    )

    @property
    def helper(self) -> FormHelper:
        return bare()


class CancelForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=[(code, words) for code, (words, _who) in BY_THE_DESK.items()],
        widget=forms.RadioSelect,
    )
    version = VersionField()

    @property
    def helper(self) -> FormHelper:
        return bare()

    def ended_by(self) -> Exit:
        """Who ended the visit, by the reason that was chosen."""
        return BY_THE_DESK[self.cleaned_data["reason"]][1]


class ReassignForm(forms.Form):
    """One resource in the place of another. `version` is of the booking as the page showed it."""

    old = WholeField(widget=forms.HiddenInput)
    version = VersionField()
    new = forms.TypedChoiceField(label=_("Instead"), coerce=int)

    def __init__(self, *args: Any, others: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_field(self, "new", choices=list(others))

    @property
    def helper(self) -> FormHelper:
        return bare()

    def change(self) -> dict[str, int]:
        """What the verb is told."""
        data = self.cleaned_data
        return {"old_resource_id": data["old"], "new_resource_id": data["new"], "version": data["version"]}


class WallTimesForm(forms.Form):
    """Dates and times as the clinic's wall shows them."""

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic

    def moment(self, on: str, at: str, *, empty: int) -> dt.datetime | None:
        """The instant of two fields; `empty` is the minute that an empty time means. Says what is wrong beside it."""
        day, minute = self.cleaned_data.get(on), self.cleaned_data.get(at)
        if day is None or at in self.errors:
            return None
        try:
            return instant(day, empty if minute is None else minute, self.clinic.zone, fold=0)
        except NoSuchTime:
            self.add_error(at, _("The clock skips this time on that day."))
        except TimeHappensTwice:
            raise AssertionError("A fold was given.") from None
        return None


class PastForm(WallTimesForm):
    """A visit that was run on paper."""

    what = forms.ModelChoiceField(label=_("What was done"), queryset=offers.no_variants())
    on = CalendarField(label=_("Date"))
    at = WallTimeFormField(label=_("Began at"), widget=forms.TextInput(attrs={"placeholder": "07:30"}))
    who = forms.ModelMultipleChoiceField(
        label=_("Who served"), queryset=offers.no_people(), widget=forms.CheckboxSelectMultiple
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
        said = super().clean() or {}
        return said | {"start": self.moment("on", "at", empty=0)}

    def resource_ids(self) -> list[int]:
        """People and room together."""
        room = self.cleaned_data["room"]
        return [person.pk for person in self.cleaned_data["who"]] + ([room.pk] if room else [])


class AbsenceForm(WallTimesForm):
    """Somebody is away, or a room is out of order. Without times it is whole days."""

    resource = forms.ModelChoiceField(label=_("Who or what"), queryset=offers.no_resources())
    from_on = CalendarField(label=_("From"))
    from_at = WallTimeFormField(label=_("at"), required=False, help_text=_("Empty: from the morning."))
    until_on = CalendarField(
        label=_("Until"),
        help_text=_("If the end is not known, choose a late date: you can end it on any day."),
    )
    until_at = WallTimeFormField(label=_("at"), required=False, help_text=_("Empty: to the end of the day."))
    reason = forms.CharField(label=_("Reason (staff only)"), max_length=120, required=False)

    def __init__(self, *args: Any, clinic: Clinic, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, clinic=clinic, **kwargs)
        set_field(self, "resource", queryset=offers.resources(clinic, on))

    @property
    def helper(self) -> FormHelper:
        return bare(
            "resource",
            Row(Column("from_on", css_class="col-sm-7"), Column("from_at", css_class="col-sm-5")),
            Row(Column("until_on", css_class="col-sm-7"), Column("until_at", css_class="col-sm-5")),
            "reason",
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        begin = self.moment("from_on", "from_at", empty=0)
        end = self.moment("until_on", "until_at", empty=24 * 60)
        if begin and end and end <= begin:
            self.add_error("until_on", _("The end must be after the beginning."))
        return said | {"during": (begin, end)}
