"""Choosing another language: on every page, also on pages with a token in the address and on pages of errors."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from clinic.people.models import User
from clinic.people.password_links import password_link
from tests import factories

pytestmark = pytest.mark.django_db


def switch_on(client: Client, page: str) -> dict[str, str]:
    """What the switch of languages on this page sends."""
    context = client.get(page).context
    return {"next": str(context["page_to_return"]), "language": "hi", "csrfmiddlewaretoken": str(context["csrf_token"])}


def test_language_is_chosen_on_the_page_of_a_new_password_and_on_its_page_of_a_dead_link() -> None:
    client = Client(enforce_csrf_checks=True)
    live = urlsplit(password_link(factories.make_user())).path

    for page, status in ((live, 200), (reverse("choose_password", args=["dead"]), 410)):
        shown = client.get(page)
        sent = switch_on(client, page)
        answer = client.post("/i18n/setlang/", sent, headers={"Origin": "http://testserver"})

        assert (shown.status_code, shown.headers["Referrer-Policy"]) == (status, "same-origin")
        assert (answer.status_code, answer.headers["Location"]) == (302, page)


def test_pressing_a_language_on_the_page_of_an_error_leads_to_a_page_and_not_in_a_circle() -> None:
    client = Client(enforce_csrf_checks=True)
    refused = client.post("/i18n/setlang/", {"language": "hi"}, headers={"Origin": "null"})
    first = {"next": str(refused.context["page_to_return"]), "language": "hi"}

    for sent in (first, {"next": "/i18n/setlang/", "language": "hi"}, {"language": "hi"}):
        answer = Client().post("/i18n/setlang/", sent, headers={"Referer": "http://testserver/i18n/setlang/"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/"), sent
        assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "hi"


def test_language_chosen_after_a_form_was_refused_leads_to_the_page_with_the_form(front_desk: User) -> None:
    client = Client()
    client.force_login(front_desk)

    for before, leads in (
        ("http://testserver/desk/?on=2026-03-02", "/desk/?on=2026-03-02"),
        ("https://elsewhere.example/desk/", "/"),
        ("", "/"),
    ):
        only_forms = client.post(reverse("end_session", args=[0]) + "nowhere/", headers={"Referer": before})
        assert (only_forms.status_code, str(only_forms.context["page_to_return"])) == (404, leads)


def test_language_chosen_keeps_what_stands_in_the_address() -> None:
    assert switch_on(Client(), "/accounts/code/?next=/visits/")["next"] == "/accounts/code/?next=/visits/"
