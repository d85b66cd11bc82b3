"""The second factor: codes of an app and of the printed list, each once, and few guesses."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django import forms
from django.http import HttpRequest
from django.test import RequestFactory

from clinic.people import factors
from clinic.people.models import User
from tests import factories
from tests.signing_in import SECRET, app_code, give_factor, recovery_code

HALF_MINUTE = dt.timedelta(seconds=30)


@pytest.fixture(autouse=True)
def _at_one_moment(now: dt.datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def member(front_desk: User) -> User:
    give_factor(front_desk)
    return front_desk


def a_request() -> HttpRequest:
    request = RequestFactory().post("/")
    request.session = {}  # type: ignore[assignment]
    return request


class Loosening(factors.ProofForm):
    """A form that needs the factor and something else."""

    reason = forms.CharField()


def proof(user: User, code: str, request: HttpRequest | None = None) -> factors.ProofForm:
    form = factors.ProofForm({"code": code}, user=user, request=request or a_request())
    form.is_valid()
    return form


def test_code_of_the_app_proves_it_and_is_noted_in_the_session(member: User) -> None:
    request = a_request()

    assert proof(member, app_code(), request).is_valid()
    assert factors.has_proved(request, member)
    assert not factors.has_proved(request, factories.make_user())


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_clock_of_the_telephone_may_be_half_a_minute_off(member: User, steps: int, *, fits: bool) -> None:
    assert proof(member, app_code(steps=steps)).is_valid() is fits


def test_code_of_the_app_is_used_once(member: User, now: dt.datetime) -> None:
    code = app_code()
    assert proof(member, code).is_valid()

    for later in (now, now + HALF_MINUTE, now + HALF_MINUTE * 3 / 2):
        with time_machine.travel(later, tick=False):
            assert list(proof(member, code).errors) == ["code"]


def test_code_older_than_the_last_one_used_is_refused(member: User) -> None:
    older = app_code(steps=-1)
    assert proof(member, app_code()).is_valid()

    assert not proof(member, older).is_valid()


def test_recovery_code_is_used_once(member: User) -> None:
    code = recovery_code(member)

    assert [proof(member, code).is_valid() for _time in range(2)] == [True, False]
    assert proof(member, f" {recovery_code(member, 1)[:5]}-{recovery_code(member, 1)[5:]} ").is_valid()


def test_code_of_somebody_else_proves_nothing(member: User, therapist_user: User) -> None:
    give_factor(therapist_user)

    assert not proof(member, recovery_code(therapist_user)).is_valid()


def test_who_has_no_factor_is_told_so(therapist_user: User) -> None:
    assert not factors.has_factor(therapist_user)
    assert proof(therapist_user, app_code()).errors == {"code": ["Please set up your second step first."]}


def test_sixth_guess_is_not_looked_at_until_five_minutes_are_over(member: User, now: dt.datetime) -> None:
    for _guess in range(5):
        assert not proof(member, "000000").is_valid()

    assert proof(member, app_code()).errors == {"code": ["Too many attempts. Please wait a few minutes and try again."]}
    with time_machine.travel(now + dt.timedelta(minutes=5), tick=False):
        assert proof(member, app_code()).is_valid()


def test_mistake_elsewhere_in_the_form_does_not_use_the_code_up(member: User) -> None:
    code = app_code()
    form = Loosening({"code": code, "reason": ""}, user=member, request=a_request())
    assert list(form.errors) == ["reason"]

    assert Loosening({"code": code, "reason": "Seen"}, user=member, request=a_request()).is_valid()


def test_secret_is_not_in_the_database_as_it_is(member: User) -> None:
    rows = " ".join(str(row.data) for row in Authenticator.objects.all())

    assert SECRET not in rows
    assert recovery_code(member) not in rows


@pytest.mark.parametrize(
    ("who", "needs"), [("front_desk", True), ("manager", True), ("vaidya_user", True), ("owner", False)]
)
def test_who_works_here_needs_a_factor(request: pytest.FixtureRequest, now: dt.datetime, who: str, needs: bool) -> None:
    assert factors.needs_factor(request.getfixturevalue(who), now=now) is needs


def test_who_runs_the_installation_needs_a_factor(db: None, now: dt.datetime) -> None:
    assert factors.needs_factor(factories.make_user(is_superuser=True), now=now)
