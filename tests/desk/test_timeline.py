"""Where the blocks of the picture stand."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bookings.desk.day.timeline import HOUR_WIDTH, LANE_HEIGHT, Stretch, Timeline, timeline
from tests.desk.conftest import at

KOLKATA = ZoneInfo("Asia/Kolkata")
LANES = [(1, "Room 1"), (2, "Room 2")]


def drawn(*stretches: Stretch, first: dt.datetime, last: dt.datetime, now: dt.datetime | None = None) -> Timeline:
    return timeline(LANES, stretches, first=first, last=last, now=now or at(7), zone=KOLKATA)


def block(lane: int, start: dt.datetime, end: dt.datetime) -> Stretch:
    return Stretch(lane, start, end, "Meera", "booked")


def test_hours_are_those_of_the_wall() -> None:
    shown = drawn(first=at(8), last=at(11))

    assert [(mark.x, mark.label) for mark in shown.hours] == [
        (0, "08:00"),
        (HOUR_WIDTH, "09:00"),
        (2 * HOUR_WIDTH, "10:00"),
    ]
    assert shown.width == 3 * HOUR_WIDTH


def test_broken_hours_are_rounded_outward() -> None:
    assert [mark.label for mark in drawn(first=at(8, 30), last=at(10, 15)).hours] == ["08:00", "09:00", "10:00"]


def test_block_stands_on_its_lane_at_its_time() -> None:
    shown = drawn(block(2, at(9), at(10)), first=at(8), last=at(11))

    (found,) = shown.lanes[1].blocks
    assert (found.x, found.width) == (HOUR_WIDTH + 1, HOUR_WIDTH - 2)
    assert shown.lanes[1].y < found.y < shown.lanes[1].y + LANE_HEIGHT
    assert shown.lanes[0].blocks == ()


def test_block_is_cut_at_the_edges() -> None:
    (found,) = drawn(block(1, at(6), at(12)), first=at(8), last=at(11)).lanes[0].blocks

    assert (found.x, found.width) == (1, 3 * HOUR_WIDTH - 2)


@pytest.mark.parametrize("stretch", [block(9, at(9), at(10)), block(1, at(5), at(8)), block(1, at(11), at(12))])
def test_what_lies_outside_is_left_out(stretch: Stretch) -> None:
    assert [lane.blocks for lane in drawn(stretch, first=at(8), last=at(11)).lanes] == [(), ()]


@pytest.mark.parametrize(("now", "x"), [(at(9, 30), HOUR_WIDTH * 3 // 2), (at(7), None), (at(11), None), (at(8), 0)])
def test_line_of_now(now: dt.datetime, x: int | None) -> None:
    assert drawn(first=at(8), last=at(11), now=now).now_x == x


def test_day_of_a_clock_change_has_its_hours() -> None:
    """On 29 March 2026 the clocks of London skip the hour from 1:00."""
    london = ZoneInfo("Europe/London")
    midnight, morning = (dt.datetime(2026, 3, 29, hour, tzinfo=london) for hour in (0, 4))

    shown = timeline(LANES, [], first=midnight, last=morning, now=midnight, zone=london)

    assert [mark.label for mark in shown.hours] == ["00:00", "02:00", "03:00"]
