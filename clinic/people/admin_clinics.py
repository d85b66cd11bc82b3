"""Which clinics the person asking manages: what decides about the pages of the admin."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from clinic.people.models import Role
from clinic.people.permissions import signed_in_user


def managed_clinics(request: HttpRequest) -> QuerySet[Any]:
    """The clinics where the person is a manager at this moment."""
    clinic = _managed_now(request).model
    return clinic._default_manager.filter(pk__in=managed_clinic_ids(request))


def managed_clinic_ids(request: HttpRequest) -> list[int]:
    """The same by number: PostgreSQL plans better when it knows which they are.

    Each list, each field and each inline of a page asks; the database is asked once for each request.
    """
    state = vars(request)
    if "_managed_clinic_ids" not in state:
        state["_managed_clinic_ids"] = sorted(_managed_now(request).values_list("pk", flat=True))
    ids: list[int] = state["_managed_clinic_ids"]
    return ids


def _managed_now(request: HttpRequest) -> QuerySet[Any]:
    return signed_in_user(request).clinics_at(timezone.now(), Role.MANAGER)


def manages_everywhere(request: HttpRequest) -> bool:
    """Whether the person is a manager of every clinic of the organisation that is open, or the operator.

    As above, once for each request.
    """
    if request.user.is_superuser:
        return True
    state = vars(request)
    if "_manages_everywhere" not in state:
        clinics = managed_clinics(request)
        others = clinics.model._default_manager.filter(is_active=True).exclude(pk__in=clinics)
        state["_manages_everywhere"] = not others.exists()
    return bool(state["_manages_everywhere"])
