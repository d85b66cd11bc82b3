"""Changed hours and closures are actions, under the locks of booking, and name the visits they hit."""

from collections.abc import Callable, Iterable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.actions import hours_and_absences
from bookings.actions.forecast import Standing
from bookings.actions.transaction import is_trial
from bookings.admin.affected_preview import Previewed, hit_by, preview
from bookings.errors import ActionRefused, JustTaken
from bookings.facts.watches import unwatched_visits
from bookings.models import Visit
from clinic.clock import date_format
from clinic.fields import number_of
from clinic.premises.admin import ClinicAdmin
from clinic.premises.models import Clinic, Closure, OpeningHours
from therapies.admin.people import PractitionerAdmin
from therapies.models import Practitioner, WorkingHours

Change = Callable[..., list[Visit] | None]


class HoursByVerbs:
    """The admin saves its form in one transaction; an action has its own, so it runs when that one is committed."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Also tells the visits that a new list of roles, or fewer of them, leave without anybody to watch."""
        request.changes_of_hours = []  # type: ignore[attr-defined]
        at = self.watch_at(object_id) if request.method == "POST" and object_id else []
        before = unwatched_visits(at, timezone.now()) if at else None
        response: HttpResponse = super().changeform_view(request, object_id, *args, **kwargs)  # type: ignore[misc]
        if before is not None:
            _tell_hit(request, before.since(unwatched_visits(at, timezone.now())))
        is_saved = response.status_code == HTTPStatus.FOUND
        for change in request.changes_of_hours if is_saved else []:  # type: ignore[attr-defined]
            _run(request, change)
        return response

    def watch_at(self, object_id: str) -> list[int]:
        """The clinics at which the form changes who may watch over patients."""
        raise NotImplementedError

    def later(self, request: HttpRequest, change: Change) -> None:
        request.changes_of_hours.append(change)  # type: ignore[attr-defined]


admin.site.unregister(Clinic)
admin.site.unregister(Practitioner)


@admin.register(Clinic)
class ClinicHoursAdmin(Previewed, HoursByVerbs, ClinicAdmin):
    """A clinic, with its opening hours and closures."""

    def watch_at(self, object_id: str) -> list[int]:
        return [pk for pk in [number_of(object_id)] if pk]

    def save_hours(self, request: HttpRequest, clinic: Clinic, formset: Any) -> None:
        formset.save(commit=False)  # tells the admin's own log what changed, and writes nothing
        if not formset.has_changed():
            return
        if formset.model is OpeningHours:
            rows = {"hours": left_standing(formset, clinic=clinic), "seen": formset.stored}
            self.later(request, partial(hours_and_absences.change_opening_hours, clinic=clinic, **rows))
            return
        for change in closures_changed(formset, clinic):
            self.later(request, change)

    @admin.action(description=gettext_lazy("Close on the public holidays of the coming year"), permissions=["change"])
    def enter_holidays(self, request: HttpRequest, queryset: QuerySet[Clinic]) -> HttpResponse | None:
        """The visits of those days are shown first."""
        enter = partial(super().enter_holidays, request, queryset)
        hit: Standing = {}
        for clinic in queryset:
            hit |= hit_by(request, lambda: enter() is None, model=Clinic, pk=clinic.pk)
        return preview(self, request, hit) if hit else enter()

    def close_day(self, request: HttpRequest, closure: Closure) -> None:
        _run(request, partial(hours_and_absences.close_day, clinic=closure.clinic, **_said(closure)))


@admin.register(Practitioner)
class PractitionerHoursAdmin(Previewed, HoursByVerbs, PractitionerAdmin):
    """Somebody who treats, with their working hours."""

    def watch_at(self, object_id: str) -> list[int]:
        hours = WorkingHours.objects.filter(practitioner=number_of(object_id) or 0)
        return list(hours.values_list("clinic", flat=True).distinct())

    def save_hours(self, request: HttpRequest, practitioner: Practitioner, formset: Any) -> None:
        formset.save(commit=False)
        if formset.has_changed():
            hours = left_standing(formset, practitioner=practitioner)
            self.later(
                request,
                partial(
                    hours_and_absences.change_working_hours,
                    practitioner=practitioner,
                    hours=hours,
                    seen=formset.stored,
                    clinics=self.nameable(request, Clinic),
                ),
            )


def left_standing(formset: Any, **owner: Model) -> list[Any]:
    """The rows that the form leaves, as new ones: the action replaces all of them at once."""
    forms = [form for form in formset.forms if form.has_changed() or form.instance.pk]
    rows = [form.instance for form in forms if form not in formset.deleted_forms]
    names = [field.name for field in formset.model._meta.concrete_fields if not field.primary_key]
    return [formset.model(**({name: getattr(row, name) for name in names} | owner)) for row in rows]


def closures_changed(formset: Any, clinic: Clinic) -> list[Change]:
    """One action for each closure that comes, changes or goes."""
    changed = [row for row, _names in formset.changed_objects]
    moved = Closure.objects.filter(pk__in=[row.pk for row in changed])
    gone = [*formset.deleted_objects, *(old for old in moved if old.on not in {row.on for row in changed})]
    return [
        *(partial(hours_and_absences.open_day, closure=row) for row in gone),
        *(
            partial(hours_and_absences.close_day, clinic=clinic, **_said(row))
            for row in [*changed, *formset.new_objects]
        ),
    ]


def _said(closure: Closure) -> dict[str, Any]:
    return {name: getattr(closure, name) for name in ("on", "use", "reason", "from_minute", "to_minute")}


def _run(request: HttpRequest, change: Change) -> None:
    try:
        hit = change(by=request.user, now=timezone.now())
    except JustTaken:  # the only overlap that the database can refuse here is of the hours themselves
        _tell(request, messages.ERROR, _("These hours overlap, so they were not changed."))
    except ActionRefused as refusal:
        _tell(request, messages.ERROR, refusal.reason)
    else:
        _tell_hit(request, hit or [])


def _tell_hit(request: HttpRequest, hit: list[Visit]) -> None:
    if hit:
        words = _("They stay on this list until each has been dealt with.")
        listed = format_html('<a href="{}">{}</a>', reverse("desk:affected"), words)
        _tell(request, messages.WARNING, format_html("{} {}. {}", _("Affected visits:"), _links(hit), listed))


def _tell(request: HttpRequest, level: int, words: str) -> None:
    """What is only tried was not done."""
    if not is_trial():
        messages.add_message(request, level, words)


def _links(visits: Iterable[Visit]) -> str:
    """The visits by their time, without names, each leading to its page at the desk."""
    links = ((reverse("desk:visit", args=[visit.public_id]), _when(visit)) for visit in visits)
    return format_html_join(", ", '<a href="{}">{}</a>', links)


def _when(visit: Visit) -> str:
    return date_format(visit.arrives_at.astimezone(visit.zone), "D j M Y H:i")
