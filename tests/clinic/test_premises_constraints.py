"""What the database refuses of clinics, hours, closures and absences, broken one by one."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import ProtectedError

from clinic.people.models import User
from clinic.premises.models import Absence, Clinic, Closure, OpeningHours, PageSection
from tests import factories

DAY = dt.date(2026, 3, 4)
NOON = dt.datetime(2026, 3, 4, 6, 30, tzinfo=dt.UTC)


def refused(name: str, model: type[models.Model], /, **fields: Any) -> None:
    """The database refuses the row, and names that constraint."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        model._default_manager.create(**fields)
    assert error.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


@pytest.fixture
def house(db: None) -> Clinic:
    """A clinic without hours."""
    return factories.make_clinic("quiet", opens="")


CLINIC = {"slug": "new", "name": "New", "sender_name": "New", "address": "1 Road"}


@pytest.mark.parametrize("minutes", [0, 7, 245])
def test_times_are_offered_on_marks(db: None, minutes: int) -> None:
    refused("clinic_slots_on_marks", Clinic, **CLINIC, slot_minutes=minutes)


@pytest.mark.parametrize("days", [0, 401])
def test_the_horizon_is_bounded(db: None, days: int) -> None:
    refused("clinic_horizon_bounded", Clinic, **CLINIC, horizon_days=days)


def test_wheelchair_access_is_one_that_the_page_has_words_for(db: None) -> None:
    refused("clinic_step_free_known", Clinic, **CLINIC, step_free="lift")


def test_section_belongs_to_a_page_that_there_is(db: None) -> None:
    refused("page_section_page_known", PageSection, page="blog", language="en", heading="News", text="None")


def test_a_slug_is_there_once(house: Clinic) -> None:
    with pytest.raises(IntegrityError, match="slug"), transaction.atomic():
        Clinic.objects.create(**(CLINIC | {"slug": "quiet"}))


def test_a_zone_is_one_that_the_world_knows(db: None) -> None:
    with pytest.raises(ValidationError, match="is not a time zone"):
        Clinic(**CLINIC, timezone="Asia/Jaipur").full_clean()


def test_a_clinic_with_rooms_stays(house: Clinic) -> None:
    factories.make_room(house)

    with pytest.raises(ProtectedError):
        house.delete()


def opening(clinic: Clinic, start: str, end: str, **fields: Any) -> dict[str, Any]:
    said = {"clinic": clinic, "weekday": 0, "from_minute": factories.minute(start), "to_minute": factories.minute(end)}
    return said | fields


@pytest.mark.parametrize(
    ("start", "end"), [("10:00", "10:00"), ("12:00", "10:00"), ("10:02", "12:00"), ("23:00", "24:05")]
)
def test_opening_hours_lie_in_a_day_on_marks(house: Clinic, start: str, end: str) -> None:
    refused("opening_hours_in_day", OpeningHours, **opening(house, start, end))


def test_opening_hours_are_on_one_of_seven_days(house: Clinic) -> None:
    refused("opening_hours_weekday", OpeningHours, **opening(house, "08:00", "12:00", weekday=7))


def test_opening_hours_lie_apart(house: Clinic) -> None:
    OpeningHours.objects.create(**opening(house, "08:00", "12:00"))

    refused("opening_hours_apart", OpeningHours, **opening(house, "11:55", "14:00", use="running_courses"))
    OpeningHours.objects.create(**opening(house, "12:00", "24:00"))
    OpeningHours.objects.create(**opening(house, "08:00", "12:00", weekday=1))


def test_a_day_is_closed_once(house: Clinic) -> None:
    Closure.objects.create(clinic=house, on=DAY)

    refused("closure_once_a_day", Closure, clinic=house, on=DAY, use="running_courses")


@pytest.mark.parametrize(("start", "end"), [(480, 480), (600, 480), (482, 600), (480, 1445)])
def test_a_closure_lies_in_a_day_on_marks(house: Clinic, start: int, end: int) -> None:
    refused("closure_in_day", Closure, clinic=house, on=DAY, from_minute=start, to_minute=end)


def test_the_use_of_a_closure_is_known(house: Clinic) -> None:
    refused("closure_use_known", Closure, clinic=house, on=DAY, use="staff")


@pytest.mark.parametrize(
    "during",
    [DateTimeTZRange(NOON, NOON, "[)"), DateTimeTZRange(None, NOON), DateTimeTZRange(NOON, None)],
    ids=["empty", "without a beginning", "endless"],
)
def test_an_absence_has_a_beginning_and_a_later_end(house: Clinic, front_desk: User, during: DateTimeTZRange) -> None:
    room = factories.make_room(house)

    refused("absence_bounded", Absence, resource=room, during=during, by=front_desk, at=NOON)


def test_absences_of_one_room_lie_apart(house: Clinic, front_desk: User) -> None:
    room, later = factories.make_room(house), NOON + dt.timedelta(hours=1)
    factories.make_absence(room, NOON, later, by=front_desk)

    during = DateTimeTZRange(later - dt.timedelta(minutes=1), later + dt.timedelta(hours=1), "[)")
    refused("absence_once", Absence, resource=room, during=during, by=front_desk, at=NOON)
    factories.make_absence(room, later, later + dt.timedelta(hours=1), by=front_desk)


def test_a_reversed_absence_is_refused(house: Clinic, front_desk: User) -> None:
    room, earlier = factories.make_room(house), NOON - dt.timedelta(hours=1)

    with pytest.raises(Exception, match="lower bound must be less than"), transaction.atomic():
        Absence.objects.create(resource=room, during=DateTimeTZRange(NOON, earlier), by=front_desk, at=NOON)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("clinic_notice_bounded", {"lead_minutes": 86_401}),
        ("clinic_notice_bounded", {"change_notice_hours": 1_441}),
        ("clinic_reminders_bounded", {"reminders": [24, 2]}),
        ("clinic_reminders_bounded", {"reminders": [1440, 2_147_483_647]}),
        ("clinic_reminders_bounded", {"reminders": [60, 120, 180, 240, 300, 360, 420]}),
    ],
)
def test_notice_and_reminders_of_a_clinic_are_bounded(db: None, name: str, fields: dict[str, Any]) -> None:
    refused(name, Clinic, **CLINIC, **fields)


def test_clinic_may_send_no_reminder(db: None) -> None:
    assert Clinic.objects.create(**CLINIC, reminders=[]).reminders == []
