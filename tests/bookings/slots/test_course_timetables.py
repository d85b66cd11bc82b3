"""Timetables of generated clinics, held against a checker and a search through everything that know no planner."""

import random
from collections import Counter

import pytest

from bookings.slots.course_plan import CoursePlan, cost, improve, plan, rest_days

from .small_clinics import SmallClinic, diary_of, small_clinic
from .timetable_checks import faults, least_rest_days


def planned(small: SmallClinic) -> CoursePlan:
    """The first plan, once both it and the improved one were found to be right."""
    diary, course = diary_of(small), small.course
    first = plan(course, diary)
    better = improve(course, diary, first)
    if first.sittings:
        assert faults(small, first.sittings) == []
        assert faults(small, better.sittings) == []
        assert cost(course, better) <= cost(course, first)
    return first


def check_against_everything(seed: int) -> str:
    """Nothing is called impossible that is possible, and no plan has a rest day too many."""
    small = small_clinic(random.Random(seed))
    found, least = planned(small), least_rest_days(small)
    if least is None:
        assert (seed, found.sittings, found.why_not != "") == (seed, (), True)
        return "impossible"
    assert (seed, len(rest_days(small.course, found))) == (seed, least)
    return "at once" if least == 0 else "with rest days"


@pytest.mark.parametrize("batch", range(4))
def test_timetable_keeps_every_rule_and_is_missed_only_where_there_is_none(batch: int) -> None:
    answers = Counter(check_against_everything(seed) for seed in range(50 * batch, 50 * batch + 50))

    assert min(answers[answer] for answer in ("impossible", "at once")) >= 5, "the clinics are of all kinds"


def test_generated_clinics_need_rest_days_often_enough() -> None:
    assert sum(check_against_everything(seed) == "with rest days" for seed in range(60)) >= 3


@pytest.mark.storm
def test_twenty_thousand_timetables() -> None:
    for seed in range(20_000):
        check_against_everything(seed)


def test_checker_sees_a_fault_of_each_kind() -> None:
    """A checker that cannot fail is worse than none."""
    small, found = next(
        (small, found)
        for seed in range(100)
        if (small := small_clinic(random.Random(seed))) and len((found := planned(small)).sittings) > 2
    )
    sessions = found.sittings

    assert faults(small, sessions[:-1]) == ["sessions are missing"]
    assert "order, gap or slip" in faults(small, [sessions[1], sessions[0], *sessions[2:]])
    nobody = [type(each)(each.number, each.start, frozenset()) for each in sessions]
    assert {"0: crew", "0: room"} <= set(faults(small, nobody))
