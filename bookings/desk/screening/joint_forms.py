"""One decision of a Vaidya over several answers: which of them, why, for which treatments and how long."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.actions.decisions import AnswerDecision
from bookings.desk.form_fields import bare, set_field
from clinic.premises.models import Clinic
from clinic.wall import edge

from .open_answers import OpenAnswer

TODAY, ORDER = "today", "order"
TICK, REPORT_OF = "tick-", "report-"
"""How the fields of an answer begin."""
READY_REASONS = {
    "examined": _("Examined: nothing found that speaks against the treatment."),
    "stable": _("Long known, stable and treated; the treatment suits it."),
    "mild": _("Mild. The crew watches for it and stops if it gets worse."),
    "adapted": _("The treatment was adapted; see the prescription."),
    "cured": _("Cured or over; nothing is left of it."),
    "misread": _("The question was misunderstood. Asked again, it does not apply."),
}
"""Reasons that a Vaidya gives most, by code; what is kept is their words."""
LONGEST = 300
"""Letters of the own words beside a ready reason."""


LONGEST_PRINT = 20_000
"""Characters of the keys of all open answers."""


class JointForm(forms.Form):
    """A tick for each open answer: ready where it only asks for a Vaidya, never for a danger sign.

    A danger sign needs its tick and, where its proof is not on record, that a report about it was reviewed.
    """

    answers = forms.CharField(max_length=LONGEST_PRINT, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("Reason"), choices=[*READY_REASONS.items(), ("own", _("In your own words"))], widget=forms.RadioSelect
    )
    own_words = forms.CharField(
        label=_("Your own words (added to the reason)"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    therapies = forms.MultipleChoiceField(label=_("Applies to"), widget=forms.CheckboxSelectMultiple)
    lasts = forms.ChoiceField(
        label=_("Valid"),
        choices=[(ORDER, _("As long as each answer allows")), (TODAY, _("Today only"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, rows: Sequence[OpenAnswer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {row.key: row for row in rows}
        names = dict(pair for row in rows for pair in row.therapies)
        set_field(self, "therapies", choices=list(names.items()))
        self.initial = {**self.initial, "answers": self.print, "therapies": list(names), "lasts": ORDER}
        for key, row in self.rows.items():
            allow = _("Allow in spite of “%(question)s”") % {"question": row.question}
            self.fields[f"{TICK}{key}"] = forms.BooleanField(label=allow, required=False, initial=row.only_asks)
            if row.needs_report:
                seen = _("I have reviewed a medical report about this")
                self.fields[f"{REPORT_OF}{key}"] = forms.BooleanField(label=seen, required=False)

    @property
    def helper(self) -> FormHelper:
        return bare()

    @property
    def print(self) -> str:
        """The answers on the page: with others it is another page."""
        return " ".join(self.rows)

    @property
    def is_outdated(self) -> bool:
        """Whether what is open is no longer what the page showed."""
        return self.data.get("answers") != self.print

    @property
    def lines(self) -> list[tuple[OpenAnswer, forms.BoundField, forms.BoundField | None]]:
        """Each answer with its tick and, where it needs one, the tick of its report; danger signs first."""
        rows = sorted(self.rows.items(), key=lambda pair: not pair[1].is_alarming)
        return [
            (row, self[f"{TICK}{key}"], self[f"{REPORT_OF}{key}"] if f"{REPORT_OF}{key}" in self.fields else None)
            for key, row in rows
        ]

    @property
    def ticked(self) -> list[OpenAnswer]:
        return [row for key, row in self.rows.items() if self.cleaned_data.get(f"{TICK}{key}")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.cleaned_data = data
        if not self.ticked:
            self.add_error(None, _("Tick the answers that you decide on."))
        if data.get("reason") == "own" and not data.get("own_words"):
            self.add_error("own_words", _("Please give a reason."))
        for row in self.ticked:
            if row.needs_report and not data.get(f"{REPORT_OF}{row.key}"):
                self.add_error(f"{REPORT_OF}{row.key}", row.why_not)
            if data.get("therapies") and not self._therapies_of(row):
                self.add_error(f"{TICK}{row.key}", _("This answer concerns none of the chosen treatments."))
        return data

    def decisions(self, clinic: Clinic) -> list[AnswerDecision]:
        """What the action takes, once the form is valid; the last day ends by the clinic's clock."""
        data = self.cleaned_data
        ready = "" if data["reason"] == "own" else str(READY_REASONS[data["reason"]])
        return [
            AnswerDecision(
                question=row.question,
                value=row.value,
                text=row.text,
                therapies=self._therapies_of(row),
                allowed=True,
                reason=" ".join(filter(None, [ready, data["own_words"]])),
                until=self._end(row, clinic),
                report_seen=bool(data.get(f"{REPORT_OF}{row.key}")),
                shown=row.shown,
            )
            for row in self.ticked
        ]

    def _therapies_of(self, row: OpenAnswer) -> tuple[str, ...]:
        return tuple(code for code, _name in row.therapies if code in self.cleaned_data["therapies"])

    def _end(self, row: OpenAnswer, clinic: Clinic) -> dt.datetime:
        last = row.today if self.cleaned_data["lasts"] == TODAY else row.until
        return edge(last + dt.timedelta(days=1), 0, clinic.zone)
