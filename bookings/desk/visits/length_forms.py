"""When a treatment is to end instead."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk.form_fields import bare
from bookings.models import Booking
from clinic.fields import VersionField
from clinic.wall import NoSuchTime, instant


class LengthForm(forms.Form):
    """By the clinic's clock, on the day of the visit. `version` is of the booking as the page showed it."""

    until = forms.TimeField(label=_("New end"), widget=forms.TimeInput({"type": "time", "step": 300}, "%H:%M"))
    version = VersionField()

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        self.booking, self.zone = booking, booking.visit.zone
        first = {"until": booking.ends_at.astimezone(self.zone).time(), "version": booking.version}
        kwargs["initial"] = first
        super().__init__(*args, **kwargs)

    @property
    def helper(self) -> FormHelper:
        return bare()

    def clean_until(self) -> dt.datetime:
        clock, on = self.cleaned_data["until"], self.booking.starts_at.astimezone(self.zone).date()
        try:
            return instant(on, clock.hour * 60 + clock.minute, self.zone, fold=0)
        except NoSuchTime:
            raise forms.ValidationError(_("This time does not exist on that day because the clocks change.")) from None

    def change(self) -> dict[str, Any]:
        """What the action is told."""
        return {"ends_at": self.cleaned_data["until"], "version": self.cleaned_data["version"]}
