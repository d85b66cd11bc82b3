"""Actions about roles that are offered: the owner accepts or declines, a Vaidya confirms or refuses a clinical one.

A Membership begins when both have said yes, whoever comes last.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.people.independence import Origins, may_second
from clinic.people.members import CannotGive, begin_offered, why_not_add, works_here_only
from clinic.people.models import CLINICAL, Membership, Role, RoleOffer, User
from clinic.people.models.role_offer import Closing
from clinic.people.notices import Notice, language_of, letter_writer, tell_owner
from clinic.people.security_log import DONE, Event, note
from clinic.reasons import why_no_reason

ANSWER_WITHIN = dt.timedelta(days=7)


class OfferOver(Exception):
    """Answered, withdrawn or lapsed in the meantime."""

    def __init__(self) -> None:
        self.reason = _("This offer is no longer open.")
        super().__init__(self.reason)


class CannotConfirm(Exception):
    """Why this person may not confirm the role; `reason` is in words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def why_not_offer(*, user: User, clinic: Any, role: str, starts_on: dt.date, by: User) -> str:
    """ "" or why nobody can offer this account the role."""
    if role in CLINICAL and user == by:
        return _("You cannot give yourself a clinical role. Ask another manager to propose it.")
    return why_not_add(user=user, clinic=clinic, role=role, starts_on=starts_on)


def offer_roles(
    *,
    user: User,
    name: str,
    clinic: Any,
    roles: Iterable[str],
    starts_on: dt.date,
    by: User,
    now: dt.datetime,
    registration_number: str = "",
) -> list[RoleOffer]:
    """Offer an account some roles at a clinic; in the caller's transaction. Raises CannotGive, and then offers none.

    One of the clinic's own staff is not asked; a role that needs nobody else begins at once.
    """
    User.objects.select_for_update().get(pk=user.pk)
    is_own = works_here_only(user=user, clinic=clinic, now=now)
    offers = []
    for role in roles:
        reason = why_not_offer(user=user, clinic=clinic, role=role, starts_on=starts_on, by=by)
        if reason:
            raise CannotGive(reason)
        _close_earlier(user, clinic, role, by, now)
        offer = RoleOffer.objects.create(
            clinic=clinic,
            user=user,
            name=name,
            role=role,
            registration_number=registration_number if role == Role.VAIDYA else "",
            starts_on=starts_on,
            made_by=by,
            made_at=now,
            expires_at=now + ANSWER_WITHIN,
            accepted_at=now if is_own else None,
        )
        offers.append(_begin_when_complete(offer, now))
    return offers


def invite_to_offers(*, offers: list[RoleOffer], now: dt.datetime) -> None:
    """Write to the owner of an account that roles are offered; the letter leads to the page that asks for a sign-in."""
    first = offers[0]
    letter_writer()(
        email=first.user.email,
        template="role_offered",
        context={
            "clinic": first.clinic.name,
            "by": str(first.made_by),
            "roles": ",".join(offer.role for offer in offers),
        },
        language=language_of(first.user),
        now=now,
    )


def accept_offer(*, offer: RoleOffer, by: User, now: dt.datetime) -> RoleOffer:
    """Its owner says yes. A clinical role then still waits for a Vaidya. Raises OfferOver."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        current = _locked(offer)
        if current.user_id != by.pk or not current.needs_answer(now):
            raise OfferOver
        current.accepted_at = now
        current.save(update_fields=["accepted_at"])
        note(Event.ROLE_ACCEPTED, outcome=DONE, clinic=current.clinic_id, role=current.role)
        return _begin_when_complete(current, now)


def accept_all(*, user: User, now: dt.datetime) -> None:
    """A new account's owner chose a password by the link of the invitation: that is the yes. In a transaction.

    Only to the clinic that opened the account; another one is answered on the page.
    """
    offers = RoleOffer.objects.to_answer(now).filter(user=user).order_by("made_at")
    for row in offers.filter(clinic__in=offers.values("clinic")[:1]):
        offer = _locked(row)
        offer.accepted_at = now
        offer.save(update_fields=["accepted_at"])
        note(Event.ROLE_ACCEPTED, outcome=DONE, user=user, clinic=offer.clinic_id, role=offer.role)
        _begin_when_complete(offer, now)


def decline_offer(*, offer: RoleOffer, by: User, now: dt.datetime) -> RoleOffer:
    """Its owner says no. Raises OfferOver."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        current = _locked(offer)
        if current.user_id != by.pk or not current.needs_answer(now):
            raise OfferOver
        _tell_maker(current, Notice.OFFER_DECLINED, by, now)
        return _close(current, Closing.DECLINED, by, now)


def withdraw_offer(*, offer: RoleOffer, by: User, now: dt.datetime) -> RoleOffer:
    """A manager of the clinic takes it back before anything came of it. Raises OfferOver."""
    return _close_open(offer, Closing.WITHDRAWN, by, now)


def refuse_offer(*, offer: RoleOffer, by: User, now: dt.datetime, reason: str) -> RoleOffer:
    """A Vaidya who might confirm it says no, and why; the person and whoever offered it are told, without the reason.

    Raises OfferOver or CannotConfirm.
    """
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        current = _locked(offer)
        if why_not := why_not_refuse_offer(current, by=by, now=now):
            raise CannotConfirm(why_not)
        if not current.is_open(now):
            raise OfferOver
        if why_not := why_no_reason(reason):
            raise CannotConfirm(why_not)
        current.reason = reason
        current.save(update_fields=["reason"])
        _tell_of_refusal(current, by, now)
        return _close(current, Closing.REFUSED, by, now)


