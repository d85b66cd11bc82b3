"""A course for a patient: what the planner asks, answered from the diary of the clinic as it is read once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bookings.slots.assignment import assign
from bookings.slots.course_plan import Course, Plan, Sitting, plan
from bookings.slots.search import allowed, possible, why_none
from bookings.slots.search_space import Field, Wish, read, starting_cell
from clinic.grid import cells, span
from therapies.rota import LocalDay


@dataclass
class ClinicDiary:
    """`wishes` are the sessions in order. From the second on they are those of a running course."""

    wishes: Sequence[Wish]
    course: Course
    now: dt.datetime
    desk: bool = False
    known: dict[Wish, Field] = field(default_factory=dict)
    free: dict[Wish, int] = field(default_factory=dict)

    def starts(self, number: int, on: dt.date) -> list[dt.datetime]:
        known = self._known(number)
        day = _day(known, on)
        wish = self._wish(number)
        if wish not in self.free:
            self.free[wish] = possible(known) & allowed(known, desk=self.desk)
        mine = self.free[wish] & span(day.first, day.last)
        return [known.days.window.time(cell).astimezone(known.days.zone) for cell in cells(mine)] if mine else []

    def why_none(self, number: int, on: dt.date) -> str:
        known = self._known(number)
        return why_none(known, _day(known, on))

    def why_not(self, number: int, start: dt.datetime, planned: Sequence[Sitting]) -> str:
        sessions = [
            session for sitting in planned for session in self._known(sitting.number).limits.sessions(sitting.start)
        ]
        return self._known(number).limits.beside(sessions).why_not(start)

    def people(self, number: int, start: dt.datetime, before: frozenset[int]) -> frozenset[int] | None:
        known = self._known(number)
        taken = assign(known, starting_cell(known, start), before=before)
        return None if taken is None else frozenset(part.resource_id for leg in taken for part in leg)

    def _wish(self, number: int) -> Wish:
        wish = self.wishes[number]
        return replace(wish, running_course=True) if number else wish

    def _known(self, number: int) -> Field:
        """Supply and demand of all the days, read once for each kind of session; of the first, of its own days."""
        wish = self._wish(number)
        if wish not in self.known:
            last = self.course.last if number else self.course.first + dt.timedelta(days=self.course.slip)
            self.known[wish] = read(wish, self.course.first, last, self.now)
        return self.known[wish]


def plan_course(wishes: Sequence[Wish], course: Course, *, now: dt.datetime, desk: bool = False) -> Plan:
    """Plans one session for each wish, of one patient at one clinic; the whole course, or why it cannot be had.

    Nothing is held: booking asks all of it again.
    """
    if len(wishes) != course.sessions:
        raise ValueError("a course has a wish for each of its sessions")
    return plan(course, ClinicDiary(wishes, course, now, desk))


def _day(known: Field, on: dt.date) -> LocalDay:
    return known.days.days[(on - known.days.days[0].on).days]
