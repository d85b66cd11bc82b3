"""A course for a patient: what the planner asks, answered from the diary of the clinic as it is read once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bookings.slots.assignment import assign
from bookings.slots.course_plan import Course, CoursePlan, PlannedSession, plan
from bookings.slots.search import allowed, possible, why_none
from bookings.slots.search_space import SearchSpace, SlotRequest, read_search_space, starting_cell
from clinic.grid import cells, span
from therapies.rota import LocalDay


@dataclass
class ClinicDiary:
    """`slot_requests` are the sessions in order. From the second on they are those of a running course."""

    slot_requests: Sequence[SlotRequest]
    course: Course
    now: dt.datetime
    desk: bool = False
    known: dict[SlotRequest, SearchSpace] = field(default_factory=dict)
    free: dict[SlotRequest, int] = field(default_factory=dict)

    def starts(self, number: int, on: dt.date) -> list[dt.datetime]:
        space = self._known(number)
        day = _day(space, on)
        slot_request = self._wish(number)
        if slot_request not in self.free:
            self.free[slot_request] = possible(space) & allowed(space, desk=self.desk)
        free_bits = self.free[slot_request] & span(day.first, day.last)
        return (
            [space.days.window.time(cell).astimezone(space.days.zone) for cell in cells(free_bits)] if free_bits else []
        )

    def why_none(self, number: int, on: dt.date) -> str:
        space = self._known(number)
        return why_none(space, _day(space, on))

    def why_not(self, number: int, start: dt.datetime, planned: Sequence[PlannedSession]) -> str:
        sessions = [
            session
            for health_questions in planned
            for session in self._known(health_questions.number).limits.sessions(health_questions.start)
        ]
        return self._known(number).limits.beside(sessions).why_not(start)

    def people(self, number: int, start: dt.datetime, before: frozenset[int]) -> frozenset[int] | None:
        space = self._known(number)
        taken = assign(space, starting_cell(space, start), before=before)
        return None if taken is None else frozenset(part.resource_id for visit_part in taken for part in visit_part)

    def _wish(self, number: int) -> SlotRequest:
        slot_request = self.slot_requests[number]
        return replace(slot_request, running_course=True) if number else slot_request

    def _known(self, number: int) -> SearchSpace:
        """Supply and demand of all the days, read once for each kind of session; of the first, of its own days."""
        slot_request = self._wish(number)
        if slot_request not in self.known:
            last = self.course.last if number else self.course.first + dt.timedelta(days=self.course.slip)
            self.known[slot_request] = read_search_space(slot_request, self.course.first, last, self.now)
        return self.known[slot_request]


def plan_course(
    slot_requests: Sequence[SlotRequest], course: Course, *, now: dt.datetime, desk: bool = False
) -> CoursePlan:
    """Plans one session for each wish, of one patient at one clinic; the whole course, or why it cannot be had.

    Nothing is held: booking asks all of it again.
    """
    if len(slot_requests) != course.sessions:
        raise ValueError("a course has a wish for each of its sessions")
    return plan(course, ClinicDiary(slot_requests, course, now, desk))


def _day(space: SearchSpace, on: dt.date) -> LocalDay:
    return space.days.days[(on - space.days.days[0].on).days]
