"""A manager names, sees and changes only accounts of their own clinics; people of other clinics are never taken."""

import pytest
from django.test import Client
from django.utils import timezone

from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories

ADD_ROLE = "/admin/people/membership/add/"


@pytest.fixture
def second(db: None) -> Clinic:
    return factories.make_clinic("second")


@pytest.fixture
def far_manager(client: Client, second: Clinic) -> User:
    """The manager of the second clinic, signed in."""
    user = factories.make_member(second, "manager")
    client.force_login(user)
    return user


def role(user: User, clinic: Clinic, name: str = "attendant") -> dict[str, object]:
    return {"user": user.pk, "clinic": clinic.pk, "role": name, "starts_on": "2026-03-02", "ends_on": ""}


def page(user: User, rest: str = "change/") -> str:
    return f"/admin/people/user/{user.pk}/{rest}"


@pytest.mark.parametrize("who", ["vaidya_user", "manager", "owner", "stranger"])
def test_manager_of_another_clinic_takes_nobody_over(
    client: Client, far_manager: User, second: Clinic, request: pytest.FixtureRequest, who: str
) -> None:
    victim = request.getfixturevalue(who)
    before = (victim.password, victim.email, victim.memberships.count())

    given = client.post(ADD_ROLE, role(victim, second))
    shown = client.get(page(victim))
    set_by_them = client.post(
        page(victim, "password/"),
        {"password1": factories.PASSWORD, "password2": factories.PASSWORD, "usable_password": "true"},
    )

    victim.refresh_from_db()
    assert given.status_code == 403
    assert (shown.status_code, shown.url) == (302, "/admin/")  # type: ignore[attr-defined]
    assert set_by_them.status_code in (403, 404)
    assert (victim.password, victim.email, victim.memberships.count()) == before


def test_person_of_another_clinic_looks_like_a_missing_one(
    client: Client, far_manager: User, second: Clinic, vaidya_user: User
) -> None:
    given = client.post(ADD_ROLE, role(vaidya_user, second))
    missing = client.post(ADD_ROLE, role(vaidya_user, second) | {"user": 987654})
    closing = [client.post(f"/desk/staff/{pk}/close/") for pk in (vaidya_user.pk, 987654)]

    assert [answer.status_code for answer in (given, missing, *closing)] == [403, 403, 404, 404]


def test_manager_sets_no_password_of_their_own_staff(client: Client, manager: User, vaidya_user: User) -> None:
    client.force_login(manager)

    answers = [
        client.get(page(vaidya_user, "password/")),
        client.post(page(vaidya_user, "password/"), {"password1": "x", "password2": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_manager_changes_a_name_but_no_number_and_no_address(client: Client, manager: User, front_desk: User) -> None:
    client.force_login(manager)
    number, email = front_desk.username, front_desk.email

    client.post(
        page(front_desk), {"username": "S9000", "name": "Asha", "email": "thief@example.org", "is_active": "on"}
    )

    front_desk.refresh_from_db()
    assert (front_desk.username, front_desk.name, front_desk.email) == (number, "Asha", email)


@pytest.mark.parametrize("tie", ["role", "patient"])
def test_account_with_a_life_elsewhere_is_to_look_at(
    client: Client, manager: User, front_desk: User, second: Clinic, tie: str
) -> None:
    if tie == "role":
        factories.make_member(second, "front_desk", user=front_desk)
    else:
        factories.make_access(front_desk, factories.make_patient("Uma"))
    client.force_login(manager)

    shown = client.get(page(front_desk))
    answer = client.post(page(front_desk), {"username": "S9000", "name": "Asha", "is_active": ""})

    front_desk.refresh_from_db()
    assert (shown.status_code, answer.status_code) == (200, 403)
    assert (front_desk.is_active, front_desk.username == "S9000") == (True, False)


def test_whose_role_ended_is_no_longer_ones_own(client: Client, manager: User, clinic: Clinic) -> None:
    gone = factories.make_member(clinic, "nurse", ends_on=factories.LONG_AGO)
    client.force_login(manager)

    assert gone not in client.get("/admin/people/user/").context["cl"].result_list
    assert client.post(ADD_ROLE, role(gone, clinic)).status_code == 403
    assert gone.memberships.count() == 1


def test_account_that_nobody_named_is_the_operators(client: Client, manager: User) -> None:
    unnamed, boss = factories.make_user("new@example.org"), factories.make_user("boss@example.org", is_superuser=True)
    made = factories.make_user("made@example.org", created_by=manager, joined_at=None)

    client.force_login(manager)
    seen = set(client.get("/admin/people/user/").context["cl"].result_list)
    client.force_login(boss)
    seen_by_boss = set(client.get("/admin/people/user/").context["cl"].result_list)

    assert seen == {manager, made}
    assert {unnamed, made, boss} <= seen_by_boss


def test_account_that_its_owner_came_in_with_is_no_longer_its_makers(client: Client, manager: User) -> None:
    """Somebody's own address, typed in by a manager before its owner ever came."""
    joined = factories.make_user("meera@example.org", created_by=manager)
    client.force_login(manager)

    assert client.get(page(joined)).status_code == 302


def test_account_of_an_invitation_is_its_makers_and_has_no_password(
    client: Client, manager: User, clinic: Clinic
) -> None:
    client.force_login(manager)
    on = clinic.today(timezone.now()).isoformat()

    refused = client.post("/admin/people/user/add/", {"username": "S4711", "name": "Devi", "email": ""})
    client.post("/desk/staff/invite/", {"number": "S4711", "name": "Devi", "roles": ["front_desk"], "starts_on": on})

    made = User.objects.get(username="S4711")
    assert refused.status_code == 403
    assert (made.created_by, made.has_usable_password(), made.memberships.count()) == (manager, False, 0)
