"""What is offered: therapies with their texts, variants and prices."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clinic.people.admin_clinics import manages_everywhere
from clinic.people.history_admin import RecordedHistory, my_clinics
from clinic.people.row_history import RecordedPart
from clinic.people.scoped_admin import OfTheOrganisation, OrganisationInline, ScopedInline
from clinic.premises import choices
from therapies import catalogue_words
from therapies.admin.narrow_fields import narrow
from therapies.admin.proposals import REASON, Proposing, ReasonForm, propose_rows
from therapies.models import Contraindication, Needs, Price, Therapy, TherapyText, Variant
from therapies.offers import missing_of
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


class TherapyForm(ReasonForm):
    """Words of the catalogue are chosen; nobody has to know its codes."""

    category = choices.a_choice(catalogue_words.categories, label=capfirst(_("category")))
    phase = choices.a_choice(catalogue_words.phases, label=capfirst(_("phase")))
    scope = choices.a_choice(catalogue_words.scopes, label=capfirst(_("part of the body")))
    consent = choices.a_choice(catalogue_words.kinds_of_consent, label=capfirst(_("consent")))
    groups = choices.ticks(catalogue_words.groups, label=capfirst(_("groups")))

    def clean_is_active(self) -> bool:
        is_offered: bool = self.cleaned_data["is_active"]
        reason = missing_of(self.instance) if is_offered and not self.initial.get("is_active") else ""
        if reason:
            raise ValidationError(reason)
        return is_offered


@admin.register(Therapy)
class TherapyAdmin(Proposing, RecordedHistory, Worded, OfTheOrganisation):
    """A new one is private: it is offered when a Vaidya has confirmed it."""

    form = TherapyForm
    worded = ("names",)
    list_display = ["name", "kind", "category", "booking_mode", "needs", "reviewed", "is_active"]
    list_filter = ["kind", "booking_mode", "is_active"]
    search_fields = ["name", "code", "name_iast", "name_devanagari", "description"]
    readonly_fields = ["facts", "sources", "from_catalogue", "waiting", "preview"]
    inlines = [TherapyTextInline, VariantInline, ContraindicationInline, PriceInline]
    fieldsets = [
        (None, {"fields": ["code", "name", "names", "description", "synonyms", "is_active", "preview", "position"]}),
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
        """Rules and the catalogue name a therapy by its code. What is not there yet cannot be offered."""
        fixed = super().get_readonly_fields(request, obj)
        if obj is None:
            return [*fixed, "is_active"]
        shared = [] if manages_everywhere(request) else ["is_active"]  # offered or not is so at every clinic
        return list(dict.fromkeys([*fixed, "code", *shared]))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Nobody is treated without an order unless somebody says so."""
        return {"needs": Needs.PRESCRIPTION} | super().get_changeform_initial_data(request)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.is_active = False
        super().save_model(request, obj, form, change)

    @admin.display(description=_("page for patients"))
    def preview(self, therapy: Therapy) -> str:
        """Leads to its page and its free times, offered or not."""
        if not therapy.pk:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("desk:therapy_preview", args=[therapy.code]), _("Preview with free times")
        )

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
