"""What a person reads on the page and types, and a mail scanner that sends off every form does not: the visit's day.

Scanners open links and press buttons, some with whatever fits a field. Two presses in a row would not stop them.
"""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.http import HttpRequest
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, Visit
from clinic.fields import WholeField
from clinic.people import attempts

WRONG_DAYS = attempts.Limit(5, dt.timedelta(hours=1))
"""For one visit, by all of its links together."""


class DayOfVisitForm(forms.Form):
    """Day and month of the visit as it is now."""

    day = WholeField(
        label=_("Day"),
        min_value=1,
        max_value=31,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "2"}),
    )
    month = forms.TypedChoiceField(
        label=_("Month"), coerce=int, choices=lambda: [("", _("Choose the month")), *MONTHS.items()]
    )

    def __init__(self, *args: Any, visit: Visit, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit, self.now = visit, now
        self.on = date_of(visit)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Row(Column("day", css_class="col-4"), Column("month", css_class="col-8")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        key = f"day_of_visit:{self.visit.pk}"
        if not attempts.take(key=key, limit=WRONG_DAYS, now=self.now):
            self.add_error(
                None, _("The wrong date was entered too many times for this appointment. Please sign in, or call us.")
            )
        elif (data["day"], data["month"]) != (self.on.day, self.on.month):
            self.add_error("day", _("This is not the date of the appointment. The date is shown above."))
        else:
            attempts.give_back(key=key)
        return data


def date_of(visit: Visit) -> dt.date:
    """The date of the first booking, by the clock of the visit's clinic."""
    first: Booking = min(visit.bookings.all(), key=lambda booking: booking.position)
    return first.starts_at.astimezone(visit.zone).date()


IN_SESSION = "days_typed"


def has_typed_the_day(request: HttpRequest, visit: Visit) -> bool:
    """Whether this browser did so already for the visit as it is now."""
    return bool(request.session.get(IN_SESSION, {}).get(str(visit.public_id)) == date_of(visit).isoformat())


def remember_the_day(request: HttpRequest, form: DayOfVisitForm, visit: Visit) -> None:
    """The pages that follow do not ask again."""
    days = request.session.get(IN_SESSION, {})
    request.session[IN_SESSION] = days | {str(visit.public_id): form.on.isoformat()}
