"""The fields for what is measured at a session. They begin empty: a reading is added, none is changed or rubbed out."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Column, Div, Field, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.desk.form_fields import set_field
from clinic.fields import WholeField
from therapies.readings import FIELDS, WORDS
from therapies.vitals import Readings

Number = int | Decimal
LIMITS: dict[str, tuple[Number, Number]] = {
    "systolic": (50, 300),
    "diastolic": (20, 200),
    "pulse": (20, 250),
    "temperature": (Decimal("33"), Decimal("43")),
    "respiration": (5, 60),
    "weight": (Decimal("2"), Decimal("300")),
}
"""What a human being can have, in the units of the form."""
MOST = 9999
"""More than this is no number of any of these units."""
ALWAYS = ("blood_pressure", "pulse", "temperature")
"""What can be written down at every session, whether or not its entry names it."""
FAHRENHEIT = (Decimal("91"), Decimal("110"))
"""What can only be a body's temperature in °F."""
CHOICES = "desk/sessions/_choices.html"


def _whole(label: Any, unit: Any) -> WholeField:
    return WholeField(max_value=MOST, label=label, required=False, help_text=unit, widget=_digits("numeric"))


def _decimal(label: Any, unit: Any) -> forms.DecimalField:
    return forms.DecimalField(
        min_value=0,
        max_value=MOST,
        max_digits=5,
        decimal_places=1,
        label=label,
        required=False,
        help_text=unit,
        widget=_digits("decimal"),
    )


def _digits(keys: str) -> forms.TextInput:
    """A text field with a keyboard of digits: a browser would throw away "98.6 F" in a field for numbers."""
    return forms.TextInput({"inputmode": keys, "autocomplete": "off"})


class MeasuringForm(forms.Form):
    """One entry of readings. `named`: what the therapy's entry wants measured.

    Before a session (`may_be_unmeasured`) it can also be said that one of them cannot be measured today.
    """

    may_be_unmeasured = True

    systolic = _whole(gettext_lazy("Blood pressure, upper"), gettext_lazy("mmHg"))
    diastolic = _whole(gettext_lazy("Blood pressure, lower"), gettext_lazy("mmHg"))
    pulse = _whole(gettext_lazy("Pulse"), gettext_lazy("per minute"))
    temperature = _decimal(gettext_lazy("Temperature in °C"), gettext_lazy("°C"))
    respiration = _whole(gettext_lazy("Breaths"), gettext_lazy("per minute"))
    weight = _decimal(gettext_lazy("Weight in kg"), gettext_lazy("kg"))
    unwell = forms.BooleanField(
        label=gettext_lazy("Unwell now: headache, chest pain, short of breath, blurred sight or confused"),
        required=False,
    )
    unmeasured = forms.MultipleChoiceField(
        label=gettext_lazy("Cannot be measured today"),
        choices=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    why_unmeasured = forms.CharField(label=gettext_lazy("Why it cannot be measured"), max_length=200, required=False)

    def __init__(self, *args: Any, named: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named = tuple(name for name in named if name in FIELDS)
        shown = {*self.named, *ALWAYS}
        self.values = [field for vital, names in FIELDS.items() if vital in shown for field in names]
        for name in {name for names in FIELDS.values() for name in names} - {*self.values}:
            del self.fields[name]
        if self.may_be_unmeasured and self.named:
            set_field(self, "unmeasured", choices=[(name, WORDS[name]) for name in self.named])
        else:
            del self.fields["unmeasured"], self.fields["why_unmeasured"]

    def measuring(self) -> list[Any]:
        """The layout of these fields."""
        values = Row(*(Column(name, css_class="col-6 col-md-3") for name in self.values), css_class="align-items-end")
        if "unmeasured" not in self.fields:
            return [values, "unwell"]
        return [values, "unwell", Div(Field("unmeasured", template=CHOICES), "why_unmeasured")]

    @property
    def readings(self) -> Readings:
        """What was measured."""
        return Readings(**{name: self.cleaned_data.get(name) for name in self.values})

    @property
    def entry(self) -> dict[str, Any] | None:
        """What the action of measuring takes; None where nothing was written."""
        names = ("unwell", "unmeasured", "why_unmeasured")
        data = {name: self.cleaned_data[name] for name in names if name in self.fields}
        nothing = self.readings == Readings() and not data["unwell"] and not data.get("unmeasured")
        return None if nothing else data | {"readings": self.readings}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in self.values:
            self._in_bounds(name)
        self._in_order()
        if data.get("unmeasured") and not data.get("why_unmeasured", "").strip():
            self.add_error("why_unmeasured", _("Please say why it cannot be measured."))
        return data

    def _in_bounds(self, name: str) -> None:
        value, (low, high) = self.cleaned_data.get(name), LIMITS[name]
        if value is None or low <= value <= high:
            return
        if name == "temperature" and FAHRENHEIT[0] <= value <= FAHRENHEIT[1]:
            celsius = ((value - 32) * 5 / 9).quantize(Decimal("0.1"))
            words = _("%(value)s is in °F. It would be %(celsius)s °C: enter the value in °C.")
            self.add_error(name, words % {"value": value, "celsius": celsius})
            return
        words = _("Enter a value from %(low)s to %(high)s %(unit)s.")
        self.add_error(name, words % {"low": low, "high": high, "unit": self.fields[name].help_text})

    def _in_order(self) -> None:
        """Both values of a blood pressure, the upper one above: else it is a slip of the finger."""
        if "systolic" in self.errors or "diastolic" in self.errors:
            return
        high, low = self.cleaned_data.get("systolic"), self.cleaned_data.get("diastolic")
        if (high is None) != (low is None):
            self.add_error("systolic" if high is None else "diastolic", _("Please enter both values."))
        elif high is not None and low is not None and high <= low:
            self.add_error("systolic", _("The upper value must be higher than the lower value."))
