"""New people at a clinic: an account with an invitation, or an offer to an account that exists already."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pghistory
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clinic.people.members import CannotGive, belongs_here_only, is_known_here
from clinic.people.models import Role, RoleOffer, User
from clinic.people.notices import language_of, letter_writer
from clinic.people.password_links import link_by_hand, password_link, why_no_slip
from clinic.people.person_names import may_be_same_name
from clinic.people.role_offers import invite_to_offers, offer_roles, why_not_offer

DAY = dt.timedelta(days=1)
INVITATIONS_A_DAY = 3
"""How often one person is invited, so that nobody is written to again and again in our name."""


@dataclass(frozen=True)
class StaffInvitation:
    """What was offered to whom. `url` is a link to be handed over, for an account without an e-mail address."""

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


def doubt_about(*, clinic: Any, name: str, number: str, email: str, roles: Iterable[str]) -> Doubt | None:
    """What has to be confirmed first. Of somebody who never worked at the clinic no name is told: they are asked."""
    account = _known(clinic, number, email)
    is_colleague = account is not None and is_known_here(user=account, clinic=clinic)
    is_other_name = is_colleague and not may_be_same_name(name, str(account))
    if is_other_name or Role.MANAGER in roles:
        return Doubt(account if is_colleague else None, is_other_name)
    return None


def invite_staff(*, by: User, **invitation: Any) -> StaffInvitation:
    """What `invite_together` says, in a transaction of its own."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        return invite_together(by=by, **invitation)


def invite_together(
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
    """Ask somebody to work at the clinic, in the caller's transaction.

    Raises CannotGive, or MustConfirm until `confirmed` is the mark of the doubt.

    Whose e-mail address has an account is asked by mail to sign in and answer; else an account is opened, and its
    owner gets a link (by mail, or by hand where there is no address) to choose a password, which accepts the roles.
    A former colleague without an address answers at the next sign-in.
    """
    roles = [*roles]
    account = _known(clinic, number, email)
    if reason := _why_not_invite(account, clinic, number, roles, starts_on, by):  # before anybody confirms in vain
        raise CannotGive(reason)
    doubt = doubt_about(clinic=clinic, name=name, number=number, email=email, roles=roles)
    if doubt and doubt.mark != confirmed:
        raise MustConfirm(doubt)
    if account and not (account.has_come_in and belongs_here_only(user=account, clinic=clinic, now=now)):
        _check_number(account, now)
    user = account or _open(clinic, name, number, email, by)
    offers = offer_roles(
        user=user,
        name=str(user) if belongs_here_only(user=user, clinic=clinic, now=now) else name,
        clinic=clinic,
        roles=roles,
        starts_on=starts_on,
        by=by,
        now=now,
        registration_number=registration_number,
    )
    url = _ask(user, clinic, [offer for offer in offers if offer.accepted_at is None], by, now)
    return StaffInvitation(user, tuple(offers), url)


def new_link(*, offer: RoleOffer, by: User, now: dt.datetime) -> StaffInvitation:
    """Another link for somebody new who let the first one lapse, or who has no address. Raises CannotGive else."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        user = offer.user
        if not offer.needs_answer(now) or not offer.may_get_a_link:
            raise CannotGive(_("This person has already signed in."))
        if not user.has_come_in:
            if user.email and _links_today(offer, now) >= INVITATIONS_A_DAY:
                raise CannotGive(_("This person was invited several times today. Please try again tomorrow."))
            return StaffInvitation(user, (offer,), _invite(user, [offer], by, now))
        return StaffInvitation(user, (offer,), _slip(user, offer.clinic, by, now))


def slip_for(*, user: User, clinic: Any, by: User, now: dt.datetime) -> StaffInvitation:
    """A link to hand over to a colleague without an e-mail address who forgot the password. Raises CannotGive."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        return StaffInvitation(user, (), _slip(user, clinic, by, now))


def _check_number(user: User, now: dt.datetime) -> None:
    """Raises CannotGive for somebody who was invited again and again, by whichever clinic."""
    today = RoleOffer.objects.filter(user=user, made_at__gt=now - DAY).values("made_at").distinct()
    if today.count() >= INVITATIONS_A_DAY:
        raise CannotGive(_("This person was invited several times today. Please try again tomorrow."))


def _links_today(offer: RoleOffer, now: dt.datetime) -> int:
    """How many links were mailed for this offer: the history of the table keeps each."""
    events = apps.get_model("people", "RoleOfferEvent").objects.filter(pgh_obj=offer, link_sent_at__gt=now - DAY)
    return int(events.order_by().values("link_sent_at").distinct().count())


def _slip(user: User, clinic: Any, by: User, now: dt.datetime) -> str:
    if reason := why_no_slip(user=user, clinic=clinic, now=now):
        raise CannotGive(reason)
    _could_be(user, by)
    return link_by_hand(user=user, clinic=clinic, by=by, now=now)


def _could_be(user: User, by: User) -> None:
    """Whoever holds the link of an account could be the one who chooses its password: they are no two people."""
    User.objects.filter(pk=user.pk).update(created_by=by)


def _ask(user: User, clinic: Any, offers: list[RoleOffer], by: User, now: dt.datetime) -> str:
    """Mail the owner that roles are offered, or nothing; the link, where it is to be handed over."""
    if not offers:
        return ""
    if not user.has_come_in and belongs_here_only(user=user, clinic=clinic, now=now):
        return _invite(user, offers, by, now)
    if user.email:
        invite_to_offers(offers=offers, now=now)
    return ""


def _known(clinic: Any, number: str, email: str) -> User | None:
    """Whose address it is; without an address, whoever of the clinic's staff, present or former, has the number."""
    if email:
        return User.objects.filter(email__iexact=email).first()
    user = User.objects.filter(username__iexact=number).first()
    return user if user and is_known_here(user=user, clinic=clinic) else None


def _why_not_invite(
    user: User | None, clinic: Any, number: str, roles: Iterable[str], starts_on: dt.date, by: User
) -> str:
    """ "" or why this invitation cannot be made; `user` is whose account was typed, None: nobody's."""
    if user is None:
        return _why_not_open(clinic, number)
    reasons = (why_not_offer(user=user, clinic=clinic, role=role, starts_on=starts_on, by=by) for role in roles)
    return next(filter(None, reasons), "")


def _why_not_open(clinic: Any, number: str) -> str:
    """ "" or why no account with this staff number can be opened."""
    user = User.objects.filter(username__iexact=number).first() if number else None
    if user is None:
        return ""
    if is_known_here(user=user, clinic=clinic):
        return _("%(number)s is the staff number of %(name)s.") % {"number": user.username, "name": user}
    return _("This staff ID is already in use.")


def _open(clinic: Any, name: str, number: str, email: str, by: User) -> User:
    """The account of an invitation; the same one where two invitations open it at once. Raises CannotGive."""
    given = {"username": number} if number else {}  # who signs in by e-mail needs no number
    try:
        with transaction.atomic():
            return User.objects.create_user(email=email, name=name, created_by=by, **given)
    except IntegrityError:
        if user := _known(clinic, number, email):
            return user
    raise CannotGive(_("This staff ID is already in use."))


def _invite(user: User, offers: list[RoleOffer], by: User, now: dt.datetime) -> str:
    """Mail the link; "" then. Without an address the link itself."""
    link = password_link(user)
    RoleOffer.objects.filter(pk__in=[offer.pk for offer in offers]).update(link_sent_at=now)
    if not user.email:
        _could_be(user, by)
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
