"""A change that hits visits is shown with names first, and saved when the manager has seen them."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from bookings.actions.forecast import Standing, newly_affected
from bookings.actions.transaction import is_trial
from bookings.models import Visit
from clinic.fields import number_of
from clinic.people.audit import record_read
from clinic.people.history_admin import my_clinics
from clinic.premises.models import Clinic, Equipment, Room
from therapies.models import Step, Therapy, Variant

if TYPE_CHECKING:
    Page = admin.ModelAdmin[Any]
else:
    Page = admin.ModelAdmin

SEEN = "_affected_seen"


class Previewed(Page):
    """Tries to save, looks what would then stand against visits to come, and saves once somebody has seen the list."""

    def changeform_view(self, request: HttpRequest, object_id: Any = None, *args: Any, **kwargs: Any) -> Any:
        save = partial(super().changeform_view, request, object_id, *args, **kwargs)
        pk = number_of(object_id or "")
        if request.method != "POST" or pk is None:
            return save()
        hit = hit_by(request, lambda: save().status_code == HTTPStatus.FOUND, model=self.model, pk=pk)
        return preview(self, request, hit) if hit else save()

    def message_user(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """What is only tried was not done."""
        if not is_trial():
            super().message_user(request, *args, **kwargs)


def hit_by(request: HttpRequest, change: Callable[[], object], *, model: type[Model], pk: int) -> Standing:
    """What the change would newly put in the way of visits at the manager's clinics; nothing once it was shown."""
    if SEEN in request.POST:
        return {}
    mine = my_clinics(request)
    clinics = mine.filter(pk=pk) if model is Clinic else mine
    at = clinics.values_list("pk", flat=True)
    return newly_affected(change, model=model, pk=pk, clinics=at, now=timezone.now())


def preview(page: Any, request: HttpRequest, hit: Standing) -> HttpResponse:
    """With names: the read is recorded before the page is made."""
    visits = list(Visit.objects.filter(pk__in=hit).select_related("patient").order_by("arrives_at", "pk"))
    patients = [visit.patient_id for visit in visits if visit.patient_id]
    door = f"admin:{page.opts.app_label}_{page.opts.model_name}_preview"
    record_read(request=request, patients=patients, door=door, clinic=None, now=timezone.now())
    context = page.admin_site.each_context(request) | {
        "opts": page.opts,
        "rows": [(visit, sorted(map(str, hit[visit.pk]))) for visit in visits],
        "hidden": [
            (name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
        ],
        "seen": SEEN,
    }
    return TemplateResponse(request, "admin/affected_preview.html", context, status=200)


def _with_preview() -> None:
    """The pages below know nothing of visits."""
    for model in (Room, Equipment, Therapy, Variant, Step):
        below = type(admin.site.get_model_admin(model))
        admin.site.unregister(model)
        admin.site.register(model, type(below.__name__, (Previewed, below), {"__module__": below.__module__}))


_with_preview()
