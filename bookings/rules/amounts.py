"""May this dose, and this temperature, be ordered or used: "" or the reason in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from clinic.reasons import why_no_reason
from therapies.amounts import CELSIUS, Amount, AmountLimits, amount_of, names_heat, why_impossible, why_unusual
from therapies.materials import dose_limits, temperature_limits
from therapies.models import Variant

AMOUNT_FIELDS = ("dose_from", "dose_to", "dose_unit", "celsius_from", "celsius_to", "amount_reason")
"""What an order and a session keep of it."""


class HasAmounts(Protocol):
    """An order or what was used in a session."""

    @property
    def dose_from(self) -> Decimal | None: ...
    @property
    def dose_to(self) -> Decimal | None: ...
    @property
    def dose_unit(self) -> str: ...
    @property
    def celsius_from(self) -> Decimal | None: ...
    @property
    def celsius_to(self) -> Decimal | None: ...
    @property
    def amount_reason(self) -> str: ...


@dataclass(frozen=True)
class AmountProblem:
    """`field` is where a form says it."""

    field: str
    words: str


def amount_problems(
    variant: Variant, dose: Amount | None, temperature: Amount | None, reason: str
) -> list[AmountProblem]:
    """What is impossible, and what is beyond the usual without a reason."""
    rows = _problems("dose_from", dose, dose_limits(variant), reason)
    return [*rows, *_problems("celsius_from", temperature, temperature_limits(variant), reason)]


def _problems(field: str, amount: Amount | None, limits: AmountLimits, reason: str) -> list[AmountProblem]:
    if amount is None:
        return []
    if why_not := why_impossible(amount, limits):
        return [AmountProblem(field, why_not)]
    unusual = why_unusual(amount, limits)
    if not unusual or not (lacking := why_no_reason(reason)):
        return []
    return [AmountProblem("amount_reason", unusual if not reason.strip() else lacking)]


def why_not_amounts(row: HasAmounts, variant: Variant) -> str:
    """The same of a row that is to be kept, in one sentence: what the action asks."""
    return " ".join(problem.words for problem in amount_problems(variant, *amounts_of(row), row.amount_reason))


def why_not_in_words(*sentences: str) -> str:
    """Whether a temperature hides among materials or in a note, where no limit holds."""
    if not any(map(names_heat, sentences)):
        return ""
    return _("Enter a temperature in its own field, in °C: there its limits are checked.")


def amounts_of(row: HasAmounts) -> tuple[Amount | None, Amount | None]:
    """Its dose and its temperature."""
    return (
        amount_of(row.dose_from, row.dose_to, row.dose_unit),
        amount_of(row.celsius_from, row.celsius_to, CELSIUS),
    )


def amount_values(dose: Amount | None, temperature: Amount | None) -> dict[str, Any]:
    """Both as the columns of a row."""
    return {
        "dose_from": dose.low if dose else None,
        "dose_to": dose.high if dose else None,
        "dose_unit": dose.unit if dose else "",
        "celsius_from": temperature.low if temperature else None,
        "celsius_to": temperature.high if temperature else None,
    }


def completed_amounts(values: Mapping[str, Any], variant: Variant) -> dict[str, Any]:
    """As a form typed them, made whole: one number alone is both ends, and a dose without a unit has the variant's."""
    numbers = {name: values.get(name) for name in AMOUNT_FIELDS[:5]}
    unit = numbers["dose_unit"] or dose_limits(variant).unit
    dose = amount_of(numbers["dose_from"], numbers["dose_to"], unit)
    return amount_values(dose, amount_of(numbers["celsius_from"], numbers["celsius_to"], CELSIUS))
