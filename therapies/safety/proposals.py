"""Actions: propose a change of safety data. What makes it stricter acts at once; everything else waits for a Vaidya.

None of them is durable: the admin's form is a transaction.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Model

from clinic.people.models import User
from therapies.models import ProposalStatus, SafetyProposal

from .rows import kind_of, row_copy, whole
from .strictness import tightens
from .writer import Values, changes_made_by, write_change


def propose_change(
    *, row: Model, values: dict[str, Any], reason: str, by: User, now: dt.datetime
) -> SafetyProposal | None:
    """Other values for fields of a row that is there; None where it has them already. Raises ProposalRefused."""
    with changes_made_by(by), transaction.atomic():
        here = type(row)._default_manager.select_for_update().get(pk=row.pk)
        now_there = row_copy(here, values)
        changed = [name for name in sorted(values) if now_there[name] != values[name]]
        if not changed:
            return None
        before, after = ({name: copy[name] for name in changed} for copy in (now_there, values))
        return _propose(here, before, after, reason=reason, by=by, now=now)


def propose_addition(*, row: Model, reason: str, by: User, now: dt.datetime) -> SafetyProposal:
    """A row that is not saved yet. Raises ProposalRefused."""
    with changes_made_by(by), transaction.atomic():
        return _propose(row, None, whole(row), reason=reason, by=by, now=now)


def propose_removal(*, row: Model, reason: str, by: User, now: dt.datetime) -> SafetyProposal:
    """That a row goes. Raises ProposalRefused."""
    with changes_made_by(by), transaction.atomic():
        here = type(row)._default_manager.select_for_update().get(pk=row.pk)
        return _propose(here, whole(here), None, reason=reason, by=by, now=now)


def _propose(row: Model, before: Values, after: Values, *, reason: str, by: User, now: dt.datetime) -> SafetyProposal:
    kind = kind_of(type(row))
    same = SafetyProposal.objects.pending().that_says(kind, row.pk, before, after)
    if same is not None:
        return same
    proposal = SafetyProposal(
        model=kind,
        row=row.pk,
        title=str(row)[:300],
        before=before,
        after=after,
        tightens=tightens(kind, before, after, whole(row)),
        reason=reason.strip(),
        proposed_by=by,
        proposed_at=now,
    )
    if proposal.tightens:
        proposal.row = write_change(proposal, before, after)
        proposal.status, proposal.acted_at = ProposalStatus.IN_FORCE, now
    proposal.save(force_insert=True)
    return proposal
