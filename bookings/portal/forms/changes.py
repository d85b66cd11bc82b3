"""Confirming, moving and cancelling: each carries the number of its page, and what the page showed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.portal.forms.slot_choice import helper_of
from clinic.fields import MomentField, VersionField


class ConfirmForm(forms.Form):
    """`visit` is the held time that the page showed: another tab may have chosen another one since.

    `was_here`: the patient says that they have been here before, so that the clinic is asked for a follow-up.
    """

    visit = forms.UUIDField(widget=forms.HiddenInput)
    patient = forms.UUIDField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)
    was_here = forms.BooleanField(required=False, widget=forms.HiddenInput)


class StartForm(forms.Form):
    """A time of the list."""

    start = MomentField()


class MoveForm(StartForm):
    """`version` is the visit's when the page was made: whoever changed it since was quicker."""

    version = VersionField()
    key = forms.UUIDField(widget=forms.HiddenInput)


class CancelForm(forms.Form):
    """The reason helps the clinic plan; nobody has to give one."""

    REASONS = [
        ("", _("Prefer not to say")),
        ("time", _("The time no longer suits me")),
        ("journey", _("I cannot travel")),
        ("elsewhere", _("I am going to another clinic")),
        ("other", _("Another reason")),
    ]

    reason = forms.ChoiceField(label=_("Why? (optional)"), choices=REASONS, required=False, widget=forms.RadioSelect)
    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper_of("reason", "version")
