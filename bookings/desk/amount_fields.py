"""The fields of a dose and of a temperature, as numbers: in an order and in a session."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.rules.amounts import AMOUNT_FIELDS
from therapies.amounts import UNITS

DIGITS = {"inputmode": "decimal", "autocomplete": "off"}


def _number(label: Any, *, digits: int) -> forms.DecimalField:
    """A text field with a keyboard of digits: a browser would throw away what is no number without a word."""
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_value=10 ** (digits - 1),
        max_digits=digits,
        decimal_places=1,
        widget=forms.TextInput(DIGITS),
        error_messages={"invalid": _("Enter a number without its unit.")},
    )


class AmountsForm(forms.Form):
    """Numbers from – to; one alone is both. Which are possible and usual the catalogue says for each therapy."""

    dose_from = _number(_("Dose or volume"), digits=6)
    dose_to = _number(_("Dose up to (if a range)"), digits=6)
    dose_unit = forms.ChoiceField(
        label=_("Unit of the dose"), required=False, choices=[("", _("As usual for the therapy")), *UNITS.items()]
    )
    celsius_from = _number(_("Temperature of the material in °C"), digits=4)
    celsius_to = _number(_("°C up to (if a range)"), digits=4)
    amount_reason = forms.CharField(
        label=_("Reason for an unusual dose or temperature"), required=False, max_length=300
    )

    def amounts_row(self) -> Row:
        """The layout of the numbers."""
        names = [name for name in AMOUNT_FIELDS if name in self.fields and name != "amount_reason"]
        return Row(*(Column(name, css_class="col-6 col-md") for name in names), css_class="align-items-end")
