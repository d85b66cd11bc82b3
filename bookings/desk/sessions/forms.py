"""What is written down before and after a session. A form checks shape: what a human being can have."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk.form_fields import bare, set_field
from bookings.models import Pressure, SessionNote

IDENTIFIERS = (
    ("name", _("Name")),
    ("birth_date", _("Date of birth")),
    ("number", _("Patient number")),
    ("photo", _("Photo")),
)
AT_LEAST = 2
"""Identifiers checked before each session, as accreditation asks (catalogue rule sr_identity)."""
SYSTOLIC, DIASTOLIC, PULSE = (50, 300), (20, 200), (20, 250)
TEMPERATURE = (Decimal("33"), Decimal("43"))
SCALE, CHOICES = "desk/sessions/_scale.html", "desk/sessions/_choices.html"


def _number(label: Any, limits: tuple[int, int]) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=limits[0],
        max_value=limits[1],
        required=False,
        widget=forms.NumberInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


def _pain(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[(number, str(number)) for number in range(11)],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class BeforeForm(forms.Form):
    """Who it is, how it hurts, what is measured and agreed. Nothing but the two identifiers must be said to start."""

    identifiers = forms.MultipleChoiceField(
        label=_("Identity checked (two of these)"),
        choices=IDENTIFIERS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    pain_before = _pain(_("Pain before (0 = none, 10 = worst)"))
    systolic_before = _number(_("Blood pressure, upper"), SYSTOLIC)
    diastolic_before = _number(_("Blood pressure, lower"), DIASTOLIC)
    pulse_before = _number(_("Pulse"), PULSE)
    temperature_before = forms.DecimalField(
        label=_("Temperature in °C"),
        min_value=TEMPERATURE[0],
        max_value=TEMPERATURE[1],
        max_digits=4,
        decimal_places=1,
        required=False,
        widget=forms.NumberInput({"inputmode": "decimal", "autocomplete": "off", "step": "0.1"}),
    )
    pressure = forms.ChoiceField(
        label=_("Pressure agreed"),
        choices=[("", _("Not stated")), *Pressure.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    materials = forms.CharField(label=_("Oils and materials"), max_length=200, required=False)
    batch = forms.CharField(label=_("Batch"), max_length=60, required=False)

    def __init__(self, *args: Any, starting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starting = starting

    @property
    def helper(self) -> FormHelper:
        return bare(*self.before())

    def before(self) -> list[Any]:
        measured = ("systolic_before", "diastolic_before", "pulse_before", "temperature_before")
        return [
            Field("identifiers", template=CHOICES),
            Field("pain_before", template=SCALE),
            Row(*(Column(name, css_class="col-6 col-md-3") for name in measured), css_class="align-items-end"),
            Field("pressure", template=CHOICES),
            Row(Column("materials", css_class="col-md-8"), Column("batch", css_class="col-md-4")),
        ]

    def clean_identifiers(self) -> str:
        chosen: list[str] = self.cleaned_data["identifiers"]
        if self.starting and len(chosen) < AT_LEAST:
            raise forms.ValidationError(_("Please confirm two of these before you start."))
        return ",".join(chosen)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.in_order("systolic_before", "diastolic_before")
        return data

    def in_order(self, upper: str, lower: str) -> None:
        """Both values of a blood pressure, the upper one above: else it is a slip of the finger."""
        if upper in self.errors or lower in self.errors:
            return
        high, low = self.cleaned_data.get(upper), self.cleaned_data.get(lower)
        if (high is None) != (low is None):
            self.add_error(upper if high is None else lower, _("Please enter both values."))
        elif high is not None and low is not None and high <= low:
            self.add_error(upper, _("The upper value must be higher than the lower value."))


class WholeForm(BeforeForm):
    """The same with what came after. `events`: WHO terms of what may go wrong, as (code, words)."""

    pain_after = _pain(_("Pain after (0 = none, 10 = worst)"))
    systolic_after = _number(_("Blood pressure, upper"), SYSTOLIC)
    diastolic_after = _number(_("Blood pressure, lower"), DIASTOLIC)
    pulse_after = _number(_("Pulse"), PULSE)
    observations = forms.CharField(
        label=_("Observations"), max_length=4000, required=False, widget=forms.Textarea({"rows": 3})
    )
    adverse_event = forms.CharField(
        label=_("Adverse event"), max_length=4000, required=False, widget=forms.Textarea({"rows": 2})
    )
    event_code = forms.ChoiceField(label=_("WHO term for the event"), choices=[], required=False)

    def __init__(self, *args: Any, events: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_field(self, "event_code", choices=[("", _("None")), *events])

    @property
    def helper(self) -> FormHelper:
        """What comes after; `earlier` has the rest."""
        measured = ("systolic_after", "diastolic_after", "pulse_after")
        return bare(
            Field("pain_after", template=SCALE),
            Row(*(Column(name, css_class="col-6 col-md-3") for name in measured), css_class="align-items-end"),
            "observations",
            Row(Column("adverse_event", css_class="col-md-7"), Column("event_code", css_class="col-md-5")),
        )

    @property
    def earlier(self) -> FormHelper:
        return bare(*self.before())

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.in_order("systolic_after", "diastolic_after")
        return data


class SignForm(forms.Form):
    """A stop sign by its code."""

    sign = forms.SlugField(max_length=60)


def said_by(note: SessionNote | None, filled_in: dict[str, Any]) -> dict[str, Any]:
    """What a form begins with: the note where there is one, else what can be known beforehand."""
    if note is None:
        return filled_in
    rows = {name: getattr(note, name) for name in WholeForm.base_fields if name != "identifiers"}
    return rows | {"identifiers": [name for name in note.identifiers.split(",") if name]}
