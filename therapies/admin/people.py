"""Practitioners with their working hours and what they may give.

Working hours are saved as they stand; where a change may hit visits, the room above registers a subclass of
`PractitionerAdmin` with its own `save_hours`.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clinic.people.admin_clinics import managed_clinics
from clinic.people.history_admin import RecordedHistory, my_clinics
from clinic.people.models import User
from clinic.people.row_history import RecordedPart
from clinic.people.scoped_admin import ScopedAdmin, ScopedInline
from clinic.people.versioned_forms import LockedForm
from clinic.premises import choices
from therapies.models import Practitioner, PractitionerRole, Qualification, WorkingHours


class QualificationInline(ScopedInline):
    """What somebody may give holds wherever they work: it is changed by whoever may change the person."""

    model = Qualification
    extra = 0
    autocomplete_fields = ["therapy"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and is_ones_own(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and is_ones_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and is_ones_own(request, obj)


class WorkingHoursInline(ScopedInline):
    """The hours at one's own clinics; those at others are neither seen nor touched."""

    model = WorkingHours
    extra = 0


def is_ones_own(request: HttpRequest, practitioner: Practitioner | None) -> bool:
    """Whether no other clinic has a part in this person: else only the hours at one's own clinic are to change."""
    if practitioner is None or request.user.is_superuser:
        return True
    clinics, today = managed_clinics(request), timezone.now().date()
    elsewhere = practitioner.working_hours.exclude(clinic__in=clinics).exclude(valid_until__lte=today)
    kept_here = practitioner.home is None or clinics.contains(practitioner.home)
    return kept_here and not elsewhere.exists()


class PractitionerForm(LockedForm):
    roles = choices.ticks(lambda: PractitionerRole.choices, label=capfirst(_("roles")), required=True)
    languages = choices.ticks(choices.languages, label=capfirst(_("languages")))


@admin.register(Practitioner)
class PractitionerAdmin(RecordedHistory, ScopedAdmin):
    form = PractitionerForm
    list_display = ["name", "shown_roles", "gender", "shown_therapies", "is_active"]
    list_filter = ["gender", "is_active"]
    search_fields = ["name"]
    autocomplete_fields = ["user"]
    fields = [
        "name",
        "user",
        "home",
        "gender",
        "roles",
        "languages",
        "training",
        "phone",
        "hands_on_limit",
        "is_active",
    ]
    inlines = [WorkingHoursInline, QualificationInline]

    @admin.display(description=_("roles"))
    def shown_roles(self, practitioner: Practitioner) -> str:
        return ", ".join(str(PractitionerRole(role).label) for role in practitioner.roles)

    @admin.display(description=_("can give"))
    def shown_therapies(self, practitioner: Practitioner) -> str:
        return ", ".join(str(each.therapy) for each in practitioner.qualifications.all())

    def seen(self, request: HttpRequest) -> Q:
        """Those who work at one's own clinics, and those whom these entered."""
        clinics = managed_clinics(request)
        return Q(home__in=clinics) | Q(pk__in=WorkingHours.objects.filter(clinic__in=clinics).values("practitioner"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Practitioner]:
        return super().get_queryset(request).prefetch_related("qualifications__therapy")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Of somebody whom another clinic has a part in, all; an account that is not in scope stays linked."""
        if not is_ones_own(request, obj):
            return [str(name) for name in self.fields]
        has_user = obj is not None and obj.user_id is not None
        linked = has_user and not self.nameable(request, User).filter(pk=obj.user_id).exists()
        return ["user"] if linked else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change and obj.home is None and not request.user.is_superuser:
            obj.home = managed_clinics(request).first()
        if form.has_changed() or not change:
            super().save_model(request, obj, form, change)

    def parts_of(self, request: HttpRequest, row: Practitioner) -> list[RecordedPart]:
        """Hours at one's own clinics, and what this person may give."""
        of_person = {"practitioner_id": row.pk}
        hours = RecordedPart(WorkingHours, of_person | {"clinic_id__in": my_clinics(request).values("pk")})
        return [*super().parts_of(request, row), hours, RecordedPart(Qualification, of_person)]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        if change and formset.model is WorkingHours:
            self.save_hours(request, form.instance, formset)
        else:
            super().save_formset(request, form, formset, change)

    def save_hours(self, request: HttpRequest, practitioner: Practitioner, formset: Any) -> None:  # noqa: ARG002
        """The hours of somebody who has visits perhaps: here nothing is known of visits."""
        formset.save()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Who leaves goes out of use; the history names them."""
        return False
