"""Doses, volumes and temperatures as numbers with their unit, and the limits of each: pure.

`possible` is what a body can be given at all: beyond it nothing is kept. `usual` is what texts and clinics give: beyond
it a reason is asked for. The figures stand in the catalogue (`materials.yaml`), with a source or as clinic default.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

UNITS: Mapping[str, str | Promise] = {
    "ml": gettext_lazy("ml"),
    "drops": gettext_lazy("drops"),
    "g": gettext_lazy("g"),
}
"""What a dose may be measured in."""
CELSIUS = "°C"
NUMBER = r"(\d+(?:[.,]\d)?)"
WRITTEN = re.compile(rf"^\s*{NUMBER}\s*(?:(?:[-–—]|to)\s*{NUMBER}\s*)?(ml|drops?|g|°\s*C)\s*$", re.IGNORECASE)
HEAT = re.compile(r"\d\s*(?:°|º|℃|℉|deg(?:rees?)?\b|celsius|fahrenheit|[CF]\b|डिग्री|से\.)", re.IGNORECASE)
"""A temperature in somebody's own sentence: "95 °C", "200 F", "95 डिग्री"."""
UNIT_OF = {"drop": "drops", "°c": CELSIUS}


@dataclass(frozen=True)
class Amount:
    """A number, or a range from `low` to `high`, of a unit."""

    low: Decimal
    high: Decimal
    unit: str

    def __str__(self) -> str:
        unit = UNITS.get(self.unit, self.unit)
        low, high = plain(self.low), plain(self.high)
        return f"{low} {unit}" if low == high else f"{low}–{high} {unit}"


Bounds = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class AmountLimits:
    """Of a dose or a temperature of one variant: both ends belong to each span. `usual`: None where nobody says.

    `is_default`: sources give the usual, so an order that says nothing has it.
    """

    unit: str
    possible: Bounds
    usual: Bounds | None = None
    is_default: bool = False

    @property
    def usual_amount(self) -> Amount | None:
        return Amount(*self.usual, self.unit) if self.usual else None

    @property
    def default_amount(self) -> Amount | None:
        """What is given unless somebody orders something else."""
        return self.usual_amount if self.is_default else None

    @property
    def possible_amount(self) -> Amount:
        return Amount(*self.possible, self.unit)


def plain(number: Decimal) -> str:
    """150 and 0.5, never 150.0."""
    return f"{number.normalize():f}"


def amount_of(low: Decimal | None, high: Decimal | None, unit: str) -> Amount | None:
    """From two columns of a row; None where neither says anything. One alone is both ends."""
    if low is None and high is None:
        return None
    first = low if low is not None else high
    last = high if high is not None else low
    assert first is not None and last is not None  # noqa: S101, PT018 - one of them is given
    return Amount(first, last, unit)


def amount_written(words: str) -> Amount | None:
    """What was typed before amounts were numbers, where it can be read: "150–250 ml", "40 to 45 °C"."""
    match = WRITTEN.match(words)
    if match is None:
        return None
    low, high, unit = match[1], match[2] or match[1], re.sub(r"\s", "", match[3]).casefold()
    try:
        ends = Decimal(low.replace(",", ".")), Decimal(high.replace(",", "."))
    except InvalidOperation:
        return None
    return Amount(min(ends), max(ends), UNIT_OF.get(unit, unit))


def names_heat(words: str) -> bool:
    """Whether a sentence names a temperature, whose limits nobody would check there."""
    return HEAT.search(words) is not None


def limits_from(row: Mapping[str, Any], unit: str = "") -> AmountLimits:
    """As the catalogue writes them: `unit`, `possible`, and `usual` or `reason_beyond`, each a pair of numbers."""
    usual = row.get("usual") or row.get("reason_beyond")
    return AmountLimits(
        unit=row.get("unit", unit),
        possible=_bounds(row["possible"]),
        usual=_bounds(usual) if usual else None,
        is_default="usual" in row,
    )


def _bounds(pair: Sequence[Any]) -> Bounds:
    low, high = pair
    return Decimal(str(low)), Decimal(str(high))


def why_impossible(amount: Amount, limits: AmountLimits) -> str:
    """Whether anybody can be given so much, so hot: the wrong unit and what lies beyond the possible are refused."""
    if amount.unit != limits.unit:
        return _("For this treatment the unit is %(unit)s.") % {"unit": UNITS.get(limits.unit, limits.unit)}
    if amount.low > amount.high:
        return _("The upper value must not be below the lower value.")
    if amount.low < limits.possible[0] or amount.high > limits.possible[1]:
        return _("Possible for this treatment: %(amount)s.") % {"amount": limits.possible_amount}
    return ""


def why_unusual(amount: Amount, limits: AmountLimits) -> str:
    """Whether it is within what is usual; beyond it the words that ask for a reason."""
    if limits.usual is None or (limits.usual[0] <= amount.low and amount.high <= limits.usual[1]):
        return ""
    return _("Usual for this treatment: %(amount)s. Please give a reason for another value.") % {
        "amount": limits.usual_amount
    }
