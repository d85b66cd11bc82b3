"""The demo clinic, at whatever hour somebody tries it; what is in it on a Monday, `test_demo_on_monday` looks at."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bookings.demo import cast
from bookings.models import Message, Visit
from bookings.slots.obstacles import obstacles
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests.bookings import demos
from tests.shipped import load_shipped
from therapies.models import Practitioner


@pytest.fixture
def catalogue(db: None) -> None:
    load_shipped()


MOMENTS = [
    dt.datetime(2026, 3, 3, 20, 47, tzinfo=dt.UTC),  # Wednesday, in the night
    dt.datetime(2026, 3, 7, 12, 33, tzinfo=dt.UTC),  # Saturday evening
    dt.datetime(2026, 3, 8, 6, 1, tzinfo=dt.UTC),  # Sunday noon
]


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_at_any_hour_one_reminder_is_due_the_diary_is_full_and_nothing_stands_against_it(
    catalogue: None, now: dt.datetime
) -> None:
    demos.make(now)

    demos.check_one_reminder_is_due_and_the_diary_is_full(now)
    assert {str(each) for listed in obstacles(Clinic.objects.get(), now).values() for each in listed} == set()


def counts() -> list[int]:
    return [model.objects.count() for model in (Clinic, Practitioner, User, Patient, Visit, Message)]


def test_loading_twice_makes_nothing_twice_and_the_sign_ins_are_printed_again(catalogue: None) -> None:
    first, again = StringIO(), StringIO()
    call_command("load_demo", few=True, stdout=first)
    before = counts()

    call_command("load_demo", stdout=StringIO())
    call_command("demo_signins", stdout=again)

    assert counts() == before
    assert first.getvalue().endswith(again.getvalue())
    assert cast.PASSWORD in again.getvalue()
    assert "F1001" in again.getvalue()


def test_without_a_demo_there_are_no_sign_ins(db: None) -> None:
    with pytest.raises(CommandError, match="There is no demo clinic here"):
        call_command("demo_signins")


def test_production_has_no_demo(catalogue: None, settings: object) -> None:
    settings.MODE = "production"  # type: ignore[attr-defined]

    with pytest.raises(CommandError, match="local mode only"):
        call_command("load_demo")

    assert not Clinic.objects.exists()


def test_an_empty_catalogue_is_told(db: None) -> None:
    with pytest.raises(CommandError, match="load_catalogue"):
        call_command("load_demo")
