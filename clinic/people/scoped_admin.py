"""Admin pages that begin at the person asking: which rows they see and change, and which ones a field may name.

A field offers and accepts the rows that the named model's own page lists to the person; a model without a page is
offered to nobody but the operator. A page that does not say which rows are a manager's shows none.
"""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.utils import lookup_spawns_duplicates
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import JSONField, Q, QuerySet
from django.http import HttpRequest

from clinic.fields import JsonField, number_of
from clinic.people.admin_clinics import managed_clinic_ids, manages_everywhere
from clinic.people.admin_lists import BoundedList, BoundedPaginator, is_offered, newest_rows
from clinic.people.security_log import NOT_FOUND, Event, note
from clinic.people.versioned_forms import LockedForm, VersionedForm
from clinic.people.versioned_rows import RowForm, VersionedFormSet

if TYPE_CHECKING:
    Page = admin.ModelAdmin[Any]
    Inline = admin.TabularInline[Any, Any]
    Options = admin.options.BaseModelAdmin[Any]
else:
    Page = admin.ModelAdmin
    Inline = admin.TabularInline
    Options = object

NOTHING = Q(pk__in=[])


class LookUp(AutocompleteSelect):
    """Django's, which asks the database for whatever was typed when it shows a refused form again."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        return super().optgroups(name, [each for each in value if number_of(str(each)) is not None], attrs)


class ScopedFields(Options):
    """Every foreign key and many-to-many field of a form offers, and therefore accepts, only rows in scope."""

    formfield_overrides = {JSONField: {"form_class": JsonField}}

    def nameable(self, request: HttpRequest, model: Any) -> QuerySet[Any]:
        """The rows of a model that this person may name in a form."""
        if request.user.is_superuser:
            return model._default_manager.all()
        if not self.admin_site.is_registered(model):
            return model._default_manager.none()
        return self.admin_site.get_model_admin(model).get_queryset(request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = self.nameable(request, db_field.remote_field.model)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", LookUp(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = self.nameable(request, db_field.remote_field.model)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class ScopedAdmin(ScopedFields, Page):
    """A page for managers. Deny by default: without its own `seen` it lists nothing to them.

    Its form carries the version of the row, so that an older page does not undo a newer change unseen.
    """

    form: Any = LockedForm
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # the count of each link reads the whole table

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in super().get_fields(request, obj) if name != "version"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not issubclass(self.form, VersionedForm) or not self.has_change_permission(request, obj):
            return fieldsets
        return [*fieldsets, (None, {"fields": ["version"]})]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row of a page. One out of scope leads back with "it is not there", and is a line of the security log."""
        row = super().get_object(request, object_id, from_field)
        if row is None:
            model, pk = f"{self.opts.app_label}_{self.opts.model_name}", object_id
            note(Event.DENIED, outcome=NOT_FOUND, request=request, view=f"admin:{model}", row=pk)
        return row

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ARG002
        return BoundedList

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        """ "All" are the rows that the list leafs through, and not those behind them."""
        everything = request.POST.get("select_across") == "1"
        return super().response_action(request, newest_rows(queryset) if everything else queryset, *args, **kwargs)

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """What the page itself offers, and nothing else of the row."""
        filters = self.get_list_filter(request)
        is_offered_here = is_offered(lookup, filters=filters, date_hierarchy=self.date_hierarchy)
        return is_offered_here and super().lookup_allowed(lookup, value, request)

    def seen(self, request: HttpRequest) -> Q:  # noqa: ARG002
        """Which rows a manager sees here and may name elsewhere."""
        return NOTHING

    def keeps(self, request: HttpRequest, row: Any) -> bool:  # noqa: ARG002
        """Whether the person may change a row that they see; the others are to look at."""
        return True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.filter(self.seen(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.user.is_superuser or self.keeps(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or request.user.is_superuser or self.keeps(request, obj))


class ClinicScopedAdmin(ScopedAdmin):
    """Rows of clinics where the person is a manager; `clinic_path` leads from the row to its clinic.

    `order_of_one_clinic`: in a large table the rows of one clinic lie far apart, and near each other in this order,
    which an index has. Whoever sees many clinics meets them soon in any order.
    """

    clinic_path = "clinic"
    order_of_one_clinic: tuple[str, ...] = ()

    def get_ordering(self, request: HttpRequest) -> Any:
        is_one = not request.user.is_superuser and len(managed_clinic_ids(request)) == 1
        return self.order_of_one_clinic if is_one and self.order_of_one_clinic else super().get_ordering(request)

    def seen(self, request: HttpRequest) -> Q:
        """A row that has several clinics is there once."""
        here = Q(**{f"{self.clinic_path}__in": managed_clinic_ids(request)})
        if not lookup_spawns_duplicates(self.opts, self.clinic_path):
            return here
        return Q(pk__in=self.model._default_manager.filter(here).values("pk"))


class OfTheOrganisation(ScopedAdmin):
    """Rows of the whole organisation, such as the catalogue: every manager sees them all.

    What holds at all clinics is changed by who manages all of them: a manager of one would change it for the others.
    """

    def seen(self, request: HttpRequest) -> Q:  # noqa: ARG002
        return Q()

    def keeps(self, request: HttpRequest, row: Any) -> bool:  # noqa: ARG002
        return manages_everywhere(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and manages_everywhere(request)


class OperatorsOnly(ScopedAdmin):
    """Nobody but the operator; also every page that a library registers."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser and super().has_delete_permission(request, obj)


class ScopedInline(ScopedFields, Inline):
    """Parts of the page's row. Where a part names other rows too, only the parts with all of them in scope are here.

    Each carries its version, as the page itself does.
    """

    form: Any = RowForm
    formset: Any = VersionedFormSet

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in super().get_fields(request, obj) if name != "version"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if not self.has_change_permission(request, obj):
            return fieldsets
        (title, options), *others = fieldsets
        return [(title, {**options, "fields": [*options["fields"], "version"]}), *others]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.editable = self.has_change_permission(request, obj)
        return formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        for field in self._fields_of_others():
            in_scope = Q(**{f"{field.name}__in": self.nameable(request, field.related_model).values("pk")})
            rows = rows.filter(in_scope | Q(**{field.name: None}) if field.null else in_scope)
        return rows

    def _fields_of_others(self) -> list[Any]:
        """The foreign keys that lead elsewhere than to the page's own row."""
        keys: list[Any] = [field for field in self.opts.concrete_fields if field.is_relation]
        return [field for field in keys if not issubclass(self.parent_model, field.related_model)]


class OrganisationInline(ScopedInline):
    """Parts of a row of the whole organisation."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and manages_everywhere(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and manages_everywhere(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and manages_everywhere(request)


def scoped(admin_class: Any) -> Any:
    """The class itself where it begins at the person asking; any other becomes the operator's."""
    if admin_class and issubclass(admin_class, ScopedAdmin):
        return admin_class
    base: Any = admin_class or admin.ModelAdmin
    return type(base.__name__, (OperatorsOnly, base), {"__module__": base.__module__, "form": base.form})


class ReadOnlyAdmin(Page):
    """Actions or the database write these rows; here they are looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
