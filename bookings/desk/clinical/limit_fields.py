"""The fields in which an order lifts limits: which one, and the reason for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import PrescriptionItem
from bookings.rules.limit_lifts import why_not_lift_limit
from bookings.rules.prescriptions import CourseLimits
from therapies.models import Variant

LIFTS = [(f"limit_{number}", f"limit_reason_{number}") for number in (1, 2, 3)]
"""The fields of a limit and of the reason for lifting it: as many as one order may lift."""


def lift_fields(bound: CourseLimits) -> dict[str, forms.Field]:
    """Only what a Vaidya may lift is offered."""
    fields: dict[str, forms.Field] = {}
    for limit, reason in LIFTS:
        choices: list[tuple[str, Any]] = [("", _("None")), *bound.offered]
        fields[limit] = forms.ChoiceField(label=_("Limit that this order lifts"), required=False, choices=choices)
        fields[reason] = forms.CharField(label=_("Reason for lifting it"), required=False, max_length=300)
    return fields


def lifted_in(form: forms.Form, variant: Variant, bound: CourseLimits) -> dict[str, str]:
    """The limits that were chosen, each once and with a reason of its own; what is wrong is told beside it."""
    lifted: dict[str, str] = {}
    for limit, reason in LIFTS:
        code, words = form.cleaned_data[limit], form.cleaned_data[reason]
        if not code and words:
            form.add_error(limit, _("Choose the limit that this reason is for."))
        elif code in lifted:
            form.add_error(limit, _("This limit is chosen twice."))
        elif code and (why_not := why_not_lift_limit(code, words, variant, bound.liftable)):
            form.add_error(reason, why_not)
        elif code:
            lifted[code] = words
    return lifted


def lifts_of(row: PrescriptionItem) -> dict[str, str]:
    """The limits that it lifts, each with its reason, as the fields name them."""
    shown: dict[str, str] = {}
    for (limit, reason), (code, words) in zip(LIFTS, row.lifted.items(), strict=False):
        shown |= {limit: code, reason: words}
    return shown
