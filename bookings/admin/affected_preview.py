"""A change that hits visits is shown with names first, and saved when the manager has seen them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.messages import get_messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from bookings.models import Visit
from bookings.slots.obstacles import Obstacle, obstacles
from clinic.people.audit import record_read
from clinic.people.history_admin import my_clinics
from clinic.premises.models import Equipment, Room
from therapies.models import Step, Therapy, Variant

if TYPE_CHECKING:
    Page = admin.ModelAdmin[Any]
else:
    Page = admin.ModelAdmin

SEEN = "_affected_seen"
Standing = dict[int, set[Obstacle]]


class Previewed(Page):
    """Saves, looks what now stands against visits to come, and takes it back until somebody has seen the list."""

    def changeform_view(self, request: HttpRequest, object_id: Any = None, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST" or object_id is None or SEEN in request.POST:
            return super().changeform_view(request, object_id, *args, **kwargs)
        clinics = list(my_clinics(request))
        before = _standing(clinics)
        with transaction.atomic():
            response = super().changeform_view(request, object_id, *args, **kwargs)
            hit = _since(before, _standing(clinics)) if response.status_code == 302 else {}
            if hit:
                transaction.set_rollback(True)
        return _preview(self, request, hit) if hit else response


def _standing(clinics: Iterable[Any]) -> Standing:
    now = timezone.now()
    fresh = [type(clinic)._default_manager.get(pk=clinic.pk) for clinic in clinics]
    return {visit: set(listed) for clinic in fresh for visit, listed in obstacles(clinic, now).items()}


def _since(before: Standing, after: Standing) -> Standing:
    new = {visit: listed - before.get(visit, set()) for visit, listed in after.items()}
    return {visit: listed for visit, listed in new.items() if listed}


def _preview(page: Any, request: HttpRequest, hit: Standing) -> HttpResponse:
    """With names: the read is recorded before the page is made."""
    get_messages(request)._queued_messages.clear()  # what was taken back was not done
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
