"""A course for a patient: what the planner asks, answered from the diary of the clinic as it is read once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from bookings.facts.orders import OrderProgress
from bookings.rules.limits import BookingLimits
from bookings.rules.visits import why_not_next
from bookings.slots.assignment import Assignment, assign
from bookings.slots.course_plan import Course, CoursePlan, PlannedSession, plan
from bookings.slots.search import allowed, possible, why_none
from bookings.slots.search_space import SearchSpace, SlotRequest, read_search_space, starting_cell
from clinic.grid import cells, span, union
from therapies.models import Needs
from therapies.rota import LocalDay
from therapies.step_days import stretches_of_same_steps

VAIDYA = "vaidya"


@dataclass
class ClinicDiary:
    """`slot_requests` are the sessions in order. From the second on they are those of a running course.

    `orders` are what the sessions fulfil: one that is planned counts for those after it. `only`: nobody and nothing
    else may serve, where that is given. `spaces` are search spaces that hold on all days; others are read for each
    stretch of days on which the treatments have the same minutes.
    """

    slot_requests: Sequence[SlotRequest]
    course: Course
    now: dt.datetime
    desk: bool = False
    orders: Sequence[OrderProgress] = ()
    only: frozenset[int] | None = None
    own: frozenset[int] = frozenset()
    spaces: dict[SlotRequest, SearchSpace] = field(default_factory=dict)
    read: dict[tuple[SlotRequest, dt.date], SearchSpace] = field(default_factory=dict)
    free: dict[tuple[SlotRequest, dt.date], list[dt.datetime]] = field(default_factory=dict)
    bits: dict[int, int] = field(default_factory=dict)
    judged: tuple[tuple[object, ...], BookingLimits] | None = None
    served: dict[tuple[SlotRequest, dt.datetime, frozenset[int]], list[list[Assignment]] | None] = field(
        default_factory=dict
    )

    def starts(self, number: int, on: dt.date) -> list[dt.datetime]:
        key = self.wish(number), on
        if key not in self.free:
            space = self.space(number, on)
            day = _day(space, on)
            bits = self._bits(space) & span(day.first, day.last)
            zone = space.days.zone
            self.free[key] = [space.days.window.time(cell).astimezone(zone) for cell in cells(bits)] if bits else []
        return self.free[key]

    def why_none(self, number: int, on: dt.date) -> str:
        space = self.space(number, on)
        day = _day(space, on)
        if _asks_vaidya(self.wish(number)) and possible(space) & span(day.first, day.last) & ~_with_vaidya(space, day):
            return _("No Vaidya is at the clinic for the check of that day")
        return why_none(space, day)

    def allows(self, number: int, start: dt.datetime, planned: Sequence[PlannedSession]) -> bool:
        if self._why_not_ordered(number, start.date(), planned):
            return False
        limits = self._limits(number, start.date(), planned)
        return not limits.rules or limits.is_permitted(start)

    def why_not(self, number: int, start: dt.datetime, planned: Sequence[PlannedSession]) -> str:
        on = start.date()
        return self._why_not_ordered(number, on, planned) or self._limits(number, on, planned).why_not(start)

    def hours_matter(self) -> bool:
        firsts = {self.wish(number): number for number in reversed(range(len(self.slot_requests)))}
        spaces = {request: self.space(number, self.course.due(number)) for request, number in firsts.items()}
        rules = (rule for space in spaces.values() for rule in space.limits.rules)
        return any(rule.is_hard and rule.to_the_minute and rule.reach > 0 for rule in rules)

    def people(self, number: int, start: dt.datetime, before: frozenset[int]) -> frozenset[int] | None:
        taken = self.assignments(number, start, before)
        return None if taken is None else frozenset(part.resource_id for visit_part in taken for part in visit_part)

    def assignments(self, number: int, start: dt.datetime, before: frozenset[int]) -> list[list[Assignment]] | None:
        """Who serves each part of a session; None when nobody can after all."""
        key = self.wish(number), start, before
        if key not in self.served:
            space = self.space(number, start.date())
            self.served[key] = assign(space, starting_cell(space, start), before=before)
        return self.served[key]

    def wish(self, number: int) -> SlotRequest:
        """What is asked for. Of a daily course that runs, also the days that are kept for such courses are open."""
        slot_request = self.slot_requests[number]
        return replace(slot_request, running_course=True) if number else slot_request

    def space(self, number: int, on: dt.date) -> SearchSpace:
        """Supply and demand around that date, read once for each kind of session; of the first, of its own days."""
        slot_request = self.wish(number)
        if slot_request in self.spaces:
            return self.spaces[slot_request]
        begins, ends = self._stretch(number, on)
        if (slot_request, begins) not in self.read:
            space = read_search_space(slot_request, begins, ends, self.now, own=self.own)
            self.read[slot_request, begins] = space if self.only is None else _restricted(space, self.only)
        return self.read[slot_request, begins]

    def _stretch(self, number: int, on: dt.date) -> tuple[dt.date, dt.date]:
        """The days around that date on which the treatments of a session have the same minutes."""
        course, slot_request = self.course, self.wish(number)
        is_long = number > 0 or slot_request.running_course
        last = course.last if is_long else course.first + dt.timedelta(days=course.slip)
        stretches = stretches_of_same_steps(slot_request.variants, course.first, last)
        return next((begins, ends) for begins, ends in stretches if begins <= on <= ends)

    def _bits(self, space: SearchSpace) -> int:
        if id(space) not in self.bits:
            bits = possible(space) & allowed(space, desk=self.desk)
            if _asks_vaidya(space.slot_request):
                bits &= union(_with_vaidya(space, day) for day in space.days.days)
            self.bits[id(space)] = bits
        return self.bits[id(space)]

    def _limits(self, number: int, on: dt.date, planned: Sequence[PlannedSession]) -> BookingLimits:
        """The rules beside what is planned; what they said of a date is kept for its other starts."""
        limits = self.space(number, on).limits
        key = (id(limits), tuple((each.number, each.start) for each in planned))
        if self.judged is None or self.judged[0] != key:
            if limits.rules:
                spaces = ((each, self.space(each.number, each.start.date())) for each in planned)
                limits = limits.beside([part for each, space in spaces for part in space.limits.sessions(each.start)])
            self.judged = key, limits
        return self.judged[1]

    def _why_not_ordered(self, number: int, on: dt.date, planned: Sequence[PlannedSession]) -> str:
        """What an order says against a date: its gaps, its schedule, its last day."""
        progress = {order.item.pk: order for order in self.orders}
        slot_request = self.slot_requests[number]
        for item, variant in zip(slot_request.items, slot_request.variants, strict=False):
            if item is None or item.pk not in progress:
                continue
            order = progress[item.pk]
            more = [each.start.date() for each in planned if item in self.slot_requests[each.number].items]
            order = replace(order, days=tuple(sorted([*order.days, *more])))
            if why_not := why_not_next(order, variant, on=on):
                return why_not
        return ""


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


def _asks_vaidya(slot_request: SlotRequest) -> bool:
    """Whether a Vaidya must check the patient on the day before it begins."""
    return any(variant.therapy.needs == Needs.DAY_CHECK for variant in slot_request.variants)


def _with_vaidya(space: SearchSpace, day: LocalDay) -> int:
    """The cells of a date from which on a Vaidya has been at the clinic."""
    works = union(person.works for person in space.supply.people if VAIDYA in person.roles)
    here = works & span(day.first, day.last)
    return span((here & -here).bit_length() - 1, day.last) if here else 0


def _restricted(space: SearchSpace, only: frozenset[int]) -> SearchSpace:
    """The same where everybody and everything else is taken all the time."""
    others = frozenset(space.supply.ids()) - only
    taken = space.demand.taken | dict.fromkeys(others, space.days.window.all)
    return replace(space, demand=replace(space.demand, taken=taken), free={}, fitting={}, unbooked=[])
