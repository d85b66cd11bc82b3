"""Why somebody decides so, and the second factor of whoever decides alone."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.people.factors import ProofForm

LONGEST = 1000


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST, widget=forms.Textarea({"rows": 2, "autocomplete": "off"})
    )


class AloneForm(ProofForm):
    """The reason comes first: a code is used up by looking at it."""

    reason = forms.CharField(
        label=_("Why this is safe"), max_length=LONGEST, widget=forms.Textarea({"rows": 2, "autocomplete": "off"})
    )

    field_order = ["reason", "code"]
