"""The panel of a session that says what is used: dose, temperature, times, bouts; and a reason where one is needed."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Row
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bookings.desk.amount_fields import AmountsForm
from bookings.desk.form_fields import bare, set_field
from bookings.facts import session_use as use_facts
from bookings.models import Booking, SessionNote, SessionUse
from bookings.models.session_use import MOST_BLOOD, MOST_BOUTS
from bookings.rules.amounts import AMOUNT_FIELDS, amount_problems, amount_values, completed_amounts
from bookings.rules.session_use import why_not_begin_using
from clinic.wall import instant
from therapies.amounts import CELSIUS, UNITS, amount_of
from therapies.materials import dose_limits

from .bouts import counted_bouts

TIMES = ("in_at", "out_at")
STAMPS = {"in_now": "in_at", "out_now": "out_at"}
"""Buttons that write this moment."""


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))


class UseForm(AmountsForm):
    """What was really used; of what is counted only what the therapy asks for. Times are of the session's day."""

    in_at = _time(_("Given at"))
    out_at = _time(_("Came out at"))
    bouts = forms.IntegerField(label=_("Bouts"), min_value=0, max_value=MOST_BOUTS, required=False)
    blood_ml = forms.IntegerField(label=_("Blood in ml"), min_value=0, max_value=MOST_BLOOD, required=False)
    material_reason = forms.CharField(
        label=_("Reason for a material that matches an allergy"), max_length=300, required=False
    )

    def __init__(self, *args: Any, booking: Booking, asks_reason: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.booking, unit = booking, dose_limits(booking.variant).unit
        set_field(self, "dose_from", label=_("Dose or volume in %(unit)s") % {"unit": UNITS[unit]})
        del self.fields["dose_unit"]
        counted = use_facts.counted_in(booking)
        for name in {"in_at", "out_at", "bouts", "blood_ml"} - counted:
            del self.fields[name]
        if not asks_reason:
            del self.fields["material_reason"]

    @property
    def helper(self) -> FormHelper:
        counted = [name for name in self.fields if name not in (*AMOUNT_FIELDS, "material_reason")]
        reasons = [name for name in ("amount_reason", "material_reason") if name in self.fields]
        return bare(self.amounts_row(), Row(*(Column(name, css_class="col-6 col-md-3") for name in counted)), *reasons)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        variant = self.booking.variant
        data |= completed_amounts(data, variant)
        numbers = (
            amount_of(data["dose_from"], data["dose_to"], data["dose_unit"]),
            amount_of(data["celsius_from"], data["celsius_to"], CELSIUS),
        )
        for problem in amount_problems(variant, *numbers, data.get("amount_reason", "")):
            self.add_error(problem.field, problem.words)
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """As the action takes it: times as moments of the session's day."""
        rows = dict(self.cleaned_data)
        return rows | {name: self._moment(rows[name]) for name in TIMES if name in rows}

    def _moment(self, time: dt.time | None) -> dt.datetime | None:
        zone = self.booking.visit.zone
        on = self.booking.starts_at.astimezone(zone).date()
        return instant(on, time.hour * 60 + time.minute, zone) if time else None


def sent_use(data: QueryDict, booking: Booking) -> UseForm:
    """The form as it was sent. What was not changed on the page is not taken for what was used."""
    sent = data if UseForm.base_fields.keys() & data.keys() else None
    return UseForm(sent, initial=_initial(booking, use_facts.use_of(booking)), booking=booking)


def used_now(form: UseForm, act: str, now: dt.datetime) -> dict[str, Any]:
    """What a valid form says, with what the pressed button adds: this moment, or one more bout."""
    facts, stamp = form.facts, STAMPS.get(act)
    if stamp:
        facts[stamp] = now
    if act == "bout" and "bouts" in facts:
        facts["bouts"] = (facts["bouts"] or 0) + 1  # one more than the page showed: a second press adds none
    return facts


def use_panel(booking: Booking, note: SessionNote | None) -> dict[str, object]:
    """What the template of a session shows of it. `is_as_ordered`: what is filled in is the order's, nobody's entry."""
    use, why_not = use_facts.use_of(booking), why_not_begin_using(booking, note)
    asks_reason = bool(why_not or (use and use.material_reason))
    initial = _initial(booking, use)
    return {
        "use": use,
        "is_as_ordered": use is None and any(initial.values()),
        "use_form": UseForm(initial=initial, booking=booking, asks_reason=asks_reason),
        "bouts": counted_bouts(booking, use),
        "use_materials": use_facts.materials_of(booking, note),
        "why_not_used": why_not,
        "stamps": sorted(name for name, field in STAMPS.items() if field in use_facts.counted_in(booking)),
    }


def _initial(booking: Booking, use: SessionUse | None) -> dict[str, Any]:
    if use is None:
        return amount_values(**use_facts.first_use(booking))
    rows = {name: getattr(use, name) for name in UseForm.base_fields}
    rows |= amount_values(use.dose_amount, use.temperature_amount)
    zone = booking.visit.zone
    return rows | {name: rows[name].astimezone(zone).time() for name in TIMES if rows[name]}
