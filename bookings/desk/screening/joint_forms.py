"""One decision of a Vaidya over several answers: which of them, why, for which treatments and how long."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.actions.decisions import AnswerDecision
from bookings.desk.form_fields import bare, set_field
from clinic.premises.models import Clinic
from clinic.reasons import why_no_reason
from clinic.wall import edge
from therapies.outcomes import OWN, outcomes_of

from .open_answers import OpenAnswer

TODAY, ORDER = "today", "order"
OUTCOME, OWN_WORDS, REPORT_OF = "outcome-", "own-", "report-"
"""How the fields of an answer begin."""
READY_REASONS: dict[str, str | Promise] = {
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


@dataclass(frozen=True)
class JointLine:
    """An answer with its own choice, the words of its own, and the tick of its report where it needs one."""

    row: OpenAnswer
    outcome: forms.BoundField
    own_words: forms.BoundField
    report: forms.BoundField | None


def joint_form(data: Any, rows: Sequence[OpenAnswer], *, fill: str) -> "JointForm | None":
    """The form over several answers; with `fill` not sent yet, only filled in: what was chosen already stays.

    `fill` is a ready reason for every ordinary answer that may have it, and each stays a choice of its own.
    """
    if len(rows) < 2:
        return None
    if not fill:
        return JointForm(data, rows=rows)
    earlier = {name: value for name, value in data.items() if value and name != "answers"}
    return JointForm(rows=rows, fill=fill, initial=earlier)


class JointForm(forms.Form):
    """A choice for each open answer, none made beforehand: why it is allowed, out of what its sign may have.

    What has no choice stays open. A danger sign needs, where its proof is not on record, that a report was reviewed.
    """

    answers = forms.CharField(max_length=LONGEST_PRINT, widget=forms.HiddenInput)
    therapies = forms.MultipleChoiceField(label=_("Applies to"), widget=forms.CheckboxSelectMultiple)
    lasts = forms.ChoiceField(
        label=_("Valid"),
        choices=[(ORDER, _("As long as each answer allows")), (TODAY, _("Today only"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, rows: Sequence[OpenAnswer], fill: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {row.key: row for row in rows}
        names = dict(pair for row in rows for pair in row.therapies)
        set_field(self, "therapies", choices=list(names.items()))
        self.initial = {"lasts": ORDER, **self.initial, "answers": self.print, "therapies": list(names)}
        for key, row in self.rows.items():
            self._add_line(key, row, fill)

    def _add_line(self, key: str, row: OpenAnswer, fill: str) -> None:
        codes = [code for code in outcomes_of(row.question) if code != OWN]
        choices = [("", _("Leave open")), *((code, READY_REASONS[code]) for code in codes)]
        allow = _("Why “%(question)s” is allowed") % {"question": row.question}
        chosen = fill if row.only_asks and fill in codes else ""
        own = [*choices, (OWN, _("In your own words"))]
        self.fields[f"{OUTCOME}{key}"] = forms.ChoiceField(label=allow, choices=own, required=False, initial=chosen)
        words = forms.TextInput({"autocomplete": "off"})
        label = _("Your own words (added to the reason)")
        self.fields[f"{OWN_WORDS}{key}"] = forms.CharField(
            label=label, max_length=LONGEST, required=False, widget=words
        )
        if row.needs_report:
            seen = _("I have reviewed a medical report about this")
            self.fields[f"{REPORT_OF}{key}"] = forms.BooleanField(label=seen, required=False)

    @property
    def helper(self) -> FormHelper:
        return bare()

    @property
    def ready(self) -> list[tuple[str, str | Promise]]:
        """The ready reasons that at least one of the ordinary answers may have: for the button that fills them in."""
        codes = {code for row in self.rows.values() if row.only_asks for code in outcomes_of(row.question)}
        return [(code, words) for code, words in READY_REASONS.items() if code in codes]

    @property
    def print(self) -> str:
        """The answers on the page: with others it is another page."""
        return " ".join(self.rows)

    @property
    def is_outdated(self) -> bool:
        """Whether what is open is no longer what the page showed."""
        return self.data.get("answers") != self.print

    @property
    def lines(self) -> list[JointLine]:
        """Each answer with its fields; danger signs first."""
        rows = sorted(self.rows.items(), key=lambda pair: not pair[1].is_alarming)
        return [
            JointLine(
                row,
                self[f"{OUTCOME}{key}"],
                self[f"{OWN_WORDS}{key}"],
                self[f"{REPORT_OF}{key}"] if f"{REPORT_OF}{key}" in self.fields else None,
            )
            for key, row in rows
        ]

    @property
    def chosen(self) -> list[OpenAnswer]:
        """The answers that are decided on."""
        return [row for key, row in self.rows.items() if self.cleaned_data.get(f"{OUTCOME}{key}")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.cleaned_data = data
        if not self.chosen and not self.errors:
            self.add_error(None, _("Choose a reason for each answer that you decide on."))
        for row in self.chosen:
            if why_not := why_no_reason(self._reason(row)):
                self.add_error(f"{OWN_WORDS}{row.key}", why_not)
            if row.needs_report and not data.get(f"{REPORT_OF}{row.key}"):
                self.add_error(f"{REPORT_OF}{row.key}", row.why_not)
            if data.get("therapies") and not self._therapies_of(row):
                self.add_error(f"{OUTCOME}{row.key}", _("This answer concerns none of the chosen treatments."))
        return data

    def _reason(self, row: OpenAnswer) -> str:
        """The ready reason that was chosen for this answer, with the words added to it."""
        code, words = self.cleaned_data[f"{OUTCOME}{row.key}"], self.cleaned_data.get(f"{OWN_WORDS}{row.key}", "")
        return " ".join(filter(None, ["" if code == OWN else str(READY_REASONS[code]), words]))

    def decisions(self, clinic: Clinic) -> list[AnswerDecision]:
        """What the action takes, once the form is valid; the last day ends by the clinic's clock."""
        data = self.cleaned_data
        return [
            AnswerDecision(
                question=row.question,
                value=row.value,
                text=row.text,
                therapies=self._therapies_of(row),
                allowed=True,
                reason=self._reason(row),
                until=self._end(row, clinic),
                report_seen=bool(data.get(f"{REPORT_OF}{row.key}")),
                shown=row.shown,
            )
            for row in self.chosen
        ]

    def _therapies_of(self, row: OpenAnswer) -> tuple[str, ...]:
        return tuple(code for code, _name in row.therapies if code in self.cleaned_data["therapies"])

    def _end(self, row: OpenAnswer, clinic: Clinic) -> dt.datetime:
        last = row.today if self.cleaned_data["lasts"] == TODAY else row.until
        return edge(last + dt.timedelta(days=1), 0, clinic.zone)
