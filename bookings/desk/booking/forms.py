"""What is chosen when somebody at the desk books: treatment, people, time."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Row
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bookings.desk import offers
from bookings.desk.form_fields import bare, set_field
from bookings.rules.soft_limits import NOTHING_OVERRIDDEN, Override, OverrideReason
from clinic.fields import CalendarField, MomentField
from clinic.people.models import TherapistGender
from clinic.premises.models import Clinic
from clinic.wall import WallTimeFormField
from therapies.models import Variant


class WhatForm(forms.Form):
    """What is wished for. Addresses carry ids and dates, never the names of therapies."""

    item = forms.TypedMultipleChoiceField(
        label=_("Prescribed treatments, in one visit"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("This can no longer be booked. Please choose again.")},
    )
    what = forms.ModelChoiceField(
        label=_("Treatment"), queryset=offers.no_variants(), required=False, empty_label=_("Please choose")
    )
    who = forms.ModelChoiceField(
        label=_("Practitioner"),
        queryset=offers.no_people(),
        required=False,
        empty_label=_("Any available practitioner"),
    )
    from_on = CalendarField(label=_("From"), required=False)
    at = WallTimeFormField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, clinic: Clinic, known: offers.Known, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        set_field(self, "item", choices=[(row.number, offers.prescribed_label(row)) for row in known.open])
        set_field(self, "what", queryset=offers.variants())
        set_field(self, "what", label_from_instance=offers.variant_label)
        set_field(self, "who", queryset=offers.people(clinic, clinic.today(known.patient_facts.now)))
        set_field(self, "who", label_from_instance=known.person_label)
        if known.open:
            set_field(self, "what", label=_("Or another treatment"))
        else:
            del self.fields["item"]

    @property
    def helper(self) -> FormHelper:
        row = Row(
            Column("what", css_class="col-md-5"),
            Column("who", css_class="col-md-4"),
            Column("from_on", css_class="col-md-3"),
        )
        return bare(*(["item"] if "item" in self.fields else []), row, "at")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        items, what = data.get("item"), data.get("what")
        if items and what:
            self.add_error("what", _("Choose a prescribed treatment, or another one."))
        elif not items and not what and not self.errors:
            self.add_error("what", _("Please choose a treatment."))
        return data

    @property
    def variants(self) -> list[Variant]:
        """Once the form is valid: what is given in the visit, in the order of the prescription."""
        ticked = self.cleaned_data.get("item") or []
        return [row.variant for row in self.known.open if row.number in ticked] or [self.cleaned_data["what"]]


class HoldForm(WhatForm):
    """The same with the time that was chosen, and the key that keeps a double click from holding twice."""

    start = MomentField()
    key = forms.UUIDField()


class OverrideForm(forms.Form):
    """Why a visit is booked against rules that close nothing; `rules`: the codes of those that the page showed."""

    rules = forms.TypedMultipleChoiceField(coerce=str, required=False, widget=forms.MultipleHiddenInput)
    override = forms.ChoiceField(
        label=_("Book all the same, because"), choices=OverrideReason, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = self.data.getlist("rules") if isinstance(self.data, QueryDict) else []
        set_field(self, "rules", choices=[(code, code) for code in shown])

    @property
    def helper(self) -> FormHelper:
        return bare("override")

    @classmethod
    def read(cls, posted: QueryDict) -> Override:
        """What was posted; without a reason nothing is overridden."""
        form = cls(posted)
        data = form.cleaned_data if form.is_valid() else {}
        return Override(frozenset(data["rules"]), data["override"]) if data.get("override") else NOTHING_OVERRIDDEN


class KeyForm(forms.Form):
    """A form whose only content is that it was sent, once."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class AcceptsForm(forms.Form):
    """Whom the patient accepts as therapist: asked when a therapy needs to know, never guessed."""

    accepts_therapist = forms.ChoiceField(
        label=_("Who may treat the patient: a woman or a man?"), choices=TherapistGender, widget=forms.RadioSelect
    )

    @property
    def helper(self) -> FormHelper:
        return bare()
