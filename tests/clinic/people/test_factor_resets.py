"""A lost second factor is taken away by two people; the owner is told."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from bookings.models import Message
from clinic.people import factor_resets
from clinic.people.factors import has_factor
from clinic.people.models import FactorReset, User
from clinic.people.models.membership import RoleSource
from clinic.premises.models import Clinic
from tests import factories
from tests.signing_in import SignedInClient, app_code, give_factor

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_one_moment(now: dt.datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def locked_out(therapist_user: User) -> User:
    give_factor(therapist_user)
    return therapist_user


@pytest.fixture
def asked(locked_out: User, manager: User, now: dt.datetime) -> FactorReset:
    return factor_resets.request_reset(user=locked_out, by=manager, now=now)


def pressed(user: User, name: str, pk: int) -> int:
    client = SignedInClient()
    client.force_login(user)
    return client.post(reverse(name, args=[pk])).status_code


def test_manager_asks_and_vaidya_confirms(
    client: Client, locked_out: User, manager: User, vaidya_user: User, now: dt.datetime
) -> None:
    client.post(reverse("account_login"), {"login": locked_out.username, "password": factories.PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    assert client.get("/desk/").status_code == 200

    assert pressed(manager, "ask_reset", locked_out.pk) == 302
    assert has_factor(locked_out)
    assert pressed(vaidya_user, "confirm_reset", FactorReset.objects.get().pk) == 302

    assert not has_factor(locked_out)
    assert "_auth_user_id" not in client.session
    newest = Message.objects.filter(recipient=locked_out.email).latest("pk")
    assert newest.secret["template"] == "notice_factor_changed"
    row = FactorReset.objects.get()
    assert (row.asked_by, row.confirmed_by, row.confirmed_at) == (manager, vaidya_user, now)


def test_nobody_confirms_what_they_asked_for_or_is_theirs(
    asked: FactorReset, locked_out: User, manager: User, front_desk: User
) -> None:
    for who, answer in ((manager, 404), (locked_out, 403), (front_desk, 403)):
        assert pressed(who, "confirm_reset", asked.pk) == answer

    assert has_factor(locked_out)


def test_owner_who_is_a_vaidya_does_not_confirm_their_own(vaidya_user: User, manager: User, now: dt.datetime) -> None:
    give_factor(vaidya_user)
    row = factor_resets.request_reset(user=vaidya_user, by=manager, now=now)

    assert pressed(vaidya_user, "confirm_reset", row.pk) == 404
    with pytest.raises(factor_resets.CannotReset):
        factor_resets.confirm_reset(reset=row, by=vaidya_user, now=now)


def test_manager_of_another_clinic_cannot_ask(locked_out: User, now: dt.datetime) -> None:
    other = factories.make_member(factories.make_clinic("far"), "manager")

    assert pressed(other, "ask_reset", locked_out.pk) == 404
    with pytest.raises(factor_resets.CannotReset):
        factor_resets.request_reset(user=locked_out, by=other, now=now)


def test_superuser_is_reset_by_nobody_here(clinic: Clinic, manager: User) -> None:
    root = factories.make_member(clinic, "vaidya", user=factories.make_user(is_superuser=True))

    assert pressed(manager, "ask_reset", root.pk) == 404


def test_what_nobody_confirmed_within_a_day_means_nothing(
    asked: FactorReset, locked_out: User, vaidya_user: User, now: dt.datetime
) -> None:
    with pytest.raises(factor_resets.CannotReset):
        factor_resets.confirm_reset(reset=asked, by=vaidya_user, now=now + DAY)

    assert has_factor(locked_out)


def test_asking_twice_is_asking_once(asked: FactorReset, locked_out: User, manager: User, now: dt.datetime) -> None:
    assert factor_resets.request_reset(user=locked_out, by=manager, now=now) == asked


@pytest.mark.parametrize("fields", [{"asked_by": "user"}, {"confirmed_by": "asked_by"}, {"confirmed_by": "user"}])
def test_database_wants_two_others(locked_out: User, manager: User, now: dt.datetime, fields: dict[str, str]) -> None:
    people = {"user": locked_out, "asked_by": manager}
    row = people | {name: people[other] for name, other in fields.items()}
    confirmed = {"confirmed_at": now} if "confirmed_by" in row else {}

    with pytest.raises(IntegrityError), transaction.atomic():
        FactorReset.objects.create(asked_at=now, **row, **confirmed)


def test_page_lists_who_has_a_second_step(client: Client, locked_out: User, front_desk: User, manager: User) -> None:
    client.force_login(manager)

    page = client.get(reverse("second_steps"))

    assert {member.pk: member.has_second_step for member in page.context["members"]} == {
        locked_out.pk: True,
        front_desk.pk: False,
    }


def test_operator_resets_where_there_are_no_two(locked_out: User) -> None:
    call_command("reset_second_step", locked_out.username, verbosity=0)

    assert not has_factor(locked_out)
    with pytest.raises(CommandError):
        call_command("reset_second_step", "nobody")


@pytest.mark.parametrize("role", ["manager", "vaidya"])
def test_nobody_of_another_clinic_sees_or_confirms_it(asked: FactorReset, role: str, now: dt.datetime) -> None:
    elsewhere = factories.make_member(factories.make_clinic(slug="kochi", name="Kochi"), role)

    assert not factor_resets.waiting_for(elsewhere, now=now).exists()
    assert pressed(elsewhere, "confirm_reset", asked.pk) == 404
    assert has_factor(asked.user)


def test_manager_whom_the_asker_made_or_who_is_new_does_not_confirm(
    asked: FactorReset, clinic: Clinic, manager: User, now: dt.datetime
) -> None:
    other = factories.make_member(clinic, "manager")
    today, by_other = clinic.today(now), {"source": RoleSource.GRANTED, "granted_by": other}
    made = factories.make_member(clinic, "manager", source=RoleSource.GRANTED, granted_by=manager)
    new = factories.make_member(clinic, "manager", starts_on=today - 6 * DAY, **by_other)
    known = factories.make_member(clinic, "manager", starts_on=today - 7 * DAY, **by_other)

    may = [user for user in (made, new, known, other) if factor_resets.waiting_for(user, now=now).exists()]

    assert may == [known, other]


def notices_to(user: User) -> list[str]:
    rows = Message.objects.filter(recipient=user.email, secret__template__startswith="notice_").order_by("pk")
    return list(rows.values_list("secret__template", flat=True))


def test_the_person_is_told_when_a_reset_is_asked_for_and_by_whom(asked: FactorReset, locked_out: User) -> None:
    assert notices_to(locked_out) == ["notice_reset_requested"]
    assert Message.objects.get(recipient=locked_out.email).secret["by"] == str(asked.asked_by)


@pytest.mark.parametrize("ends", ["manager", "vaidya_user"], ids=["the asker withdraws", "a Vaidya refuses"])
def test_a_request_ends_before_it_is_confirmed_and_the_person_is_told(
    ends: str, asked: FactorReset, locked_out: User, vaidya_user: User, request: pytest.FixtureRequest, now: dt.datetime
) -> None:
    who = request.getfixturevalue(ends)

    assert pressed(who, "end_reset", asked.pk) == 302

    asked.refresh_from_db()
    assert (asked.ended_by, asked.confirmed_by, has_factor(locked_out)) == (who, None, True)
    assert notices_to(locked_out) == ["notice_reset_requested", "notice_reset_ended"]
    assert not factor_resets.waiting_for(vaidya_user, now=now).exists()
    with pytest.raises(factor_resets.CannotReset):
        factor_resets.confirm_reset(reset=asked, by=vaidya_user, now=now)
    assert pressed(who, "end_reset", asked.pk) == 404


def test_nobody_else_ends_a_request(asked: FactorReset, locked_out: User, front_desk: User) -> None:
    """Whoever may not open the page is sent away from it; the owner cannot end it for the thief of the account."""
    assert {pressed(user, "end_reset", asked.pk) for user in (locked_out, front_desk)} == {403}
    asked.refresh_from_db()
    assert asked.ended_at is None


def test_a_confirmed_reset_cannot_be_ended(
    asked: FactorReset, manager: User, vaidya_user: User, now: dt.datetime
) -> None:
    factor_resets.confirm_reset(reset=asked, by=vaidya_user, now=now)

    with pytest.raises(factor_resets.CannotReset):
        factor_resets.end_reset(reset=asked, by=manager, now=now)
