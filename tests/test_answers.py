"""What every answer of every route tells the browser: one walk over the URLconf, whoever asks."""

import datetime as dt
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import get_resolver

from bookings.messages.content.links import address_link, questions_link, stop_link, visit_link
from bookings.models import Visit
from clinic.people.models import Role, User
from clinic.people.third_party_views import THIRD_PARTY_VIEWS
from clinic.premises.models import Clinic
from tests import factories
from tests.all_views import Place, places
from tests.signing_in import SignedInClient, give_factor
from tests.test_matrix import ROW_OF, make_call, record_of, share

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ELSEWHERE = "https://evil.example/"
METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND")
"""What no page of ours is for."""
FILE_NAME = re.compile(r'(?:attachment|inline)(?:; filename="[a-z0-9-]+\.[a-z]{3,4}")?')

OF_THE_ADMIN = ("admin:people_patient_", "admin:people_user_", "admin:bookings_message_", "admin:premises_clinic_")
FRAMED = {"desk:mail_html", "desk:letter_sample_html"}
"""A mail as its reader sees it, in a frame of a page of ours."""
OPEN = {"letters:metrics", "letters:reports"}
"""Asked by programs, which bring a token or a signature in a header."""

Answers = dict[str, HttpResponseBase]


@pytest.fixture(autouse=True)
def _stage(now: dt.datetime) -> Iterator[None]:
    """The clock stands, and the log of refusals is silent."""
    logging.disable(logging.CRITICAL)
    with time_machine.travel(now, tick=False):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def everybody(clinic: Clinic, owner: User) -> User:
    """One account for which all doors open: every role, the operator's rights, and a patient of its own."""
    for role in Role:
        factories.make_member(clinic, role, user=owner)
    User.objects.filter(pk=owner.pk).update(is_superuser=True, is_staff=True, registration_number="KL-1")
    owner.refresh_from_db()
    give_factor(owner)
    return owner


@pytest.fixture
def addresses(everybody: User, clinic: Clinic, now: dt.datetime) -> dict[Place, str]:
    """Each place, with the address of a row that is there."""
    patient = everybody.accesses.get().patient
    start = now + dt.timedelta(hours=1)
    visit = factories.make_visit(clinic=clinic, variant=factories.make_consultation(), start=start, patient=patient)
    absence = factories.make_absence(factories.make_room(clinic), now, now + dt.timedelta(hours=2), by=everybody)
    rows: dict[str, dict[str, Any]] = {
        "visit": {"public_id": visit.public_id, "position": 0},
        "patient": {"public_id": patient.public_id},
        "absence": {"pk": absence.pk},
        "call": {"pk": make_call(visit, now).pk},
        "record": record_of(visit, everybody),
        "sharing": {"public_id": patient.public_id, "pk": share(visit, everybody, now).pk},
        "access": {"public_id": patient.public_id, "pk": everybody.accesses.get().pk},
    }
    return {place: place.of(**values(place, rows, visit)) for place in all_places() if not is_like_others(place)}


def is_like_others(place: Place) -> bool:
    """Each of the two dozen models of the admin has the same five pages; those of a few stand for all."""
    return place.key.startswith("admin") and place.route.count("/") > 2 and not place.key.startswith(OF_THE_ADMIN)


def values(place: Place, rows: dict[str, dict[str, Any]], visit: Visit) -> dict[str, Any]:
    """What the placeholders of this place say."""
    if place.key.startswith("admin"):
        models = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in admin.site._registry}
        model = models.get(place.key.removeprefix("admin:").rpartition("_")[0])
        row = model._default_manager.first() if model else None
        return {"object_id": row.pk if row else 1, "app_label": "premises"}
    if place.key.startswith("letters:"):
        return {"token": token_for(place, visit)}
    return rows.get(ROW_OF.get(place.key, ""), {})


def token_for(place: Place, visit: Visit) -> str:
    assert visit.patient is not None
    contact = address_link(visit.patient, visit.patient.email)
    links = {"contact": contact, "stop": stop_link(visit.patient), "questions": questions_link(visit)}
    return links.get(place.key.removeprefix("letters:").partition("_")[0], visit_link(visit)).rstrip("/").split("/")[-1]


def all_places() -> list[Place]:
    return list(places(get_resolver().url_patterns))


def access_rule_of(place: Place) -> str:
    return place.access or THIRD_PARTY_VIEWS[place.key]


