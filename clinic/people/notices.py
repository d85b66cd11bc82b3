"""Letters to the owner of an account about what was changed in it: what, when, and what to do if it was not them."""

import datetime as dt
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from clinic.people.models import User
from clinic.people.security_log import DONE, note


class Notice(StrEnum):
    """What happened; the letter's name is `notice_` and this."""

    EMAIL_CHANGED = "email_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a letter
    FACTOR_CHANGED = "factor_changed"
    NEW_DEVICE = "new_device"
    ROLE_GIVEN = "role_given"
    ROLE_ENDED = "role_ended"
    SAFETY_LOOSENED = "safety_loosened"


class LetterWriter(Protocol):
    """The rooms above say who writes the row, in settings.LETTERS_WRITER: people know nothing of letters."""

    def __call__(
        self, *, email: str, template: str, context: dict[str, str], language: str, now: dt.datetime
    ) -> object: ...


def letter_writer() -> LetterWriter:
    """The function that writes the row of an account letter."""
    writer: LetterWriter = import_string(settings.LETTERS_WRITER)
    return writer


def tell_owner(
    *,
    user: User,
    what: Notice,
    now: dt.datetime,
    detail: dict[str, str] | None = None,
    email: str = "",
    clinic: int | None = None,
) -> None:
    """Write the letter's row, in the caller's transaction, and the line of the security log. No address, no letter.

    `email` is the address before the change, where that is what changed: then both get the letter. `detail` may hold
    `clinic` (its name), `zone` (of the times in the letter, else UTC), `role` (its code), `by` (a name), `device` and
    `factor` (in words). `clinic` is the id of the clinic where a role is held.
    """
    if what != Notice.SAFETY_LOOSENED:  # told to many, and noted where it is confirmed
        note(what, outcome=DONE, account=user.pk, clinic=clinic, role=(detail or {}).get("role"))
    addresses = {address.lower(): address for address in (email, user.email) if address}
    context = {"at": now.isoformat()} | (detail or {})
    for address in addresses.values():
        letter_writer()(email=address, template=f"notice_{what}", context=context, language=language_of(user), now=now)


def language_of(user: User) -> str:
    """The language in which the owner reads letters as a patient, else that of the page being used."""
    own = user.accesses.filter(relation="self", ends_on=None).values_list("patient__language", flat=True).first()
    return own or get_language() or settings.LANGUAGE_CODE
