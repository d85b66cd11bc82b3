"""I10: wall time becomes an instant, wherever the clinic is and whenever its clock is changed."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.wall import DAY_MINUTES, NoSuchTime, TimeHappensTwice, closing, edge, instant

KOLKATA, KATHMANDU, LONDON, ST_JOHNS, LORD_HOWE, APIA = map(
    ZoneInfo,
    ["Asia/Kolkata", "Asia/Kathmandu", "Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"],
)
ZONES = [KOLKATA, KATHMANDU, LONDON, ST_JOHNS, LORD_HOWE, APIA]
CHANGES = [
    dt.date(2026, 3, 29),
    dt.date(2026, 10, 25),  # London
    dt.date(2026, 3, 8),
    dt.date(2026, 11, 1),  # St. John's
    dt.date(2026, 4, 5),
    dt.date(2026, 10, 4),  # Lord Howe, by half an hour
    dt.date(2011, 12, 29),
    dt.date(2011, 12, 30),
    dt.date(2011, 12, 31),  # Apia left the 30th out
    dt.date(2020, 9, 27),
    dt.date(2021, 4, 4),  # Apia's last summer
]

days = st.one_of(st.sampled_from(CHANGES), st.dates(dt.date(2010, 1, 1), dt.date(2030, 12, 31)))
minutes = st.integers(0, DAY_MINUTES // 5).map(lambda five: five * 5)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def moments_that_show(day: dt.date, minute: int, zone: ZoneInfo) -> list[dt.datetime]:
    """Every moment at which the zone's clock shows that time, found by looking at the clock all day long."""
    wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minute)
    around = wall.replace(tzinfo=dt.UTC)
    tried = (around + dt.timedelta(minutes=5 * step) for step in range(-15 * 12, 15 * 12))
    return [moment for moment in tried if moment.astimezone(zone).replace(tzinfo=None) == wall]


@pytest.mark.parametrize(
    ("zone", "day", "minute", "expected"),
    [
        (KOLKATA, dt.date(2026, 3, 3), 600, "2026-03-03 04:30"),
        (KATHMANDU, dt.date(2026, 3, 3), 600, "2026-03-03 04:15"),
        (LONDON, dt.date(2026, 1, 5), 600, "2026-01-05 10:00"),
        (LONDON, dt.date(2026, 7, 5), 600, "2026-07-05 09:00"),
        (ST_JOHNS, dt.date(2026, 1, 5), 600, "2026-01-05 13:30"),
        (ST_JOHNS, dt.date(2026, 7, 5), 600, "2026-07-05 12:30"),
        (LORD_HOWE, dt.date(2026, 1, 5), 600, "2026-01-04 23:00"),
        (LORD_HOWE, dt.date(2026, 7, 5), 600, "2026-07-04 23:30"),
        (APIA, dt.date(2026, 3, 3), 600, "2026-03-02 21:00"),
        (APIA, dt.date(2011, 12, 29), 600, "2011-12-29 20:00"),
        (KOLKATA, dt.date(2026, 3, 3), DAY_MINUTES, "2026-03-03 18:30"),
    ],
)
def test_instant_of_a_wall_time_is_known(zone: ZoneInfo, day: dt.date, minute: int, expected: str) -> None:
    assert instant(day, minute, zone) == utc(expected)


@pytest.mark.parametrize(
    ("zone", "day", "minute", "change"),
    [
        (LONDON, dt.date(2026, 3, 29), 90, "2026-03-29 01:00"),
        (ST_JOHNS, dt.date(2026, 3, 8), 150, "2026-03-08 05:30"),
        (LORD_HOWE, dt.date(2026, 10, 4), 135, "2026-10-03 15:30"),
        (APIA, dt.date(2020, 9, 27), 210, "2020-09-26 14:00"),
        (APIA, dt.date(2011, 12, 30), 600, "2011-12-30 10:00"),
    ],
)
def test_skipped_time_has_no_instant_and_its_edge_is_the_change(
    zone: ZoneInfo, day: dt.date, minute: int, change: str
) -> None:
    with pytest.raises(NoSuchTime, match="does not exist"):
        instant(day, minute, zone)

    assert edge(day, minute, zone, fold=0) == edge(day, minute, zone, fold=1) == utc(change)


@pytest.mark.parametrize(
    ("zone", "day", "minute", "first", "second"),
    [
        (LONDON, dt.date(2026, 10, 25), 90, "2026-10-25 00:30", "2026-10-25 01:30"),
        (ST_JOHNS, dt.date(2026, 11, 1), 90, "2026-11-01 04:00", "2026-11-01 05:00"),
        (LORD_HOWE, dt.date(2026, 4, 5), 105, "2026-04-04 14:45", "2026-04-04 15:15"),
        (APIA, dt.date(2021, 4, 4), 210, "2021-04-03 13:30", "2021-04-03 14:30"),
    ],
)
def test_doubled_time_asks_which(zone: ZoneInfo, day: dt.date, minute: int, first: str, second: str) -> None:
    with pytest.raises(TimeHappensTwice, match="comes twice"):
        instant(day, minute, zone)

    for ask in (instant, edge):
        assert [ask(day, minute, zone, fold=fold) for fold in (0, 1)] == [utc(first), utc(second)]


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        (60, "2026-10-25 00:00"),  # the first 01:00
        (90, "2026-10-25 01:30"),  # the second 01:30
        (120, "2026-10-25 02:00"),
    ],
)
def test_closing_goes_home_before_the_doubled_hour_or_after_it(minute: int, expected: str) -> None:
    assert closing(dt.date(2026, 10, 25), minute, LONDON) == utc(expected)


@given(st.sampled_from(ZONES), days, minutes)
def test_instant_is_the_one_moment_at_which_the_clock_shows_it(zone: ZoneInfo, day: dt.date, minute: int) -> None:
    shown = moments_that_show(day, minute, zone)

    if len(shown) == 1:
        assert instant(day, minute, zone) == shown[0]
    else:
        refused = TimeHappensTwice if shown else NoSuchTime
        with pytest.raises(refused):
            instant(day, minute, zone)
    if shown:
        assert [edge(day, minute, zone, fold=fold) for fold in (0, 1)] == [shown[0], shown[-1]]


@given(st.sampled_from(ZONES), days, minutes, minutes)
def test_edges_come_in_the_order_of_the_wall_times(zone: ZoneInfo, day: dt.date, one: int, other: int) -> None:
    begin, end = min(one, other), max(one, other)

    assert edge(day, begin, zone) <= edge(day, end, zone)
    assert edge(day, begin, zone, fold=0) <= edge(day, end, zone, fold=1)
