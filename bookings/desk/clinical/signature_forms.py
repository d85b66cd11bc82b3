"""A signature: what is decided on the patient's answers, and the password once more, or a passkey."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bookings.actions.signing import Cleared
from bookings.desk.form_fields import bare
from clinic.people.factors import ProofForm
from clinic.people.models import User
from clinic.reasons import why_no_reason

from .open_findings import OpenFinding


class SignForm(forms.Form):
    """For each lasting finding a tick and a reason; `shown` is what the page showed.

    Signed with the password, and the code of the second factor where `asks_code`; or with a passkey, which is both.

    Nothing is ticked beforehand; with `ticks_ordinary`, a press of its own, what only asks for a Vaidya's decision.
    """

    password = forms.CharField(
        label=_("Your password (this is your signature)"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    shown = forms.CharField(max_length=128, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        found: Sequence[OpenFinding],
        by: User,
        shown: str,
        request: HttpRequest,
        asks_code: bool = False,
        ticks_ordinary: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.now_shown, self.request, self.asks_code = by, shown, request, asks_code
        self.proof = ProofForm(user=by, request=request)
        self.fields["password"].required = not self.data.get("credential")
        self.found = {row.key: row for row in found if row.lasting}
        for key, row in self.found.items():
            allow = _("Allow %(therapies)s all the same") % {"therapies": ", ".join(row.names)}
            if row.needs_report:
                seen = _("I have reviewed a medical report about this")
                self.fields[f"report_{key}"] = forms.BooleanField(label=seen, required=False)
            self.fields[f"allow_{key}"] = forms.BooleanField(
                label=allow, required=False, initial=ticks_ordinary and row.only_asks
            )
            usual = str(_("Looked at in the examination.")) if row.only_asks else ""
            self.fields[f"reason_{key}"] = forms.CharField(
                label=_("Reason"), required=False, max_length=500, initial=usual
            )

    @property
    def helper(self) -> FormHelper:
        return bare(Div("password", css_class="narrow"))

    @property
    def has_ordinary(self) -> bool:
        """Whether several answers only ask for a Vaidya's decision: then one press ticks them all."""
        return sum(row.only_asks for row in self.found.values()) > 1

    @property
    def decisions(self) -> list[tuple[OpenFinding, list[forms.BoundField]]]:
        """Each finding with its fields."""
        return [
            (row, [self[name] for part in ("allow", "report", "reason") if (name := f"{part}_{key}") in self.fields])
            for key, row in self.found.items()
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in self.found:
            if data.get(f"allow_{key}") and (why_not := why_no_reason(data.get(f"reason_{key}", ""))):
                self.add_error(f"reason_{key}", why_not)
            if data.get(f"allow_{key}") and data.get(f"report_{key}") is False:
                self.add_error(f"report_{key}", _("Treatment continues only after a medical report has been reviewed."))
        if data.get("shown") != self.now_shown:
            self.add_error(None, _("This was changed after you opened it. Please read it again."))
        return data

    def is_proved(self) -> bool:
        """Whether it is the signer: by a passkey, or by the password and, where asked, the code; says so if not.

        The code comes last: one that fits is used up by it, so the form that asks is filled in only here.
        """
        by_passkey = bool(self.data.get("credential"))
        if not by_passkey and not self.by.check_password(self.cleaned_data["password"]):
            self.add_error("password", _("This is not your password. Nothing was signed."))
            return False
        if not by_passkey and not self.asks_code:
            return True
        self.proof = ProofForm(self.data, user=self.by, request=self.request)
        if by_passkey and not self.proof.is_valid():
            self.add_error("password", _("The passkey did not match. Nothing was signed."))
        return self.proof.is_valid()

    @property
    def clearing(self) -> list[Cleared]:
        """What is allowed."""
        data = self.cleaned_data
        return [
            replace(row.cleared(data[f"reason_{key}"]), report_seen=bool(data.get(f"report_{key}")))
            for key, row in self.found.items()
            if data[f"allow_{key}"]
        ]
