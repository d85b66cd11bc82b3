"""What is written down before and after a session. A form checks shape: what a human being can have."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.actions.session_notes import FACTS
from bookings.desk.form_fields import bare, set_field
from bookings.models import Pressure, SessionNote
from bookings.rules.sessions import why_not_end_with

from .measurement_fields import MeasuringForm

IDENTIFIERS = (
    ("name", _("Name")),
    ("birth_date", _("Date of birth")),
    ("number", _("Patient number")),
    ("photo", _("Photo")),
)
AT_LEAST = 2
"""Identifiers checked before each session, as accreditation asks (catalogue rule sr_identity)."""
SCALE, CHOICES = "desk/sessions/_scale.html", "desk/sessions/_choices.html"


def _pain(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[(number, str(number)) for number in range(11)],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class BeforeForm(MeasuringForm):
    """Who it is, how it hurts, what is measured and agreed. The form asks for the two identifiers to start."""

    identifiers = forms.MultipleChoiceField(
        label=_("Identity checked (two of these)"),
        choices=IDENTIFIERS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    pain_before = _pain(_("Pain before (0 = none, 10 = worst)"))
    pressure = forms.ChoiceField(
        label=_("Pressure agreed"),
        choices=[("", _("Not stated")), *Pressure.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    materials = forms.CharField(label=_("Oils and materials"), max_length=200, required=False)
    batch = forms.CharField(label=_("Batch"), max_length=60, required=False)

    def __init__(self, *args: Any, starting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.starting = starting

    @property
    def helper(self) -> FormHelper:
        identity, pain, *rest = self.before()
        return bare(identity, pain, *self.measuring(), *rest)

    def before(self) -> list[Any]:
        return [
            Field("identifiers", template=CHOICES),
            Field("pain_before", template=SCALE),
            Field("pressure", template=CHOICES),
            Row(Column("materials", css_class="col-md-8"), Column("batch", css_class="col-md-4")),
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """What the note of the session keeps of it."""
        return {name: value for name, value in self.cleaned_data.items() if name in FACTS}

    def clean_identifiers(self) -> str:
        chosen: list[str] = self.cleaned_data["identifiers"]
        if self.starting and len(chosen) < AT_LEAST:
            raise forms.ValidationError(_("Please confirm two of these before you start."))
        return ",".join(chosen)


class WholeForm(BeforeForm):
    """The same with what came after. `events`: what may go wrong, as (code, words); `ending`: it is the last of it."""

    may_be_unmeasured = False
    pain_after = _pain(_("Pain after (0 = none, 10 = worst)"))
    pain_rise = forms.CharField(
        label=_("If the pain has risen: what happened?"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    observations = forms.CharField(
        label=_("Observations"), max_length=4000, required=False, widget=forms.Textarea({"rows": 3})
    )
    adverse_event = forms.CharField(
        label=_("Adverse event"), max_length=4000, required=False, widget=forms.Textarea({"rows": 2})
    )
    event_code = forms.ChoiceField(label=_("Kind of event"), choices=[], required=False)

    def __init__(self, *args: Any, events: Iterable[tuple[str, str]] = (), ending: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ending = ending
        set_field(self, "event_code", choices=[("", _("None")), *events])

    @property
    def helper(self) -> FormHelper:
        """What comes after; `earlier` has the rest."""
        return bare(
            Field("pain_after", template=SCALE),
            "pain_rise",
            *self.measuring(),
            "observations",
            Row(Column("adverse_event", css_class="col-md-7"), Column("event_code", css_class="col-md-5")),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        pain = {"before": data.get("pain_before"), "after": data.get("pain_after")}
        if self.ending and (words := why_not_end_with(**pain, what_happened=data.get("pain_rise", ""))):
            self.add_error("pain_rise", words)
        return data

    @property
    def earlier(self) -> FormHelper:
        return bare(*self.before())


class ReadingDecisionForm(forms.Form):
    """What a Vaidya decides on what was measured, with a reason. `doctor`: a medical doctor must see the patient."""

    reason = forms.CharField(label=_("Reason"), max_length=500)
    report_seen = forms.BooleanField(label=_("A medical doctor has seen the patient"), required=False)

    def __init__(self, *args: Any, doctor: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not doctor:
            del self.fields["report_seen"]

    @property
    def helper(self) -> FormHelper:
        return bare()


class SignForm(forms.Form):
    """A stop sign by its code."""

    sign = forms.SlugField(max_length=60)


def said_by(note: SessionNote | None, filled_in: dict[str, Any]) -> dict[str, Any]:
    """What a form begins with: the note where there is one, else what can be known beforehand."""
    if note is None:
        return filled_in
    named = [name for name in WholeForm.base_fields if name in FACTS and name != "identifiers"]
    rows = {name: getattr(note, name) for name in named}
    return rows | {"identifiers": [name for name in note.identifiers.split(",") if name]}
