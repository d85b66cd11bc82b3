"""Rules of how often, in which order and how far apart therapies are given, pure: what all of them have in common.

A rule looks at one therapy that is wished and at all the others of the patient, given or booked. Days are calendar days
of the clinic between two dates: 0 is the same day. The rules themselves are in `frequency` and `order`; `rulebook`
makes them out of the catalogue's data.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

WRITTEN_ORDER = "written_order"
"""Among what is lifted: every rule that a Vaidya's written reason may lift."""
AGE_LIMIT, COURSE_LENGTH = "age_limit", "course_length"
"""Limits of a therapy's own entry, by the codes under which an order lifts them."""
LIFTED_TOGETHER = ("fr_massage_cap", AGE_LIMIT, COURSE_LENGTH)
"""What one reason lifted in orders written before each limit had a reason of its own."""
REACH = 90
"""No rule looks further than so many days before and after."""


@dataclass(frozen=True)
class Session:
    """A therapy that was given, is booked or is wished.

    `names` is all that a rule may call it by: its code, its groups, its variant. `start` is aware, in the clinic's
    zone. `steps` are the codes of what the patient goes through, in order, and `earlier` the parts of the same visit
    before it; both are asked of wishes only. `lifted`: codes of the rules that its order lifts in writing. `grade`: how
    much a purification has cleansed, "" while nobody has written it down.
    """

    names: frozenset[str]
    start: dt.datetime
    steps: tuple[str, ...] = ()
    earlier: tuple["Session", ...] = ()
    lifted: frozenset[str] = frozenset()
    grade: str = ""

    def lifts(self, rule: "BookingRule") -> bool:
        """Whether its order lifts this rule, where a Vaidya may."""
        return rule.may_be_lifted and not self.lifted.isdisjoint((rule.code, WRITTEN_ORDER))

    @property
    def on(self) -> dt.date:
        return self.start.date()


@dataclass(frozen=True)
class Ruling:
    """What a rule says against a session, in words without a full stop, and the codes of the sources it rests on."""

    code: str
    reason: str
    sources: tuple[str, ...]
    is_hard: bool


@dataclass(frozen=True, kw_only=True)
class BookingRule:
    """`says` is its sentence in the reader's language. A hard rule closes a time, any other gives a note.

    `may_be_lifted`: by a written reason for it on a signed order; sessions booked under one are not counted either.
    """

    code: str
    says: str
    sources: tuple[str, ...] = ()
    is_hard: bool = True
    may_be_lifted: bool = False

    @property
    def reach(self) -> int:
        """How many days before and after a session it looks for others."""
        raise NotImplementedError

    @property
    def to_the_minute(self) -> bool:
        """Whether the hour matters; of any other rule the date is all that does."""
        return False

    def binds(self, names: frozenset[str]) -> bool:
        """Whether it may have something to say about a therapy of these names."""
        raise NotImplementedError

    def broken_by(self, session: Session, others: Sequence[Session]) -> bool:
        """Whether `session` beside `others` breaks it."""
        raise NotImplementedError

    def holds_for(self, session: Session) -> bool:
        """Whether it binds the session and no written order lifts it."""
        return self.binds(session.names) and not session.lifts(self)

    @property
    def ruling(self) -> Ruling:
        return Ruling(self.code, self.says, self.sources, self.is_hard)


@dataclass(frozen=True, kw_only=True)
class Unreadable(BookingRule):
    """A rule that nobody can evaluate. It forbids what it may speak of (no names: every therapy), and says so."""

    of: frozenset[str] = frozenset()

    @property
    def reach(self) -> int:
        return 0

    def binds(self, names: frozenset[str]) -> bool:
        return not self.of or bool(names & self.of)

    def broken_by(self, session: Session, others: Sequence[Session]) -> bool:  # noqa: ARG002 - no other can mend it
        return self.binds(session.names)


def judge_rules(rules: Iterable[BookingRule], parts: Sequence[Session], others: Sequence[Session]) -> list[Ruling]:
    """What the rules say against a visit of these parts, in the rules' order, each once; nothing where all is well.

    `others` are the patient's other sessions, in any order.
    """
    return [
        rule.ruling
        for rule in rules
        if any(
            rule.broken_by(part, [*others, *part.earlier] if part.earlier else others)
            for part in parts
            if rule.holds_for(part)
        )
    ]


def days(first: Session, second: Session) -> int:
    """Calendar days from one to the other."""
    return (second.on - first.on).days


def runs_of_days(dates: Iterable[dt.date], apart: int) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last date of each stretch in which dates follow each other at most `apart` days apart, in order."""
    ordered = sorted(dates)
    first = ordered[0] if ordered else None
    for day, following in pairwise([*ordered, None]):
        if first is not None and day is not None and (following is None or (following - day).days > apart):
            yield first, day
            first = following
