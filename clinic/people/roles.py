"""What a role may do in the admin: worked out from today's memberships, so that a change acts at the next request."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from clinic.people.models import Role, User

MAY = {
    "people.user": "view change",
    "people.membership": "view",
    "people.patient": "view",
    "people.read": "view",
    # What belongs to a clinic.
    "premises.clinic": "view change",
    "premises.openinghours": "view add change delete",
    "premises.closure": "view add change delete",
    "premises.room": "view add change",
    "premises.equipment": "view add change",
    "premises.absence": "view",
    "therapies.practitioner": "view add change",
    "therapies.workinghours": "view add change delete",
    "therapies.qualification": "view add change delete",
    "therapies.price": "view add change delete",
    # What the whole organisation shares: nothing of it is deleted by the manager of one clinic.
    "premises.pagesection": "view add change",
    "therapies.therapy": "view add change",
    "therapies.therapytext": "view add change",
    "therapies.variant": "view add change",
    "therapies.step": "view add change",
    "therapies.stepcrew": "view add change",
    "therapies.contraindication": "view add change",
    "therapies.question": "view change",
    "therapies.rule": "view change",
    "therapies.term": "view add change",
    "therapies.source": "view add change",
    # Look-ups; `act_on` runs the actions of the desk on visits of one's own clinics.
    "bookings.visit": "view act_on",
    "bookings.booking": "view",
    "bookings.occupancy": "view",
    "bookings.history": "view",
    "bookings.message": "view",
    "bookings.stoppedaddress": "view",
}
"""What managers may do with the rows in their scope. A model that is not named here is shut to them."""


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
        cache = vars(user_obj)  # the request's own copy of the user
        if "_of_role" not in cache:
            cache["_of_role"] = _of_managers() if is_manager(user_obj) else set()
        return set(cache["_of_role"])

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(name.startswith(f"{app_label}.") for name in self.get_all_permissions(user_obj))


def _of_managers() -> set[str]:
    named = ((model.split("."), act) for model, acts in MAY.items() for act in acts.split())
    return {f"{label}.{act}_{name}" for (label, name), act in named}
