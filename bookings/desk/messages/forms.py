"""What the desk types about a letter or a call."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bookings.desk.form_fields import bare, set_field
from bookings.messages.calls import SETTLES, CallOutcome
from clinic.fields import number_of


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(choices=CallOutcome.choices)


class ToldForm(forms.Form):
    """How a patient was told by hand: nothing that would put it off."""

    outcome = forms.ChoiceField(choices=[choice for choice in CallOutcome.choices if choice[0] in SETTLES])


class StopForm(forms.Form):
    """Why nothing is to leave."""

    reason = forms.CharField(label=_("Reason"), max_length=200)

    @property
    def helper(self) -> FormHelper:
        return bare()


class HeldForm(forms.Form):
    """What becomes of held messages."""

    message = forms.TypedMultipleChoiceField(coerce=int)
    outcome = forms.ChoiceField(choices=[("send", "send"), ("discard", "discard")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = self.data.getlist("message") if isinstance(self.data, QueryDict) else []
        set_field(self, "message", choices=[(number, number) for words in numbers if (number := number_of(words))])


class ResendForm(forms.Form):
    reason = forms.CharField(label=_("Reason for resending"), max_length=200)
