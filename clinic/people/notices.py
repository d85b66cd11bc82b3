"""Letters to the owner of an account about what was changed in it: what, when, and what to do if it was not them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from clinic.people.models import AccountNotice, User
from clinic.people.security_log import DONE, note


class Notice(StrEnum):
    """What happened; the letter's name is `notice_` and this."""

    EMAIL_CHANGED = "email_changed"
    NAME_CHANGED = "name_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a letter
    FACTOR_CHANGED = "factor_changed"
    RESET_REQUESTED = "reset_requested"
    RESET_ENDED = "reset_ended"
    PASSWORD_LINK = "password_link"  # noqa: S105 - the name of a letter
    PIN_SET = "pin_set"
    NEW_DEVICE = "new_device"
    ROLE_GIVEN = "role_given"
    ROLE_ENDED = "role_ended"
    ROLE_REFUSED = "role_refused"
    OFFER_REFUSED = "offer_refused"
    OFFER_DECLINED = "offer_declined"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_OPENED = "account_opened"
    SAFETY_LOOSENED = "safety_loosened"


SHOWN = 20
"""Notices on the security page."""


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
    """Write the letter's row, in the caller's transaction, and the line of the security log.

    The same stands on the owner's security page, also where there is no address and so no letter.

    `email` is the address before the change, where that is what changed: then both get the letter. `detail` may hold
    `clinic` (its name), `zone` (of the times in the letter, else that of the account's clinic), `role` (its code), `by`
    and `name` (names), `person` (whom it is about), `starts_on` (a date), `confirmed_by` (a name), `device` and
    `factor` (in words). `clinic` is the id of the clinic where a role is held.
    """
    if what not in (Notice.SAFETY_LOOSENED, Notice.OFFER_REFUSED):  # told to others too, and noted there
        note(what, outcome=DONE, account=user.pk, clinic=clinic, role=(detail or {}).get("role"))
    addresses = {address.lower(): address for address in (email, user.email) if address}
    context = {"at": now.isoformat(), "zone": zone_of(user)} | (detail or {})
    AccountNotice.objects.create(user=user, what=what, detail=context, at=now)
    for address in addresses.values():
        letter_writer()(email=address, template=f"notice_{what}", context=context, language=language_of(user), now=now)


@dataclass(frozen=True)
class ShownNotice:
    """A notice in the reader's language; `facts` are labels and values."""

    title: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    is_new: bool


class NoticeWords(Protocol):
    """The words of a letter, as the rooms above have them, in settings.NOTICE_WORDS."""

    @property
    def title(self) -> str: ...
    @property
    def before(self) -> tuple[str, ...]: ...
    @property
    def facts(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def after(self) -> tuple[str, ...]: ...


def notices_of(user: User) -> list[ShownNotice]:
    """What was changed in the account, the newest first."""
    words_of: Callable[[str, dict[str, str]], NoticeWords] = import_string(settings.NOTICE_WORDS)
    rows = AccountNotice.objects.filter(user=user).order_by("-at", "-pk")[:SHOWN]
    lines = [(row, words_of(f"notice_{row.what}", row.detail)) for row in rows]
    return [ShownNotice(words.title, words.before, words.facts, row.read_at is None) for row, words in lines]


def has_unread(user: User) -> bool:
    """Whether something was changed that the owner has to look for here, as no letter reaches them."""
    return not user.email and AccountNotice.objects.filter(user=user, read_at=None).exists()


def mark_read(*, user: User, now: dt.datetime) -> int:
    """The owner has read what stands there. How many were new."""
    return AccountNotice.objects.filter(user=user, read_at=None, at__lte=now).update(read_at=now)


def forget_notices(*, before: dt.datetime) -> int:
    """Remove what was told so long ago. How many."""
    return AccountNotice.objects.filter(at__lt=before).delete()[0]


def zone_of(user: User) -> str:
    """The time zone in which the owner is told moments: of a clinic where they work, else of the house."""
    clinics = apps.get_model("premises", "Clinic").objects  # premises stands above people: only its name is known here
    works_at = clinics.filter(memberships__user=user, memberships__ends_on=None).order_by("pk").first()
    clinic = works_at or clinics.filter(is_active=True).first()
    return clinic.timezone if clinic else "UTC"


def language_of(user: User) -> str:
    """The language in which the owner reads letters as a patient, else that of the page being used."""
    own = user.accesses.filter(relation="self", ends_on=None).values_list("patient__language", flat=True).first()
    return own or get_language() or settings.LANGUAGE_CODE
