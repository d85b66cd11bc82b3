"""What a Vaidya orders."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Row
from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.desk.amount_fields import AmountsForm
from bookings.desk.form_fields import bare, set_field
from bookings.desk.offers import variant_label
from bookings.facts.record import schedule_name
from bookings.models import Prescription, PrescriptionItem, Pressure
from bookings.rules import prescriptions as prescription_rules
from bookings.rules.amounts import amount_problems, amount_values, amounts_of, completed_amounts, why_not_in_words
from bookings.rules.materials import why_not_materials
from bookings.rules.prescriptions import ITEMS, MOST, CourseLimits, Item
from clinic.fields import LONGEST_TEXT, CalendarField
from clinic.people.models import Patient
from therapies.materials import ToldAllergy, usual_materials
from therapies.models import Variant

from .limit_fields import LIFTS, lift_fields, lifted_in, lifts_of

LONGEST_NOTE = 300


@dataclass(frozen=True)
class Ordering:
    """For whom and on which day it is ordered, what may be chosen, and what the policy of an item asks."""

    patient: Patient
    on: dt.date
    unsuited: frozenset[int]
    bound: CourseLimits
    variants: Mapping[str, Variant]
    allergies: tuple[ToldAllergy, ...] = ()

    @property
    def schedules(self) -> list[str]:
        """The schedules of the therapies that may be chosen."""
        rows = {
            code
            for variant in self.variants.values()
            for code in prescription_rules.course_of(variant.therapy).get("schedules", [])
        }
        return sorted(rows & self.bound.totals.keys(), key=lambda code: self.bound.totals[code])


UNLIKE_FIELDS = ("variant", "lifted_limits")
"""What the form of an item asks in other fields than those that an item has."""


class ItemForm(AmountsForm):
    """One therapy. What is left empty is as usual for it."""

    variant = forms.ChoiceField(label=_("Therapy"), required=False)
    sessions = forms.IntegerField(
        label=_("Sessions"),
        required=False,
        min_value=1,
        max_value=MOST,
        help_text=_("Leave empty for the usual value."),
    )
    days_between = forms.IntegerField(
        label=_("Minimum days between sessions"),
        required=False,
        min_value=1,
        max_value=MOST,
        help_text=_("1 means daily. Leave empty for the usual value."),
    )
    first_day = forms.IntegerField(
        label=_("Begins on day"),
        required=False,
        min_value=1,
        max_value=MOST,
        help_text=_("Day of the course. Leave empty to begin on the first day."),
    )
    schedule = forms.ChoiceField(label=_("Schedule"), required=False)
    pressure = forms.ChoiceField(
        label=_("Pressure"), required=False, choices=[("", _("As the patient prefers")), *Pressure.choices]
    )
    materials = forms.CharField(
        label=_("Oils and materials"),
        required=False,
        max_length=200,
        help_text=_("Leave empty for the usual value."),
    )
    material_reason = forms.CharField(
        label=_("Reason for a material that matches an allergy"), required=False, max_length=300
    )
    note = forms.CharField(label=_("Note for the therapists"), required=False, max_length=LONGEST_NOTE)

    def __init__(self, *args: Any, ordering: Ordering, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ordering = ordering
        self.item: Item | None = None
        rows = [(pk, variant_label(variant)) for pk, variant in ordering.variants.items()]
        set_field(self, "variant", choices=[("", _("None")), *rows])
        totals = ordering.bound.totals
        self.fields |= lift_fields(ordering.bound)
        schedules = [(code, f"{schedule_name(code)} ({totals[code]})") for code in ordering.schedules]
        set_field(self, "schedule", choices=[("", _("None")), *schedules])

    @property
    def helper(self) -> FormHelper:
        half, third = "col-sm-6", "col-sm-4"
        return bare(
            "variant",
            Row(Column("sessions", css_class=half), Column("days_between", css_class=half)),
            Row(
                Column("first_day", css_class=third),
                Column("schedule", css_class=third),
                Column("pressure", css_class=third),
            ),
            Row(
                Column("materials", css_class=half),
            ),
            self.amounts_row(),
            "amount_reason",
            "material_reason",
            *(Row(Column(limit, css_class=half), Column(reason, css_class=half)) for limit, reason in LIFTS),
            "note",
            *(["DELETE"] if "DELETE" in self.fields else []),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors or data.get("DELETE"):
            return data
        variant = self.ordering.variants.get(data.get("variant") or "")
        if variant is None:
            if any(data.values()):
                self.add_error("variant", _("Please choose the therapy."))
            return data
        lifted = lifted_in(self, variant, self.ordering.bound)
        if self.errors:
            return data
        self.item = replace(self._filled(variant, data), lifted_limits=lifted)
        bounds = {"patient": self.ordering.patient, "on": self.ordering.on, "unsuited": self.ordering.unsuited}
        if reason := prescription_rules.why_not_prescribe(self.item, bound=self.ordering.bound, **bounds):  # type: ignore[arg-type]
            where = "limit_1" if prescription_rules.lacks_reason(self.item, self.ordering.bound) else "variant"
            self.add_error(where, reason)
        for field in ("materials", "note"):
            if reason := why_not_in_words(getattr(self.item, field)):
                self.add_error(field, reason)
        for problem in amount_problems(variant, *amounts_of(self.item), self.item.amount_reason):
            self.add_error(problem.field, problem.words)
        if reason := why_not_materials(self.item.materials, self.ordering.allergies, self.item.material_reason):
            self.add_error("material_reason", reason)
        return data

    def _filled(self, variant: Variant, rows: dict[str, Any]) -> Item:
        """What was said, and what is usual where nothing was."""
        therapy, bound, material = variant.therapy, self.ordering.bound, usual_materials(variant)
        usual: dict[str, Any] = {
            "sessions": prescription_rules.usual_sessions(therapy, rows["schedule"], bound),
            "days_between": 1 if rows["schedule"] else prescription_rules.usual_days_between(therapy, bound),
            "first_day": 1,
        }
        amounts = completed_amounts(rows, variant)
        if not rows["materials"]:  # the usual dose belongs to the usual material
            usual["materials"] = material.materials
            of_usual = amount_values(material.dose, material.temperature)
            amounts = of_usual | {name: value for name, value in amounts.items() if value not in ("", None)}
        named = [name for name in Item.__dataclass_fields__ if name not in (*UNLIKE_FIELDS, *amounts)]
        return Item(variant=variant, **amounts, **{name: rows[name] or usual.get(name, "") for name in named})


class ItemsFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """Up to six therapies, each once."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove this therapy")

    @property
    def items(self) -> list[Item]:
        """What is ordered, in order."""
        return [form.item for form in self.forms if isinstance(form, ItemForm) and form.item]

    def clean(self) -> None:
        if any(self.errors):
            return
        if reason := prescription_rules.why_not_items(self.items):
            raise forms.ValidationError(reason)


