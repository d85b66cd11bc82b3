"""What the desk types about a visit: what, when, who serves, why not."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk.booking.forms import KeyForm
from bookings.desk.form_fields import bare, set_field
from bookings.desk.words import BY_THE_DESK, OF_A_REQUEST
from bookings.models import CancelledBy
from clinic.fields import MomentField, VersionField, WholeField


class MoveForm(KeyForm):
    """A new time. `version` is of the visit as the page showed it."""

    start = MomentField()
    version = VersionField()


class DeclineForm(forms.Form):
    """Why a request is not met."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=[(code, BY_THE_DESK[code][0]) for code in OF_A_REQUEST], widget=forms.RadioSelect
    )

    @property
    def helper(self) -> FormHelper:
        return bare()


class CancelForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(code, words) for code, (words, _who) in BY_THE_DESK.items()],
        widget=forms.RadioSelect,
    )
    version = VersionField()

    @property
    def helper(self) -> FormHelper:
        return bare()

    def ended_by(self) -> CancelledBy:
        """Who ended the visit, by the reason that was chosen."""
        return BY_THE_DESK[self.cleaned_data["reason"]][1]


class ReassignForm(forms.Form):
    """One resource in the place of another. `version` is of the booking as the page showed it."""

    old = WholeField(widget=forms.HiddenInput)
    version = VersionField()
    new = forms.TypedChoiceField(label=_("Replacement"), coerce=int)

    def __init__(self, *args: Any, others: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_field(self, "new", choices=list(others))

    @property
    def helper(self) -> FormHelper:
        return bare()

    def change(self) -> dict[str, int]:
        """What the action is told."""
        data = self.cleaned_data
        return {"old_resource_id": data["old"], "new_resource_id": data["new"], "version": data["version"]}
