"""What the desk says about a payment: how much, how, and why one is reversed. Never with which card."""

from decimal import Decimal

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk.booking.forms import KeyForm
from bookings.desk.form_fields import bare
from bookings.models import PaidBy
from bookings.models.payment import MOST_PAID


class PaymentForm(KeyForm):
    amount = forms.DecimalField(
        label=_("Amount"), min_value=Decimal("0.01"), max_value=MOST_PAID, max_digits=9, decimal_places=2
    )
    method = forms.ChoiceField(label=_("Paid by"), choices=PaidBy.choices, widget=forms.RadioSelect)

    @property
    def helper(self) -> FormHelper:
        return bare()


class ReversalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("It stays on record. Do not write anything about health.")
    )

    @property
    def helper(self) -> FormHelper:
        return bare()
