"""The URL walk: every view has a door, and every door is shut to those it is not for (I11, I12)."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, include, path

from clinic.people.models import User
from clinic.people.permissions import public
from clinic.people.third_party_views import THIRD_PARTY_VIEWS
from clinic.premises.models import Clinic
from tests import factories
from tests.all_views import Place, places

SHUT_TO = {
    "public": [],
    "token": [],
    "patient": ["anonymous"],
    "staff": ["anonymous", "stranger"],
    "manager": ["anonymous", "stranger", "front_desk"],
}
"""Who may not pass each door; what the others find behind it, the rooms' own tests say."""


SET_UP = {"set_up_app", "add_passkey"}
"""Pages of staff that open with the password alone, while there is no second factor."""
SIGN_IN_OF_THE_ADMIN = "/admin/login/"
"""Where the pages of the admin send whom they are not for; asked once instead of after each of them."""
FIRST_FACTOR = "/accounts/security/app/"
"""Where a factor is set up."""

only_statuses = pytest.mark.urls("tests.plain_urls")


def all_places() -> list[Place]:
    return list(places(get_resolver().url_patterns))


def without_access_rule(patterns: list[URLPattern | URLResolver]) -> list[str]:
    return [place.key for place in places(patterns) if place.access is None and place.key not in THIRD_PARTY_VIEWS]


def access_rule_of(place: Place) -> str:
    return place.access or THIRD_PARTY_VIEWS[place.key]


def a_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nobody marked me")


def test_every_view_has_a_door() -> None:
    assert without_access_rule(get_resolver().url_patterns) == []


def test_view_without_a_door_is_found() -> None:
    opened = path("open/", public(lambda _request: HttpResponse()), name="open")

    assert without_access_rule([opened, path("new/", a_view, name="new")]) == ["new"]


def test_view_without_a_name_is_found_by_its_route() -> None:
    assert without_access_rule([path("deep/", include([path("<int:pk>/", a_view)]))]) == ["deep/<int:pk>/"]


def test_prefix_of_a_listed_library_opens_nothing() -> None:
    admin = ([path("extra/", a_view, name="extra")], "admin")

    assert without_access_rule([path("admin/", include(admin))]) == ["admin:extra"]


def test_no_library_door_is_listed_that_leads_nowhere() -> None:
    assert set(THIRD_PARTY_VIEWS) - {place.key for place in all_places()} == set()


def test_no_view_has_both_a_mark_and_a_listing() -> None:
    assert [place.key for place in all_places() if place.access and place.key in THIRD_PARTY_VIEWS] == []


def test_every_door_is_known() -> None:
    assert {access_rule_of(place) for place in all_places()} <= set(SHUT_TO)


@only_statuses
@pytest.mark.parametrize("who", ["anonymous", "stranger", "front_desk"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_doors_are_shut_to_those_they_are_not_for(
    client: Client, clinic: Clinic, method: str, who: str, request: pytest.FixtureRequest
) -> None:
    if who != "anonymous":
        client.force_login(request.getfixturevalue(who))
    shut = [place for place in all_places() if who in SHUT_TO[access_rule_of(place)]]

    assert is_refusal(client.get(SIGN_IN_OF_THE_ADMIN))
    assert [place.key for place in shut if not is_refused(client, getattr(client, method)(place.path))] == []


@only_statuses
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_of_staff_opens_before_the_second_factor(
    client: Client, clinic: Clinic, method: str, manager: User
) -> None:
    factories.make_member(clinic, "vaidya", user=manager)
    client.post("/staff/", {"login": manager.username, "password": factories.PASSWORD})
    behind = [
        place for place in all_places() if access_rule_of(place) in ("staff", "manager") and place.key not in SET_UP
    ]

    opened = [place.key for place in behind if not leads_to_a_factor(client, getattr(client, method)(place.path))]

    assert client.get(SIGN_IN_OF_THE_ADMIN).headers["Location"].startswith(FIRST_FACTOR)
    assert opened == []
    assert client.get(FIRST_FACTOR).status_code == 200


def leads_to_a_factor(client: Client, answer: HttpResponse) -> bool:
    """To setting one up, at once or by way of the admin's own sign-in."""
    leads = answer.headers.get("Location", "")
    while leads.startswith("/admin/"):
        if leads.startswith(SIGN_IN_OF_THE_ADMIN):
            return True
        leads = client.get(leads).headers.get("Location", "")
    return leads.startswith(FIRST_FACTOR) or answer.status_code in (403, 405)


def test_shut_doors_are_many_enough_to_mean_something() -> None:
    doors = [access_rule_of(place) for place in all_places()]

    assert doors.count("manager") > 20
    assert doors.count("patient") > 3


def is_refused(client: Client, response: HttpResponse) -> bool:
    """Pages of the admin lead to its own sign-in first."""
    while (leads := response.headers.get("Location", "")).startswith("/admin/"):
        if leads.startswith(SIGN_IN_OF_THE_ADMIN):
            return True
        response = client.get(leads)
    return is_refusal(response)


def is_refusal(response: HttpResponse) -> bool:
    """A visitor is sent to sign in; somebody signed in gets 403."""
    return response.headers.get("Location", "").startswith(("/accounts/login/", "/staff/")) or response.status_code in (
        403,
        405,
    )
