"""The check of the day as a form: what was found, the dose, and whether the treatment goes on."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, DayCheck, Digested, Hunger
from bookings.rules.day_checks import DayCheckFinding, asked_on_the_day, may_be_by_phone, why_not_check

MOST_ML = 500


class DayCheckForm(forms.Form):
    """`asked`: the fields that this treatment has; the others are left out."""

    digested = forms.ChoiceField(
        label=_("The dose of the day before was digested"),
        choices=[("", _("Not stated")), *Digested.choices],
        required=False,
    )
    hunger = forms.ChoiceField(label=_("Hunger"), choices=[("", _("Not stated")), *Hunger.choices], required=False)
    dose_ml = forms.IntegerField(label=_("Dose of today (ml)"), min_value=1, max_value=MOST_ML, required=False)
    finding = forms.CharField(label=_("Signs and findings"), max_length=300, required=False)

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = asked_on_the_day(booking.variant.therapy)
        for name in ("digested", "hunger", "dose_ml"):
            if name not in names:
                del self.fields[name]

    def said(self, *, goes: bool, by_phone: bool) -> DayCheckFinding:
        """What was written, with the button that was pressed."""
        return DayCheckFinding(goes=goes, by_phone=by_phone, **self.cleaned_data)


def day_check_part(booking: Booking, *, now: dt.datetime) -> dict[str, object]:
    """What the page of a session shows of the findings of the day; nothing where the catalogue asks for none."""
    if not asked_on_the_day(booking.variant.therapy):
        return {}
    by_phone = may_be_by_phone(booking, now=now)
    newest = DayCheck.objects.filter(booking=booking).select_related("by").first()
    if why_not_check(booking, by_phone=by_phone, now=now):
        return {"day_check": newest}
    return {"day_check": newest, "day_check_form": DayCheckForm(booking=booking), "by_phone": by_phone}
