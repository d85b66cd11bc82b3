"""Each rule against a plain count, at its edges, and both ways round."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapies.frequency import Frequency, Gap, Length
from therapies.order import Need, NotAfter, NotDuring, Order
from therapies.rules import BookingRule, Session, Unreadable, judge_rules, runs_of_days

ZONE = ZoneInfo("Asia/Kolkata")
START = dt.datetime(2026, 3, 10, 10, 0, tzinfo=ZONE)


def names(*given: str) -> frozenset[str]:
    return frozenset(given)


CAP = Frequency(code="cap", says="Fourth massage", of=names("massage"), most=3, days=7, rolling=True)
ONE_A_DAY = Frequency(code="day", says="Second massage", of=names("massage"), most=1, days=1, rolling=False)

moments = st.integers(-10 * 96, 10 * 96).map(lambda quarter: START + dt.timedelta(minutes=15 * quarter))


def massages(*offsets: float) -> list[Session]:
    """Other massages, hours before and after."""
    return [Session(names("massage"), START + dt.timedelta(hours=offset)) for offset in offsets]


def on(day: int, *called: str, hour: int = 10, **more: object) -> Session:
    """A session on a day of March."""
    return Session(names(*called), dt.datetime(2026, 3, day, hour, tzinfo=ZONE), **more)  # type: ignore[arg-type]


def is_refused(rule: BookingRule, session: Session, *others: Session) -> bool:
    return bool(judge_rules([rule], [session], others))


MASSAGE = Session(names("massage"), START)

# --- how often --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("others", "refused"),
    [
        (massages(), False),
        (massages(-24, -48), False),
        (massages(-24, -48, -72), True),
        (massages(24, 48, 72), True),
        (massages(-48, -24, 24), True),
        (massages(-144, -72, 72, 144), False),  # any seven days hold three of them
        (massages(-24, -48, -168), False),  # a week to the minute is over
        (massages(-24, -48, -167.75), True),
        (massages(-100, -90, 100, 110), False),  # three on either side, never four together
        ([on(10, "steam"), on(9, "steam"), on(8, "steam")], False),
    ],
)
def test_cap_of_three_in_seven_days_rolls(others: list[Session], *, refused: bool) -> None:
    assert is_refused(CAP, MASSAGE, *others) == refused


@pytest.mark.parametrize(
    ("others", "refused"),
    [
        (massages(), False),
        (massages(-10), True),
        (massages(13.75), True),
        (massages(-10.25), False),
        (massages(14), False),
    ],
)
def test_one_a_day_is_one_of_the_clinics_date(others: list[Session], *, refused: bool) -> None:
    assert is_refused(ONE_A_DAY, MASSAGE, *others) == refused


@given(st.lists(moments, max_size=8), st.integers(1, 4), st.integers(1, 9))
def test_rolling_rule_refuses_where_some_window_would_hold_too_many(
    others: list[dt.datetime], most: int, days: int
) -> None:
    rule = Frequency(code="any", says="-", of=names("massage"), most=most, days=days, rolling=True)
    length = dt.timedelta(days=days)
    windows = ([one for one in [*others, START] if first <= one < first + length] for first in [*others, START])

    expected = any(len(inside) > most and START in inside for inside in windows)
    assert is_refused(rule, MASSAGE, *[Session(names("massage"), other) for other in others]) == expected


def test_written_reason_lifts_what_may_be_lifted_and_is_not_counted_against_later_ones() -> None:
    liftable = Frequency(code="cap", says="-", of=names("massage"), most=1, days=7, rolling=True, may_be_lifted=True)
    ordered = on(9, "massage", lifted=frozenset(["cap"]))

    assert is_refused(liftable, on(10, "massage"), on(9, "massage"))
    assert not is_refused(liftable, on(10, "massage", lifted=frozenset(["cap"])), on(9, "massage"))
    assert not is_refused(liftable, on(10, "massage"), ordered)
    nobody_lifts = on(9, "massage", lifted=frozenset([ONE_A_DAY.code]))
    assert is_refused(ONE_A_DAY, nobody_lifts, on(9, "massage"))
    assert is_refused(ONE_A_DAY, on(9, "massage"), nobody_lifts)


# --- how far apart ----------------------------------------------------------------------------------------------------

WEEK = Gap(code="gap", says="-", after=names("vamana"), before=names("leech"), min_days=7)
GHEE = Gap(code="ghee", says="-", after=names("ghee"), before=names("vamana"), min_days=2, max_days=4)
HOURS = Gap(code="hours", says="-", after=names("massage"), before=names("massage"), min_hours=24)


@pytest.mark.parametrize(("day", "refused"), [(3, False), (4, True), (10, True), (11, False)])
def test_gap_counts_calendar_days_from_the_first_to_the_second(day: int, *, refused: bool) -> None:
    assert is_refused(WEEK, on(10, "leech", hour=8), on(day, "vamana", hour=20)) == refused


def test_gap_holds_whichever_of_the_two_is_wished_and_not_the_other_way_round() -> None:
    assert is_refused(WEEK, on(5, "vamana"), on(10, "leech"))
    assert not is_refused(WEEK, on(12, "vamana"), on(10, "leech"))
    assert not is_refused(WEEK, on(10, "leech"), on(9, "leech"))


@pytest.mark.parametrize(("day", "refused"), [(3, True), (4, False), (6, False), (7, True), (8, True)])
def test_gap_with_a_most_needs_the_first_so_many_days_before(day: int, *, refused: bool) -> None:
    """On the 8th: 4 to 2 days after the last day of ghee."""
    assert is_refused(GHEE, on(8, "vamana"), on(day, "ghee")) == refused


def test_gap_with_a_most_is_broken_without_the_first() -> None:
    assert is_refused(GHEE, on(8, "vamana"))
    assert not is_refused(GHEE, on(8, "ghee"))


@pytest.mark.parametrize(("hours", "refused"), [(-24, False), (-23.75, True), (23.75, True), (24, False)])
def test_gap_in_hours_is_to_the_minute(hours: float, *, refused: bool) -> None:
    assert is_refused(HOURS, MASSAGE, *massages(hours)) == refused


# --- how long ---------------------------------------------------------------------------------------------------------

COURSE = Length(code="length", says="-", of=names("ghee"), before=names("vamana"), min_days=3, max_days=5)


def ghee(*days: int) -> list[Session]:
    return [on(day, "ghee") for day in days]


@pytest.mark.parametrize(
    ("wished", "others", "refused"),
    [
        (on(6, "ghee"), ghee(2, 3, 4, 5), False),
        (on(7, "ghee"), ghee(2, 3, 4, 5, 6), True),
        (on(4, "ghee"), ghee(1, 2, 3, 5, 6), True),  # the day that joins two stretches
        (on(8, "ghee"), ghee(2, 3, 4, 5, 6), False),  # a day of pause begins a new one
        (on(8, "vamana"), ghee(4, 5, 6), False),
        (on(8, "vamana"), ghee(5, 6), True),
        (on(8, "vamana"), ghee(2, 3, 4, 6), True),  # the last stretch counts
        (on(8, "vamana"), ghee(), False),
        (on(8, "vamana"), ghee(9, 10), False),
    ],
)
def test_course_in_a_row_is_neither_too_long_nor_too_short_for_what_follows(
    wished: Session, others: list[Session], *, refused: bool
) -> None:
    assert is_refused(COURSE, wished, *others) == refused


def test_runs_are_stretches_of_dates() -> None:
    dates = [dt.date(2026, 3, day) for day in (5, 1, 2, 9, 6)]

    assert [(first.day, last.day) for first, last in runs_of_days(dates, 1)] == [(1, 2), (5, 6), (9, 9)]
    assert [(first.day, last.day) for first, last in runs_of_days(dates, 3)] == [(1, 9)]
    assert list(runs_of_days([], 1)) == []


# --- what comes before what -------------------------------------------------------------------------------------------

OIL = Need(names("massage"), names("oil_application", "oil_pool"))
HEAT = Need(names("steam"), names("fomentation"))
OIL_FIRST = Order(code="oil", says="-", of=names("steam"), first=(OIL,))
BOTH_FIRST = Order(code="both", says="-", of=names("basti"), first=(OIL, HEAT))


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        ((), True),
        (("hands_on", "rest"), True),
        (("oil_application", "hands_on"), False),
        (("oil_pool", "hands_on"), False),
        (("hands_on", "oil_application"), True),  # after the heat it comes too late
        (("oil_application", "rest"), False),
    ],
)
def test_oil_before_the_heat_is_a_step_of_its_own(steps: tuple[str, ...], *, refused: bool) -> None:
    assert is_refused(OIL_FIRST, on(10, "steam", steps=steps)) == refused


def test_oil_before_the_heat_may_be_an_earlier_therapy_of_the_visit_and_no_other() -> None:
    massage, lepa = on(10, "massage", steps=("hands_on",)), on(10, "lepa", steps=("oil_application", "hands_on"))
    steam = on(10, "steam", hour=11, steps=("hands_on",))

    assert not is_refused(OIL_FIRST, on(10, "steam", hour=11, earlier=(massage,)))
    assert not is_refused(OIL_FIRST, on(10, "steam", hour=11, earlier=(lepa,)))
    assert is_refused(OIL_FIRST, steam, massage)  # in another visit, however near
    assert is_refused(OIL_FIRST, on(10, "steam", earlier=(on(10, "lepa", steps=("hands_on",)),)))


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        (("oil_application", "fomentation", "hands_on"), False),
        (("fomentation", "oil_application", "hands_on"), True),
        (("oil_application", "hands_on"), True),
    ],
)
def test_what_comes_first_comes_in_its_order(steps: tuple[str, ...], *, refused: bool) -> None:
    assert is_refused(BOTH_FIRST, on(10, "basti", steps=steps)) == refused


def test_what_comes_first_may_be_shared_between_the_visit_and_its_steps() -> None:
    massage = on(10, "massage", steps=("hands_on",))

    assert not is_refused(BOTH_FIRST, on(10, "basti", steps=("fomentation", "hands_on"), earlier=(massage,)))


@pytest.mark.parametrize(("day", "refused"), [(5, True), (6, False), (9, False), (10, True), (11, True)])
def test_what_comes_first_on_another_date_is_not_too_long_ago(day: int, *, refused: bool) -> None:
    rule = Order(code="ghee", says="-", of=names("vamana"), first=(Need(names("ghee"), days=4),))

    assert is_refused(rule, on(10, "vamana"), on(day, "ghee")) == refused


# --- what not beside what ---------------------------------------------------------------------------------------------

LATER = NotAfter(code="after", says="-", forbid=names("vamana"), target=names("massage"))
COURSES = NotDuring(code="during", says="-", courses=("basti", "nasya"), target=names("ghee"), break_days=2)


def test_nothing_of_the_target_later_on_the_day_whichever_is_wished() -> None:
    assert is_refused(LATER, on(10, "massage", hour=15), on(10, "vamana", hour=9))
    assert is_refused(LATER, on(10, "vamana", hour=9), on(10, "massage", hour=15))
    assert not is_refused(LATER, on(10, "massage", hour=8), on(10, "vamana", hour=9))
    assert not is_refused(LATER, on(11, "massage", hour=8), on(10, "vamana", hour=9))


@pytest.mark.parametrize(
    ("course", "refused"),
    [((9, 11), True), ((10,), True), ((9,), False), ((11,), False), ((8, 11), False), ((7, 9, 11), True)],
)
def test_target_does_not_fall_into_a_course(course: tuple[int, ...], *, refused: bool) -> None:
    days = [on(day, "basti") for day in course]

    assert is_refused(COURSES, on(10, "ghee"), *days) == refused
    assert is_refused(COURSES, days[-1], on(10, "ghee"), *days[:-1]) == refused


def test_two_courses_are_not_taken_for_one() -> None:
    assert not is_refused(COURSES, on(10, "ghee"), on(9, "basti"), on(11, "nasya"))


# --- judging ----------------------------------------------------------------------------------------------------------


def test_judge_says_each_broken_rule_once_with_its_sources_and_whether_it_closes() -> None:
    soft = Gap(
        code="soft",
        says="Less than 24 hours",
        sources=("a", "b"),
        is_hard=False,
        after=names("massage"),
        before=names("massage"),
        min_hours=24,
    )

    found = judge_rules([ONE_A_DAY, soft, CAP], [MASSAGE, *massages(1)], massages(2))

    assert [(each.code, each.reason, each.sources, each.is_hard) for each in found] == [
        ("day", "Second massage", (), True),
        ("soft", "Less than 24 hours", ("a", "b"), False),
    ]


def test_parts_of_one_visit_are_judged_beside_each_other() -> None:
    first = MASSAGE
    second = Session(names("massage"), START + dt.timedelta(hours=1), earlier=(first,))

    assert judge_rules([ONE_A_DAY], [first], []) == []
    assert [each.code for each in judge_rules([ONE_A_DAY], [first, second], [])] == ["day"]


def test_rule_that_cannot_be_read_forbids_what_it_may_speak_of() -> None:
    some = Unreadable(code="torn", says="Cannot be read", of=names("massage"))
    everything = Unreadable(code="torn", says="Cannot be read")

    assert is_refused(some, MASSAGE)
    assert not is_refused(some, on(10, "steam"))
    assert is_refused(everything, on(10, "steam"))
