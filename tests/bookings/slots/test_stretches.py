"""What a booking takes when it begins later, or ends earlier or later: pure."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.models import Booking, Occupancy
from bookings.slots.stretches import rows_added, rows_later, rows_with_end
from tests.bookings.conftest import at

BOOKING = Booking(pk=1)


def row(part: str, begin: dt.datetime, end: dt.datetime, hands_on: int = 0) -> Occupancy:
    return Occupancy(booking=BOOKING, part=part, during=DateTimeTZRange(begin, end, "[)"), hands_on=hands_on)


def spans(rows: list[Occupancy]) -> list[tuple[str, str, int]]:
    return [(each.part, f"{each.during.lower:%H:%M}-{each.during.upper:%H:%M}", each.hands_on) for each in rows]


TAKEN = [
    row("room", at(9, 50), at(11, 10)),
    row("crew:therapist", at(9, 50), at(10, 40), 40),
    row("crew:attendant", at(11), at(11, 10)),
    row("patient", at(10), at(11)),
]
"""Set-up from 09:50, treated from 10:00, rests from 10:40, ends at 11:00, cleaned until 11:10 (in UTC 5:30 earlier)."""


def test_late_start_takes_all_of_it_later() -> None:
    assert spans(rows_later(TAKEN, dt.timedelta(minutes=20)))[:2] == [
        ("room", "04:40-06:00", 0),
        ("crew:therapist", "04:40-05:30", 40),
    ]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (at(10, 50), ["04:20-05:30", "04:20-05:10", "05:20-05:30", "04:30-05:20"]),
        (at(10, 30), ["04:20-05:10", "04:20-05:00", "05:00-05:10", "04:30-05:00"]),
        (at(11, 15), ["04:20-05:55", "04:20-05:10", "05:45-05:55", "04:30-05:45"]),
    ],
    ids=["rest cut", "treatment cut", "longer"],
)
def test_end_is_cut_or_moved_and_cleaning_comes_along(end: dt.datetime, expected: list[str]) -> None:
    assert [span for _part, span, _hands in spans(rows_with_end(TAKEN, at(11), end))] == expected


def test_minutes_with_the_hands_go_with_the_stretch_and_what_is_left_empty_is_dropped() -> None:
    rows = rows_with_end([*TAKEN, row("equipment:steam", at(10, 50), at(11))], at(11), at(10, 30))

    assert [each.part for each in rows] == ["room", "crew:therapist", "crew:attendant", "patient"]
    assert rows[1].hands_on == 30


def test_only_new_minutes_behind_the_old_end_are_asked_for() -> None:
    longer = rows_with_end(TAKEN, at(11), at(11, 15))

    assert spans(rows_added(longer, TAKEN)) == [
        ("room", "05:40-05:55", 0),
        ("crew:attendant", "05:45-05:55", 0),
        ("patient", "05:30-05:45", 0),
    ]
