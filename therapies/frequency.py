"""How often and how far apart: rules that count sessions, dates and days. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from therapies.rules import BookingRule, Session, days, runs_of_days


@dataclass(frozen=True, kw_only=True)
class Frequency(BookingRule):
    """At most `most` of a family in any stretch of `days` days to the minute or, not `rolling`, on one date.

    `each`: every name of the family is counted by itself.
    """

    of: frozenset[str]
    most: int
    days: int
    rolling: bool
    each: bool = False

    @property
    def reach(self) -> int:
        return self.days

    @property
    def to_the_minute(self) -> bool:
        return self.rolling

    def binds(self, names: frozenset[str]) -> bool:
        return bool(names & self.of)

    def broken_by(self, session: Session, others: Sequence[Session]) -> bool:
        if not session.names & self.of:
            return False
        of = session.names & self.of if self.each else self.of
        counted = [other for other in others if other.names & of and not other.lifts(self)]
        if self.rolling:
            return self._is_crowded([*(other.start for other in counted), session.start], session.start)
        return sum(other.on == session.on for other in counted) + 1 > self.most

    def _is_crowded(self, starts: list[dt.datetime], start: dt.datetime) -> bool:
        """Whether some stretch of `days` that contains `start` holds more than `most` starts."""
        length = dt.timedelta(days=self.days)
        near = sorted(moment for moment in starts if abs(moment - start) < length)
        place = near.index(start)
        first, last = max(0, place - self.most), min(place, len(near) - 1 - self.most)
        return any(near[i + self.most] - near[i] < length for i in range(first, last + 1))


@dataclass(frozen=True, kw_only=True)
class Gap(BookingRule):
    """Between two therapies at least `min_days` and `min_hours`.

    With `max_days`, the second is given only so many days after the first at most, and not at all without it.
    """

    after: frozenset[str]
    before: frozenset[str]
    min_days: int = 0
    max_days: int | None = None
    min_hours: int = 0

    @property
    def reach(self) -> int:
        return max(self.min_days, self.max_days or 0, self.min_hours // 24 + 1)

    @property
    def to_the_minute(self) -> bool:
        return self.min_hours > 0

    def binds(self, names: frozenset[str]) -> bool:
        return bool(names & self.after or names & self.before)

    def broken_by(self, session: Session, others: Sequence[Session]) -> bool:
        if session.names & self.before:
            firsts = [other for other in others if other.names & self.after]
            if any(self._is_too_soon(other, session) for other in firsts):
                return True
            if self.max_days is not None and not any(0 <= days(one, session) <= self.max_days for one in firsts):
                return True
        if session.names & self.after:
            return any(self._is_too_soon(session, other) for other in others if other.names & self.before)
        return False

    def _is_too_soon(self, first: Session, second: Session) -> bool:
        hours = dt.timedelta(hours=self.min_hours)
        return 0 <= days(first, second) < self.min_days or dt.timedelta() <= second.start - first.start < hours


@dataclass(frozen=True, kw_only=True)
class DaysAfter(BookingRule):
    """On the days after one therapy others are not given: 1 is the next day; the day itself is for other rules.

    How many days follows from how much it has cleansed: `by_grade`; `longest` while that is not known.
    """

    after: frozenset[str]
    before: frozenset[str]
    longest: int
    by_grade: frozenset[tuple[str, int]]

    @property
    def reach(self) -> int:
        return self.longest

    def binds(self, names: frozenset[str]) -> bool:
        return bool(names & self.after or names & self.before)

    def broken_by(self, session: Session, others: Sequence[Session]) -> bool:
        closes, is_closed = session.names & self.after, session.names & self.before
        return any(
            bool(is_closed and other.names & self.after and 1 <= days(other, session) <= self._days(other.grade))
            or bool(closes and other.names & self.before and 1 <= days(session, other) <= self._days(session.grade))
            for other in others
        )

    def _days(self, grade: str) -> int:
        return next((number for name, number in self.by_grade if name == grade), self.longest)


@dataclass(frozen=True, kw_only=True)
class Length(BookingRule):
    """A course on dates in a row: at most `max_days` of them, and at least `min_days` when one of `before` follows."""

    of: frozenset[str]
    before: frozenset[str]
    min_days: int
    max_days: int

    @property
    def reach(self) -> int:
        return 2 * self.max_days

    def binds(self, names: frozenset[str]) -> bool:
        return bool(names & self.of or names & self.before)

    def broken_by(self, session: Session, others: Sequence[Session]) -> bool:
        near = [other for other in others if abs(days(other, session)) <= self.reach]
        dates = {other.on for other in near if other.names & self.of}
        if session.names & self.of:
            course = next(run for run in runs_of_days(dates | {session.on}, 1) if run[0] <= session.on <= run[1])
            if _count(course) > self.max_days:
                return True
        if session.names & self.before:
            done = list(runs_of_days({day for day in dates if day < session.on}, 1))
            return bool(done) and _count(done[-1]) < self.min_days
        return False


def _count(run: tuple[dt.date, dt.date]) -> int:
    return (run[1] - run[0]).days + 1
