"""Pieces that the forms of the desk share."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.premises.models import Clinic
from clinic.wall import NoSuchTime, TimeHappensTwice, instant


def bare(*layout: Any) -> FormHelper:
    """Fields only: the template has the form's tag, its token and its buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if layout:
        helper.layout = Layout(*layout)
    return helper


def set_field(form: forms.BaseForm, name: str, **said: Any) -> None:
    """Say what only this request knows of a field: its choices, its rows, how they are written."""
    for what, value in said.items():
        setattr(form.fields[name], what, value)


class WallTimesForm(forms.Form):
    """Dates and times as the clinic's wall shows them."""

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic

    def moment(self, on: str, at: str, *, empty: int) -> dt.datetime | None:
        """The instant of two fields; `empty` is the minute that an empty time means. Says what is wrong beside it."""
        day, minute = self.cleaned_data.get(on), self.cleaned_data.get(at)
        if day is None or at in self.errors:
            return None
        try:
            return instant(day, empty if minute is None else minute, self.clinic.zone, fold=0)
        except NoSuchTime:
            self.add_error(at, _("This time does not exist on that day because the clocks change."))
        except TimeHappensTwice:
            raise AssertionError("A fold was given.") from None
        return None
