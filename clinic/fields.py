"""Form fields with bounds, and readers of words in addresses.

What people and programs send is refused in words, beside the field; nothing of it reaches the database, a calendar or
a sum of days that cannot hold it. A test of the house refuses other dates, numbers and texts in forms.
"""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from clinic.json_input import BoundedDecoder

FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2199, 12, 31)
"""Days that visits, hours and papers may name: every sum of days and zones on them is still a date."""
FIRST_BIRTH = dt.date(1900, 1, 1)
OLDEST = 120
"""Years: a birth date before is a slip of the pen."""
MOST_WHOLE = 2_147_483_647
"""The largest whole number that the database keeps."""
LONGEST_LINE, LONGEST_TEXT = 200, 4000
"""Letters of a line and of a longer text, where the model says nothing smaller."""


class DateInput(forms.DateInput):
    """The browser's own calendar; it posts and takes ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(format="%Y-%m-%d", attrs=attrs)


class CalendarField(forms.DateField):
    """A day between `earliest` and `latest`: the clinic's calendar, where nothing narrower is said."""

    widget = DateInput
    default_error_messages = {"invalid": _("Enter a date like 31/12/2026.")}

    def __init__(self, *, earliest: dt.date = FIRST_DAY, latest: dt.date = LAST_DAY, **said: Any) -> None:
        super().__init__(**said)
        self.earliest, self.latest = earliest, latest
        self.widget.attrs |= {"min": earliest.isoformat(), "max": latest.isoformat()}

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        if value and value < self.earliest:
            words = _("Choose %(day)s or a later date.")
            raise ValidationError(words, code="early", params={"day": date_format(self.earliest, "j F Y")})
        if value and value > self.latest:
            words = _("Choose %(day)s or an earlier date.")
            raise ValidationError(words, code="late", params={"day": date_format(self.latest, "j F Y")})


class BirthDateField(forms.DateField):
    """Between 120 years ago and `today`, which the view says; a searched one needs no `today`."""

    widget = DateInput(autocomplete="bday", min=FIRST_BIRTH.isoformat())
    default_error_messages = {"invalid": _("Enter a date like 31/12/1980.")}
    today: dt.date | None = None

    def knows(self, today: dt.date) -> None:
        """Say what day it is where the form is filled in."""
        self.today = today
        self.widget.attrs["max"] = today.isoformat()

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.today and value > self.today:
            raise ValidationError(_("The date of birth cannot be in the future."), code="future")
        if value < FIRST_BIRTH or value > LAST_DAY or (self.today and value.year < self.today.year - OLDEST):
            raise ValidationError(_("Please check the year."), code="year")


class MomentField(forms.CharField):
    """A moment with its zone, as our own buttons post it."""

    default_error_messages = {"invalid": _("Choose one of the times in the list.")}
    widget = forms.HiddenInput

    def __init__(self, **said: Any) -> None:
        super().__init__(max_length=40, **said)

    def to_python(self, value: Any) -> dt.datetime | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        moment = moment_of(text)
        if moment is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment

    def run_validators(self, value: Any) -> None:
        """Those of texts do not fit a moment; it is bounded already."""


class WholeField(forms.IntegerField):
    """A whole number that the database can keep, from nought on."""

    def __init__(self, *, min_value: int = 0, max_value: int = MOST_WHOLE, **said: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **said)


class VersionField(WholeField):
    """The version of a row as the page showed it: whoever changed the row since was quicker."""

    widget = forms.HiddenInput


class JsonField(forms.JSONField):
    """Django's, which takes no more than `clinic.json_input` does."""

    def __init__(self, **said: Any) -> None:
        super().__init__(**(said | {"decoder": BoundedDecoder}))


def limit_length(field: Any, letters: int) -> None:
    """Bound a text field that a library made."""
    field.max_length = letters
    field.validators.append(MaxLengthValidator(letters))
    field.widget.attrs["maxlength"] = str(letters)


class DayField(models.DateField):  # type: ignore[type-arg]
    """A date of the clinic's calendar. To the database it is a plain date; forms, those of the admin too, bound it."""

    def formfield(self, **said: Any) -> Any:
        return super().formfield(**{"form_class": CalendarField} | said)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateField", args, kwargs


def date_in_address(words: str) -> dt.date | None:
    """The day that an address says, such as 2026-03-02; None for anything else, also for days out of the calendar."""
    try:
        day = parse_date(words)
    except ValueError:
        return None
    return day if day and FIRST_DAY <= day <= LAST_DAY else None


def moment_of(words: str) -> dt.datetime | None:
    """The moment that a button or an address says, with its zone, in UTC; None for anything else."""
    try:
        moment = parse_datetime(words)
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None or not FIRST_DAY.year < moment.year <= LAST_DAY.year:
        return None
    return moment.astimezone(dt.UTC)


def number_of(words: str) -> int | None:
    """The whole number that an address or a hidden field says; None for anything that the database would refuse."""
    if not (words.isascii() and words.isdigit() and len(words) <= len(str(MOST_WHOLE))):
        return None
    number = int(words)
    return number if number <= MOST_WHOLE else None