def items_formset(data: Any, ordering: Ordering, initial: list[dict[str, Any]]) -> ItemsFormSet:
    """Those that are there, and empty ones up to six."""
    made = forms.formset_factory(
        ItemForm,
        formset=ItemsFormSet,
        extra=ITEMS - len(initial),
        max_num=ITEMS,
        absolute_max=ITEMS,
        can_delete=True,
        can_delete_extra=False,
    )
    return made(data, initial=initial, prefix="items", form_kwargs={"ordering": ordering})  # type: ignore[return-value]


class PrescriptionForm(forms.Form):
    """What holds for the whole prescription."""

    aim = forms.CharField(
        label=_("Goal of treatment"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 2})
    )
    advice = forms.CharField(
        label=_("Advice for home"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3})
    )
    valid_until = CalendarField(label=_("Last valid day"))
    review_on = CalendarField(
        label=_("Review date"),
        required=False,
        help_text=_("Leave empty to use the number of sessions or days in the rules."),
    )
    replaces = forms.ModelChoiceField(
        label=_("Replaces"),
        queryset=Prescription.objects.none(),
        required=False,
        empty_label=_("None: it is valid together with the others"),
        to_field_name="public_id",
    )

    def __init__(self, *args: Any, in_force: QuerySet[Prescription], today: dt.date, last: dt.date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today, self.last = today, last
        set_field(self, "replaces", queryset=in_force, label_from_instance=_from_when)

    @property
    def helper(self) -> FormHelper:
        dates = Row(Column("valid_until", css_class="col-sm-6"), Column("review_on", css_class="col-sm-6"))
        return bare("aim", "advice", dates, "replaces")

    def clean_valid_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["valid_until"]
        if reason := prescription_rules.why_not_until(until, today=self.today, last=self.last):
            raise forms.ValidationError(reason)
        return until

    def clean_review_on(self) -> dt.date | None:
        on: dt.date | None = self.cleaned_data["review_on"]
        if on and on < self.today:
            raise forms.ValidationError(_("The review date must not be in the past."))
        return on


class EndForm(forms.Form):
    reason = forms.CharField(label=_("Reason for ending"), max_length=300)

    @property
    def helper(self) -> FormHelper:
        return bare()


def initial_items(rows: Iterable[PrescriptionItem], sessions: Mapping[int, int] | None = None) -> list[dict[str, Any]]:
    """Items as the formset shows them; `sessions` by item where another number is wanted."""
    wanted = sessions or {}
    return [
        {
            name: value
            for name, value in vars(prescription_rules.item_of(row)).items()
            if name not in ("variant", "lifted_limits")
        }
        | lifts_of(row)
        | {"variant": str(row.variant_id), "sessions": wanted.get(row.pk, row.sessions), "note": _note_of(row)}
        for row in rows
    ]


def _note_of(row: PrescriptionItem) -> str:
    """The note, with a dose or temperature that was once written in words that are no number: nothing is lost."""
    unread = [row.dose if row.dose_amount is None else "", row.temperature if row.temperature_amount is None else ""]
    return "; ".join(text for text in (row.note, *unread) if text)[:LONGEST_NOTE]


def _from_when(prescription: Prescription) -> str:
    on = (prescription.signed_at or prescription.made_at).astimezone(prescription.clinic.zone).date()
    return gettext("The prescription of %(date)s") % {"date": date_format(on, "j F Y")}
