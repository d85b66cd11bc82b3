"""What only the operator of an installation does, at the command line."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clinic.people.members import CannotGive, add_by_operator
from clinic.people.models import Role, User
from clinic.people.password_links import password_link
from clinic.people.person_names import is_person_name


def make_vaidya(*, login: str, name: str, clinic: Any, registration_number: str, now: dt.datetime) -> tuple[User, str]:
    """The account with this e-mail address or staff number, opened where there is none, becomes a Vaidya.

    Returns it, and a link to choose a password where it has none. Raises CannotGive.
    """
    with transaction.atomic(durable=True):
        account = User.objects.filter(Q(email__iexact=login) if "@" in login else Q(username__iexact=login)).first()
        user = account or _open(login, name)
        user.registration_number = registration_number
        user.save(update_fields=["registration_number"])
        add_by_operator(user=user, clinic=clinic, role=Role.VAIDYA, starts_on=clinic.today(now), now=now)
    return user, "" if user.has_usable_password() else password_link(user)


def _open(login: str, name: str) -> User:
    if name and not is_person_name(name):
        raise CannotGive(_("Write the name in letters. Spaces, hyphens, apostrophes and dots after initials are fine."))
    if "@" in login:
        return User.objects.create_user(email=login, name=name)
    return User.objects.create_user(username=login, name=name)
