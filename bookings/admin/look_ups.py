"""Look-ups of visits and all that hangs on them. Nothing is written here: the actions call actions."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.actions import attendance, changes
from bookings.admin.visit_search import visits_found
from bookings.errors import ActionRefused
from bookings.messages.records import addresses_of
from bookings.models import Booking, CancelledBy, History, Message, Occupancy, Status, StoppedAddress, Visit
from clinic.clock import date_format, stretch_words
from clinic.people.admin_clinics import managed_clinic_ids, managed_clinics
from clinic.people.admin_lists import RecentValues
from clinic.people.audited_admin import AuditedLookUps
from clinic.people.history_admin import my_clinics
from clinic.people.scoped_admin import (
    ClinicScopedAdmin,
    ReadOnlyAdmin,
    ScopedAdmin,
)
from clinic.premises.choices import spoken

MOST_VISITS = 20_000
"""So many ids of a small clinic's visits are an array that is quickly made."""


class StatusFilter(admin.SimpleListFilter):
    """Django's would be one of bookings, and show a visit once for each."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # noqa: ARG002
        return Status.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Visit]) -> QuerySet[Visit]:  # noqa: ARG002
        chosen = Booking.objects.filter(visit=OuterRef("pk"), status=self.value())
        return queryset.filter(Exists(chosen)) if self.value() in Status.values else queryset


@admin.register(Visit)
class VisitAdmin(AuditedLookUps, ReadOnlyAdmin, ClinicScopedAdmin):
    patient_path = "patient_id"
    order_of_one_clinic = ("-arrives_at",)
    list_display = ["arrives_at", "patient", "therapies", "status", "clinic"]
    list_filter = ["clinic", StatusFilter]
    list_select_related = ["clinic", "patient"]
    date_hierarchy = "arrives_at"
    search_fields = ["public_id"]
    search_help_text = _("Name, phone, date of birth, e-mail, a day such as 3/12/2026, or a visit's number.")
    exclude = ["holder", "holder_address"]
    actions = ["check_in", "mark_no_show", "undo", "cancel_by_clinic"]

    @admin.display(description=_("therapies"))
    def therapies(self, visit: Visit) -> str:
        return ", ".join(str(booking.variant.therapy) for booking in visit.bookings.all())

    @admin.display(description=_("status"))
    def status(self, visit: Visit) -> str:
        return ", ".join(dict.fromkeys(str(booking.get_status_display()) for booking in visit.bookings.all()))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Visit]:
        return super().get_queryset(request).prefetch_related("bookings__variant__therapy")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Visit], search_term: str) -> Any:
        """As the desk finds patients, and by day or number: each with its index, however many visits there are."""
        rows, may_repeat = super().get_search_results(request, queryset, "")
        if not search_term.strip():
            return rows, may_repeat
        return visits_found(rows, search_term, clinics=my_clinics(request), now=timezone.now()), may_repeat

    def has_act_on_permission(self, request: HttpRequest) -> bool:
        """The list holds visits of one's own clinics only; to see them is not yet to act on them."""
        return request.user.has_perm("bookings.act_on_visit")

    @admin.action(description=_("Check in"), permissions=["act_on"])
    def check_in(self, request: HttpRequest, queryset: QuerySet[Visit]) -> None:
        _each(request, queryset, lambda visit, told: attendance.check_in(visit=visit, **told))

    @admin.action(description=_("Mark as no-show"), permissions=["act_on"])
    def mark_no_show(self, request: HttpRequest, queryset: QuerySet[Visit]) -> None:
        _each(request, queryset, lambda visit, told: attendance.mark_no_show(visit=visit, **told))

    @admin.action(description=_("Undo check-in, start or no-show"), permissions=["act_on"])
    def undo(self, request: HttpRequest, queryset: QuerySet[Visit]) -> None:
        _each(request, queryset, lambda visit, told: attendance.undo(visit=visit, **told))

    @admin.action(description=_("Cancel by the clinic"), permissions=["act_on"])
    def cancel_by_clinic(self, request: HttpRequest, queryset: QuerySet[Visit]) -> None:
        rows: dict[str, Any] = {"ended_by": CancelledBy.CLINIC, "reason": "by_manager", "desk": True}
        _each(request, queryset, lambda visit, told: changes.cancel(visit=visit, version=_now(visit), **rows, **told))


@admin.register(Booking)
class BookingAdmin(AuditedLookUps, ReadOnlyAdmin, ClinicScopedAdmin):
    clinic_path = "visit__clinic"
    patient_path = "visit__patient_id"
    order_of_one_clinic = ("-visit__arrives_at", "-pk")
    list_display = ["starts_at", "ends_at", "patient", "variant", "status", "ended_by", "screening", "paper"]
    list_filter = ["status", "screening", "visit__clinic", "paper"]
    list_select_related = ["visit__patient", "variant__therapy"]
    date_hierarchy = "starts_at"
    ordering = ["-pk"]

    @admin.display(description=_("patient"))
    def patient(self, booking: Booking) -> str:
        return str(booking.visit.patient or "–")


