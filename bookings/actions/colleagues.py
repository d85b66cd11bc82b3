"""Somebody new who treats: the account with its roles, and all that a search of free times needs, in one go."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bookings.actions.transaction import action
from clinic.people.members import CannotGive, belongs_here_only
from clinic.people.models import User
from clinic.people.staff import StaffInvitation, invite_together
from clinic.premises.models import Clinic
from therapies.models import Practitioner, PractitionerRole, Qualification, Therapy, WorkingHours


@dataclass(frozen=True)
class Serving:
    """What somebody gives and when: on each of `weekdays` from–to in minutes after midnight."""

    gender: str
    languages: Collection[str]
    gives: Iterable[Therapy]
    weekdays: Iterable[int]
    from_minute: int
    to_minute: int


@action
def take_on(
    *, clinic: Clinic, by: User, now: dt.datetime, serving: Serving | None, **invitation: Any
) -> StaffInvitation:
    """Invite somebody, with hours and qualifications from the first day on where they treat; all of it or nothing.

    They are offered to patients once their role holds. Raises what `invite_staff` raises, and CannotGive for an account
    that serves already. Of an account that other clinics know nothing is told or linked: the page of the practitioner
    waits, out of use, until its owner has agreed.
    """
    invited = invite_together(clinic=clinic, by=by, now=now, **invitation)
    if serving is not None:
        is_own = belongs_here_only(user=invited.user, clinic=clinic, now=now)
        _enter(invited.user if is_own else None, clinic, serving, invitation)
    return invited


def _enter(user: User | None, clinic: Clinic, serving: Serving, invitation: dict[str, Any]) -> None:
    if user is not None and Practitioner.objects.filter(user=user).exists():
        raise CannotGive(_("This person has working hours already. Change them on the page of the practitioner."))
    roles = [role for role in invitation["roles"] if role in PractitionerRole.values]
    person = Practitioner.objects.create(
        user=user,
        is_active=user is not None,
        name=invitation["name"],
        home=clinic,
        gender=serving.gender,
        roles=roles,
        languages=[*serving.languages],
    )
    since = invitation["starts_on"]
    Qualification.objects.bulk_create(
        Qualification(practitioner=person, therapy=therapy, starts_on=since) for therapy in serving.gives
    )
    minutes = {"from_minute": serving.from_minute, "to_minute": serving.to_minute, "valid_from": since}
    WorkingHours.objects.bulk_create(
        WorkingHours(practitioner=person, clinic=clinic, weekday=day, **minutes) for day in serving.weekdays
    )
