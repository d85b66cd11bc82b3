"""What every answer tells the browser, and that nothing private stays in a cache."""

import gzip
import re

import pytest
from django.conf import settings
from django.test import Client

from clinic.people.models import User
from clinic.premises.models import Clinic

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/", "/health/live", "/admin/", "/desk/"])
def test_content_security_policy_is_on_every_answer(client: Client, db: None, path: str) -> None:
    sent = client.get(path).headers["Content-Security-Policy"]

    assert {part.strip() for part in sent.split(";")} == POLICY


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/", "/health/live", "/admin/", "/desk/"])
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
    ],
)
def test_browser_is_told_to_keep_to_itself(client: Client, db: None, path: str, header: str, value: str) -> None:
    assert client.get(path).headers.get(header) == value


CLOSED = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/", "/health/live", "/admin/", "/desk/"])
def test_devices_of_the_visitor_are_closed(client: Client, db: None, path: str) -> None:
    assert client.get(path).headers["Permissions-Policy"] == CLOSED


def test_static_files_are_for_our_own_pages(client: Client, db: None) -> None:
    answer = client.get("/static/css/site.css")
    answer.close()  # a file, which nobody reads to its end

    assert answer.status_code == 200
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/static/css/site.css"])
def test_pages_and_files_are_compressed_and_of_no_telling_length(client: Client, db: None, path: str) -> None:
    """Against BREACH: the same page is never twice as long, for its header has bytes at random."""
    answers = [client.get(path, headers={"accept-encoding": "gzip"}) for _ in range(20)]
    bodies = [b"".join(answer) for answer in answers]

    assert {answer.headers["Content-Encoding"] for answer in answers} == {"gzip"}
    assert {"Accept-Encoding" in answer.headers["Vary"] for answer in answers} == {True}
    assert len(bodies[0]) < len(gzip.decompress(bodies[0])) / 2
    assert len({len(body) for body in bodies}) > 1


@pytest.mark.parametrize("path", ["/join/", "/admin/", "/nowhere/", "/accounts/login/"])
def test_pages_of_somebody_signed_in_stay_in_no_cache(client: Client, manager: User, path: str) -> None:
    client.force_login(manager)

    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_page_of_signing_out_stays_in_no_cache(client: Client, owner: User) -> None:
    client.force_login(owner)

    assert client.post("/accounts/logout/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/accounts/logout/", "/admin/logout/"])
def test_signing_out_empties_the_browsers_cache_and_storage(client: Client, manager: User, path: str) -> None:
    client.force_login(manager)

    before, answer = client.get("/admin/"), client.post(path)

    assert "Clear-Site-Data" not in before.headers
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_public_page_may_be_kept_until_a_visitor_begins(client: Client, clinic: Clinic) -> None:
    before = client.get("/book/").headers.get("Cache-Control", "")
    client.post("/accounts/code/", {"email": "meera@example.org"})
    during = client.get("/book/").headers.get("Cache-Control", "")

    assert (before, during) == ("", "no-store")


def test_words_about_a_patient_stand_in_no_cookie(client: Client, front_desk: User) -> None:
    client.force_login(front_desk)
    person = {"given_name": "Meera", "birth_date": "5.6.1980", "phone": "98470 00077", "channel": "call"}

    client.post("/desk/patients/new/", person | {"language": "en"})
    names = set(client.cookies)
    page = client.get("/desk/patients/")

    assert names == {"session"}
    assert [str(message) for message in page.context["messages"]] == ["Meera has been registered."]


def test_scripts_of_ours_keep_nothing_in_the_browser() -> None:
    keeping = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.")
    scripts = list((settings.BASE_DIR / "clinic" / "static" / "js").glob("*.js"))

    assert len(scripts) > 3
    assert [script.name for script in scripts if keeping.search(script.read_text())] == []


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client: Client, owner: User) -> None:
    client.force_login(owner)
    client.get("/join/")

    for name in ("session", "csrf"):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), name
