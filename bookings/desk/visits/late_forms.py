"""What the desk says of a visit whose day is over."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.actions.left_open import Afterwards
from bookings.desk import visit_row
from bookings.desk.form_fields import bare
from bookings.desk.words import BY_THE_DESK
from bookings.models import CancelledBy, Visit
from bookings.rules.left_open import OUTCOMES, WHY_LATE, LateOutcome
from clinic.fields import VersionField
from clinic.wall import NoSuchTime, instant


class LateForm(forms.Form):
    """The times begin as planned, or as somebody pressed them on the day."""

    outcome = forms.ChoiceField(label=_("What happened"), choices=list(OUTCOMES.items()), widget=forms.RadioSelect)
    came = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    left = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    reason = forms.ChoiceField(
        label=_("If it had been cancelled: why"),
        choices=[("", "–"), *((code, words) for code, (words, _who) in BY_THE_DESK.items())],
        required=False,
    )
    why_late = forms.ChoiceField(
        label=_("Why it is recorded only now"), choices=list(WHY_LATE.items()), widget=forms.RadioSelect
    )
    seen = VersionField()

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        rows = sorted(visit.bookings.all(), key=lambda booking: booking.position)
        self.visit, self.first, self.last = visit, rows[0], rows[-1]
        times = {
            "came": self._clock(self.first.started_at or self.first.starts_at),
            "left": self._clock(self.last.ended_at or self.last.ends_at),
        }
        kwargs["initial"] = {**times, "seen": visit_row.version(visit)}
        super().__init__(*args, **kwargs)

    @property
    def helper(self) -> FormHelper:
        times = Row(Column("came", css_class="col-6"), Column("left", css_class="col-6"))
        return bare("outcome", times, "reason", "why_late", "seen")

    @property
    def version(self) -> int:
        """The version of the visit that the page showed."""
        return int(self.cleaned_data["seen"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == LateOutcome.CANCELLED and not data.get("reason"):
            self.add_error("reason", _("Give the reason of the cancellation."))
        for name in ("came", "left"):
            if data.get(name) is not None:
                data[name] = self._moment(name, data[name])
        return data

    def afterwards(self) -> Afterwards:
        """What the action is told."""
        data = self.cleaned_data
        reason, ended_by = "", CancelledBy.CLINIC
        if data["outcome"] == LateOutcome.CANCELLED:
            reason, ended_by = data["reason"], BY_THE_DESK[data["reason"]][1]
        outcome = LateOutcome(data["outcome"])
        return Afterwards(outcome, data["why_late"], data["came"], data["left"], reason, ended_by)

    def _moment(self, name: str, at: dt.time) -> dt.datetime | None:
        try:
            return instant(visit_row.on(self.visit), at.hour * 60 + at.minute, self.visit.zone, fold=0)
        except NoSuchTime:
            self.add_error(name, _("This time does not exist on that day because the clocks change."))
            return None

    def _clock(self, moment: dt.datetime) -> str:
        return f"{moment.astimezone(self.visit.zone):%H:%M}"
