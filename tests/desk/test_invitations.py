"""A role reaches the person that the manager means: the typed name is compared, and a manager's role is confirmed."""

import pytest
from django.test import Client

from bookings.models import Message
from clinic.people.models import Membership, RoleOffer, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter

INVITE = "/desk/staff/invite/"


@pytest.fixture
def priya(clinic: Clinic) -> User:
    user = factories.make_member(clinic, "front_desk")
    User.objects.filter(pk=user.pk).update(name="Priya Mathur", username="F1001", email="")
    user.refresh_from_db()
    return user


def asked(**fields: object) -> dict[str, object]:
    return {"name": "Priya Mathur", "number": "F1001", "email": "", "starts_on": "2026-03-02"} | fields


def roles_of(user: User) -> list[str]:
    return sorted(user.memberships.values_list("role", flat=True))


def words(client: Client, data: dict[str, object]) -> str:
    return " ".join(client.post(INVITE, data).content.decode().split())


def test_number_of_priya_with_the_name_completely_different_stops_and_gives_nothing(
    enter: Enter, manager: User, priya: User
) -> None:
    client, data = enter(manager), asked(name="Completely Different", roles=["manager"])

    shown = words(client, data)

    assert "F1001 is Priya Mathur, not Completely Different." in shown
    assert "Give Priya Mathur the role Manager?" in shown
    assert ["Yes, give the role" in shown, "No, correct the number" in shown] == [True, True]
    assert (roles_of(priya), RoleOffer.objects.count()) == (["front_desk"], 0)

    back = client.post(INVITE, data | {"confirmed": str(priya.pk), "correct": "1"})
    assert (back.status_code, back.context["form"]["name"].value()) == (200, "Completely Different")
    assert roles_of(priya) == ["front_desk"]

    client.post(INVITE, data | {"confirmed": str(priya.pk)})
    assert roles_of(priya) == ["front_desk", "manager"]


def test_confirmation_of_one_account_is_none_of_another(enter: Enter, manager: User, priya: User) -> None:
    data = asked(name="Gopal Therapist", roles=["nurse"], confirmed="new")

    assert "F1001 is Priya Mathur, not Gopal Therapist." in words(enter(manager), data)
    assert RoleOffer.objects.count() == 0


def test_role_of_a_manager_is_always_confirmed_first(enter: Enter, manager: User, priya: User) -> None:
    client = enter(manager)
    new = asked(name="Devi", number="S4711", roles=["manager", "front_desk"])

    shown = [words(client, asked(roles=["manager"])), words(client, new)]

    assert "Give Priya Mathur the role Manager?" in shown[0]
    assert "Give Devi the role Manager, Front desk?" in shown[1]
    assert Membership.objects.filter(role="manager").exclude(user=manager).count() == 0
    assert "No, correct the number" not in shown[1]

    client.post(INVITE, new | {"confirmed": "new"})
    assert User.objects.get(username="S4711").role_offers.count() == 2


@pytest.mark.parametrize("name", ["priya mathur", "Dr. Priya Mathur", "Mathur Priya", "P. Mathur", "Príya"])
def test_colleague_whose_name_is_typed_in_another_way_gets_the_role_at_once(
    enter: Enter, manager: User, clinic: Clinic, priya: User, name: str
) -> None:
    priya.memberships.update(role="nurse")

    answer = enter(manager).post(INVITE, asked(name=name, roles=["front_desk"]))

    assert (answer.status_code, roles_of(priya)) == (302, ["front_desk", "nurse"])


def test_account_from_elsewhere_is_asked_and_its_name_is_told_to_nobody(
    enter: Enter, manager: User, other_front_desk: User
) -> None:
    User.objects.filter(pk=other_front_desk.pk).update(name="Somebody Elsewhere")
    data = asked(name="Completely Different", number="", email=other_front_desk.email, roles=["manager"])

    shown = words(enter(manager), data)
    enter(manager).post(INVITE, data | {"confirmed": "new"})

    assert ["Somebody Elsewhere" in shown, "Give Completely Different the role Manager?" in shown] == [False, True]
    assert roles_of(other_front_desk) == ["front_desk"]
    assert Message.objects.get(recipient=other_front_desk.email).secret["template"] == "role_offered"
