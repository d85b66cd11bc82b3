"""Which minutes hold on which day: pure."""

import datetime as dt

from therapies.models import Step
from therapies.step_days import steps_on

DAY, BEFORE = dt.date(2026, 4, 1), dt.date(2026, 3, 31)


def minutes(on: dt.date | None) -> list[tuple[str, int, int]]:
    longer = {"next_on": DAY, "next_offset": 0, "next_minutes": 60}
    later = {"next_on": DAY, "next_offset": 60, "next_minutes": 10}
    steps = [
        Step(pk=1, code="treatment", offset=0, minutes=45, **longer),
        Step(pk=2, code="rest", offset=45, minutes=15, **later),
        Step(pk=3, code="bath", offset=70, minutes=10),
    ]
    return [(step.code, step.offset, step.minutes) for step in steps_on(steps, on)]


def test_minutes_change_on_their_day_and_not_before() -> None:
    today = [("treatment", 0, 45), ("rest", 45, 15), ("bath", 70, 10)]

    assert (minutes(None), minutes(BEFORE)) == (today, today)
    assert minutes(DAY) == [("treatment", 0, 60), ("rest", 60, 10), ("bath", 70, 10)]
