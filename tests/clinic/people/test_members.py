"""Roles begin and end by actions."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from clinic.people.members import AlreadyMember, add_by_operator, end_membership
from clinic.people.models import Membership, User
from clinic.premises.models import Clinic
from tests import factories

TODAY = dt.date(2026, 3, 2)
DAY = dt.timedelta(days=1)


def test_member_has_the_role_from_the_first_day(clinic: Clinic, manager: User, now: dt.datetime) -> None:
    user = factories.make_user()

    add_by_operator(user=user, clinic=clinic, role="nurse", starts_on=TODAY, by=manager, now=now)

    assert [list(user.clinics("nurse", on=day)) for day in (TODAY - DAY, TODAY)] == [[], [clinic]]


def test_role_that_somebody_has_is_not_given_twice(
    clinic: Clinic, manager: User, front_desk: User, now: dt.datetime
) -> None:
    with pytest.raises(AlreadyMember):
        add_by_operator(user=front_desk, clinic=clinic, role="front_desk", starts_on=TODAY, by=manager, now=now)

    assert front_desk.memberships.count() == 1


def test_ended_role_is_gone_on_the_same_day(clinic: Clinic, manager: User, front_desk: User, now: dt.datetime) -> None:
    end_membership(membership=front_desk.memberships.get(), by=manager, now=now)

    assert [front_desk.is_member(on=day) for day in (TODAY - DAY, TODAY)] == [True, False]


def test_role_given_by_mistake_ends_before_it_ever_held(clinic: Clinic, manager: User, now: dt.datetime) -> None:
    user = factories.make_user()
    membership = add_by_operator(user=user, clinic=clinic, role="nurse", starts_on=TODAY, by=manager, now=now)

    end_membership(membership=membership, by=manager, now=now)

    assert not user.is_member(on=TODAY)


def test_role_may_end_on_a_later_day(manager: User, front_desk: User, now: dt.datetime) -> None:
    end_membership(membership=front_desk.memberships.get(), by=manager, now=now, ends_on=TODAY + DAY)

    assert [front_desk.is_member(on=day) for day in (TODAY, TODAY + DAY)] == [True, False]


def test_role_may_come_back(clinic: Clinic, manager: User, front_desk: User, now: dt.datetime) -> None:
    end_membership(membership=front_desk.memberships.get(), by=manager, now=now)

    add_by_operator(user=front_desk, clinic=clinic, role="front_desk", starts_on=TODAY, by=manager, now=now)

    assert front_desk.is_member(on=TODAY)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"role": "guru"}, "membership_role_known"),
        ({"role": "nurse", "ends_on": factories.LONG_AGO - DAY}, "membership_ends_after_start"),
        ({"role": "manager"}, "membership_once"),
    ],
)
def test_database_refuses_a_broken_membership(
    clinic: Clinic, manager: User, fields: dict[str, object], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Membership.objects.create(
            user=manager, clinic=clinic, **({"starts_on": factories.LONG_AGO, "source": "operator"} | fields)
        )
