"""Accounts, roles and look-ups for managers. Patients are changed at the desk, by actions."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.people import read_admin
from clinic.people.accounts import change_email, tell_of_name
from clinic.people.admin_clinics import managed_clinics
from clinic.people.audited_admin import AuditedLookUps
from clinic.people.history_admin import RecordedHistory, my_clinics
from clinic.people.members import add_by_operator, why_not_add
from clinic.people.models import CLINICAL, Membership, Patient, Role, User
from clinic.people.password_links import CannotSend, send_password_link
from clinic.people.permissions import signed_in_user
from clinic.people.row_history import RecordedPart
from clinic.people.scoped_admin import (
    ClinicScopedAdmin,
    ReadOnlyAdmin,
    ScopedAdmin,
)
from clinic.people.versioned_forms import LockedForm

__all__ = ["read_admin"]


class NewAccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account without a password: its owner chooses one by the link that is sent."""

    class Meta:
        model = User
        fields = ["name", "username", "email"]

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        self.instance.set_unusable_password()
        self.instance.email = self.instance.email.lower()
        return super().save(commit)


class AccountForm(LockedForm, UserChangeForm):  # type: ignore[type-arg]
    """Without the password, which is its owner's."""

    password = None  # type: ignore[assignment]

    class Meta:
        model = User
        fields = ["name", "username", "email", "registration_number", "is_active"]


@admin.register(User)
class AccountAdmin(RecordedHistory, ScopedAdmin, UserAdmin):  # type: ignore[type-arg]
    """Staff accounts: of whoever has a role at one's own clinics, and those that one made for somebody to come.

    Never those of patients, nor those that nobody named. Who works elsewhere too, or is a patient's account, is to
    look at: it is not one clinic's to rename or close.
    """

    list_display = ["__str__", "username", "email", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "username", "email"]
    filter_horizontal = []
    readonly_fields = ["joined_at", "last_login"]
    fieldsets = [
        (None, {"fields": ["name", "username", "email", "registration_number", "is_active", "joined_at", "last_login"]})
    ]
    form = AccountForm
    add_form = NewAccountForm
    add_form_template = None
    add_fieldsets = [(None, {"fields": ["name", "username", "email"]})]
    actions = ["send_link"]

    def seen(self, request: HttpRequest) -> Q:
        here = Membership.objects.holding_at(timezone.now()).filter(clinic__in=managed_clinics(request))
        made = User.objects.filter(created_by=signed_in_user(request), memberships=None, accesses=None, joined_at=None)
        return Q(is_superuser=False) & (Q(pk__in=here.values("user")) | Q(pk__in=made.values("pk")))

    def keeps(self, request: HttpRequest, row: User) -> bool:
        """Nothing elsewhere: no role at another clinic, now or to come, and no patient."""
        elsewhere = row.memberships.not_over_at(timezone.now()).exclude(clinic__in=managed_clinics(request))
        return not row.accesses.exists() and not elsewhere.exists()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Address and staff number are the key to an account: only the operator changes those of somebody else."""
        fields = list(super().get_readonly_fields(request, obj))
        return (
            fields if request.user.is_superuser else [*fields, "username", "email", "registration_number", "is_active"]
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """The owner is told of another name and of a new address; the action writes the latter."""
        email, by = obj.email, signed_in_user(request)
        if not change:
            obj.created_by = by
        else:
            obj.email = form.initial.get("email", email)
        super().save_model(request, obj, form, change)
        if change and {"name", "username"} & {*form.changed_data}:
            tell_of_name(user=obj, by=by, now=timezone.now())
        obj.email = change_email(user=obj, email=email, by=by, now=timezone.now()).email

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002, ARG002
        """Nobody sets the password of somebody else: the owner does, by a mailed link."""
        raise PermissionDenied

    def parts_of(self, request: HttpRequest, row: User) -> list[RecordedPart]:
        """The account itself, and its roles at one's own clinics."""
        roles = RecordedPart(Membership, {"user_id": row.pk, "clinic_id__in": my_clinics(request).values("pk")})
        return [*super().parts_of(request, row), roles]

    @admin.action(description=_("Send a link to choose a password"), permissions=["change"])
    def send_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """To the owner's own address, and to nobody else's."""
        for user in queryset:
            try:
                send_password_link(user=user, by=signed_in_user(request), now=timezone.now())
            except CannotSend as refusal:
                messages.error(request, f"{user}: {refusal.reason}")
            else:
                messages.success(request, _("A link was sent to %(name)s.") % {"name": user})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Managers invite on the desk's page of staff."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]
    """Says beside the form what the action would refuse. A clinical role is confirmed by a Vaidya, elsewhere."""

    role = forms.ChoiceField(choices=[(role, role.label) for role in Role if role not in CLINICAL])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        rows: dict[str, Any] = {name: data[name] for name in ("user", "clinic", "role", "starts_on") if data.get(name)}
        reason = why_not_add(**rows) if len(rows) == 4 else ""
        if reason:
            raise forms.ValidationError(reason)
        return data


@admin.register(Membership)
class MembershipAdmin(RecordedHistory, ClinicScopedAdmin):
    """Who held which role when, and by whom it came; a row is never rewritten.

    Roles are given, confirmed and ended on the desk's page of staff; here only the operator adds the first manager.
    """

    list_display = ["user", "clinic", "role", "starts_on", "ends_on", "source", "granted_by", "confirmed_by", "alone"]
    fields = ["user", "clinic", "role", "starts_on"]
    list_filter = ["clinic", "role"]
    form = MembershipForm
    autocomplete_fields = ["user"]
    actions = ["end_now"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001
        data = form.cleaned_data
        obj.pk = add_by_operator(**data, by=signed_in_user(request), now=timezone.now()).pk

    @admin.action(description=_("End these roles now"), permissions=["view"])
    def end_now(self, request: HttpRequest, queryset: QuerySet[Membership]) -> HttpResponse:  # noqa: ARG002
        """Asks on the desk's page first, which names the visits that are affected."""
        roles = QueryDict(mutable=True)
        roles.setlist("role", [str(membership.pk) for membership in queryset])
        return redirect(f"{reverse('desk:end_roles')}?{roles.urlencode()}")


@admin.register(Patient)
class PatientAdmin(AuditedLookUps, ReadOnlyAdmin, ClinicScopedAdmin):
    """Look-ups only, each in the audit."""

    clinic_path = "clinics"
    list_display = ["__str__", "birth_date", "phone"]
    search_fields = ["given_name", "family_name", "phone"]
    exclude = ["label"]