def why_not_refuse_offer(offer: RoleOffer, *, by: User, now: dt.datetime) -> str:
    """ "" or why this person may not refuse the role."""
    return "" if may_confirm_at(by, offer.clinic, now) else _("Only a Vaidya of the clinic can confirm this role.")


def why_not_confirm_offer(offer: RoleOffer, *, by: User, now: dt.datetime) -> str:
    """ "" or why this person may not confirm the role."""
    if not may_confirm_at(by, offer.clinic, now):
        return _("Only a Vaidya of the clinic can confirm this role.")
    if offer.user_id == by.pk:
        return _("You cannot confirm your own role.")
    if is_alone(offer, by=by, now=now) and _has_second(offer, by, now):
        if offer.made_by_id == by.pk:
            return _("You proposed this role yourself. Another Vaidya must confirm it.")
        return _(
            "You and %(name)s do not count as two people here: your account is new, or one of you was invited by the"
            " other. Another Vaidya confirms this."
        ) % {"name": offer.made_by}
    return ""


def is_alone(offer: RoleOffer, *, by: User, now: dt.datetime) -> bool:
    """Whether one person proposes and confirms, as far as anybody knows: then with a second factor and a reason."""
    return not may_second(by, of=[offer.made_by_id], now=now)


def may_confirm_at(user: User, clinic: Any, now: dt.datetime) -> bool:
    """A Vaidya of the clinic; where the clinic has none, a Vaidya of the organisation."""
    return _confirmers(clinic, now).filter(user=user).exists()


def confirm_offer(*, offer: RoleOffer, by: User, now: dt.datetime, reason: str = "") -> RoleOffer:
    """A Vaidya confirms a clinical role. Raises OfferOver or CannotConfirm.

    Whoever confirms alone gives a `reason`; the form before asked for the second factor.
    """
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        current = _locked(offer)
        if not current.needs_confirmation(now):
            raise OfferOver
        refusal = why_not_confirm_offer(current, by=by, now=now)
        alone = is_alone(current, by=by, now=now)
        if refusal := refusal or (why_no_reason(reason) if alone else ""):
            raise CannotConfirm(refusal)
        current.confirmed_by, current.confirmed_at = by, now
        current.alone = alone
        current.reason = reason if current.alone else ""
        current.save(update_fields=["confirmed_by", "confirmed_at", "alone", "reason"])
        return _begin_when_complete(current, now)


def _confirmers(clinic: Any, now: dt.datetime) -> Any:
    vaidyas = Membership.objects.holding_at(now, Role.VAIDYA).filter(user__is_active=True)
    here = vaidyas.filter(clinic=clinic)
    return here if here.exists() else vaidyas


def _has_second(offer: RoleOffer, by: User, now: dt.datetime) -> bool:
    """Whether another Vaidya could confirm it who is another person than whoever proposed it."""
    others = _confirmers(offer.clinic, now).exclude(user=by).exclude(user=offer.user_id)
    origins = Origins.at(now)
    return any(origins.may_second(pk, offer.made_by_id) for pk in others.values_list("user", flat=True))


def _begin_when_complete(offer: RoleOffer, now: dt.datetime) -> RoleOffer:
    if offer.accepted_at is None or (offer.is_clinical and offer.confirmed_by is None):
        return offer
    if offer.registration_number:
        offer.user.registration_number = offer.registration_number
        offer.user.save(update_fields=["registration_number"])
    offer.membership = begin_offered(offer=offer, now=now)
    offer.save(update_fields=["membership"])
    return offer


def _locked(offer: RoleOffer) -> RoleOffer:
    """The account's row before the offer's, as everywhere."""
    User.objects.select_for_update().get(pk=offer.user_id)
    rows = RoleOffer.objects.select_for_update(of=["self"])
    return rows.select_related("clinic", "user", "made_by", "confirmed_by").get(pk=offer.pk)


def _close_open(offer: RoleOffer, closing: Closing, by: User, now: dt.datetime) -> RoleOffer:
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        current = _locked(offer)
        if not current.is_open(now):
            raise OfferOver
        return _close(current, closing, by, now)


def _close(offer: RoleOffer, closing: Closing, by: User | None, now: dt.datetime) -> RoleOffer:
    offer.closing, offer.closed_at, offer.closed_by = closing, now, by
    offer.save(update_fields=["closing", "closed_at", "closed_by"])
    return offer


def _tell_of_refusal(offer: RoleOffer, by: User, now: dt.datetime) -> None:
    clinic = offer.clinic
    detail = {"clinic": clinic.name, "zone": clinic.timezone, "role": offer.role, "by": str(by)}
    tell_owner(user=offer.user, what=Notice.ROLE_REFUSED, now=now, detail=detail, clinic=clinic.pk)
    if offer.made_by_id != by.pk:
        _tell_maker(offer, Notice.OFFER_REFUSED, by, now)


def _tell_maker(offer: RoleOffer, what: Notice, by: User, now: dt.datetime) -> None:
    """Whoever offered the role reads that nothing comes of it."""
    clinic = offer.clinic
    detail = {"clinic": clinic.name, "zone": clinic.timezone, "role": offer.role, "person": offer.name, "by": str(by)}
    tell_owner(user=offer.made_by, what=what, now=now, detail=detail, clinic=clinic.pk)


def _close_earlier(user: User, clinic: Any, role: str, by: User, now: dt.datetime) -> None:
    """Offered anew: the new one counts."""
    for row in RoleOffer.objects.filter(user=user, clinic=clinic, role=role, membership=None, closed_at=None):
        is_open = row.is_open(now)
        _close(row, Closing.WITHDRAWN if is_open else Closing.LAPSED, by if is_open else None, now)
