"""To whom a session is handed over, and what to know."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk.form_fields import bare
from bookings.facts.hand_overs import could_take_over, hand_overs_of
from bookings.models import Booking
from bookings.rules.hand_overs import why_not_hand_over
from clinic.people.models import User
from therapies.models import Practitioner


class HandOverForm(forms.Form):
    """A colleague who may give this therapy today."""

    to = forms.ModelChoiceField(
        label=_("Hand over to"), queryset=Practitioner.objects.none(), empty_label=_("Please choose")
    )
    words = forms.CharField(label=_("What to know"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, booking: Booking, by: User, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = could_take_over(booking, by=by.pk, now=now)  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return bare()


def hand_over_part(booking: Booking) -> dict[str, object]:
    """What the page of a session shows of it."""
    return {"hand_overs": hand_overs_of(booking), "may_hand_over": not why_not_hand_over(booking)}
