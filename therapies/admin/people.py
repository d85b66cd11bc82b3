"""Practitioners with their working hours and what they may give.

Working hours are saved as they stand; where a change may hit visits, the room above registers a subclass of
`PractitionerAdmin` with its own `save_hours`.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clinic.people.history_admin import RecordedHistory, my_clinics
from clinic.people.models import Role
from clinic.people.row_history import Part
from clinic.premises import choices
from therapies.models import Practitioner, PractitionerRole, Qualification, WorkingHours


class QualificationInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Qualification
    extra = 0
    autocomplete_fields = ["therapy"]


class WorkingHoursInline(admin.TabularInline):  # type: ignore[type-arg]
    model = WorkingHours
    extra = 0


class PractitionerForm(forms.ModelForm):  # type: ignore[type-arg]
    roles = choices.ticks(lambda: PractitionerRole.choices, label=capfirst(_("roles")), required=True)
    languages = choices.ticks(choices.languages, label=capfirst(_("languages")))


@admin.register(Practitioner)
class PractitionerAdmin(RecordedHistory):
    form = PractitionerForm
    list_display = ["name", "shown_roles", "gender", "shown_therapies", "is_active"]
    list_filter = ["gender", "is_active"]
    search_fields = ["name"]
    autocomplete_fields = ["user"]
    fields = ["name", "user", "gender", "roles", "languages", "hands_on_limit", "is_active"]
    inlines = [WorkingHoursInline, QualificationInline]

    @admin.display(description=_("roles"))
    def shown_roles(self, practitioner: Practitioner) -> str:
        return ", ".join(str(PractitionerRole(role).label) for role in practitioner.roles)

    @admin.display(description=_("may give"))
    def shown_therapies(self, practitioner: Practitioner) -> str:
        return ", ".join(str(each.therapy) for each in practitioner.qualifications.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Practitioner]:
        """Those who work at one's own clinics, and those who work nowhere yet."""
        people = super().get_queryset(request).prefetch_related("qualifications__therapy")
        if request.user.is_superuser:
            return people
        mine = Q(working_hours__clinic__in=request.user.clinics_at(timezone.now(), Role.MANAGER))
        return people.filter(mine | Q(working_hours=None)).distinct()

    def parts_of(self, request: HttpRequest, row: Practitioner) -> list[Part]:
        """Hours at one's own clinics, and what this person may give."""
        of_person = {"practitioner_id": row.pk}
        hours = Part(WorkingHours, of_person | {"clinic_id__in": my_clinics(request).values("pk")})
        return [*super().parts_of(request, row), hours, Part(Qualification, of_person)]

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
