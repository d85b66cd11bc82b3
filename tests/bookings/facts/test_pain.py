"""The picture of the pain: nothing, one session, many."""

import datetime as dt

import pytest

from bookings.facts.pain import LEFT, STEP, TOP, UNIT, Dot, Felt, chart

FIRST = dt.date(2026, 3, 2)


def felt(*pairs: tuple[int | None, int | None]) -> list[Felt]:
    return [
        Felt(FIRST + dt.timedelta(days=number), "Kati Basti", before, after)
        for number, (before, after) in enumerate(pairs)
    ]


def test_nothing_to_show() -> None:
    assert chart([]) is None


def test_one_session_has_two_dots_and_no_line() -> None:
    picture = chart(felt((10, 0)))

    assert picture is not None
    x = LEFT + STEP // 2
    assert (picture.before, picture.after) == ((Dot(x, TOP),), (Dot(x, TOP + 10 * UNIT),))
    assert (picture.before_line, picture.after_line) == ("", "")


def test_sessions_stand_side_by_side_and_are_joined() -> None:
    picture = chart(felt((8, 5), (6, 3)))

    assert picture is not None
    first, second = LEFT + STEP // 2, LEFT + STEP + STEP // 2
    assert picture.before_line == f"{first},{TOP + 2 * UNIT} {second},{TOP + 4 * UNIT}"
    assert picture.after_line == f"{first},{TOP + 5 * UNIT} {second},{TOP + 7 * UNIT}"


def test_pain_that_was_not_asked_leaves_no_dot() -> None:
    picture = chart(felt((8, None), (None, 3), (6, 2)))

    assert picture is not None
    assert (len(picture.before), len(picture.after), len(picture.sessions)) == (2, 2, 3)


@pytest.mark.parametrize(("sessions", "dates"), [(1, 1), (12, 12), (13, 7), (60, 12)])
def test_dates_do_not_run_into_each_other(sessions: int, dates: int) -> None:
    picture = chart(felt(*[(5, 4)] * sessions))

    assert picture is not None
    assert len(picture.days) == dates
    assert picture.days[0].on == FIRST


@pytest.mark.parametrize("count", [1, 2, 30])
def test_everything_lies_inside_the_picture(count: int) -> None:
    picture = chart(felt(*[(number % 11, (number * 7) % 11) for number in range(count)]))

    assert picture is not None
    dots = [*picture.before, *picture.after]
    assert all(picture.left < dot.x < picture.right <= picture.width and 0 < dot.y < picture.height for dot in dots)
