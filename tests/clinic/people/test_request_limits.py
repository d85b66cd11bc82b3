"""How often mail is asked for and codes are tried: bursts do not pass, and a stranger shuts nobody out for long."""

import datetime as dt
import itertools
from typing import Any

import pytest
import time_machine
from django.core.cache.backends.base import BaseCache
from django.test import Client
from django.urls import reverse

from bookings.models import Message
from clinic.people.models import Attempts, User
from tests import factories
from tests.clinic.people.test_attempts import at_once, write_when_all_have_read
from tests.clinic.people.test_second_step import code_by_mail

CODE, RESET, CONFIRM = "account_request_login_code", "account_reset_password", "account_confirm_login_code"
MINUTE = dt.timedelta(minutes=1)
TOO_MANY = "Too many attempts. Please wait a few minutes and try again."


class AwayCache(BaseCache):
    """A cache that is away: whoever asks it for anything stumbles."""

    def __init__(self, *_args: Any) -> None:
        super().__init__({})

    def add(self, *_args: Any, **_options: Any) -> Any:
        raise ConnectionError

    get = set = delete = touch = clear = add


@pytest.fixture(autouse=True)
def _at_one_moment(now: dt.datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def ask(page: str, email: str, network: int = 1) -> bool:
    """Whether a stranger in that network is told that mail is on its way."""
    answer = Client(REMOTE_ADDR=f"203.0.113.{network}").post(reverse(page), {"email": email})
    assert answer.status_code == 302 or TOO_MANY in answer.content.decode()
    return answer.status_code == 302


def mails(email: str) -> int:
    return Message.objects.filter(recipient=email).count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("page", "in_all"), [(CODE, 20), (RESET, 10)])
def test_burst_of_requests_for_mail_to_one_address_brings_three_from_a_network(page: str, in_all: int) -> None:
    owner = factories.make_member(factories.make_clinic(), "front_desk")
    networks = itertools.count(2)

    from_one = at_once(lambda: ask(page, owner.email), 40)
    assert (from_one.count(True), mails(owner.email)) == (3, 3)

    from_many = at_once(lambda: ask(page, owner.email, next(networks)), 40)
    assert (from_many.count(True), mails(owner.email)) == (in_all - 3, in_all)


@pytest.mark.django_db(transaction=True)
def test_burst_brings_more_when_the_count_is_not_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: read, then write, as a cache does."""
    assert ask(CODE, "somebody@example.org")
    write_when_all_have_read(monkeypatch, Attempts, 3)

    passed = at_once(lambda: ask(CODE, "somebody@example.org"), 3)

    assert passed == [True] * 3


@pytest.mark.django_db(transaction=True)
def test_burst_of_presses_for_another_code_brings_no_more(owner: User) -> None:
    first = Client(REMOTE_ADDR="203.0.113.1")
    first.post(reverse(CODE), {"email": owner.email})
    cookies = first.cookies.output(header="", sep=";")

    def press() -> Any:
        browser = Client(REMOTE_ADDR="203.0.113.1")
        browser.cookies.load(cookies)
        return browser.post(reverse(CONFIRM), {"action": "resend"})

    at_once(press, 20)

    assert mails(owner.email) == 3


def test_another_code_is_refused_in_words_when_there_were_too_many(client: Client, owner: User) -> None:
    for browser in (Client(), Client(), client):
        browser.post(reverse(CODE), {"email": owner.email})

    answer = client.post(reverse(CONFIRM), {"action": "resend"}, follow=True)

    assert (TOO_MANY in answer.content.decode(), mails(owner.email)) == (True, 3)


@pytest.mark.django_db(transaction=True)
def test_burst_of_codes_of_invitations_is_looked_at_ten_times(owner: User) -> None:
    browser = Client()
    browser.force_login(owner)
    cookies = browser.cookies.output(header="", sep=";")

    def attempt() -> int:
        client = Client()
        client.cookies.load(cookies)
        status: int = client.post(reverse("join"), {"code": "AAAAA-AAAAA", "birth_date": "1988-05-17"}).status_code
        return status

    assert sorted(at_once(attempt, 30)) == [422] * 10 + [429] * 20


def use_up_what_strangers_have(email: str) -> None:
    passed = [ask(CODE, email, network) for network in range(1, 8) for _time in range(3)]
    assert (passed[:19], ask(CODE, email, 9)) == ([True] * 19, False)


def test_strangers_shut_nobody_out_of_a_device_they_know(client: Client, owner: User) -> None:
    code_by_mail(client, owner.email)
    client.post(reverse("account_logout"))
    use_up_what_strangers_have(owner.email)

    assert client.post(reverse(CODE), {"email": owner.email}).status_code == 302


def test_strangers_shut_nobody_out_for_longer_than_a_quarter_of_an_hour(owner: User, now: dt.datetime) -> None:
    use_up_what_strangers_have(owner.email)

    with time_machine.travel(now + 15 * MINUTE, tick=False):
        assert ask(CODE, owner.email, 9) is True


def test_one_stranger_shuts_nobody_out_of_another_network(owner: User, now: dt.datetime) -> None:
    for minute in range(20):
        with time_machine.travel(now + minute * MINUTE, tick=False):
            ask(CODE, owner.email, 1)

            assert minute % 5 or ask(CODE, owner.email, 2 + minute) is True


def test_limits_need_no_cache(client: Client, settings: Any, owner: User) -> None:
    settings.CACHES = settings.CACHES | {"default": {"BACKEND": f"{__name__}.AwayCache"}}

    assert [ask(page, owner.email) for page in (CODE, RESET) for _time in range(4)] == [True, True, True, False] * 2
    client.force_login(owner)
    tries = [client.post(reverse("account_change_password"), {"oldpassword": "x"}).status_code for _time in range(6)]
    assert tries[4:] == [200, 429] or tries[4:] == [302, 429]
    passkeys = [Client().post(reverse("mfa_login_webauthn"), {"credential": "{}"}).status_code for _time in range(61)]
    assert passkeys[59:] == [302, 429]
