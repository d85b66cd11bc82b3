"""Who or what is away, and when."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk import offers
from bookings.desk.form_fields import WallTimesForm, bare, set_field
from clinic.fields import CalendarField
from clinic.premises.models import Clinic
from clinic.wall import WallTimeFormField


class AbsenceForm(WallTimesForm):
    """Somebody is away, or a room is out of order. Without times it is whole days."""

    resource = forms.ModelChoiceField(label=_("Staff, room or device"), queryset=offers.no_resources())
    from_on = CalendarField(label=_("From"))
    from_at = WallTimeFormField(label=_("at"), required=False, help_text=_("Leave empty for the whole morning."))
    until_on = CalendarField(
        label=_("Until"),
        help_text=_("If you do not know the end date, choose a late date. You can end the absence at any time."),
    )
    until_at = WallTimeFormField(label=_("at"), required=False, help_text=_("Leave empty for the rest of the day."))
    reason = forms.CharField(label=_("Reason (staff only)"), max_length=120, required=False)

    def __init__(self, *args: Any, clinic: Clinic, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, clinic=clinic, **kwargs)
        set_field(self, "resource", queryset=offers.resources(clinic, on))

    @property
    def helper(self) -> FormHelper:
        return bare(
            "resource",
            Row(Column("from_on", css_class="col-sm-7"), Column("from_at", css_class="col-sm-5")),
            Row(Column("until_on", css_class="col-sm-7"), Column("until_at", css_class="col-sm-5")),
            "reason",
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begin = self.moment("from_on", "from_at", empty=0)
        end = self.moment("until_on", "until_at", empty=24 * 60)
        if begin and end and end <= begin:
            self.add_error("until_on", _("The end must be after the start."))
        return data | {"during": (begin, end)}
