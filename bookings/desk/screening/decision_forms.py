"""A Vaidya's decision on one answer."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from bookings.actions.decisions import AnswerDecision
from bookings.desk.form_fields import bare, set_field
from bookings.models import Booking
from clinic.clock import clock_words
from clinic.fields import CalendarField
from clinic.premises.models import Clinic
from clinic.wall import edge

from .open_answers import OpenAnswer

CLEAR, BLOCK = "clear", "block"
LONGEST = 500
"""Letters of a reason."""


class DecisionForm(forms.Form):
    """`on` is today at the clinic of whoever decides."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[(CLEAR, _("Treatment is allowed")), (BLOCK, _("Treatment is not allowed"))],
        widget=forms.RadioSelect,
    )
    therapies = forms.MultipleChoiceField(label=_("Applies to"), widget=forms.CheckboxSelectMultiple)
    until = CalendarField(label=_("Decision valid until (last day)"))
    session = forms.ModelChoiceField(
        label=_("If not allowed: which session?"),
        queryset=Booking.objects.none(),
        required=False,
        blank=True,
        widget=forms.RadioSelect,
        empty_label=_("None, only record the decision"),
    )
    report_seen = forms.BooleanField(label=_("I have reviewed a medical report about this"), required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST, widget=forms.Textarea({"rows": 2, "autocomplete": "off"})
    )

    def __init__(self, *args: Any, row: OpenAnswer, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": row.key})
        self.row, self.on = row, on
        set_field(self, "therapies", choices=row.therapies)
        self.initial = {**self.initial, "therapies": [code for code, _name in row.therapies], "until": row.until}
        self._offer_sessions()
        if not row.needs_report:
            del self.fields["report_seen"]

    def _offer_sessions(self) -> None:
        coming = self.row.bookings
        if not coming:
            del self.fields["session"]
            return
        set_field(self, "session", queryset=Booking.objects.filter(pk__in=[booking.pk for booking in coming]))
        set_field(self, "session", label_from_instance=self._session_label)
        self.initial["session"] = coming[0].pk

    def _session_label(self, booking: Booking) -> str:
        mine = next(row for row in self.row.bookings if row.pk == booking.pk)
        starts = mine.starts_at.astimezone(mine.visit.zone)
        return f"{mine.variant.therapy}, {starts:%d.%m.%Y} {clock_words(starts)}"

    @property
    def helper(self) -> FormHelper:
        return bare(*self.fields)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        until = data.get("until")
        if until and until < self.on:
            self.add_error("until", _("The decision must be valid for some time."))
        if until and until > self.row.until:
            last = date_format(self.row.until, "j F Y")
            self.add_error("until", _("This decision may be valid until %(day)s at the latest.") % {"day": last})
        if self.row.needs_report and data.get("decision") == CLEAR and not data.get("report_seen"):
            self.add_error("report_seen", self.row.why_not)
        return data

    def decisions(self, clinic: Clinic) -> list[AnswerDecision]:
        """What the action takes, once the form is valid; the last day ends by the clinic's clock."""
        data = self.cleaned_data
        return [
            AnswerDecision(
                question=self.row.question,
                value=self.row.value,
                text=self.row.text,
                therapies=tuple(data["therapies"]),
                allowed=data["decision"] == CLEAR,
                reason=data["reason"],
                until=edge(data["until"] + dt.timedelta(days=1), 0, clinic.zone),
                report_seen=bool(data.get("report_seen")),
                booking=data.get("session"),
                shown=self.row.shown,
            )
        ]
