"""A question to the clinic, by anybody."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from bookings.models import LONGEST_ENQUIRY
from bookings.portal.forms.slot_choice import helper_of
from clinic.people.email_addresses import validate_contact_email
from clinic.people.person_names import validate_person_name


class EnquiryForm(forms.Form):
    """`website` is shown to nobody: who fills it in is a program."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        validators=[validate_person_name],
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        validators=[validate_contact_email],
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = PhoneNumberField(
        label=_("Phone"), required=False, max_length=32, widget=forms.TextInput({"type": "tel", "autocomplete": "tel"})
    )
    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST_ENQUIRY,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Please write nothing about your health: the front desk reads this."),
    )
    website = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper_of("name", "email", "phone", "text")

    def clean(self) -> dict[str, Any]:
        """One way to reply is enough."""
        data = super().clean() or self.cleaned_data
        if not data.get("email") and not data.get("phone") and not {"email", "phone"} & self.errors.keys():
            self.add_error("email", _("Give an e-mail or a phone number, so that we can reply."))
        return data

    @property
    def is_of_a_program(self) -> bool:
        return bool(self.cleaned_data.get("website"))

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in ("name", "email", "phone", "text")}
