"""What opens a record: a ready reason, or how the patient agreed."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk.form_fields import bare
from bookings.models import OpeningReason, SharingHow


class OpeningForm(forms.Form):
    """Why somebody reads the record of a patient whom they do not treat."""

    reason = forms.ChoiceField(
        label=_("Reason for opening the record"), choices=OpeningReason.choices, widget=forms.RadioSelect
    )
    next = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)

    @property
    def helper(self) -> FormHelper:
        return bare()


class SharingForm(forms.Form):
    """How the patient said that this clinic may read what the others wrote."""

    how = forms.ChoiceField(
        label=_("How did the patient give permission?"), choices=SharingHow.choices, widget=forms.RadioSelect
    )

    @property
    def helper(self) -> FormHelper:
        return bare()