def answers(client: Client, addresses: dict[Place, str], method: str = "get", **sent: Any) -> Answers:
    ask = getattr(client, method)
    return {place.key: ask(address, **sent) for place, address in addresses.items()}


def unlike(found: Answers, is_right: Callable[[HttpResponseBase], bool]) -> dict[str, str]:
    """The answers that are not right, with what they told."""
    return {key: f"{answer.status_code} {answer.headers}" for key, answer in found.items() if not is_right(answer)}


def has_headers(answer: HttpResponseBase) -> bool:
    shared = {name for name in answer.headers if name.lower().startswith("access-control-")}
    policy = answer.headers.get("Content-Security-Policy", "")
    return HEADERS.items() <= dict(answer.headers).items() and "frame-ancestors 'none'" in policy and not shared


def is_private(answer: HttpResponseBase) -> bool:
    return answer.headers.get("Cache-Control") == "no-store"


def names_its_kind(answer: HttpResponseBase) -> bool:
    kind = answer.headers.get("Content-Type", "")
    return "charset=utf-8" in kind.replace('"', "") or not kind.startswith(("text/", "application/xhtml"))


def names_a_file_of_ours(answer: HttpResponseBase) -> bool:
    return FILE_NAME.fullmatch(answer.headers.get("Content-Disposition", "inline")) is not None


def keeps_its_cookies(answer: HttpResponseBase) -> bool:
    """From scripts and other sites, on the whole site and no other name: all that `__Host-` asks but https.

    One that is taken away has no value to keep.
    """
    return all(
        (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
        for cookie in answer.cookies.values()
        if cookie.value
    )


def stays_here(answer: HttpResponseBase) -> bool:
    leads = answer.headers.get("Location") or answer.headers.get("HX-Redirect") or "/"
    return leads.startswith(("/", "?", ".")) and not leads.startswith("//") and "evil" not in leads.partition("?")[0]


@pytest.mark.parametrize("who", ["everybody", "visitor"])
def test_answer_is_for_whoever_asked_and_leads_to_no_other_site(
    everybody: User, addresses: dict[Place, str], who: str
) -> None:
    client = SignedInClient(headers={"referer": ELSEWHERE})
    if who == "everybody":
        client.force_login(everybody)
    asked = {place: f"{address}?next={ELSEWHERE}" for place, address in addresses.items()}

    found = answers(client, {place: address for place, address in asked.items() if "logout" not in place.key})

    private = {key for key in found if who == "everybody" or key.startswith("letters:")} - OPEN
    assert len([answer for answer in found.values() if answer.status_code == 200]) > (80 if who == "everybody" else 15)
    assert unlike(found, has_headers) == {}
    assert unlike({key: found[key] for key in private}, is_private) == {}
    assert unlike(found, names_its_kind) == {}
    assert unlike(found, names_a_file_of_ours) == {}
    assert unlike(found, keeps_its_cookies) == {}
    assert unlike(found, stays_here) == {}


def test_careless_answer_is_found() -> None:
    sent = {"Location": ELSEWHERE, "Content-Disposition": 'attachment; filename="../x.sh"', "Cache-Control": "private"}
    careless = HttpResponse("x", headers=sent, content_type="text/html")
    careless.set_cookie("theirs", "x")
    checks = [has_headers, is_private, names_its_kind, names_a_file_of_ours, keeps_its_cookies, stays_here]

    assert [check.__name__ for check in checks if check(careless)] == []


def test_no_form_leads_to_another_site(everybody: User, addresses: dict[Place, str]) -> None:
    client = SignedInClient(headers={"referer": ELSEWHERE})
    client.force_login(everybody)
    ours = {place: address for place, address in addresses.items() if not place.key.startswith("admin")}

    found = answers(client, ours, "post", data={"next": ELSEWHERE})

    assert len([answer for answer in found.values() if answer.status_code == 302]) > 40
    assert unlike(found, stays_here) == {}


def test_no_page_answers_a_method_of_its_own(everybody: User, addresses: dict[Place, str]) -> None:
    client = SignedInClient()
    client.force_login(everybody)

    statuses = {
        (place.key, method): client.generic(method, address).status_code
        for place, address in addresses.items()
        for method in METHODS
    }

    assert {asked: status for asked, status in statuses.items() if status != 405} == {}
