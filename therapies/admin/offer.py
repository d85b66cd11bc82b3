"""What is offered: therapies with their texts, variants, steps and crews."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clinic.people.history_admin import RecordedHistory, my_clinics
from clinic.people.row_history import RecordedPart, events_of_row
from clinic.people.scoped_admin import OfTheOrganisation, OrganisationInline, ScopedInline
from therapies.admin.proposals import REASON, Proposing, propose_rows
from therapies.models import (
    Contraindication,
    PractitionerRole,
    Price,
    Step,
    StepCrew,
    Therapy,
    TherapyText,
    Variant,
)
from therapies.wording_fields import SentencesField, Worded


class TherapyTextInline(OrganisationInline):
    model = TherapyText
    template = admin.StackedInline.template
    extra = 0
    fields = [
        "language",
        "summary",
        "what_happens",
        "preparation",
        "aftercare",
        "not_given",
        "reviewed_by",
        "reviewed_on",
    ]
    readonly_fields = ["reviewed_by", "reviewed_on"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Sentences one below the other."""
        if db_field.name in ("preparation", "aftercare", "not_given"):
            return SentencesField(label=capfirst(db_field.verbose_name))
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def _forget_reviews(formset: Any) -> None:
    """A Vaidya's review is of the words they read: other words are not reviewed."""
    for form in formset.initial_forms:
        if form.has_changed():
            form.instance.reviewed_by, form.instance.reviewed_on = "", None


def narrow(size: int) -> forms.TextInput:
    """An input that leaves room for its neighbours in a table."""
    return forms.TextInput(attrs={"size": size})


class ContraindicationInline(ScopedInline):
    model = Contraindication
    extra = 0
    autocomplete_fields = ["term"]
    fields = ["term", "level", "variants", "note", "sources"]
    sizes = {"variants": 12, "note": 24, "sources": 20}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Terms are looked up here, and changed on their own page."""
        if db_field.name in self.sizes:
            kwargs["widget"] = narrow(self.sizes[db_field.name])
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "term":
            for act in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{act}_related", False)
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A tick proposes that it goes."""
        return self.has_change_permission(request, obj)


class PriceInline(ScopedInline):
    model = Price
    extra = 0


class VariantInline(ScopedInline):
    """To look at; each opens on its own page, with its steps."""

    model = Variant
    extra = 0
    fields = readonly_fields = ("code", "name", "is_default", "room_feature", "minutes")
    show_change_link = True
    can_delete = False

    @admin.display(description=_("steps (minutes)"))
    def minutes(self, variant: Variant) -> str:
        return ", ".join(f"{step.name} {step.minutes}" for step in variant.steps.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        return super().get_queryset(request).prefetch_related("steps")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Therapy)
class TherapyAdmin(Proposing, RecordedHistory, Worded, OfTheOrganisation):
    worded = ("names",)
    list_display = ["name", "kind", "category", "booking_mode", "needs", "reviewed", "is_active"]
    list_filter = ["kind", "booking_mode", "is_active"]
    search_fields = ["name", "code", "name_iast", "name_devanagari", "description"]
    readonly_fields = ["facts", "sources", "from_catalogue", "waiting"]
    inlines = [TherapyTextInline, VariantInline, ContraindicationInline, PriceInline]
    fieldsets = [
        (None, {"fields": ["code", "name", "names", "description", "synonyms", "is_active", "position"]}),
        (
            _("Booking"),
            {
                "fields": [
                    "booking_mode",
                    "follow_up",
                    "needs",
                    "consent",
                    "same_gender",
                    "arrival_lead_minutes",
                    "change_notice_hours",
                    "reminder_hours",
                ],
            },
        ),
        (_("Limits"), {"fields": ["minimum_age", "maximum_age", "age_is_absolute", "hours_after_meal", "whole_day"]}),
        (
            _("Type and classical names"),
            {"fields": ["kind", "category", "phase", "scope", "groups", "name_iast", "name_devanagari", "who_id"]},
        ),
        (_("From the catalogue"), {"classes": ["collapse"], "fields": ["facts", "sources"]}),
        (_("Safety"), {"fields": ["from_catalogue", "waiting", REASON]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Rules and the catalogue name a therapy by its code."""
        fixed = super().get_readonly_fields(request, obj)
        return [*fixed, "code"] if obj and "code" not in fixed else fixed

    @admin.display(description=_("texts"))
    def reviewed(self, therapy: Therapy) -> str:
        """Which languages a Vaidya has read and approved."""
        texts = sorted(therapy.texts.all(), key=lambda text: text.language)
        rows = [f"{text.language}: {text.reviewed_by or _('not yet reviewed')}" for text in texts]
        return ", ".join(rows) or str(_("no text"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Therapy]:
        return super().get_queryset(request).prefetch_related("texts")

    def parts_of(self, request: HttpRequest, row: Therapy) -> list[RecordedPart]:
        """With its texts, what speaks against it, and the prices of one's own clinics."""
        of_therapy = {"therapy_id": row.pk}
        prices = RecordedPart(Price, of_therapy | {"clinic_id__in": my_clinics(request).values("pk")})
        parts = [RecordedPart(model, of_therapy) for model in (TherapyText, Contraindication)]
        return [*super().parts_of(request, row), *parts, prices]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        if formset.model is Contraindication:
            propose_rows(self, request, form, formset)
        else:
            if formset.model is TherapyText:
                _forget_reviews(formset)
            super().save_formset(request, form, formset, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """What is no longer offered is switched off; bookings still name it."""
        return False


class StepInline(OrganisationInline):
    model = Step
    extra = 0
    fields = ["code", "name", "offset", "minutes", "room_kept", "patient_present", "equipment", "crew"]
    readonly_fields = ["crew"]
    show_change_link = True
    sizes = {"code": 14, "name": 24, "offset": 4, "minutes": 4, "equipment": 14}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.sizes:
            kwargs["widget"] = narrow(self.sizes[db_field.name])
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("therapists"))
    def crew(self, step: Step) -> str:
        return ", ".join(f"{crew} ({crew.get_presence_display()})" for crew in step.crews.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        return super().get_queryset(request).prefetch_related("crews")


@admin.register(Variant)
class VariantAdmin(Proposing, RecordedHistory, Worded, OfTheOrganisation):
    worded = ("names",)
    list_display = ["therapy", "code", "name", "is_default", "room_feature"]
    list_display_links = ["therapy", "code"]
    list_filter = ["room_feature"]
    list_select_related = ["therapy"]
    search_fields = ["code", "name", "therapy__name"]
    inlines = [StepInline]
    readonly_fields = ["therapy", "code", "smaller_crew_of", "preparation", "waiting"]
    fields = [
        "therapy",
        "code",
        "name",
        "names",
        "is_default",
        "room_feature",
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

    def parts_of(self, request: HttpRequest, row: Variant) -> list[RecordedPart]:
        """With its steps, those that are gone too, and their crews."""
        steps = events_of_row(Step).order_by().filter(variant_id=row.pk)
        crews = RecordedPart(StepCrew, {"step_id__in": steps.values("pgh_obj_id")})
        return [*super().parts_of(request, row), RecordedPart(Step, {"variant_id": row.pk}), crews]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


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
        return False
