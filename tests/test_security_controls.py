"""Controls that belong to the whole site and to no room: forged requests, escaping, closed accounts, plain errors."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, path, reverse
from django.views.decorators.csrf import csrf_exempt

from clinic.people.models import User
from clinic.people.permissions import public
from clinic.premises.models import Clinic
from clinic.request_ids import id_of
from tests import factories
from tests.all_views import Place, places
from tests.signing_in import SignedInClient

BASE = Path(django_settings.BASE_DIR)
SIGNED = {"letters:reports"}
"""Mail providers have no cookie: the signature of the report is the right to it."""


@public
def failing(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("canary-7b3f: SELECT password FROM people_user")


urlpatterns = [*get_resolver("clinic.urls").url_patterns, path("failing/", failing)]


def open_to_forged_requests(walked: Iterable[Place]) -> set[str]:
    """Views that take a POST without the token of a form, and are not opened by a token of their own."""
    return {place.key for place in walked if getattr(place.view, "csrf_exempt", False) and place.access != "token"}


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
    Clinic.objects.filter(pk=clinic.pk).update(name="Neem & Tulsi")  # the database takes no other sign of markup
    factories.make_consultation()

    page = client.get("/accounts/login/").content.decode()

    assert "Neem & Tulsi" not in page
    assert "Neem &amp; Tulsi" in page


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
    assert front_desk.check_password(factories.PASSWORD)


@pytest.mark.parametrize(("who", "proved"), [("owner", True), ("front_desk", False)])
def test_open_session_alone_sets_no_password(request: pytest.FixtureRequest, who: str, *, proved: bool) -> None:
    """Whoever has none signs in by mailed code; a password would be a second way in, for whoever finds the browser."""
    user: User = request.getfixturevalue(who)
    user.set_unusable_password()
    user.save()
    client = SignedInClient()
    client.force_login(user, proved=proved)

    client.post(
        reverse("account_set_password"), {"password1": "brass-lamp-at-dusk-4", "password2": "brass-lamp-at-dusk-4"}
    )

    user.refresh_from_db()
    assert not user.has_usable_password()


def test_error_is_logged_with_the_request(db: None, settings: object, caplog: pytest.LogCaptureFixture) -> None:
    settings.ROOT_URLCONF = __name__  # type: ignore[attr-defined]

    answer = Client(raise_request_exception=False).get("/failing/")

    logged = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [id_of(record.request) for record in logged] == [answer.headers["X-Request-ID"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path", ["/.git/config", "/.env", "/manage.py", "/static/", "/static/css/", "/static/../manage.py"]
)
def test_neither_sources_nor_listings_are_served(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 404


def test_proxy_speaks_no_old_tls() -> None:
    configuration = (BASE / "docs" / "nginx.conf").read_text()

    assert re.findall(r"ssl_protocols ([^;]+);", configuration) == ["TLSv1.2 TLSv1.3"]


DANGEROUS = {
    "subprocess",
    "pickle",
    "marshal",
    "shelve",
    "random",
    "ctypes",
    "xml",
    "lxml",
    "ldap",
    "ldap3",
    "jinja2",
    "mako",
    "graphene",
    "channels",
    "websockets",
    "telnetlib",
    "ftplib",
    "oauthlib",
    "jwt",
}
OF_A_DEVELOPER = ("clinic/local/", "clinic/vendor.py")
"""What `make run` and the makers of the program need; no request reaches it."""


def dangers(source: str) -> set[str]:
    """What runs commands, code or patterns that somebody could have typed, and what guesses could follow."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            found |= {name.partition(".")[0] for name in names} & DANGEROUS
        elif isinstance(node, ast.Call):
            found |= {ast.unparse(node.func)} & {"eval", "exec", "compile", "os.system", "os.popen", "hashlib.md5"}
            of_patterns = ast.unparse(node.func) in {f"re.{name}" for name in PATTERNS}
            if of_patterns and "request" in ast.unparse(node.args[0]):
                found.add("pattern of a request")
    return found


PATTERNS = ("compile", "search", "match", "fullmatch", "sub", "findall", "finditer", "split")


def test_nothing_typed_can_become_a_command_code_or_a_guess() -> None:
    files = [file for room in ("clinic", "therapies", "bookings") for file in (BASE / room).rglob("*.py")]
    served = [file for file in files if not str(file.relative_to(BASE)).startswith(OF_A_DEVELOPER)]

    assert len(served) > 300
    assert {str(file.relative_to(BASE)): found for file in served if (found := dangers(file.read_text()))} == {}


def test_dangerous_source_is_found() -> None:
    assert dangers("import subprocess, random\nfrom xml.etree import x\neval(y)") == {
        "subprocess",
        "random",
        "xml",
        "eval",
    }
    assert dangers("re.search(request.GET['q'], text)") == {"pattern of a request"}


def test_password_field_hides_its_letters_and_lets_password_managers_help(client: Client, db: None) -> None:
    page = client.get(reverse("account_login")).content.decode()

    field = next(part for part in page.split("<input")[1:] if 'name="password"' in part.split(">")[0]).split(">")[0]
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field


@pytest.mark.parametrize("page", ["/", "/accounts/login/", "/nowhere/", "/health/live"])
def test_answers_name_what_they_are(client: Client, db: None, page: str) -> None:
    kind = "application/json" if page.startswith("/health") else "text/html; charset=utf-8"

    assert client.get(page).headers["Content-Type"] == kind
