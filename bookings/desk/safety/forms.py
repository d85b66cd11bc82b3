"""Why somebody decides so, and the second factor of whoever decides alone."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.people.factors import ProofForm

LONGEST = 1000


def _reason(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea({"rows": 2, "autocomplete": "off"}))


class ReasonForm(forms.Form):
    reason = _reason(_("Why"))


class AloneForm(ProofForm):
    """The reason comes first: a code is used up by looking at it."""

    reason = _reason(_("Why this is safe"))

    field_order = ["reason", "code"]
