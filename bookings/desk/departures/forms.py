"""The last day of somebody who leaves."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk.form_fields import bare
from clinic.fields import CalendarField

A_DAY, A_YEAR = dt.timedelta(days=1), dt.timedelta(days=366)


class LastDayForm(forms.Form):
    """`shown` is the day whose visits the page listed: nobody leaves unseen visits behind."""

    last_on = CalendarField(label=_("Last day"))
    closes_account = forms.BooleanField(
        label=_("Close the account now"),
        required=False,
        help_text=_("For a last day that is today or yesterday, if the account is used at this clinic only."),
    )
    shown = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @property
    def helper(self) -> FormHelper:
        return bare("last_on", "closes_account")

    def clean_last_on(self) -> dt.date:
        last_on: dt.date = self.cleaned_data["last_on"]
        if not self.today - A_DAY <= last_on <= self.today + A_YEAR:
            raise forms.ValidationError(_("Choose a date between yesterday and one year from now."))
        return last_on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("closes_account") and data.get("last_on", self.today) > self.today:
            self.add_error("closes_account", _("The account stays open until the last day. Close it then."))
        return data

    def saves(self) -> bool:
        """Whether the visits after the chosen day were on the page that was sent; else they are shown first."""
        if "look" in self.data:
            return False
        is_seen = self.is_valid() and self.cleaned_data["shown"] == self.cleaned_data["last_on"].isoformat()
        if self.is_valid() and not is_seen:
            self.add_error("last_on", _("Please look at the visits after this day, then save."))
        return is_seen
