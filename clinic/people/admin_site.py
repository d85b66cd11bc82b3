"""Django's admin behind the house's own sign-in, for managers only."""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from clinic.fields import number_of
from clinic.wall import zones_of_python

SHUT_APPS = ("mfa", "usersessions")
"""Secrets of sign-in: no page of the admin shows them, not even to who runs the installation."""


class ClinicAdminSite(admin.AdminSite):
    site_header = _("Clinic management")
    site_title = _("Clinic management")
    index_title = _("Therapies, staff, rooms and opening hours")
    final_catch_all_view = False

    def get_urls(self) -> list[Any]:
        """Without "view on site": no row has a page of its own, and it looks any table up by a number."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Deny by default: a page that is not scoped to the person asking, such as a library's, is the operator's."""
        from clinic.people.scoped_admin import scoped  # this module is imported before there are models

        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else [*model_or_iterable]
        shown = [model for model in models if model._meta.app_label not in SHUT_APPS]
        super().register(shown, scoped(admin_class), **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - as Django calls it
        """In the clinic's time, also what is typed. A row of an action that is no number is a bad request: the library
        takes the rows as they come."""

        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if any(number_of(row) is None for row in request.POST.getlist("_selected_action")):
                raise BadRequest("A row of an action is no number.")
            with timezone.override(self._zone(request)):
                response = view(request, *args, **kwargs)
                return response.render() if isinstance(response, SimpleTemplateResponse) else response

        return super().admin_view(opened, cacheable)

    def _zone(self, request: HttpRequest) -> str:
        """That of the first clinic of a manager; who manages none is shown nothing that has a time."""
        from clinic.people.admin_clinics import managed_clinics  # this module is imported before there are models

        zones = managed_clinics(request).order_by("pk").values_list("timezone", flat=True)
        here = zones if self._is_manager(request) else []
        return next((zone for zone in here if zone in zones_of_python()), timezone.get_default_timezone_name())

    def has_permission(self, request: HttpRequest) -> bool:
        """Managers of today who have proved their second factor; asked at each request."""
        from clinic.people.factors import has_proved  # this module is imported before there are models

        return self._is_manager(request) and has_proved(request, request.user)  # type: ignore[arg-type]

    def _is_manager(self, request: HttpRequest) -> bool:
        """The door, the frame of the page and each list of it ask; the database is asked once for each request."""
        from clinic.people.roles import is_manager  # as above

        state = vars(request)
        if "_is_manager" not in state:
            state["_is_manager"] = request.user.is_authenticated and is_manager(request.user)
        return bool(state["_is_manager"])

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        """One page for signing in; who is in already and comes back here may not enter, or lacks the second factor."""
        from clinic.people.permissions import lead_to_factor  # as above

        if self._is_manager(request) and (first := lead_to_factor(request)):
            return first
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        wanted = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:  # noqa: ARG002
        """One page for that too."""
        return redirect("account_change_password")


class ClinicAdminConfig(AdminConfig):
    default_site = "clinic.people.admin_site.ClinicAdminSite"
