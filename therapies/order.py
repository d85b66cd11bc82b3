"""What comes before what, and what not beside what. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from therapies.rules import REACH, BookingRule, Session, days, runs_of_days

TREATMENT = "hands_on"
"""The step before which oil and heat have their place."""


@dataclass(frozen=True)
class Need:
    """What has to come first: one of these therapies, or a step of that kind.

    `days` 0: in the same visit. Else on an earlier date, at most so many days before.
    """

    of: frozenset[str]
    steps: frozenset[str] = frozenset()
    days: int = 0


@dataclass(frozen=True, kw_only=True)
class Order(BookingRule):
    """Before these therapies others come first, in that order; a step of the own visit will do."""

    of: frozenset[str]
    first: tuple[Need, ...]

    @property
    def reach(self) -> int:
        return max(need.days for need in self.first)

    def binds(self, names: frozenset[str]) -> bool:
        return bool(names & self.of)

    def broken_by(self, session: Session, others: Sequence[Session]) -> bool:
        if not session.names & self.of:
            return False
        done = [part.names | {*part.steps} for part in session.earlier] + [{step} for step in _preparing(session)]
        for need in self.first:
            if need.days:
                if not any(1 <= days(other, session) <= need.days for other in others if other.names & need.of):
                    return True
                continue
            wanted = need.of | need.steps
            while done and not done[0] & wanted:
                done = done[1:]
            if not done:
                return True
        return False


@dataclass(frozen=True, kw_only=True)
class NotAfter(BookingRule):
    """On one date `target` does not begin after any of `forbid`."""

    forbid: frozenset[str]
    target: frozenset[str]

    @property
    def reach(self) -> int:
        return 0

    @property
    def to_the_minute(self) -> bool:
        return True

    def binds(self, names: frozenset[str]) -> bool:
        return bool(names & self.forbid or names & self.target)

    def broken_by(self, session: Session, others: Sequence[Session]) -> bool:
        today = [other for other in others if other.on == session.on]
        before = session.names & self.target and any(
            other.names & self.forbid and other.start <= session.start for other in today
        )
        after = session.names & self.forbid and any(
            other.names & self.target and session.start <= other.start for other in today
        )
        return bool(before or after)


@dataclass(frozen=True, kw_only=True)
class NotDuring(BookingRule):
    """Not between the first and the last day of a course; sessions up to `break_days` apart are one course."""

    courses: tuple[str, ...]
    target: frozenset[str]
    break_days: int

    @property
    def reach(self) -> int:
        return REACH

    def binds(self, names: frozenset[str]) -> bool:
        return bool(names & self.target or names & {*self.courses})

    def broken_by(self, session: Session, others: Sequence[Session]) -> bool:
        everything = [*others, session]
        for course in self.courses:
            if session.names & self.target:
                targets = {session.on}
            elif course in session.names:
                targets = {other.on for other in others if other.names & self.target}
            else:
                continue
            for first, last in runs_of_days({each.on for each in everything if course in each.names}, self.break_days):
                if first <= session.on <= last and any(first <= day <= last for day in targets):
                    return True
        return False


def _preparing(session: Session) -> tuple[str, ...]:
    """The steps before the treatment itself; all of them where no step is called so."""
    steps = session.steps
    return steps[: steps.index(TREATMENT)] if TREATMENT in steps else steps
