"""The days that a report covers."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.desk.form_fields import bare
from bookings.facts.report_period import LONGEST
from clinic.fields import CalendarField


class PeriodForm(forms.Form):
    """From the first through the last day."""

    first = CalendarField(label=_("From"))
    last = CalendarField(label=_("Until"))

    @property
    def helper(self) -> FormHelper:
        return bare(Row(Column("first", css_class="col-sm-6"), Column("last", css_class="col-sm-6")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The end must be after the start."))
        elif first and last and last - first >= dt.timedelta(days=LONGEST):
            self.add_error("last", gettext("A report covers at most %(days)s days.") % {"days": LONGEST})
        return data
