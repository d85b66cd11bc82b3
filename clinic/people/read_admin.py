"""The access log: who read whose record, by name. To read it is itself in the log."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.people.admin_clinics import managed_clinic_ids
from clinic.people.admin_lists import BoundedList, RecentValues
from clinic.people.audit import record_read
from clinic.people.audited_admin import AuditedLookUps
from clinic.people.models import Membership, Patient, Read, User
from clinic.people.models.patient import PatientQuerySet
from clinic.people.patient_search import find_patients
from clinic.people.records import RecordIdsOfAll
from clinic.people.scoped_admin import ReadOnlyAdmin, ScopedAdmin

MOST_PEOPLE = 50


class NamedList(BoundedList):
    """With the patients of the rows of this page, read at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        _name_patients(request, rows)
        self.result_list: Any = rows


def _patients_here(request: HttpRequest) -> PatientQuerySet:
    """Those of one's own clinics."""
    if request.user.is_superuser:
        return Patient.objects.all()
    return Patient.objects.filter(pk__in=Patient.objects.filter(clinics__in=managed_clinic_ids(request)).values("pk"))


def _name_patients(request: HttpRequest, rows: list[Any]) -> None:
    """By name those of one's own clinics; others keep their number."""
    patients = _patients_here(request).in_bulk({pk for row in rows for pk in row.patients})
    for row in rows:
        row.named = ", ".join(str(patients.get(pk, pk)) for pk in row.patients)


@admin.register(Read)
class ReadAdmin(AuditedLookUps, ReadOnlyAdmin, ScopedAdmin):
    """Who looked at whose record, where and when: at one's own clinics, and here in the admin by their members."""

    list_display = ["at", "user", "patients_named", "page", "clinic", "reason"]
    fields = ["at", "user", "patients_named", "page", "clinic", "reason"]
    readonly_fields = ["patients_named", "page"]
    list_filter = [("door", RecentValues)]
    list_select_related = ["user", "clinic"]
    date_hierarchy = "at"
    search_fields = ["user__name"]
    search_help_text = _("Name of the patient or of the reader, the patient's phone or date of birth.")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ARG002
        return NamedList

    @admin.display(description=_("patients"))
    def patients_named(self, read: Read) -> str:
        return str(getattr(read, "named", ""))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            _name_patients(request, [row])
        return row

    @admin.display(description=_("page"), ordering="door")
    def page(self, read: Read) -> str:
        """“desk:visit_decisions” as Desk: visit decisions."""
        return read.door.replace(":", ": ").replace("_", " ").capitalize()

    def seen(self, request: HttpRequest) -> Q:
        clinics = managed_clinic_ids(request)
        members = Membership.objects.filter(clinic__in=clinics).values("user")
        return Q(clinic__in=clinics) | Q(clinic=None, user__in=members)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Read], search_term: str) -> Any:
        """By either name: patients as the desk finds them, by the index of whom a row names."""
        rows, may_repeat = super().get_search_results(request, queryset, "")
        if not search_term.strip():
            return rows, may_repeat
        readers = User.objects.filter(Q(name__icontains=search_term) | Q(username__iexact=search_term))
        return rows.filter(Q(user__in=readers[:MOST_PEOPLE]) | self._of_patients(request, search_term)), may_repeat

    def _of_patients(self, request: HttpRequest, words: str) -> Q:
        patients = find_patients(_patients_here(request), words, today=timezone.localdate(), most=MOST_PEOPLE)
        return Q(patients__overlap=RecordIdsOfAll([row.pk for row in patients])) if patients else Q(pk__in=[])

    def _audit(self, request: HttpRequest, page: str, rows: Iterable[Model]) -> None:
        ids = {pk for row in rows if isinstance(row, Read) for pk in row.patients}
        door = f"admin:people_read_{page}"
        record_read(request=request, patients=ids, door=door, clinic=None, now=timezone.now())
