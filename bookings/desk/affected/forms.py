"""What becomes of an affected visit that keeps its time."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk.form_fields import bare
from bookings.models import Settlement


class SettleForm(forms.Form):
    """`obstacles` are those that the page showed: one that came since is not settled unseen."""

    obstacles = forms.CharField(widget=forms.HiddenInput, max_length=2_000)
    outcome = forms.ChoiceField(label=_("Decision"), choices=[("", _("Please choose")), *Settlement.choices])
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, help_text=_("Required if the visit stays as it is.")
    )

    @property
    def helper(self) -> FormHelper:
        return bare("obstacles", "outcome", "reason")

    def clean_obstacles(self) -> list[str]:
        text: str = self.cleaned_data["obstacles"]
        return [key for key in text.split() if key]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == Settlement.LEFT and not data.get("reason"):
            self.add_error("reason", _("Please give a reason."))
        return data
