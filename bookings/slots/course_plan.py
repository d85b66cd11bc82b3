"""Plans a course, pure: one session after the other, at the same hour and by the same people where that can be."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _

NOON = dt.time(12)


@dataclass(frozen=True)
class PlannedSession:
    """The `number`-th session of a course (from 0), when it starts (aware, in the clinic's zone), and who serves."""

    number: int
    start: dt.datetime
    people: frozenset[int]


@dataclass(frozen=True)
class Course:
    """What is planned: so many sessions, from this date on.

    `days_between` counts from one session to the next: 1 is daily. Each may come `slip` days later than that, where its
    own date has no room. `around` is the hour that suits best.
    """

    sessions: int
    first: dt.date
    days_between: int = 1
    slip: int = 0
    around: dt.time | None = None

    @property
    def last(self) -> dt.date:
        """The latest date on which a session may come."""
        return self.first + dt.timedelta(days=(self.sessions - 1) * (self.days_between + self.slip) + self.slip)


@dataclass(frozen=True)
class CoursePlan:
    """The sessions in order, all of them; or none, and in words why not."""

    sittings: tuple[PlannedSession, ...]
    why_not: str = ""


class Diary(Protocol):
    """What a planner asks of the clinic. `number` is that of the session."""

    def starts(self, number: int, on: dt.date) -> Sequence[dt.datetime]:
        """When it could start on a date, in the clinic's zone, the rules left aside."""

    def why_none(self, number: int, on: dt.date) -> str:
        """Why a date has no such start."""

    def why_not(self, number: int, start: dt.datetime, planned: Sequence[PlannedSession]) -> str:
        """ "" or what a rule says against a start, beside the sessions planned so far."""

    def people(self, number: int, start: dt.datetime, before: frozenset[int]) -> frozenset[int] | None:
        """Who and what would serve, those who served before where they can; None when nobody can after all."""


def plan(course: Course, diary: Diary) -> CoursePlan:
    """Every session on its date, or the first reason against it."""
    clock = usual_clock(course, diary)
    planned: list[PlannedSession] = []
    for number in range(course.sessions):
        session, why = None, ""
        for date in _dates(course, planned):
            session, reason = _health_questions(number, date, clock, diary, planned)
            why = why or _("%(date)s: %(reason)s") % {"date": date_format(date, "l j F"), "reason": reason}
            if session:
                break
        if session is None:
            return CoursePlan((), why)
        planned.append(session)
    return CoursePlan(tuple(planned))


def usual_clock(course: Course, diary: Diary) -> dt.time:
    """The hour that most of the dates have free: of several the one nearest to what suits, then the earliest."""
    free: Counter[dt.time] = Counter()
    for number in range(course.sessions):
        date = course.first + dt.timedelta(days=number * course.days_between)
        free.update({start.time() for start in diary.starts(number, date)})
    around = course.around
    ranked = sorted(free, key=lambda clock: (-free[clock], apart(clock, around) if around else 0, clock))
    return ranked[0] if ranked else around or NOON


def apart(one: dt.time, other: dt.time) -> int:
    """Minutes between two hours of a day."""
    return abs((one.hour - other.hour) * 60 + one.minute - other.minute)


def _dates(course: Course, planned: Sequence[PlannedSession]) -> Iterator[dt.date]:
    """The dates that the next session may have, the proper one first."""
    proper = planned[-1].start.date() + dt.timedelta(days=course.days_between) if planned else course.first
    for days in range(course.slip + 1):
        yield proper + dt.timedelta(days=days)


def _health_questions(
    number: int, date: dt.date, clock: dt.time, diary: Diary, planned: Sequence[PlannedSession]
) -> tuple[PlannedSession | None, str]:
    """The start of a date that is nearest to the usual hour and has somebody to serve, or why there is none."""
    before = frozenset[int]().union(*(health_questions.people for health_questions in planned))
    why = ""
    for start in sorted(diary.starts(number, date), key=lambda start: (apart(start.time(), clock), start)):
        refused = diary.why_not(number, start, planned)
        people = None if refused else diary.people(number, start, before)
        if people is not None:
            return PlannedSession(number, start, people), ""
        why = why or refused
    return None, why or diary.why_none(number, date)
