"""Who works where and when: wall time becomes bits here and nowhere else."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clinic.grid import cells
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from therapies.rota import Calendar, LocalDay, Supply, calendar, opening, supply

KOLKATA, LONDON, APIA = map(ZoneInfo, ["Asia/Kolkata", "Europe/London", "Pacific/Apia"])
CHANGES = [
    ("Asia/Kolkata", dt.date(2026, 3, 2), 24),
    ("Asia/Kathmandu", dt.date(2026, 3, 2), 24),
    ("Europe/London", dt.date(2026, 3, 29), 23),
    ("Europe/London", dt.date(2026, 10, 25), 25),
    ("America/St_Johns", dt.date(2026, 3, 8), 23),
    ("America/St_Johns", dt.date(2026, 11, 1), 25),
    ("Australia/Lord_Howe", dt.date(2026, 4, 5), 24.5),
    ("Australia/Lord_Howe", dt.date(2026, 10, 4), 23.5),
    ("Pacific/Apia", dt.date(2020, 9, 27), 23),
    ("Pacific/Apia", dt.date(2021, 4, 4), 25),
    ("Pacific/Apia", dt.date(2011, 12, 30), 0),  # left out when the islands crossed the date line
]
MONDAY, TUESDAY = dt.date(2026, 3, 2), dt.date(2026, 3, 3)

change_days = st.sampled_from(CHANGES)
minutes = st.integers(0, 288).map(lambda five: five * 5)


def walls(days: Calendar) -> Iterator[tuple[int, dt.datetime]]:
    """Each cell of the calendar with what the clinic's clock shows when it begins."""
    for cell in range(days.window.cells):
        yield cell, days.window.time(cell).astimezone(days.zone)


def on(days: Calendar, date: dt.date) -> LocalDay:
    return next(day for day in days.days if day.on == date)


def times(days: Calendar, bits: int) -> list[str]:
    """The stretches of set cells as the clinic's clock shows them."""
    marks = set(cells(bits))
    edges = [cell for cell in range(days.window.cells + 1) if (cell in marks) != (cell - 1 in marks)]
    return [f"{days.window.time(cell).astimezone(days.zone):%a %H:%M}" for cell in edges]


@pytest.mark.parametrize(("zone", "date", "hours"), CHANGES)
def test_calendar_gives_each_date_its_own_cells(zone: str, date: dt.date, hours: float) -> None:
    days = calendar(ZoneInfo(zone), date - dt.timedelta(days=1), date + dt.timedelta(days=1))

    expected = [local.date() for _, local in walls(days)]
    got = [day.on for day in days.days for _ in range(day.first, day.last)]
    assert got == expected
    assert on(days, date).last - on(days, date).first == hours * 12


@given(change_days, st.sampled_from([5, 10, 15, 20, 30, 45, 60, 240]))
def test_marks_are_where_the_local_clock_shows_a_multiple(change: tuple[str, dt.date, float], slot: int) -> None:
    zone, date, _ = change
    days = calendar(ZoneInfo(zone), date - dt.timedelta(days=1), date + dt.timedelta(days=1))

    expected = [cell for cell, local in walls(days) if (local.hour * 60 + local.minute) % slot == 0]
    assert list(cells(days.marks(slot))) == expected


@given(change_days, st.lists(minutes, min_size=2, max_size=2, unique=True))
@example(("Europe/London", dt.date(2026, 10, 25), 25), [0, 60])
@example(("Europe/London", dt.date(2026, 10, 25), 25), [60, 90])
@example(("Australia/Lord_Howe", dt.date(2026, 10, 4), 23.5), [125, 155])
def test_stretch_lasts_from_the_first_showing_of_its_begin_to_the_last_of_its_end(
    change: tuple[str, dt.date, float], ends: list[int]
) -> None:
    zone, date, _ = change
    begin, end = sorted(ends)
    days = calendar(ZoneInfo(zone), date - dt.timedelta(days=1), date + dt.timedelta(days=1))

    mine = [(cell, local.hour * 60 + local.minute) for cell, local in walls(days) if local.date() == date]
    first = min((cell for cell, minute in mine if minute >= begin), default=0)
    last = max((cell for cell, minute in mine if minute < end), default=-1)
    assert list(cells(days.stretch(on(days, date), begin, end))) == list(range(first, last + 1))


def test_stretch_across_the_change_is_an_hour_shorter_or_longer() -> None:
    """A night shift from 00:00 to 06:00."""
    lengths = []
    for date in (dt.date(2026, 3, 28), dt.date(2026, 3, 29), dt.date(2026, 10, 25)):
        days = calendar(LONDON, date, date)
        lengths.append(days.stretch(days.days[0], 0, 360).bit_count() / 12)

    assert lengths == [6, 5, 7]


@pytest.mark.parametrize(
    ("first", "until", "expected"),
    [
        (MONDAY, None, 3),
        (MONDAY, TUESDAY, 1),
        (TUESDAY, None, 2),
        (dt.date(2025, 1, 1), TUESDAY, 1),
        (dt.date(2027, 1, 1), None, 0),
        (MONDAY, MONDAY, 0),
    ],
)
def test_dates_are_whole_days_until_the_first_without(first: dt.date, until: dt.date | None, expected: int) -> None:
    days = calendar(KOLKATA, MONDAY, MONDAY + dt.timedelta(days=2))

    assert days.dates(first, until).bit_count() == expected * 288


