"""Links by which the owner of an account chooses a password: signed, good for a day, and for one password."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from clinic.people.members import belongs_here_only
from clinic.people.models import User
from clinic.people.notices import Notice, language_of, letter_writer, tell_owner
from clinic.people.role_offers import accept_all

GOOD_FOR = dt.timedelta(hours=24)
SALT = "clinic.people.password_links"


class LinkOver(Exception):
    """Used, too old, or never one of ours: one answer for all."""


class CannotSend(Exception):
    """Why no link can be mailed; `reason` is in words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def password_link(user: User) -> str:
    """The whole address. It is dead once the account has another password or another e-mail address."""
    token = signing.dumps([user.pk, _state(user)], salt=SALT)
    return settings.SITE_URL + reverse("choose_password", args=[token])


def user_of(token: str) -> User:
    """Whose link this is. Raises LinkOver."""
    try:
        pk, state = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError) as error:
        raise LinkOver from error
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or state != _state(user):
        raise LinkOver
    return user


def choose_password(*, token: str, password: str, now: dt.datetime) -> User:
    """The owner has chosen; roles that a new account was offered are accepted by it. Raises LinkOver."""
    with transaction.atomic(durable=True):
        user = User.objects.select_for_update().get(pk=user_of(token).pk)
        user_of(token)  # the other press of two came first
        is_new = not user.has_come_in
        user.set_password(password)
        user.save(update_fields=["password"])
        if is_new:
            accept_all(user=user, now=now)
        tell_owner(user=user, what=Notice.PASSWORD_CHANGED, now=now)
    return user


def send_password_link(*, user: User, by: User, now: dt.datetime) -> None:
    """Mail the owner a link to choose a password. Raises CannotSend."""
    reason = why_not_send(user)
    if reason:
        raise CannotSend(reason)
    letter_writer()(
        email=user.email,
        template="set_password",
        context={"by": str(by), "password_reset_url": password_link(user)},
        language=language_of(user),
        now=now,
    )


def why_not_send(user: User) -> str:
    """ "" or why the owner cannot be sent a link."""
    if not user.is_active:
        return _("This account is closed.")
    if not user.email:
        return _("This account has no e-mail address.")
    return ""


def link_by_hand(*, user: User, clinic: Any, by: User, now: dt.datetime) -> str:
    """The link for an owner without an e-mail address, to be handed over; they read at the next sign-in who made it.

    The caller asks `why_no_slip` before. The second step stays: the password alone lets nobody in who has one.
    """
    detail = {"clinic": clinic.name, "zone": clinic.timezone, "by": str(by)}
    tell_owner(user=user, what=Notice.PASSWORD_LINK, now=now, detail=detail, clinic=clinic.pk)
    return password_link(user)


def why_no_slip(*, user: User, clinic: Any, now: dt.datetime) -> str:
    """ "" or why the clinic hands over no link for this account."""
    if not user.is_active:
        return _("This account is closed.")
    if user.email:
        return _("This account has an e-mail address: send the link there.")
    if not belongs_here_only(user=user, clinic=clinic, now=now):
        return _("This account is also used elsewhere: only the operator of the installation can help.")
    return ""


def _state(user: User) -> str:
    """Changes with the password and the address."""
    return salted_hmac(SALT, f"{user.password}:{user.email}", algorithm="sha256").hexdigest()[:24]
