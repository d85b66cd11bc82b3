"""How a therapy runs: its variants, and the steps of each with their crews."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clinic.people.history_admin import RecordedHistory
from clinic.people.row_history import RecordedPart, events_of_row
from clinic.people.scoped_admin import OfTheOrganisation, OrganisationInline
from clinic.people.versioned_forms import LockedForm
from clinic.people.versioned_rows import VersionedFormSet
from clinic.premises import choices
from therapies.admin.narrow_fields import narrow
from therapies.admin.proposals import REASON, Proposing, ReasonForm
from therapies.models import PractitionerRole, Step, StepCrew, Variant
from therapies.step_days import steps_on
from therapies.step_order import why_not_steps
from therapies.wording_fields import Worded

TIMES = ("offset", "minutes", "room_kept", "patient_present")
NEXT = ("next_on", "next_offset", "next_minutes")
"""From a day on: searches use these minutes by the day, and who is booked keeps theirs."""
MINUTE = 4
"""Width of a minute on the strip of steps."""


def _equipment_field() -> forms.MultipleChoiceField:
    return choices.ticks(choices.equipment_kinds, label=capfirst(_("scarce equipment")))


class StepForm(LockedForm):
    equipment = _equipment_field()

    def clean(self) -> dict[str, Any]:
        """The other steps of the variant stay as they are."""
        data = super().clean() or {}
        if not self.errors:
            others = self.instance.variant.steps.exclude(pk=self.instance.pk)
            shown = {name: data.get(name, getattr(self.instance, name)) for name in ("name", *TIMES)}
            _refuse([*others, Step(**shown)])
        return data


class StepFormSet(VersionedFormSet):
    def clean(self) -> None:
        """All steps that the page leaves, together."""
        super().clean()
        if any(self.errors):
            return
        forms_left = [form for form in self.forms if form not in self.deleted_forms]
        steps = [form.instance for form in forms_left if form.instance.pk or form.has_changed()]
        _refuse(steps)
        for day in sorted({step.next_on for step in steps if step.next_on}):
            if all(step.next_minutes and step.next_offset is not None for step in steps if step.next_on):
                _refuse(steps_on(steps, day))


def _refuse(steps: list[Step]) -> None:
    if reasons := why_not_steps(steps):
        raise ValidationError(reasons)


class StepInline(OrganisationInline):
    model = Step
    formset = StepFormSet
    extra = 0
    fields = ["code", "name", "offset", "minutes", "room_kept", "patient_present", "equipment", "crew", *NEXT]
    readonly_fields = ["crew"]
    show_change_link = True
    sizes = {"code": 14, "name": 24, "offset": 4, "minutes": 4, "next_offset": 4, "next_minutes": 4}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "equipment":
            return _equipment_field()
        if db_field.name in self.sizes:
            kwargs["widget"] = narrow(self.sizes[db_field.name])
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("therapists"))
    def crew(self, step: Step) -> str:
        return ", ".join(f"{crew} ({crew.get_presence_display()})" for crew in step.crews.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        return super().get_queryset(request).prefetch_related("crews")


class VariantForm(ReasonForm):
    room_feature = choices.a_choice(choices.room_features, label=capfirst(_("kind of room")))


@admin.register(Variant)
class VariantAdmin(Proposing, RecordedHistory, Worded, OfTheOrganisation):
    """A new one gets its steps on this page; the crew of a step stands on the page of the step."""

    form = VariantForm
    worded = ("names",)
    list_display = ["therapy", "code", "name", "is_default", "shown_room"]
    list_display_links = ["therapy", "code"]
    list_filter = ["room_feature"]
    list_select_related = ["therapy"]
    search_fields = ["code", "name", "therapy__name"]
    inlines = [StepInline]
    readonly_fields = ["smaller_crew_of", "preparation", "waiting", "strip"]
    fields = [
        "therapy",
        "code",
        "name",
        "names",
        "is_default",
        "room_feature",
        "strip",
        "smaller_crew_of",
        "window_from",
        "window_to",
        "hours_after_meal",
        "minimum_age",
        "maximum_age",
        "age_is_absolute",
        "preparation",
        "who_id",
        "waiting",
        REASON,
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Orders and bookings know a variant by its therapy and code."""
        fixed = super().get_readonly_fields(request, obj)
        return [*fixed, "therapy", "code"] if obj else fixed

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """What patients can book gets no other form unseen: only a therapy that is not offered yet, or no longer."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "therapy":
            field.queryset = field.queryset.filter(is_active=False)
            field.help_text = _("Only therapies that are not offered: a Vaidya confirms them with all their variants.")
        return field

    @admin.display(description=_("kind of room"))
    def shown_room(self, variant: Variant) -> str:
        return choices.spoken(variant.room_feature)

    @admin.display(description=_("steps"))
    def strip(self, variant: Variant) -> str:
        """A line for each step, from left to right in minutes."""
        return strip_of(variant.steps.all()) if variant.pk else "–"

    def parts_of(self, request: HttpRequest, row: Variant) -> list[RecordedPart]:
        """With its steps, those that are gone too, and their crews."""
        steps = events_of_row(Step).order_by().filter(variant_id=row.pk)
        crews = RecordedPart(StepCrew, {"step_id__in": steps.values("pgh_obj_id")})
        return [*super().parts_of(request, row), RecordedPart(Step, {"variant_id": row.pk}), crews]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


def strip_of(steps: Iterable[Step]) -> str:
    """The steps as bars: dark with the patient, light without; beside each its name, start and minutes."""
    rows = list(steps)
    if not rows:
        return "–"
    first = min(step.offset for step in rows)
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="14"></rect><text x="{}" y="{}">{}</text>',
        (
            (
                "patient" if step.patient_present else "clinic",
                (step.offset - first) * MINUTE,
                line * 22 + 4,
                step.minutes * MINUTE,
                (step.offset - first + step.minutes) * MINUTE + 6,
                line * 22 + 16,
                _("%(name)s: from minute %(start)s, %(minutes)s minutes")
                % {"name": step, "start": step.offset, "minutes": step.minutes},
            )
            for line, step in enumerate(rows)
        ),
    )
    width = max(step.offset - first + step.minutes for step in rows) * MINUTE + 420
    box = f"0 0 {width} {len(rows) * 22 + 4}"
    return format_html(
        '<svg class="step-strip" viewBox="{}" role="img" aria-label="{}">{}</svg>', box, _("Steps"), bars
    )


class StepCrewInline(OrganisationInline):
    model = StepCrew
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "role":
            return forms.ChoiceField(choices=PractitionerRole.choices, label=db_field.verbose_name)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Step)
class StepAdmin(RecordedHistory, Worded, OfTheOrganisation):
    """Reached from its variant."""

    form = StepForm
    worded = ("names",)
    list_display = ["variant", "code", "name", "offset", "minutes"]
    list_select_related = ["variant__therapy"]
    search_fields = ["variant__therapy__name", "name"]
    inlines = [StepCrewInline]
    readonly_fields = ["variant", "code"]
    fields = ["variant", "code", "name", "names", "offset", "minutes", "room_kept", "patient_present", "equipment"]

    def parts_of(self, request: HttpRequest, row: Step) -> list[RecordedPart]:
        return [*super().parts_of(request, row), RecordedPart(StepCrew, {"step_id": row.pk})]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """On the page of its variant, where one sees the others."""
        return False
