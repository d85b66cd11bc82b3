"""Planning a course, apart from any clinic: the same hour, the same people, the next date where one is full."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bookings.slots.course_plan import Course, CoursePlan, PlannedSession, plan

ZONE = ZoneInfo("Asia/Kolkata")
FIRST = dt.date(2026, 3, 2)  # a Monday


def at(day: int, clock: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-03-{day:02}T{clock}").replace(tzinfo=ZONE)


def no_rule(start: dt.datetime, planned: Sequence[PlannedSession]) -> str:
    return ""


@dataclass
class Pages:
    """A diary written by hand: the hours of each day of March, and who works."""

    hours: dict[int, list[str]]
    lata_on: frozenset[int] = frozenset(range(32))
    rule: Callable[[dt.datetime, Sequence[PlannedSession]], str] = no_rule
    asked_for: list[frozenset[int]] = field(default_factory=list)

    def starts(self, number: int, on: dt.date) -> list[dt.datetime]:
        return [at(on.day, clock) for clock in self.hours.get(on.day, [])]

    def why_none(self, number: int, on: dt.date) -> str:
        return "Closed" if on.day not in self.hours else "Fully booked"

    def why_not(self, number: int, start: dt.datetime, planned: Sequence[PlannedSession]) -> str:
        return self.rule(start, planned)

    def allows(self, number: int, start: dt.datetime, planned: Sequence[PlannedSession]) -> bool:
        return not self.rule(start, planned)

    def hours_matter(self) -> bool:
        return True

    def people(self, number: int, start: dt.datetime, before: frozenset[int]) -> frozenset[int] | None:
        self.asked_for.append(before)
        return frozenset([1]) if start.day in self.lata_on else frozenset([2])


def hours(found: CoursePlan) -> list[tuple[int, str]]:
    return [(health_questions.start.day, f"{health_questions.start:%H:%M}") for health_questions in found.sittings]


def test_course_is_daily_at_the_hour_that_most_days_have() -> None:
    pages = Pages({2: ["09:00", "10:00"], 3: ["09:30", "10:00"], 4: ["10:00", "12:00"]})

    found = plan(Course(3, FIRST), pages)

    assert hours(found) == [(2, "10:00"), (3, "10:00"), (4, "10:00")]
    assert found.why_not == ""


def test_of_hours_that_are_as_free_the_one_that_suits_is_taken_else_the_earliest() -> None:
    pages = Pages({2: ["09:00", "15:00"], 3: ["09:00", "15:00"]})

    assert hours(plan(Course(2, FIRST, around=dt.time(16)), pages)) == [(2, "15:00"), (3, "15:00")]
    assert hours(plan(Course(2, FIRST), pages)) == [(2, "09:00"), (3, "09:00")]


def test_day_without_the_hour_has_the_nearest() -> None:
    pages = Pages({2: ["10:00"], 3: ["08:00", "11:00"], 4: ["10:00"]})

    assert hours(plan(Course(3, FIRST), pages)) == [(2, "10:00"), (3, "11:00"), (4, "10:00")]


def test_who_served_before_is_asked_for_again() -> None:
    pages = Pages({day: ["10:00"] for day in (2, 3, 4)}, lata_on=frozenset([2, 4]))

    found = plan(Course(3, FIRST), pages)

    assert [health_questions.people for health_questions in found.sittings] == [{1}, {2}, {1}]
    assert pages.asked_for == [frozenset(), {1}, {1, 2}]


def test_daily_course_does_not_break_on_a_full_day() -> None:
    found = plan(Course(3, FIRST), Pages({2: ["10:00"], 4: ["10:00"], 5: ["10:00"]}))

    assert found == CoursePlan((), "Tuesday 3 March: Closed")


def test_session_with_room_to_slip_comes_later_and_the_next_follows_from_it() -> None:
    pages = Pages({2: ["10:00"], 5: ["10:00"], 7: ["10:00"]})

    assert hours(plan(Course(3, FIRST, days_between=2, slip=1), pages)) == [(2, "10:00"), (5, "10:00"), (7, "10:00")]
    assert plan(Course(3, FIRST, days_between=2), pages).why_not == "Wednesday 4 March: Closed"


def test_rule_is_asked_beside_what_is_planned_so_far_and_says_why_not() -> None:
    def two_at_most(start: dt.datetime, planned: Sequence[PlannedSession]) -> str:
        return "Third within a week" if len(planned) == 2 else ""

    pages = Pages({day: ["10:00"] for day in range(2, 9)}, rule=two_at_most)

    assert len(plan(Course(2, FIRST), pages).sittings) == 2
    assert plan(Course(3, FIRST), pages) == CoursePlan((), "Wednesday 4 March: Third within a week")


def test_start_that_nobody_can_serve_after_all_is_passed_over() -> None:
    @dataclass
    class Alone(Pages):
        def people(self, number: int, start: dt.datetime, before: frozenset[int]) -> frozenset[int] | None:
            return None if start.hour == 10 else frozenset([1])

    assert hours(plan(Course(1, FIRST), Alone({2: ["10:00", "11:00"]}))) == [(2, "11:00")]
    assert plan(Course(1, FIRST), Alone({2: ["10:00"]})).why_not == "Monday 2 March: Fully booked"
