"""A consent as it is signed: on the screen, on paper, or by a thumb with a witness."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bookings.actions.consents import Signature, why_not_consent, why_not_paper
from bookings.actions.photos import LARGEST, why_not_photo
from bookings.desk.form_fields import bare, set_field
from bookings.errors import PolicyRefused
from bookings.facts.catalogue_numbers import GUARDIAN_BELOW
from bookings.models import How
from clinic.people.models import Language, Patient, User
from therapies.consent_texts import LANGUAGES
from therapies.models import Therapy


class WhichForm(forms.Form):
    """To what, and in which language it is read."""

    to = forms.ModelChoiceField(
        label=_("Consent to"), queryset=Therapy.objects.none(), required=False, empty_label=_("Treatment in general")
    )
    language = forms.ChoiceField(
        label=_("Language of the text"), choices=[choice for choice in Language.choices if choice[0] in LANGUAGES]
    )

    def __init__(self, *args: Any, therapies: QuerySet[Therapy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_field(self, "to", queryset=therapies)

    @property
    def helper(self) -> FormHelper:
        return bare(Row(Column("to", css_class="col-sm-7"), Column("language", css_class="col-sm-5")))


class ConsentForm(forms.Form):
    """The signature. `version` is of the words that were on the page."""

    version = forms.CharField(max_length=64, widget=forms.HiddenInput)
    agreed = forms.BooleanField(label=_("I have read this text, or it was read to me. I understand it and I consent."))
    signed_name = forms.CharField(
        label=_("Full name of the person who signs"),
        max_length=120,
        help_text=_("The patient, or the guardian of a child."),
    )
    how = forms.ChoiceField(label=_("Method"), choices=How, initial=How.SCREEN, widget=forms.RadioSelect)
    photo = forms.FileField(
        label=_("Photo of the signed form"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("For paper and thumbprint: JPEG, PNG or WebP, up to 15 MB."),
    )
    witness = forms.CharField(
        label=_("Name of the witness"), max_length=120, required=False, help_text=_("Required for a thumbprint.")
    )
    guardian = forms.CharField(label=_("Name of the guardian"), max_length=120, required=False)
    guardian_relation = forms.CharField(label=_("Relation of the guardian"), max_length=60, required=False)
    explained_by = forms.ModelChoiceField(label=_("Explained by"), queryset=User.objects.none())

    def __init__(
        self, *args: Any, patient: Patient, on: dt.date, version: str, vaidyas: QuerySet[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.patient, self.on, self.shown = patient, on, version
        self.fields["signed_name"].widget.attrs["autocomplete"] = "off"
        set_field(self, "explained_by", queryset=vaidyas)

    @property
    def helper(self) -> FormHelper:
        half = "col-sm-6"
        return bare(
            Fieldset(_("Signature"), "agreed", "signed_name", "explained_by"),
            Fieldset(
                _("How the consent is signed"),
                "how",
                Row(Column("photo", css_class=half), Column("witness", css_class=half)),
            ),
            Fieldset(
                _("For a child, or an adult who cannot decide alone"),
                Row(Column("guardian", css_class=half), Column("guardian_relation", css_class=half)),
            ),
        )

    def clean_photo(self) -> bytes:
        """The bytes of the photo; a file that is too large is not read."""
        photo: UploadedFile[bytes] | None = self.cleaned_data["photo"]
        if photo is None:
            return b""
        content = photo.read(LARGEST + 1)
        if reason := why_not_photo(content):
            raise forms.ValidationError(reason)
        return content

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("version") != self.shown:
            self.add_error(None, _("This text has changed since you opened the page. Please read it again."))
        if self.errors:
            return data
        if reason := why_not_paper(data["how"], data["photo"]):
            self.add_error("photo", reason)
        try:
            reason = why_not_consent(self.patient, self.signature, on=self.on)
        except PolicyRefused as refusal:
            reason = refusal.reason
        if reason:
            self.add_error("witness" if data["how"] == How.THUMBPRINT and not data["witness"] else "guardian", reason)
        return data

    @property
    def signature(self) -> Signature:
        data = self.cleaned_data
        return Signature(data["how"], data["signed_name"], data["witness"], data["guardian"], data["guardian_relation"])


def needs_guardian(patient: Patient, on: dt.date) -> bool:
    """Whether a guardian consents for this patient; also when the rule cannot be read, for then nobody may alone."""
    try:
        return patient.ages(on).least < GUARDIAN_BELOW.read()
    except PolicyRefused:
        return True
