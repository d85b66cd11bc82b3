"""How often is too often: the rule against a plain count, and in words."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapies.rules import Frequency

ZONE = ZoneInfo("Asia/Kolkata")
START = dt.datetime(2026, 3, 10, 10, 0, tzinfo=ZONE)
CAP = Frequency("cap", frozenset([1]), most=3, days=7, rolling=True)
ONE_A_DAY = Frequency("same_day", frozenset([1]), most=1, days=1, rolling=False)

moments = st.integers(-10 * 96, 10 * 96).map(lambda quarter: START + dt.timedelta(minutes=15 * quarter))


def hours(*offsets: float) -> list[dt.datetime]:
    return [START + dt.timedelta(hours=offset) for offset in offsets]


@pytest.mark.parametrize(
    ("others", "refused"),
    [
        ([], False),
        (hours(-24, -48), False),
        (hours(-24, -48, -72), True),
        (hours(24, 48, 72), True),
        (hours(-48, -24, 24), True),
        (hours(-144, -72, 72, 144), False),  # any seven days hold three of them
        (hours(-24, -48, -168), False),  # a week to the minute is over
        (hours(-24, -48, -167.75), True),
        (hours(-100, -90, 100, 110), False),  # three on either side, never four together
    ],
)
def test_cap_of_three_in_seven_days_rolls(others: list[dt.datetime], *, refused: bool) -> None:
    assert bool(CAP.why_not(START, others)) == refused


@pytest.mark.parametrize(
    ("others", "refused"),
    [([], False), (hours(-10), True), (hours(13.75), True), (hours(-10.25), False), (hours(14), False)],
)
def test_one_a_day_is_one_of_the_clinics_date(others: list[dt.datetime], *, refused: bool) -> None:
    assert bool(ONE_A_DAY.why_not(START, others)) == refused


def test_reason_says_the_rule_and_the_day() -> None:
    assert CAP.why_not(START, hours(-24, -48, -72)) == "More than 3 within 7 days would be too often (10 March)."


@given(st.lists(moments, max_size=8), st.integers(1, 4), st.integers(1, 9))
def test_rolling_rule_refuses_where_some_window_would_hold_too_many(
    others: list[dt.datetime], most: int, days: int
) -> None:
    rule = Frequency("any", frozenset([1]), most=most, days=days, rolling=True)
    length = dt.timedelta(days=days)
    windows = ([one for one in [*others, START] if first <= one < first + length] for first in [*others, START])

    expected = any(len(inside) > most and START in inside for inside in windows)
    assert bool(rule.why_not(START, others)) == expected
