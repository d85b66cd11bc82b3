"""May this person decide on a proposed change of safety data? "" or the reason in words.

`row` is what the proposal is about as it is now, `vaidyas` the accounts that are Vaidyas of the organisation now,
`seconds` those of them who are other people than whoever proposed it.
"""

import datetime as dt
from collections.abc import Set as AbstractSet

from django.db.models import Model
from django.utils.translation import gettext as _

from clinic.people.independence import Origins
from clinic.people.models import Membership, Role, User
from therapies.models import ProposalStatus, SafetyProposal

from .rows import stands_as
from .writer import why_outdated

Vaidyas = AbstractSet[int]


def vaidyas_at(now: dt.datetime) -> Vaidyas:
    """The accounts that are Vaidyas at some clinic of the organisation at this moment."""
    held = Membership.objects.holding_at(now, Role.VAIDYA).filter(user__is_active=True)
    return set(held.values_list("user", flat=True))


def seconds_of(proposal: SafetyProposal, vaidyas: Vaidyas, origins: Origins) -> Vaidyas:
    """The Vaidyas who are other people than whoever proposed it: they may confirm it."""
    return {pk for pk in vaidyas if origins.may_second(pk, proposal.proposed_by_id)}


def why_not_confirm_proposal(
    proposal: SafetyProposal, row: Model | None, *, by: User, vaidyas: Vaidyas, seconds: Vaidyas
) -> str:
    """Put in force what somebody else proposed."""
    if by.pk not in vaidyas:
        return _("Only a Vaidya can decide this.")
    if not proposal.is_pending:
        return _already()
    if proposal.proposed_by_id == by.pk:
        return _("You proposed this yourself. Another Vaidya must confirm it.")
    if by.pk not in seconds:
        return _(
            "You and %(name)s do not count as two people here: your account is new, or one of you was invited by the"
            " other. Another Vaidya confirms this."
        ) % {"name": proposal.proposed_by}
    return why_outdated(proposal, row)


def why_not_confirm_alone(
    proposal: SafetyProposal, row: Model | None, *, by: User, vaidyas: Vaidyas, seconds: Vaidyas
) -> str:
    """Confirm one's own proposal, or that of somebody tied to oneself: only where nobody else could."""
    if by.pk not in vaidyas:
        return _("Only a Vaidya can decide this.")
    if proposal.status != ProposalStatus.OPEN:
        return _already()
    if by.pk in seconds:
        return _("Someone else proposed this. You can confirm it immediately.")
    if seconds:
        return _("There is another Vaidya in the organisation who must confirm it.")
    return why_outdated(proposal, row)


def why_not_decline_proposal(proposal: SafetyProposal, *, by: User, vaidyas: Vaidyas) -> str:
    """Say no; also to what another confirmed alone and does not act yet."""
    if by.pk not in vaidyas:
        return _("Only a Vaidya can decide this.")
    return "" if proposal.is_pending else _already()


def why_not_withdraw(proposal: SafetyProposal, *, by: User) -> str:
    """Take one's own proposal back before it acts."""
    if proposal.proposed_by_id != by.pk:
        return _("Only the proposer can withdraw this.")
    return "" if proposal.is_pending else _already()


def why_not_propose_again(proposal: SafetyProposal, row: Model | None) -> str:
    """Propose the same values against what is there now."""
    if not proposal.is_pending:
        return _already()
    return "" if why_outdated(proposal, row) else _("This is not outdated.")


def why_not_note_seen(proposal: SafetyProposal, *, by: User, vaidyas: Vaidyas) -> str:
    """Agree with a stricter value that is in force."""
    if by.pk not in vaidyas:
        return _("Only a Vaidya can decide this.")
    is_new = proposal.tightens and proposal.status == ProposalStatus.IN_FORCE and proposal.seen_at is None
    return "" if is_new else _already()


def why_not_take_back(proposal: SafetyProposal, row: Model | None, *, by: User, vaidyas: Vaidyas) -> str:
    """Restore what was in force before a stricter value with which no Vaidya agreed yet."""
    reason = why_not_note_seen(proposal, by=by, vaidyas=vaidyas)
    if reason:
        return reason
    if row is None or proposal.after is None or not stands_as(row, proposal.after):
        return _("This has changed in the meantime. Please make a new proposal.")
    return ""


def _already() -> str:
    return _("This has already been decided.")
