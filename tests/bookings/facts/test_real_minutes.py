"""Who is in the way of a session that begins later, or earlier, than planned."""

import datetime as dt

from bookings.facts.real_minutes import InTheWay, TakenMinutes, ahead_from, clashes, shift_of
from bookings.rules.starts import why_not_begin_now

TEN = dt.datetime(2026, 3, 3, 10, tzinfo=dt.UTC)


def at(minutes: int) -> dt.datetime:
    """So many minutes after ten."""
    return TEN + dt.timedelta(minutes=minutes)


def room(begins: int, ends: int, **more: object) -> TakenMinutes:
    return TakenMinutes(3, "Room 3", at(begins), at(ends), is_room=True, **more)  # type: ignore[arg-type]


def person(begins: int, ends: int, **more: object) -> TakenMinutes:
    return TakenMinutes(7, "Lata", at(begins), at(ends), **more)  # type: ignore[arg-type]


def test_a_few_minutes_late_are_on_time() -> None:
    assert [shift_of(TEN, at(minutes)) for minutes in (-4, 4, 31, -31)] == [
        dt.timedelta(minutes=minutes) for minutes in (0, 0, 30, -30)
    ]


def test_late_session_takes_its_minutes_from_now_on() -> None:
    rows = ahead_from([room(-10, 45), person(0, 30)], dt.timedelta(minutes=30), at(30))

    assert rows == [room(30, 75), person(30, 60)]


def test_late_session_says_whom_it_runs_into() -> None:
    own = [room(30, 75), person(30, 60)]

    hits = clashes(own, [room(60, 120, patient="Fatima Khan"), person(60, 90, patient="Arun Das")], at(30))

    assert hits == [InTheWay("Room 3", "Fatima Khan", at(60), is_going_on=False)]


def test_room_of_a_session_that_nobody_completed_is_still_in_use_and_its_therapist_is_not() -> None:
    own = [room(30, 75), person(30, 60)]
    others = [room(-60, 15, since=at(-60), patient="Nikhil Rao"), person(-60, 0, since=at(-60), patient="Nikhil Rao")]

    assert clashes(own, others, at(30)) == [InTheWay("Room 3", "Nikhil Rao", at(-60), is_going_on=True)]


def test_session_does_not_begin_in_a_room_that_another_patient_holds() -> None:
    going_on = [InTheWay("Room 3", "Nikhil Rao", at(-60), is_going_on=True)]

    assert [why_not_begin_now(going_on, despite=despite) for despite in (False, True)] == [
        "Room 3 (Nikhil Rao): still in use. First complete that session, or change the staff or room of this one."
    ] * 2


def test_session_runs_into_a_planned_one_only_when_somebody_says_so() -> None:
    planned = [InTheWay("Room 3", "Fatima Khan", at(60), is_going_on=False)]

    assert [why_not_begin_now(planned, despite=despite) for despite in (False, True)] == [
        "Started now, this session runs into: Room 3 (Fatima Khan). Confirm that you start it all the same.",
        "",
    ]
    assert why_not_begin_now([], despite=False) == ""
