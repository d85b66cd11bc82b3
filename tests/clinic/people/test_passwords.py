"""Signing in by password: the same work for everybody, few guesses, and nobody shut out by a stranger."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.signing import dumps
from django.test import Client, override_settings
from django.urls import reverse

from clinic.people.forms import ConfirmCodeForm
from clinic.people.models import User
from tests import factories
from tests.clinic.people.test_attempts import at_once
from tests.signing_in import app_code, give_factor

SIGN_IN = "account_login"


class Counting(MD5PasswordHasher):
    """Counts how often it is asked to work."""

    algorithm = "counting"
    count = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).count += 1
        return super().encode(password, salt).replace("md5$", "counting$", 1)


@pytest.fixture
def hashes() -> Iterator[type[Counting]]:
    hasher = f"{__name__}.Counting"
    with override_settings(PASSWORD_HASHERS=[hasher]):
        Counting.count = 0
        yield Counting


@pytest.fixture(autouse=True)
def _at_one_moment(now: dt.datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def attempt(client: Client, login: str, password: str, **headers: Any) -> Any:
    return client.post(reverse(SIGN_IN), {"login": login, "password": password}, **headers)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def accounts(db: None) -> dict[str, str]:
    """Each kind of account, by what is typed to sign in."""
    for name, fields in {"known": {}, "closed": {"is_active": False}}.items():
        user = User.objects.create_user(f"{name}@shanti.example", factories.PASSWORD, username=f"N-{name}", **fields)
        assert user.has_usable_password()
    User.objects.create_user("mailed@shanti.example", username="N-mailed")
    return {
        "known, by e-mail": "known@shanti.example",
        "known, by number": "N-known",
        "closed": "closed@shanti.example",
        "closed, by number": "N-closed",
        "without a password": "mailed@shanti.example",
        "unknown e-mail": "nobody@shanti.example",
        "unknown number": "N-nobody",
    }


@pytest.mark.parametrize("password", ["wrong-but-long-enough", factories.PASSWORD])
def test_every_try_takes_one_hash(db: None, hashes: type[Counting], password: str) -> None:
    counts, pages = {}, set()
    for kind, login in accounts(db).items():
        before = hashes.count
        answer = attempt(Client(REMOTE_ADDR=f"10.0.0.{len(counts)}"), login, password)
        counts[kind] = hashes.count - before
        if answer.status_code == 200:
            pages.add(str(answer.context["form"].non_field_errors()))

    assert counts == dict.fromkeys(counts, 1)
    assert len(pages) == 1


def test_fifth_wrong_password_shuts_the_account_under_all_its_names(client: Client, front_desk: User) -> None:
    for login in (
        front_desk.username,
        front_desk.email,
        front_desk.username.lower(),
        front_desk.email.upper(),
        "S-none",
    ):
        attempt(client, login, "wrong")
    attempt(client, front_desk.email, "wrong")

    for login in (front_desk.username, front_desk.email):
        answer = attempt(client, login, factories.PASSWORD)
        assert "Too many attempts." in answer.content.decode()
    assert not is_in(client)


def test_right_passwords_never_count(front_desk: User) -> None:
    for _time in range(12):
        client = Client()
        attempt(client, front_desk.username, factories.PASSWORD)
        assert is_in(client)


def test_stranger_shuts_nobody_out_of_a_device_they_know(client: Client, front_desk: User) -> None:
    give_factor(front_desk)
    attempt(client, front_desk.username, factories.PASSWORD)
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    client.post(reverse("account_logout"))
    stranger = Client()  # even on the same network
    for _guess in range(20):
        attempt(stranger, front_desk.username, "wrong")

    answer = attempt(client, front_desk.username, factories.PASSWORD)

    assert answer["Location"] == reverse("mfa_authenticate")


def test_stranger_shuts_nobody_out_of_another_network(front_desk: User) -> None:
    stranger, owner = Client(REMOTE_ADDR="203.0.113.7"), Client(REMOTE_ADDR="198.51.100.9")
    for _guess in range(20):
        attempt(stranger, front_desk.username, "wrong")

    attempt(owner, front_desk.username, factories.PASSWORD)

    assert is_in(owner)


def test_device_known_for_one_account_is_a_stranger_to_another(client: Client, front_desk: User, manager: User) -> None:
    client.cookies["device"] = dumps({"id": "mine", "of": [front_desk.pk]}, salt="clinic.people.devices")
    for _guess in range(5):
        attempt(client, manager.username, "wrong")

    attempt(Client(), manager.username, factories.PASSWORD)

    assert "Too many attempts." in attempt(Client(), manager.username, factories.PASSWORD).content.decode()


def test_forged_device_is_nobodys(client: Client, front_desk: User) -> None:
    for number in range(6):
        client.cookies["device"] = dumps({"id": str(number), "of": [front_desk.pk]}, salt="guessed")
        answer = attempt(client, front_desk.username, "wrong")

    assert "Too many attempts." in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_burst_of_wrong_passwords_is_looked_at_five_times(
    front_desk: User, hashes: type[Counting], now: dt.datetime
) -> None:
    logins = iter([front_desk.username, front_desk.email] * 20)
    before = hashes.count

    at_once(lambda: attempt(Client(), next(logins), "wrong"), 40)

    assert hashes.count - before == 5


@pytest.mark.django_db(transaction=True)
def test_burst_of_guesses_of_a_mailed_code_is_looked_at_five_times(
    owner: User, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = []
    clean_code = ConfirmCodeForm.clean_code
    monkeypatch.setattr(ConfirmCodeForm, "clean_code", lambda form: looked_at.append(1) or clean_code(form))
    first = Client()
    first.post(reverse("account_request_login_code"), {"email": owner.email})
    cookies = first.cookies.output(header="", sep=";")

    def guess() -> Any:
        browser = Client()
        browser.cookies.load(cookies)
        return browser.post(reverse("account_confirm_login_code"), {"code": "0000-0000"})

    at_once(guess, 40)

    assert len(looked_at) == 5
