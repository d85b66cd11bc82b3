"""The history page of an admin row: from the append-only tables instead of the admin's own log, and read-only."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clinic.field_words import Words
from clinic.people.models import Role
from clinic.people.permissions import signed_in_user
from clinic.people.row_history import RecordedPart, is_recorded, records

if TYPE_CHECKING:
    Page = admin.ModelAdmin[Any]
else:
    Page = admin.ModelAdmin

A_PAGE = 25


class RecordedHistory(Page):
    """Shows who changed which value of this row and of its parts, from what to what, in a clinic's time."""

    object_history_template = "admin/recorded_history.html"

    def parts_of(self, request: HttpRequest, row: Any) -> list[RecordedPart]:  # noqa: ARG002
        """Whose records the page shows; the row's own, and those of its parts that this person may see."""
        return [RecordedPart(self.model, {"pgh_obj_id": row.pk})] if is_recorded(self.model) else []

    def words(self) -> Words:
        """What the codes in this row's values mean."""
        return {}

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The template is rendered later: what it shows is put beside what Django found, which asked for permission."""
        response = super().history_view(request, object_id, extra_context)
        context = getattr(response, "context_data", None)
        if context is not None:
            history = records(self.parts_of(request, context["object"]), self.words())
            page = Paginator(history, A_PAGE).get_page(request.GET.get("p"))
            context |= {"records": page, "clinic_zone": clinic_zone(request, context["object"])}
        return response


def my_clinics(request: HttpRequest) -> QuerySet[Any]:
    """Where the person is a manager at this moment; whoever runs the installation sees every clinic."""
    if request.user.is_superuser:
        clinic = apps.get_model("premises", "Clinic")  # premises stands above people: only its name is known here
        return clinic.objects.all()
    return signed_in_user(request).clinics_at(timezone.now(), Role.MANAGER)


def clinic_zone(request: HttpRequest, row: Any) -> str:
    """The zone of the row's clinic, else of the first of one's own."""
    here = row if hasattr(row, "timezone") else getattr(row, "clinic", None)
    clinic = here if here is not None else my_clinics(request).first()
    return clinic.timezone if clinic is not None else timezone.get_current_timezone_name()
