"""Look-ups of the admin that name patients: each page is in the audit before it is shown."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clinic.people.audit import record_read

if TYPE_CHECKING:
    Page = admin.ModelAdmin[Any]
else:
    Page = admin.ModelAdmin


class AuditedLookUps(Page):
    """Every page that names patients is in the audit before it is made; `patient_path` leads to their id."""

    patient_path = "pk"

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        if request.path.endswith("/autocomplete/"):  # it would name patients outside the audit
            raise PermissionDenied
        return super().get_search_results(request, queryset, search_term)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            self._audit(request, "changelist", shown["cl"].result_list)
        return response

    def changeform_view(self, request: HttpRequest, object_id: Any = None, *args: Any, **kwargs: Any) -> Any:
        response = super().changeform_view(request, object_id, *args, **kwargs)
        self._audit_one(request, "change", response, "original")
        return response

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        response = super().history_view(request, object_id, extra_context)
        self._audit_one(request, "history", response, "object")
        return response

    def _audit_one(self, request: HttpRequest, page: str, response: Any, name: str) -> None:
        row = (getattr(response, "context_data", None) or {}).get(name)
        if row is not None:
            self._audit(request, page, [row])

    def _audit(self, request: HttpRequest, page: str, rows: Iterable[Model]) -> None:
        """The pages are templates that are not rendered yet: the row is committed before they are."""
        ids = {_follow(row, self.patient_path) for row in rows} - {None}
        door = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        record_read(request=request, patients=ids, door=door, clinic=None, now=timezone.now())


def _follow(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row
