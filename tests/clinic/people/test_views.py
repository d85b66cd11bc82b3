"""Where people land after signing in."""

import pytest
from django.test import Client
from django.urls import reverse

from clinic.people.models import User


def landing(client: Client, user: User, wanted: str = "") -> str:
    client.force_login(user)
    return client.get(reverse("signed_in"), {"next": wanted} if wanted else {}).headers["Location"]


def test_patients_land_at_their_visits(client: Client, owner: User) -> None:
    assert landing(client, owner) == reverse("portal:visits")


@pytest.mark.parametrize("who", ["front_desk", "therapist_user", "manager"])
def test_staff_land_at_todays_board(client: Client, request: pytest.FixtureRequest, who: str) -> None:
    assert landing(client, request.getfixturevalue(who)) == reverse("desk:day")


def test_people_land_where_they_wanted_to_go(client: Client, owner: User) -> None:
    assert landing(client, owner, "/book/?therapy=a") == "/book/?therapy=a"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "http:///evil.example", "/\\evil.example"],
)
def test_nobody_lands_at_another_site(client: Client, owner: User, wanted: str) -> None:
    assert landing(client, owner, wanted) == reverse("portal:visits")


def test_giving_up_on_a_code_keeps_what_the_browser_holds(client: Client, db: None) -> None:
    session = client.session
    session["holder"] = "a-token"
    session.save()
    client.post(reverse("account_request_login_code"), {"email": "new@example.org"})

    client.post(reverse("account_logout"))

    assert client.session["holder"] == "a-token"
    assert "account_login" not in client.session


def test_signing_out_is_asked_first(client: Client, owner: User) -> None:
    client.force_login(owner)

    page = client.get(reverse("account_logout"))

    assert page.status_code == 200
    assert client.session["_auth_user_id"] == str(owner.pk)