@admin.register(Occupancy)
class OccupancyAdmin(AuditedLookUps, ReadOnlyAdmin, ClinicScopedAdmin):
    clinic_path = "booking__visit__clinic"
    patient_path = "booking__visit__patient_id"
    order_of_one_clinic = ("-booking__visit__arrives_at", "-pk")
    list_display = ["when", "resource", "serves_as", "patient_named"]
    fields = ["when", "resource", "serves_as", "patient_named", "booking"]
    readonly_fields = ["when", "serves_as", "patient_named"]
    list_select_related = ["resource", "booking__visit__patient"]
    search_fields = ["resource__name"]

    @admin.display(description=_("during"), ordering="during")
    def when(self, occupancy: Occupancy) -> str:
        return stretch_words(occupancy.during.lower, occupancy.during.upper)

    @admin.display(description=_("assigned as"))
    def serves_as(self, occupancy: Occupancy) -> str:
        """“crew:therapist” as Therapist."""
        return spoken(occupancy.part.rpartition(":")[2])

    @admin.display(description=_("patient"))
    def patient_named(self, occupancy: Occupancy) -> str:
        return str(occupancy.booking.visit.patient or "–")


class IsAny(Func):
    """Whether the first is one of the array."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


@admin.register(History)
class HistoryAdmin(AuditedLookUps, ReadOnlyAdmin, ClinicScopedAdmin):
    """The rows hold ids and codes only; the page names whose visit it is, and is a read of them."""

    clinic_path = "visit__clinic"
    patient_path = "visit__patient_id"
    list_display = ["at", "act", "was", "became", "by", "patient_named", "visit_day"]
    list_filter = [("verb", RecentValues)]
    list_select_related = ["by", "visit__patient"]
    date_hierarchy = "at"
    ordering = ["-pk"]

    @admin.display(description=_("what"), ordering="verb")
    def act(self, row: History) -> str:
        return spoken(row.verb)

    @admin.display(description=_("patient"))
    def patient_named(self, row: History) -> str:
        return str(row.visit.patient or "–")

    @admin.display(description=_("visit"))
    def visit_day(self, row: History) -> str:
        return date_format(timezone.localtime(row.visit.arrives_at), "D j M Y, H:i")

    def seen(self, request: HttpRequest) -> Q:
        """The visits of a small clinic are read once as an array: joined, its acts would be sought among all others.

        Those of a large one are met soon, from the newest on.
        """
        state = vars(request)  # a list asks three times
        if "_acts_seen" not in state:
            clinics = managed_clinic_ids(request)
            visits = Visit.objects.filter(clinic__in=clinics).order_by()
            is_small = len(clinics) == 1 and visits[: MOST_VISITS + 1].count() <= MOST_VISITS
            among = Q(IsAny(F("visit_id"), ArraySubquery(visits.values("pk")))) if is_small else super().seen(request)
            state["_acts_seen"] = among
        seen: Q = state["_acts_seen"]
        return seen


@admin.register(Message)
class MessageAdmin(AuditedLookUps, ReadOnlyAdmin, ClinicScopedAdmin):
    patient_path = "whom__pk"
    order_of_one_clinic = ("-due_at", "-pk")
    list_display = ["due_at", "kind", "channel", "recipient", "state", "attempts", "problem"]
    list_filter = ["state", "kind", "channel", "clinic"]
    list_select_related = ["patient", "visit__patient"]
    date_hierarchy = "due_at"
    exclude = ["secret", "lease_token"]


@admin.register(StoppedAddress)
class StoppedAddressAdmin(ReadOnlyAdmin, ScopedAdmin):
    """Addresses of one's own clinics' patients and staff; whose address it is nobody knows else but the operator."""

    list_display = ["address", "why", "at"]
    search_fields = ["address"]

    def seen(self, request: HttpRequest) -> Q:
        return Q(address__in=addresses_of(managed_clinics(request)))


def _each(request: HttpRequest, visits: Iterable[Visit], act: Callable[[Visit, dict[str, Any]], Visit]) -> None:
    """Run an action on each visit by itself; what is refused is said and stops none of the others."""
    done = 0
    for visit in visits:
        try:
            act(visit, {"by": request.user, "now": timezone.now()})
            done += 1
        except ActionRefused as refusal:
            messages.error(request, f"{visit.public_id}: {refusal.reason}")
    if done:
        words = ngettext("Done for %(count)s visit.", "Done for %(count)s visits.", done)
        messages.success(request, words % {"count": done})


def _now(visit: Visit) -> int:
    """The version that the list shows: that of the first booking."""
    return min(visit.bookings.all(), key=lambda booking: booking.position).version
