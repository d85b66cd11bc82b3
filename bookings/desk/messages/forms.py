"""What the desk types about a letter or a call."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.messages.calls import CallOutcome


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(choices=CallOutcome.choices)


class ResendForm(forms.Form):
    reason = forms.CharField(label=_("Reason for resending"), max_length=200)
