"""Plans a course, pure: no rest day that is not needed, the same hour for each form, the same people where they can.

`plan` answers at once. `improve` is a second function over the same arguments that looks for a better hour within a
bound; decision 0025 says what is preferred to what.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import NamedTuple, Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _

NOON = dt.time(12)
MOST_REST_DAYS = 14
"""Rest days that one plan may have in all."""
TRIES, MOST_TRIES = 2_000, 10_000
"""Starts that one search may ask about before it gives up, and all searches of a plan together."""
BETTER_HOURS = 12
"""Hours that `improve` tries."""


@dataclass(frozen=True)
class PlannedSession:
    """The `number`-th session of a course (from 0), when it starts (aware, in the clinic's zone), and who serves."""

    number: int
    start: dt.datetime
    people: frozenset[int]


@dataclass(frozen=True)
class Course:
    """What is planned: so many sessions, from this date on.

    `days_between` counts from one session to the next: 1 is daily; `days` says instead on which day of the course
    each comes, the first being 0. Each may come `slip` days later than that, where its own date has no room. `around`
    is the hour that suits best, `between` the hours in which alone a session may start, `not_on` are dates on which the
    patient cannot come. `kinds` names the form of each session: those alike keep one hour.
    """

    sessions: int
    first: dt.date
    days_between: int = 1
    slip: int = 0
    around: dt.time | None = None
    days: tuple[int, ...] = ()
    kinds: tuple[Hashable, ...] = ()
    between: tuple[dt.time, dt.time] | None = None
    not_on: frozenset[dt.date] = frozenset()

    def day(self, number: int) -> int:
        """The day of the course on which a session comes, when nothing slips."""
        return self.days[number] if self.days else number * self.days_between

    def gap(self, number: int) -> int:
        """Days from the session before to this one, when nothing slips."""
        return self.day(number) - self.day(number - 1)

    def due(self, number: int) -> dt.date:
        """The date of a session, when nothing slips."""
        return self.first + dt.timedelta(days=self.day(number))

    def kind(self, number: int) -> Hashable:
        return self.kinds[number] if self.kinds else None

    @property
    def rest_days(self) -> int:
        """How many rest days all its sessions may have together."""
        return min((self.sessions - 1) * self.slip, MOST_REST_DAYS)

    @property
    def last(self) -> dt.date:
        """The latest date on which a session may come."""
        return self.first + dt.timedelta(days=self.day(self.sessions - 1) + self.rest_days + self.slip)


@dataclass(frozen=True)
class CoursePlan:
    """The sessions in order, all of them; or none, and in words why not.

    `proved`: every way was tried, so that none is truly none.
    """

    sittings: tuple[PlannedSession, ...]
    why_not: str = ""
    proved: bool = True


class Cost(NamedTuple):
    """What is wrong with a plan, the worst first: the smaller the better. Who is least loaded the diary knows."""

    rest_days: int
    other_hours: int
    minutes_from_wish: int
    people: int
    last_day: int


class Diary(Protocol):
    """What a planner asks of the clinic. `number` is that of the session."""

    def starts(self, number: int, on: dt.date) -> Sequence[dt.datetime]:
        """When it could start on a date, in the clinic's zone, the rules left aside."""

    def why_none(self, number: int, on: dt.date) -> str:
        """Why a date has no such start."""

    def allows(self, number: int, start: dt.datetime, planned: Sequence[PlannedSession]) -> bool:
        """Whether no rule speaks against a start, beside the sessions planned so far."""

    def why_not(self, number: int, start: dt.datetime, planned: Sequence[PlannedSession]) -> str:
        """ "" or what a rule says against it, in words."""

    def people(self, number: int, start: dt.datetime, before: frozenset[int]) -> frozenset[int] | None:
        """Who and what would serve, those who served before where they can; None when nobody can after all."""

    def hours_matter(self) -> bool:
        """Whether the hour of one session may close the date of another."""


def plan(course: Course, diary: Diary) -> CoursePlan:
    """Every session on its date with as few rest days as can be, or the first reason against it."""
    return _planned(course, diary, usual_clocks(course, diary))


def improve(course: Course, diary: Diary, found: CoursePlan, *, tries: int = BETTER_HOURS) -> CoursePlan:
    """The best of this plan and of those at so many other hours. Of two that cost the same, the one that was there."""
    if not found.sittings:
        return found
    ranked = {kind: rows[:tries] for kind, rows in _ranked_clocks(course, diary).items()}
    best, least = found, cost(course, found)
    for clocks in islice(product(*ranked.values()), tries):
        other = _planned(course, diary, dict(zip(ranked, clocks, strict=True)))
        if other.sittings and cost(course, other) < least:
            best, least = other, cost(course, other)
    return best


def cost(course: Course, found: CoursePlan) -> Cost:
    """What the plan costs, to be compared with others of the same course."""
    hours: dict[Hashable, Counter[dt.time]] = defaultdict(Counter)
    for session in found.sittings:
        hours[course.kind(session.number)][session.start.time()] += 1
    around = course.around
    return Cost(
        rest_days=len(rest_days(course, found)),
        other_hours=sum(sum(clocks.values()) - max(clocks.values()) for clocks in hours.values()),
        minutes_from_wish=sum(apart(session.start.time(), around) for session in found.sittings) if around else 0,
        people=len(frozenset[int]().union(*(session.people for session in found.sittings))),
        last_day=found.sittings[-1].start.date().toordinal(),
    )


def rest_days(course: Course, found: CoursePlan) -> list[dt.date]:
    """The dates inside the course on which a session was due and none is."""
    dates = [session.start.date() for session in found.sittings]
    return [
        dates[number] - dt.timedelta(days=back)
        for number in range(1, len(dates))
        for back in range((dates[number] - dates[number - 1]).days - course.gap(number), 0, -1)
    ]


# --- hours ------------------------------------------------------------------------------------------------------------


def usual_clocks(course: Course, diary: Diary) -> dict[Hashable, dt.time]:
    """For each kind the hour that most of its dates have free: of several the one that suits, then the earliest."""
    return {kind: ranked[0] for kind, ranked in _ranked_clocks(course, diary).items()}


def _ranked_clocks(course: Course, diary: Diary) -> dict[Hashable, list[dt.time]]:
    free: dict[Hashable, Counter[dt.time]] = defaultdict(Counter)
    for number in range(course.sessions):
        date = course.due(number)
        free[course.kind(number)].update({start.time() for start in _starts(course, diary, number, date)})
    around = course.around

    def ranked(hours: Counter[dt.time]) -> list[dt.time]:
        return sorted(hours, key=lambda clock: (-hours[clock], apart(clock, around) if around else 0, clock))

    return {kind: ranked(hours) or [around or NOON] for kind, hours in free.items()}


def apart(one: dt.time, other: dt.time) -> int:
    """Minutes between two hours of a day."""
    return abs((one.hour - other.hour) * 60 + one.minute - other.minute)


def _starts(course: Course, diary: Diary, number: int, on: dt.date) -> list[dt.datetime]:
    """The starts of a date that the patient can keep."""
    if on in course.not_on:
        return []
    starts = diary.starts(number, on)
    if course.between is None:
        return [*starts]
    earliest, latest = course.between
    return [start for start in starts if earliest <= start.time() < latest]


# --- the search -------------------------------------------------------------------------------------------------------


@dataclass
class _Search:
    """Places one session after the other and goes back where that does not lead on.

    `left` are the starts that it may still ask about; `why` is the reason at the session furthest on that failed.
    """

    course: Course
    diary: Diary
    clocks: dict[Hashable, dt.time]
    every_hour: bool = False
    left: int = TRIES
    why: str = ""
    failed_at: int = -1

    def found(self, planned: tuple[PlannedSession, ...], rest: int) -> tuple[PlannedSession, ...] | None:
        """The whole course with exactly `rest` more rest days after what is planned; None where there is no way."""
        number = len(planned)
        if number == self.course.sessions:
            return planned if rest == 0 else None
        for date, more in self._dates(planned, rest):
            for session in self._sessions(number, date, planned):
                whole = self.found((*planned, session), rest - more)
                if whole is not None:
                    return whole
        return None

    def _dates(self, planned: Sequence[PlannedSession], rest: int) -> Iterator[tuple[dt.date, int]]:
        """The dates that the next session may have, the proper one first, each with its rest days."""
        course = self.course
        if not planned:
            yield from ((course.first + dt.timedelta(days=late), 0) for late in range(course.slip + 1))
            return
        proper = planned[-1].start.date() + dt.timedelta(days=course.gap(len(planned)))
        for days in range(min(course.slip, rest) + 1):
            yield proper + dt.timedelta(days=days), days

    def _sessions(self, number: int, date: dt.date, planned: tuple[PlannedSession, ...]) -> Iterator[PlannedSession]:
        """The session at the start of a date that is nearest to the usual hour; at every start where that is asked."""
        clock = self.clocks[self.course.kind(number)]
        before = frozenset[int]().union(*(session.people for session in planned))
        starts = _starts(self.course, self.diary, number, date)
        some = False
        for start in sorted(starts, key=lambda start: (apart(start.time(), clock), start)):
            if self.left <= 0:
                return
            self.left -= 1
            if not self.diary.allows(number, start, planned):
                continue
            people = self.diary.people(number, start, before)
            if people is not None:
                some = True
                yield PlannedSession(number, start, people)
                if not self.every_hour:
                    return
        if not some and number > self.failed_at:
            refused = (self.diary.why_not(number, start, planned) for start in starts)
            reason = next(filter(None, refused), "") or self._why_none(number, date)
            words = {"date": date_format(date, "l j F"), "reason": reason}
            self.failed_at, self.why = number, _("%(date)s: %(reason)s") % words

    def _why_none(self, number: int, date: dt.date) -> str:
        if date in self.course.not_on:
            return _("The patient cannot come on that day")
        if self.course.between and self.diary.starts(number, date):
            return _("No time is free in these hours")
        return self.diary.why_none(number, date)


def _planned(course: Course, diary: Diary, clocks: dict[Hashable, dt.time]) -> CoursePlan:
    """With as few rest days as can be; of each number first one start a date, then every start where hours matter."""
    why, failed_at, proved, left = "", -1, True, MOST_TRIES
    modes = (False, True) if diary.hours_matter() else (False,)
    for rest, every_hour in product(range(course.rest_days + 1), modes):
        search = _Search(course, diary, clocks, every_hour, min(TRIES, left), why, failed_at)
        sessions = search.found((), rest)
        if sessions is not None:
            return CoursePlan(sessions)
        why, failed_at, left = search.why, search.failed_at, left - (min(TRIES, left) - search.left)
        proved = proved and (search.left > 0 or (not every_hour and len(modes) > 1))
    return CoursePlan((), why, proved=proved)
