"""Dose and temperature of an order and of a session: numbers with a unit, from – to; one number is both."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from therapies.amounts import CELSIUS, UNITS, Amount, amount_of, amount_written

HOTTEST, MOST = 100, 5000
"""Beyond these it is a slip of the finger whatever the therapy; its own limits are far below."""


class WithAmounts(models.Model):
    """`dose` and `temperature` hold the words of rows that were written before these were numbers: signed orders are
    never rewritten. `amount_reason` is why a number is beyond what is usual.
    """

    dose = models.CharField(_("dose or volume, as once written"), max_length=60, blank=True, editable=False)
    temperature = models.CharField(_("temperature, as once written"), max_length=40, blank=True, editable=False)
    dose_from = models.DecimalField(_("dose from"), max_digits=6, decimal_places=1, null=True, blank=True)
    dose_to = models.DecimalField(_("dose to"), max_digits=6, decimal_places=1, null=True, blank=True)
    dose_unit = models.CharField(_("unit of the dose"), max_length=10, choices=[*UNITS.items()], blank=True)
    celsius_from = models.DecimalField(_("temperature from"), max_digits=4, decimal_places=1, null=True, blank=True)
    celsius_to = models.DecimalField(_("temperature to"), max_digits=4, decimal_places=1, null=True, blank=True)
    amount_reason = models.CharField(_("reason for an unusual dose or temperature"), max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def dose_amount(self) -> Amount | None:
        """As a number, also where it was once written in words that can be read."""
        return amount_of(self.dose_from, self.dose_to, self.dose_unit) or amount_written(self.dose)

    @property
    def temperature_amount(self) -> Amount | None:
        """The same of the material, in °C."""
        return amount_of(self.celsius_from, self.celsius_to, CELSIUS) or amount_written(self.temperature)

    @property
    def dose_words(self) -> str:
        """For people: the number, or the words that were once written."""
        return str(self.dose_amount or self.dose)

    @property
    def temperature_words(self) -> str:
        """The same of the material's temperature."""
        return str(self.temperature_amount or self.temperature)


def amount_constraints(name: str) -> list[models.CheckConstraint]:
    """What no row may hold, whatever the therapy: `name` begins the constraints' names."""
    unit = Q(dose_from=None, dose_unit="") | Q(dose_from__isnull=False, dose_unit__in=[*UNITS])
    return [
        models.CheckConstraint(condition=unit, name=f"{name}_dose_has_a_unit"),
        _ends(name, "dose", 0, MOST),
        _ends(name, "celsius", 0, HOTTEST),
    ]


def _ends(name: str, what: str, least: int, most: int) -> models.CheckConstraint:
    """Both ends or none, in order and within these."""
    begin, end = f"{what}_from", f"{what}_to"
    both = Q(**{f"{begin}__gte": least, f"{end}__gte": F(begin), f"{end}__lte": most, f"{end}__isnull": False})
    return models.CheckConstraint(
        condition=Q(**{begin: None, end: None}) | (both & Q(**{f"{begin}__isnull": False})),
        name=f"{name}_{what}_in_order",
    )
