"""Why somebody opened an emergency card."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk.form_fields import bare
from bookings.models import OpeningReason


class ReasonForm(forms.Form):
    """Ready reasons: an audit holds no free text."""

    reason = forms.ChoiceField(
        label=_("Reason for opening the emergency card"), choices=OpeningReason.choices, widget=forms.RadioSelect
    )

    @property
    def helper(self) -> FormHelper:
        return bare()
