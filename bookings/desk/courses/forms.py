"""What the patient wishes for the days of a course."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk.form_fields import bare
from bookings.slots.care_plan import MOST_SLIP, CourseWish
from clinic.fields import CalendarField, date_in_address, moment_of

LONGEST_AWAY = 60
"""Days of one journey that are looked at."""


class WishForm(forms.Form):
    """From when, at which part of the day, how many rest days, and when the patient cannot come."""

    from_on = CalendarField(label=_("From"))
    part = forms.ChoiceField(
        label=_("Part of the day"),
        required=False,
        choices=[("", _("Any hour")), ("morning", _("Morning")), ("afternoon", _("Afternoon"))],
    )
    slip = forms.TypedChoiceField(
        label=_("Rest days between two visits, at most"),
        coerce=int,
        choices=[(number, str(number)) for number in range(MOST_SLIP + 1)],
    )
    away_from = CalendarField(label=_("Cannot come from"), required=False)
    away_until = CalendarField(label=_("Until"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @property
    def helper(self) -> FormHelper:
        third = "col-md-4"
        wish = Row(*(Column(name, css_class=third) for name in ("from_on", "part", "slip")))
        away = Row(*(Column(name, css_class=third) for name in ("away_from", "away_until")))
        return bare(wish, away)

    def clean_from_on(self) -> dt.date:
        first: dt.date = self.cleaned_data["from_on"]
        if first < self.today:
            raise forms.ValidationError(_("This day is in the past."))
        return first

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begin, end = data.get("away_from"), data.get("away_until")
        if begin and end and end < begin:
            self.add_error("away_until", _("The last day must not be before the first."))
        return data

    def wish(self, left_out: list[str]) -> CourseWish:
        """Once valid: with the single days that were left out on the page."""
        data = self.cleaned_data
        begin, end = data["away_from"], data["away_until"] or data["away_from"]
        away = [] if begin is None else range(min((end - begin).days, LONGEST_AWAY) + 1)
        dates = {begin + dt.timedelta(days=number) for number in away}
        dates |= {date for words in left_out if (date := date_in_address(words)) is not None}
        return CourseWish(data["from_on"], data["slip"], data["part"], not_on=frozenset(dates))


class TimetableForm(forms.Form):
    """The starts that a page showed, and the key that keeps a double click from booking twice."""

    key = forms.UUIDField()


def starts_in(words: list[str]) -> list[dt.datetime]:
    """The starts of a page; what is none is left out, and the timetable then lacks a visit."""
    return [moment for each in words if (moment := moment_of(each)) is not None]
