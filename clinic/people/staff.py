"""New people at a clinic: an account with an invitation, or an offer to an account that exists already."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.people.members import CannotGive, works_here_only
from clinic.people.models import Role, RoleOffer, User
from clinic.people.notices import language_of, letter_writer
from clinic.people.password_links import password_link
from clinic.people.person_names import may_be_same_name
from clinic.people.role_offers import invite_to_offers, offer_roles


@dataclass(frozen=True)
class StaffInvitation:
    """What was offered to whom. `url` is only there for a new account without an e-mail address: to be handed over."""

    user: User
    offers: tuple[RoleOffer, ...]
    url: str = ""


@dataclass(frozen=True)
class Doubt:
    """What a manager confirms before a role is given: `account` is whose address or number was typed, None: nobody's.

    `is_other_name`: it is a colleague's, and the typed name is not theirs. `mark` is what a confirmation repeats.
    """

    account: User | None
    is_other_name: bool

    @property
    def mark(self) -> str:
        return str(self.account.pk) if self.account else "new"


class MustConfirm(Exception):
    """The manager has not confirmed who gets the role."""

    def __init__(self, doubt: Doubt) -> None:
        self.doubt = doubt
        super().__init__(doubt.mark)


def doubt_about(
    *, clinic: Any, name: str, number: str, email: str, roles: Iterable[str], now: dt.datetime
) -> Doubt | None:
    """What has to be confirmed first. Of somebody who does not work at the clinic no name is told: they are asked."""
    account = _known(clinic, number, email, now)
    is_colleague = account is not None and account.clinics_at(now).filter(pk=clinic.pk).exists()
    is_other_name = is_colleague and not may_be_same_name(name, str(account))
    if is_other_name or Role.MANAGER in roles:
        return Doubt(account if is_colleague else None, is_other_name)
    return None


def invite_staff(
    *,
    clinic: Any,
    name: str,
    number: str,
    email: str,
    roles: Iterable[str],
    starts_on: dt.date,
    by: User,
    now: dt.datetime,
    registration_number: str = "",
    confirmed: str = "",
) -> StaffInvitation:
    """Ask somebody to work at the clinic. Raises CannotGive, or MustConfirm until `confirmed` is the mark of the doubt.

    Whose e-mail address has an account is asked by mail to sign in and answer; else an account is opened, and its
    owner gets a link (by mail, or by hand where there is no address) to choose a password, which accepts the roles.
    """
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        roles = [*roles]
        doubt = doubt_about(clinic=clinic, name=name, number=number, email=email, roles=roles, now=now)
        if doubt and doubt.mark != confirmed:
            raise MustConfirm(doubt)
        account = _known(clinic, number, email, now)
        user = account or _open(name, number, email, by)
        offers = offer_roles(
            user=user,
            name=str(user) if works_here_only(user=user, clinic=clinic, now=now) else name,
            clinic=clinic,
            roles=roles,
            starts_on=starts_on,
            by=by,
            now=now,
            registration_number=registration_number,
        )
        rows = [offer for offer in offers if offer.accepted_at is None]
        if account and rows:
            invite_to_offers(offers=rows, now=now)
        url = "" if account else _invite(user, rows, by, now)
    return StaffInvitation(user, tuple(offers), url)


def new_link(*, offer: RoleOffer, by: User, now: dt.datetime) -> StaffInvitation:
    """Another link for somebody new who let the first one lapse. Raises CannotGive once they are no longer new."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        if offer.user.has_usable_password() or offer.user.joined_at or not offer.needs_answer(now):
            raise CannotGive(_("This person has come in already."))
        url = _invite(offer.user, [offer], by, now)
        if url:  # whoever holds the link could be the one who chooses the password
            User.objects.filter(pk=offer.user_id).update(created_by=by)
        return StaffInvitation(offer.user, (offer,), url)


def _known(clinic: Any, number: str, email: str, now: dt.datetime) -> User | None:
    """Whose address it is; without an address, whoever of the clinic's own staff has the number."""
    if email:
        return User.objects.filter(email__iexact=email).first()
    user = User.objects.filter(username__iexact=number).first()
    return user if user and works_here_only(user=user, clinic=clinic, now=now) else None


def why_not_open(number: str) -> str:
    """ "" or why no account with this staff number can be opened."""
    if number and User.objects.filter(username__iexact=number).exists():
        return _("This staff number is taken.")
    return ""


def _open(name: str, number: str, email: str, by: User) -> User:
    reason = why_not_open(number)
    if reason:
        raise CannotGive(reason)
    given = {"username": number} if number else {}  # who signs in by e-mail needs no number
    return User.objects.create_user(email=email, name=name, created_by=by, **given)


def _invite(user: User, offers: list[RoleOffer], by: User, now: dt.datetime) -> str:
    """Mail the link; "" then. Without an address the link itself."""
    link = password_link(user)
    RoleOffer.objects.filter(pk__in=[offer.pk for offer in offers]).update(link_sent_at=now)
    if not user.email:
        return link
    letter_writer()(
        email=user.email,
        template="staff_invited",
        context={
            "clinic": offers[0].clinic.name,
            "by": str(by),
            "roles": ",".join(offer.role for offer in offers),
            "number": user.email,
            "password_reset_url": link,
        },
        language=language_of(user),
        now=now,
    )
    return ""
