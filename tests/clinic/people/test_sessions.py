"""Sessions end: staff after a quarter of an hour, patients after half an hour, everybody after twelve hours."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.people.models import User
from clinic.people.sessions import AUTOMATIC

MINUTE = dt.timedelta(minutes=1)


def is_in(client: Client, path: str = "") -> bool:
    """Whether a page that asks for signing in still opens; a look is a request like any other."""
    answer = client.get(path or reverse("join"))
    return not answer.headers.get("Location", "").startswith("/accounts/login/")


def stays_in(client: Client, user: User, now: dt.datetime, *looks: dt.timedelta, path: str = "") -> list[bool]:
    """Sign in at `now`, then look once at each distance from it."""
    with time_machine.travel(now, tick=False):
        client.force_login(user)
        is_in(client)
    found = []
    for look in looks:
        with time_machine.travel(now + look, tick=False):
            found.append(is_in(client, path))
    return found


@pytest.mark.parametrize(("minutes", "expected"), [(15, True), (16, False)])
def test_staff_are_signed_out_after_a_quarter_of_an_hour(
    client: Client, front_desk: User, now: dt.datetime, minutes: int, *, expected: bool
) -> None:
    assert stays_in(client, front_desk, now, minutes * MINUTE) == [expected]


@pytest.mark.parametrize(("minutes", "expected"), [(30, True), (31, False)])
def test_patients_are_signed_out_after_half_an_hour(
    client: Client, owner: User, now: dt.datetime, minutes: int, *, expected: bool
) -> None:
    assert stays_in(client, owner, now, minutes * MINUTE) == [expected]


def test_each_click_begins_the_time_anew(client: Client, front_desk: User, now: dt.datetime) -> None:
    assert stays_in(client, front_desk, now, *(n * 14 * MINUTE for n in range(1, 6))) == [True] * 5


def test_page_that_refreshes_itself_is_nobody_being_there(client: Client, front_desk: User, now: dt.datetime) -> None:
    itself = f"{reverse('join')}?{AUTOMATIC}=1"

    assert stays_in(client, front_desk, now, *(n * 5 * MINUTE for n in range(1, 5)), path=itself) == [True] * 3 + [
        False
    ]


def test_session_ends_twelve_hours_after_signing_in_whatever_happens(
    client: Client, owner: User, now: dt.datetime
) -> None:
    looks = [n * 20 * MINUTE for n in range(1, 37)]

    assert stays_in(client, owner, now, *looks) == [True] * 35 + [False]


def test_signing_in_again_begins_twelve_new_hours(client: Client, owner: User, now: dt.datetime) -> None:
    stays_in(client, owner, now, 31 * MINUTE)

    assert stays_in(client, owner, now + 11 * 60 * MINUTE, 20 * MINUTE) == [True]


def test_signed_in_pages_stay_in_no_cache(client: Client, owner: User) -> None:
    client.force_login(owner)

    assert client.get(reverse("join")).headers["Cache-Control"] == "no-store"