def test_within_a_day_leaves_out_what_would_cross_midnight() -> None:
    days = calendar(KOLKATA, MONDAY, TUESDAY)

    bits = days.within_a_day(2, 12)  # ten minutes of set-up, an hour of treatment

    assert times(days, bits) == ["Mon 00:10", "Mon 23:05", "Tue 00:10", "Tue 23:05"]


def three_days(clinic: Clinic) -> Calendar:
    return calendar(clinic.zone, MONDAY, MONDAY + dt.timedelta(days=2))


def given_by(clinic: Clinic, therapy: int = 0) -> Supply:
    return supply(clinic, three_days(clinic), therapy_ids=[therapy], kinds=["steam_chamber"])


@pytest.mark.django_db
def test_opening_leaves_out_closed_days_and_says_why(clinic: Clinic) -> None:
    factories.make_closure(clinic, TUESDAY, reason="Holi")

    bits, reasons = opening(clinic, three_days(clinic))

    assert times(three_days(clinic), bits) == ["Mon 08:00", "Mon 18:00", "Wed 08:00", "Wed 18:00"]
    assert reasons == {TUESDAY: "Holi"}


@pytest.mark.django_db
def test_opening_for_running_courses_keeps_their_hours() -> None:
    clinic = factories.make_clinic(opens="")
    factories.make_opening_hours(clinic, weekdays=[0, 2], opens="08:00", closes="12:00")
    factories.make_opening_hours(clinic, weekdays=[2], opens="12:00", closes="14:00", use="running_courses")
    factories.make_closure(clinic, TUESDAY, use="running_courses")
    days = three_days(clinic)

    everyone, running = (opening(clinic, days, running_course=running)[0] for running in (False, True))

    assert times(days, everyone) == ["Mon 08:00", "Mon 12:00", "Wed 08:00", "Wed 12:00"]
    expected = ["Mon 08:00", "Mon 12:00", "Tue 08:00", "Tue 11:00", "Wed 08:00", "Wed 14:00"]
    assert times(days, running) == expected


@pytest.mark.django_db
def test_people_work_their_hours_while_these_hold_and_the_clinic_is_open(clinic: Clinic) -> None:
    person = factories.make_practitioner(clinic, works=None)
    factories.make_working_hours(person, clinic, "06:00", "10:00", valid_until=TUESDAY)
    factories.make_working_hours(person, clinic, "16:00", "20:00", valid_from=TUESDAY)

    (known,) = given_by(clinic).people

    expected = ["Mon 08:00", "Mon 10:00", "Tue 16:00", "Tue 18:00", "Wed 16:00", "Wed 18:00"]
    assert times(three_days(clinic), known.works) == expected


@pytest.mark.django_db
def test_hours_at_another_clinic_are_not_hours_here(clinic: Clinic) -> None:
    other = factories.make_clinic("dhanvantari")
    person = factories.make_practitioner(clinic, works=None)
    factories.make_working_hours(person, clinic, "08:00", "10:00", weekdays=[0])
    factories.make_working_hours(person, other, "12:00", "14:00", weekdays=[0])

    (known,) = given_by(clinic).people

    assert times(three_days(clinic), known.works) == ["Mon 08:00", "Mon 10:00"]


@pytest.mark.django_db
def test_absences_of_any_minute_are_rounded_outward(clinic: Clinic, stranger: User) -> None:
    room, box = factories.make_room(clinic), factories.make_equipment(clinic)
    person = factories.make_practitioner(clinic)
    start = dt.datetime(2026, 3, 2, 10, 3, tzinfo=KOLKATA)
    for resource in (room, box, person):
        factories.make_absence(resource, start, start + dt.timedelta(minutes=9), by=stranger)

    have = given_by(clinic)

    free = [have.rooms[0].free, have.equipment[0].free, have.people[0].works]
    for bits in free:
        assert times(three_days(clinic), bits)[:4] == ["Mon 08:00", "Mon 10:00", "Mon 10:15", "Mon 18:00"]


@pytest.mark.django_db
def test_qualification_holds_on_its_days_for_its_therapy(clinic: Clinic) -> None:
    abhyanga, basti = factories.make_therapy("abhyanga"), factories.make_therapy("basti")
    person = factories.make_practitioner(clinic, roles=["therapist"], qualified=[basti])
    factories.make_qualification(person, abhyanga, starts_on=TUESDAY, ends_on=TUESDAY + dt.timedelta(days=1))
    days = three_days(clinic)

    (known,) = supply(clinic, days, therapy_ids=[abhyanga.pk, basti.pk], kinds=[]).people

    assert {therapy: times(days, bits) for therapy, bits in known.qualified.items()} == {
        abhyanga.pk: ["Tue 00:00", "Wed 00:00"],
        basti.pk: ["Mon 00:00", "Thu 00:00"],
    }


@pytest.mark.django_db
def test_what_is_not_in_use_is_not_supplied(clinic: Clinic) -> None:
    factories.make_room(clinic, is_active=False)
    factories.make_equipment(clinic, is_active=False)
    factories.make_equipment(clinic, "oil_warmer")
    factories.make_practitioner(clinic, is_active=False)
    factories.make_room(factories.make_clinic("dhanvantari"))

    have = given_by(clinic)

    assert (have.rooms, have.equipment, have.people, have.ids()) == ((), (), (), [])
