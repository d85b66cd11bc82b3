"""What the desk types about a letter or a call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.messages.calls import SETTLES, CallOutcome


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(choices=CallOutcome.choices)


class ToldForm(forms.Form):
    """How a patient was told by hand: nothing that would put it off."""

    outcome = forms.ChoiceField(choices=[choice for choice in CallOutcome.choices if choice[0] in SETTLES])


class ResendForm(forms.Form):
    reason = forms.CharField(label=_("Reason for resending"), max_length=200)
