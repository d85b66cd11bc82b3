"""What a role may do in the admin: worked out from today's memberships, so that a change acts at the next request."""

from typing import Any

from django.apps import apps
from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from clinic.people.models import Role, User

KEPT_BY_MANAGERS = ("premises", "therapies")
"""Rooms whose reference data managers keep; of the others they see what is listed, and change little."""
SEEN_BY_MANAGERS = ("bookings",)
MAY_AMONG_PEOPLE = frozenset(
    {
        "people.add_membership",
        "people.add_user",
        "people.change_user",
        "people.view_membership",
        "people.view_patient",
        "people.view_read",
        "people.view_user",
    }
)


def is_manager(user: Any) -> bool:
    """Whether the account is a manager of some clinic at this moment, or runs the installation."""
    if not user.is_active:
        return False
    return user.is_superuser or user.memberships.holding_at(timezone.now(), Role.MANAGER).exists()


class MembershipBackend(BaseBackend):
    """Gives managers their permissions; nobody has to keep groups in step with memberships."""

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not isinstance(user_obj, User):
            return set()
        kept = vars(user_obj)  # the request's own copy of the user
        if "_of_role" not in kept:
            kept["_of_role"] = _of_managers() if is_manager(user_obj) else set()
        return set(kept["_of_role"])

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(name.startswith(f"{app_label}.") for name in self.get_all_permissions(user_obj))


def _of_managers() -> set[str]:
    kept = {
        f"{label}.{act}_{model._meta.model_name}"
        for label in KEPT_BY_MANAGERS
        for model in apps.get_app_config(label).get_models()
        for act in ("view", "add", "change", "delete")
    }
    seen = {
        f"{label}.view_{model._meta.model_name}"
        for label in SEEN_BY_MANAGERS
        for model in apps.get_app_config(label).get_models()
    }
    return kept | seen | MAY_AMONG_PEOPLE
