"""Proposed changes as the page shows them: before and after in words, and what this person may do with each."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Model

from clinic.field_words import FieldChange
from clinic.people.independence import Origins
from clinic.people.models import User
from therapies.models import SafetyProposal
from therapies.safety import policies
from therapies.safety.contents import Content, ContentGroup
from therapies.safety.policies import Vaidyas
from therapies.safety.words import changes_of, sentence_of, vocabulary
from therapies.safety.writer import rows_of, why_outdated

RECENT = 30
"""How many of those that are over the page shows."""


@dataclass(frozen=True)
class Entry:
    """One proposal. `about`: what the row says, where its name is only a code.

    `outdated` says why it cannot be confirmed as it stands; `why_not` why this person does not.
    """

    proposal: SafetyProposal
    title: str
    about: str
    changes: list[FieldChange]
    outdated: str = ""
    why_not: str = ""
    may_confirm: bool = False
    may_confirm_alone: bool = False
    may_decline: bool = False
    may_withdraw: bool = False
    may_note_seen: bool = False
    may_take_back: bool = False

    @property
    def is_new(self) -> bool:
        return self.proposal.before is None

    @property
    def is_removal(self) -> bool:
        return self.proposal.after is None


@dataclass(frozen=True)
class Lists:
    open: list[Entry]
    unseen: list[Entry]
    settled: list[Entry]


@dataclass(frozen=True)
class Reader:
    """Who looks, and what all entries need, read once."""

    user: User
    vaidyas: Vaidyas
    origins: Origins
    words: Mapping[str, str]
    rows: Mapping[int, Model]


@dataclass(frozen=True)
class ReviewSummary:
    """How much of what decides about patients a Vaidya has reviewed."""

    groups: list[ContentGroup]

    @property
    def total(self) -> int:
        return sum(len(group.contents) for group in self.groups)

    @property
    def reviewed(self) -> int:
        return sum(group.reviewed for group in self.groups)

    @property
    def open(self) -> int:
        return self.total - self.reviewed


@dataclass(frozen=True)
class ReviewLine:
    """One content of a group, with what it says in words."""

    content: Content
    changes: list[FieldChange]

    @classmethod
    def of(cls, group: ContentGroup) -> "list[ReviewLine]":
        words = vocabulary()
        return [cls(content, content.lines(words)) for content in group.contents]


def lists(user: User, now: dt.datetime) -> Lists:
    """What waits, what acts already and nobody looked at, and the newest of what is over."""
    proposals = SafetyProposal.objects.select_related("proposed_by", "decided_by", "seen_by")
    groups = [list(proposals.pending()), list(proposals.unseen()), list(proposals.settled()[:RECENT])]
    return Lists(*entries(groups, user, now))


def entries(groups: Iterable[list[SafetyProposal]], user: User, now: dt.datetime) -> list[list[Entry]]:
    """Groups of proposals as this person sees them."""
    groups = list(groups)
    rows = rows_of(proposal for group in groups for proposal in group)
    reader = Reader(user, policies.vaidyas_at(now), Origins.at(now), vocabulary(), rows)
    return [[_entry(proposal, reader) for proposal in group] for group in groups]


def _entry(proposal: SafetyProposal, reader: Reader) -> Entry:
    row, by, vaidyas = reader.rows.get(proposal.pk), reader.user, reader.vaidyas
    seconds = policies.seconds_of(proposal, vaidyas, reader.origins)
    why_not = policies.why_not_confirm_proposal(proposal, row, by=by, vaidyas=vaidyas, seconds=seconds)
    return Entry(
        proposal,
        title=str(row) if row is not None else proposal.title,
        about=sentence_of(row) if row is not None else "",
        changes=changes_of(proposal, reader.words),
        outdated=why_outdated(proposal, row) if proposal.is_pending else "",
        why_not=why_not,
        may_confirm=not why_not,
        may_confirm_alone=not policies.why_not_confirm_alone(proposal, row, by=by, vaidyas=vaidyas, seconds=seconds),
        may_decline=not policies.why_not_decline_proposal(proposal, by=by, vaidyas=vaidyas)
        and proposal.proposed_by_id != by.pk,
        may_withdraw=not policies.why_not_withdraw(proposal, by=by),
        may_note_seen=not policies.why_not_note_seen(proposal, by=by, vaidyas=vaidyas),
        may_take_back=not policies.why_not_take_back(proposal, row, by=by, vaidyas=vaidyas),
    )
