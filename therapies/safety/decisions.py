"""Actions: what becomes of a proposed change of safety data.

A Vaidya who is another person than the proposer (`clinic.people.independence`) confirms it. Where the organisation has
no such Vaidya, one confirms alone; then it acts a day later, so that there is time to object.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypedDict

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from clinic.people.independence import Origins
from clinic.people.models import Membership, Role, User
from clinic.people.notices import Notice, tell_owner
from clinic.people.security_log import DONE, Event, note
from clinic.reasons import why_no_reason
from therapies.models import ProposalStatus, SafetyProposal

from .policies import (
    Vaidyas,
    seconds_of,
    vaidyas_at,
    why_not_confirm_alone,
    why_not_confirm_proposal,
    why_not_decline_proposal,
    why_not_note_seen,
    why_not_propose_again,
    why_not_take_back,
    why_not_withdraw,
)
from .proposals import propose_change, propose_removal
from .writer import ProposalRefused, changes_made_by, refuse_change_if, row_of, why_outdated, write_change

WAIT = dt.timedelta(hours=24)
"""Between the confirmation by one person alone and the change (a clinic default, unsourced)."""


def confirm_proposal(*, proposal: SafetyProposal, by: User, now: dt.datetime) -> SafetyProposal:
    """A Vaidya agrees with what somebody else proposed: it acts at once. Raises ProposalRefused."""
    with _deciding(proposal, by) as current:
        refuse_change_if(why_not_confirm_proposal(current, row_of(current), by=by, **_deciders(current, now)))
        current.decided_by, current.decided_at, current.alone = by, now, False
        _put_in_force(current, now)
        note(Event.SAFETY_CONFIRMED, outcome=DONE, user=by, proposal=current.pk)
    return current


def confirm_alone(*, proposal: SafetyProposal, by: User, reason: str, now: dt.datetime) -> SafetyProposal:
    """A Vaidya confirms alone, where no second one could, in writing: it acts after a day. Raises ProposalRefused.

    The door has asked for the second factor anew. The managers and the Vaidya get a letter.
    """
    with _deciding(proposal, by) as current:
        refuse_change_if(why_not_confirm_alone(current, row_of(current), by=by, **_deciders(current, now)))
        refuse_change_if(why_no_reason(reason))
        current.decided_by, current.decided_at, current.decision_reason = by, now, reason.strip()
        current.status, current.alone, current.effective_at = ProposalStatus.WAITING, True, now + WAIT
        current.save()
        note(Event.SAFETY_CONFIRMED, outcome=DONE, user=by, proposal=current.pk, how="alone")
        for user in {by, *_managers(now)}:
            clinic = user.clinics_at(now).first()
            detail = {"by": str(by), "zone": clinic.timezone if clinic is not None else ""}
            tell_owner(user=user, what=Notice.SAFETY_LOOSENED, now=now, detail=detail)
    return current


def decline_proposal(*, proposal: SafetyProposal, by: User, reason: str, now: dt.datetime) -> SafetyProposal:
    """A Vaidya says no, and why; also to what another confirmed alone and does not act yet. Raises ProposalRefused."""
    with _deciding(proposal, by) as current:
        refuse_change_if(why_not_decline_proposal(current, by=by, vaidyas=vaidyas_at(now)))
        refuse_change_if(why_no_reason(reason))
        current.decided_by, current.decided_at, current.decision_reason = by, now, reason.strip()
        current.status = ProposalStatus.DECLINED
        current.save()
    return current


def withdraw_proposal(*, proposal: SafetyProposal, by: User, now: dt.datetime) -> SafetyProposal:
    """Whoever proposed it takes it back before it acts. Raises ProposalRefused."""
    del now  # the records of the table know it
    with _deciding(proposal, by) as current:
        refuse_change_if(why_not_withdraw(current, by=by))
        current.status = ProposalStatus.WITHDRAWN
        current.save()
    return current


def propose_again(*, proposal: SafetyProposal, by: User, now: dt.datetime) -> SafetyProposal | None:
    """The same values, against what is there now; the outdated proposal is closed. None where they are there already.

    Raises ProposalRefused.
    """
    with _deciding(proposal, by) as current:
        row = row_of(current)
        refuse_change_if(why_not_propose_again(current, row))
        current.status = ProposalStatus.OUTDATED
        current.save()
        if row is None:
            return None
        if current.after is None:
            return propose_removal(row=row, reason=current.reason, by=by, now=now)
        return propose_change(row=row, values=current.after, reason=current.reason, by=by, now=now)


# --- what acted at once -----------------------------------------------------------------------------------------------


def note_seen(*, proposal: SafetyProposal, by: User, now: dt.datetime) -> SafetyProposal:
    """A Vaidya looked at a stricter value that is in force, and leaves it. Raises ProposalRefused."""
    with _deciding(proposal, by) as current:
        refuse_change_if(why_not_note_seen(current, by=by, vaidyas=vaidyas_at(now)))
        current.seen_by, current.seen_at = by, now
        current.save()
    return current


def take_back(*, proposal: SafetyProposal, by: User, reason: str, now: dt.datetime) -> SafetyProposal:
    """A stricter value goes back to what it was, while no Vaidya has agreed with it. Raises ProposalRefused.

    It only restores what was in force before; after somebody agreed, loosening it needs a proposal of its own.
    """
    with _deciding(proposal, by) as current:
        refuse_change_if(why_not_take_back(current, row_of(current), by=by, vaidyas=vaidyas_at(now)))
        refuse_change_if(why_no_reason(reason))
        write_change(current, current.after, current.before)
        current.status, current.decided_by, current.decided_at = ProposalStatus.REVERTED, by, now
        current.decision_reason = reason.strip()
        current.save()
    return current


# --- in the background ------------------------------------------------------------------------------------------------


def put_due_in_force(*, now: dt.datetime) -> int:
    """What was confirmed alone a day ago acts; returns how many. Whatever another process decides on is left to it."""
    return sum(_put_one_in_force(pk, now) for pk in SafetyProposal.objects.due(now).values_list("pk", flat=True))


def _put_one_in_force(pk: int, now: dt.datetime) -> bool:
    with transaction.atomic(durable=True):
        rows = SafetyProposal.objects.due(now).select_for_update(skip_locked=True, of=("self",))
        current = rows.select_related("decided_by").filter(pk=pk).first()
        if current is None or current.decided_by is None:
            return False
        with changes_made_by(current.decided_by):
            return _act_or_reopen(current, now)


def _act_or_reopen(current: SafetyProposal, now: dt.datetime) -> bool:
    """Where the confirmation no longer counts, or the row changed, it waits for a Vaidya again."""
    try:
        refuse_change_if("" if current.decided_by_id in vaidyas_at(now) else _("Only a Vaidya can decide this."))
        refuse_change_if(why_outdated(current, row_of(current)))
        with transaction.atomic():
            _put_in_force(current, now)
    except ProposalRefused:
        current.status, current.alone, current.effective_at = ProposalStatus.OPEN, False, None
        current.decided_by = current.decided_at = None
        current.acted_at = None
        current.save()
        return False
    return True


# --- who, and under which lock ----------------------------------------------------------------------------------------


class Deciders(TypedDict):
    vaidyas: Vaidyas
    seconds: Vaidyas


def _deciders(proposal: SafetyProposal, now: dt.datetime) -> Deciders:
    vaidyas = vaidyas_at(now)
    return {"vaidyas": vaidyas, "seconds": seconds_of(proposal, vaidyas, Origins.at(now))}


def _managers(now: dt.datetime) -> Iterable[User]:
    held = Membership.objects.holding_at(now, Role.MANAGER)
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


@contextmanager
def _deciding(proposal: SafetyProposal, by: User) -> Iterator[SafetyProposal]:
    """The proposal as it is now, locked, in one durable transaction."""
    try:
        with changes_made_by(by), transaction.atomic(durable=True):
            yield SafetyProposal.objects.select_for_update().get(pk=proposal.pk)
    except OperationalError as error:
        raise ProposalRefused(_("Someone else is deciding this at the moment. Please check again.")) from error


def _put_in_force(proposal: SafetyProposal, now: dt.datetime) -> None:
    proposal.row = write_change(proposal, proposal.before, proposal.after)
    proposal.status, proposal.acted_at = ProposalStatus.IN_FORCE, now
    proposal.save()
