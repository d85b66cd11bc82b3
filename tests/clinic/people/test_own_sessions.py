"""One's own sessions, and a letter about a new device."""

import datetime as dt
import math
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.models import Message
from clinic.people.accounts import change_email
from clinic.people.clinic_devices import begin_shift, enrol
from clinic.people.devices import device_in_words
from clinic.people.models import Shift, User
from clinic.people.own_sessions import end_others
from clinic.premises.models import Clinic
from tests import factories
from tests.signing_in import app_code, give_factor, recovery_code

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def _at_one_moment(now: dt.datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def signed_in(user: User, code: str, agent: str = FIREFOX, browser: Client | None = None) -> Client:
    browser = browser or Client(headers={"User-Agent": agent})
    browser.post(reverse("account_login"), {"login": user.username, "password": factories.PASSWORD})
    browser.post(reverse("mfa_authenticate"), {"code": code})
    assert is_in(browser)
    return browser


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def devices_told(user: User) -> list[str]:
    rows = Message.objects.filter(recipient=user.email, secret__template="notice_new_device").order_by("pk")
    return [row.secret["device"] for row in rows]


def test_owner_sees_their_sessions_and_ends_one(front_desk: User, manager: User) -> None:
    for user in (front_desk, manager):
        give_factor(user)
    here, there = signed_in(front_desk, app_code()), signed_in(front_desk, recovery_code(front_desk), PHONE)
    theirs = signed_in(manager, app_code())

    listed = here.get(reverse("security")).context["sessions"]
    assert {row.device: row.is_this for row in listed} == {"Firefox, Windows": True, "Chrome, Android": False}
    other = next(row.id for row in listed if not row.is_this)
    theirs.post(reverse("end_session", args=[other]))
    assert is_in(there)
    here.post(reverse("end_session", args=[other]))

    assert [is_in(client) for client in (here, there, theirs)] == [True, False, True]


def test_all_other_sessions_end_at_once(front_desk: User) -> None:
    give_factor(front_desk)
    clients = [signed_in(front_desk, recovery_code(front_desk, place)) for place in range(3)]

    clients[0].post(reverse("end_other_sessions"))

    assert [is_in(client) for client in clients] == [True, False, False]


def test_change_of_the_password_ends_the_others(front_desk: User) -> None:
    give_factor(front_desk)
    here, there = (signed_in(front_desk, recovery_code(front_desk, place)) for place in range(2))
    new = "brass-lamp-at-dusk-4"
    words = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}

    assert here.post(reverse("account_change_password"), words).status_code == 302

    assert [client.get("/desk/").status_code for client in (here, there)] == [200, 302]


def test_change_of_the_factor_ends_the_others(front_desk: User) -> None:
    give_factor(front_desk)
    here, there = (signed_in(front_desk, recovery_code(front_desk, place)) for place in range(2))

    here.post(reverse("recovery_codes"))

    assert [is_in(client) for client in (here, there)] == [True, False]


def test_new_device_is_told_once(front_desk: User) -> None:
    give_factor(front_desk)
    browser = signed_in(front_desk, app_code())
    assert devices_told(front_desk) == ["Firefox, Windows"]

    browser.post(reverse("account_logout"))
    signed_in(front_desk, recovery_code(front_desk), browser=browser)
    assert devices_told(front_desk) == ["Firefox, Windows"]
    signed_in(front_desk, recovery_code(front_desk, 1), PHONE)

    assert devices_told(front_desk) == ["Firefox, Windows", "Chrome, Android"]


def test_patients_session_is_listed_for_its_owner(client: Client, owner: User) -> None:
    client.post(reverse("account_request_login_code"), {"email": owner.email})
    letter = Message.objects.get()
    client.post(reverse("account_confirm_login_code"), {"code": letter.secret["code"]})

    page = client.get(reverse("security"))

    assert [row.is_this for row in page.context["sessions"]] == [True]
    assert "Second step" not in page.content.decode()
    assert devices_told(owner) == []


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (PHONE, "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Windows"),
        ("curl/8.5.0", ""),
    ],
)
def test_browser_is_named_in_words(agent: str, words: str) -> None:
    assert device_in_words(agent) == words


def test_another_address_ends_all_sessions(front_desk: User, manager: User, now: dt.datetime) -> None:
    give_factor(front_desk)
    browser = signed_in(front_desk, app_code())

    change_email(user=front_desk, email="new@shanti.example", by=manager, now=now)

    assert not is_in(browser)


def test_shifts_on_clinic_devices_end_with_the_sessions(clinic: Clinic, front_desk: User, manager: User) -> None:
    now = timezone.now()
    device, _token = enrol(clinic=clinic, name="Tablet", by=manager, now=now)
    for user in (front_desk, manager):
        begin_shift(device=device, user=user, proved_at=now, now=now)

    end_others(user=front_desk, session_key="")

    assert list(Shift.objects.values_list("user", flat=True)) == [manager.pk]


def test_session_key_cannot_be_guessed(front_desk: User) -> None:
    give_factor(front_desk)

    keys = {signed_in(front_desk, code).session.session_key or "" for code in (app_code(), recovery_code(front_desk))}

    assert len(keys) == 2
    assert {len(key) * math.log2(36) >= 128 and re.fullmatch("[a-z0-9]+", key) is not None for key in keys} == {True}
