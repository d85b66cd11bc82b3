"""Clinics, hours, rooms and equipment for managers, each of their own clinics.

Hours and closures are saved as they stand. Where a change may hit visits, the room above the premises takes over: it
registers a subclass of `ClinicAdmin` whose `save_hours` calls its action and tells which visits are hit.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clinic.clock import stretch_words
from clinic.people.admin_clinics import managed_clinics
from clinic.people.history_admin import RecordedHistory
from clinic.people.row_history import RecordedPart
from clinic.people.scoped_admin import (
    ClinicScopedAdmin,
    ReadOnlyAdmin,
    ScopedAdmin,
    ScopedInline,
)
from clinic.people.versioned_forms import LockedForm
from clinic.premises import choices, page_admin  # noqa: F401 - the texts of public pages register themselves
from clinic.premises.holidays import closures_to_enter, validate_calendar
from clinic.premises.models import Absence, Clinic, Closure, Equipment, OpeningHours, Room
from clinic.premises.models.clinic import ONLINE_LIMITS


class ClinicForm(LockedForm):
    languages = choices.ticks(choices.languages, label=capfirst(_("languages")))
    holidays = forms.CharField(
        label=capfirst(_("holiday calendar (country-state)")),
        required=False,
        max_length=10,
        validators=[validate_calendar],
        help_text=_("For example IN-RJ. The list of clinics has an action that closes the clinic on these days."),
    )
    reminders = forms.TypedMultipleChoiceField(
        label=capfirst(_("reminders")),
        coerce=int,
        choices=choices.reminders,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Without a reminder a day before, one message is sent at 18:00 the evening before, with how to prepare. "
            "Choose others as you wish, for example two hours before (six at most)."
        ),
    )
    unscheduled_roles = choices.ticks(
        lambda: [("attendant", _("Attendant")), ("nurse", _("Nurse"))],
        label=capfirst(_("roles shown without a schedule")),
        help_text=_("Their work is shown in the plan, but they have no personal schedule."),
    )

    watch_roles = choices.ticks(
        choices.watch_roles,
        required=True,
        label=capfirst(_("roles that watch over patients")),
        help_text=_("At every minute of a watch, one of them must be on duty and not with another patient."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reminders" in self.fields:
            self.fields["reminders"].choices = choices.reminders(self.instance.reminders)  # type: ignore[attr-defined]


class OpeningHoursInline(ScopedInline):
    model = OpeningHours
    extra = 0


class ClosureInline(ScopedInline):
    model = Closure
    extra = 0


@admin.register(Clinic)
class ClinicAdmin(RecordedHistory, ClinicScopedAdmin):
    clinic_path = "pk"
    form = ClinicForm
    list_display = ["name", "slug", "phone", "timezone", "is_active"]
    search_fields = ["name", "slug"]
    inlines = [OpeningHoursInline, ClosureInline]
    fieldsets = [
        (None, {"fields": ["name", "sender_name", "slug", "address", "phone", "email", "emergency_numbers"]}),
        (_("Shown on the clinic's public page"), {"fields": ["whatsapp", "map_url", "step_free"]}),
        (_("Language and time"), {"fields": ["languages", "timezone", "clock", "holidays"]}),
        (
            _("Booking"),
            {
                "fields": [
                    "slot_minutes",
                    "lead_minutes",
                    "horizon_days",
                    "change_notice_hours",
                    "late_change_price",
                    "currency",
                    "reminders",
                    "unscheduled_roles",
                    "watch_roles",
                    "watched_by_one",
                    "day_check_by_phone",
                    "is_active",
                ],
            },
        ),
        (
            _("Online booking: limits for one patient or account"),
            {
                "description": _("These limits prevent misuse. They do not apply to bookings by the front desk."),
                "fields": [*ONLINE_LIMITS],
            },
        ),
    ]

    actions = ["enter_holidays"]

    @admin.action(description=_("Close on the public holidays of the coming year"), permissions=["change"])
    def enter_holidays(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        for clinic in queryset:
            closures = closures_to_enter(clinic, timezone.now())
            for closure in closures:
                self.close_day(request, closure)
            rows = {"clinic": clinic, "count": len(closures)}
            words = _("%(clinic)s: %(count)s holidays added, open for running courses.") % rows
            self.message_user(request, words, messages.SUCCESS)
        return None

    def close_day(self, request: HttpRequest, closure: Closure) -> None:  # noqa: ARG002
        """As `save_hours`: the room above has an action for it."""
        closure.save()

    def parts_of(self, request: HttpRequest, row: Clinic) -> list[RecordedPart]:
        """With its hours and the days on which it is closed."""
        of_clinic = {"clinic_id": row.pk}
        return [
            *super().parts_of(request, row),
            RecordedPart(OpeningHours, of_clinic),
            RecordedPart(Closure, of_clinic),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A new clinic is the operator's to open: nobody is its manager yet."""
        return request.user.is_superuser and super().has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """A clinic that closes stops taking bookings; its history stays."""
        return False

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        if change:
            self.save_hours(request, form.instance, formset)
        else:
            super().save_formset(request, form, formset, change)

    def save_hours(self, request: HttpRequest, clinic: Clinic, formset: Any) -> None:  # noqa: ARG002
        """Opening hours or closures of a clinic that has visits perhaps: here nothing is known of visits."""
        formset.save()


class RoomForm(LockedForm):
    features = choices.ticks(
        choices.room_features,
        label=capfirst(_("features")),
        help_text=_("A room can be used for therapies that need one of these."),
    )


@admin.register(Room)
class RoomAdmin(ClinicScopedAdmin):
    form = RoomForm
    list_display = ["name", "clinic", "shown_features", "is_active"]
    list_filter = ["clinic", "is_active"]
    list_select_related = ["clinic"]
    search_fields = ["name"]
    fields = ["clinic", "name", "features", "is_active"]

    @admin.display(description=_("features"))
    def shown_features(self, room: Room) -> str:
        return ", ".join(choices.spoken(code) for code in room.features)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """A room that was used is in the history; it goes out of use instead."""
        return False


class EquipmentForm(LockedForm):
    kind = forms.ChoiceField(choices=choices.equipment_kinds, label=capfirst(_("kind")))


@admin.register(Equipment)
class EquipmentAdmin(ClinicScopedAdmin):
    form = EquipmentForm
    list_display = ["name", "clinic", "shown_kind", "is_active"]
    list_filter = ["clinic", "is_active"]
    list_select_related = ["clinic"]
    search_fields = ["name"]
    fields = ["clinic", "name", "kind", "is_active"]

    @admin.display(description=_("kind"))
    def shown_kind(self, equipment: Equipment) -> str:
        return choices.spoken(equipment.kind)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Absence)
class AbsenceAdmin(ReadOnlyAdmin, ScopedAdmin):
    """To look at: absences are entered and taken back by actions, which tell the visits they hit."""

    list_display = ["resource", "when", "reason", "by", "at"]
    fields = ["resource", "when", "reason", "by", "at"]
    readonly_fields = ["when"]
    list_select_related = ["resource", "by"]
    search_fields = ["resource__name"]

    @admin.display(description=_("during"), ordering="during")
    def when(self, absence: Absence) -> str:
        return stretch_words(absence.during.lower, absence.during.upper)

    def seen(self, request: HttpRequest) -> Q:
        clinics = managed_clinics(request)
        here = Q(resource__room__clinic__in=clinics) | Q(resource__equipment__clinic__in=clinics)
        return here | Q(resource__practitioner__working_hours__clinic__in=clinics)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Absence]:
        return super().get_queryset(request).distinct()
