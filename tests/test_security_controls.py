"""Controls that belong to the whole site and to no room: forged requests, escaping, closed accounts, plain errors."""

from collections.abc import Iterable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, path, reverse
from django.views.decorators.csrf import csrf_exempt

from clinic.people.doors import public
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import making
from tests.signing_in import SignedInClient
from tests.walking import Place, places

SIGNED = {"letters:reports"}
"""Mail providers have no cookie: the signature of the report is the right to it."""


@public
def failing(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("canary-7b3f: SELECT password FROM people_user")


urlpatterns = [*get_resolver("clinic.urls").url_patterns, path("failing/", failing)]


def open_to_forged_requests(walked: Iterable[Place]) -> set[str]:
    """Views that take a POST without the token of a form, and are not opened by a token of their own."""
    return {place.key for place in walked if getattr(place.view, "csrf_exempt", False) and place.door != "token"}


def test_only_signed_reports_are_taken_without_the_token_of_a_form() -> None:
    assert open_to_forged_requests(places(get_resolver().url_patterns)) == SIGNED


def test_view_that_takes_forged_requests_is_found() -> None:
    careless = path("careless/", csrf_exempt(public(lambda _request: HttpResponse())), name="careless")

    assert open_to_forged_requests(places([careless])) == {"careless"}


def test_forged_request_is_refused_at_every_door(front_desk: User) -> None:
    client = SignedInClient(enforce_csrf_checks=True)
    client.force_login(front_desk)
    walked = [place for place in places(get_resolver().url_patterns) if not getattr(place.view, "csrf_exempt", False)]

    statuses = {place.key: client.post(place.path, {"yes": "1"}).status_code for place in walked}

    assert {key: status for key, status in statuses.items() if status != 403} == {}
    assert len(statuses) > 150


def test_request_of_another_origin_is_refused(front_desk: User) -> None:
    client = SignedInClient(enforce_csrf_checks=True, headers={"origin": "https://evil.example"})
    client.force_login(front_desk)
    page = client.get("/join/")

    answer = client.post("/join/", {"csrfmiddlewaretoken": page.context["csrf_token"]})

    assert answer.status_code == 403


def test_markup_in_a_name_is_shown_as_text(client: Client, clinic: Clinic) -> None:
    Clinic.objects.filter(pk=clinic.pk).update(name='<script>alert("1")</script>')
    making.make_consultation()

    page = client.get("/accounts/login/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in page


def test_error_tells_nothing_of_the_inside(db: None, settings: object) -> None:
    settings.ROOT_URLCONF = __name__  # type: ignore[attr-defined]

    answer = Client(raise_request_exception=False).get("/failing/")

    assert answer.status_code == 500
    assert not {word for word in ("canary", "SELECT", "Traceback", "RuntimeError") if word in answer.content.decode()}


def test_new_installation_has_no_account(db: None) -> None:
    assert User.objects.count() == 0


def test_closed_account_is_signed_out_at_the_next_click(front_desk: User) -> None:
    client = SignedInClient()
    client.force_login(front_desk)
    before = client.get("/desk/").status_code

    User.objects.filter(pk=front_desk.pk).update(is_active=False)

    assert (before, client.get("/desk/").status_code) == (200, 302)


@pytest.mark.parametrize("page", ["/visits/", "/desk/", "/admin/"])
def test_signed_in_pages_lead_to_the_sign_out(client: Client, manager: User, page: str) -> None:
    client.force_login(manager)
    shown = client.get(page).content.decode()

    assert any(address in shown for address in (reverse("account_logout"), reverse("admin:logout")))


def test_password_is_taken_exactly_as_it_was_typed(front_desk: User) -> None:
    front_desk.set_password(" Brass lamp at dusk ")
    front_desk.save()
    typed = ["Brass lamp at dusk", " brass lamp at dusk ", " Brass lamp at dus", " Brass lamp at dusk "]

    leads = [
        Client().post(reverse("account_login"), {"login": front_desk.username, "password": words}).status_code
        for words in typed
    ]

    assert leads == [200, 200, 200, 302]


def test_password_is_changed_only_by_whoever_knows_the_present_one(client: Client, front_desk: User) -> None:
    client.force_login(front_desk)
    new = "brass-lamp-at-dusk-4"

    client.post(
        reverse("account_change_password"), {"oldpassword": "another-one-7", "password1": new, "password2": new}
    )

    front_desk.refresh_from_db()
    assert front_desk.check_password(making.PASSWORD)


def test_password_field_hides_its_letters_and_lets_password_managers_help(client: Client, db: None) -> None:
    page = client.get(reverse("account_login")).content.decode()

    field = next(part for part in page.split("<input")[1:] if 'name="password"' in part.split(">")[0]).split(">")[0]
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field


@pytest.mark.parametrize("page", ["/", "/accounts/login/", "/nowhere/", "/health/live"])
def test_answers_name_what_they_are(client: Client, db: None, page: str) -> None:
    kind = "application/json" if page.startswith("/health") else "text/html; charset=utf-8"

    assert client.get(page).headers["Content-Type"] == kind
