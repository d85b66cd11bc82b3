"""JSON from outside: what Python, the database or a library cannot hold is refused, wherever it is read."""

import base64
import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from clinic.json_input import read_json
from clinic.people.models import User
from tests.admin_forms import form_of
from tests.signing_in import give_factor
from therapies.models import Question, Rule

HOSTILE = {
    "digits": "9" * 5000,
    "brackets": "[" * 3000,
    "nested": "[" * 500 + "]" * 500,
    "deep": '{"a":' * 21 + "1" + "}" * 21,
    "half a letter": '{"en": "\\ud800"}',
    "half a letter in a list": '["\\ud800"]',
    "half a letter as a key": '{"\\udfff": 1}',
    "zero byte": '{"en": "\\u0000"}',
    "infinite": "1e999",
    "minus infinite": "-Infinity",
    "no number": "[NaN]",
    "long number": "[" + "1" * 41 + "]",
}
each_hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


@each_hostile
def test_reader_refuses_what_breaks_something_later(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - as of any text that is no JSON
        read_json(text)


@pytest.mark.parametrize("value", [None, True, -12, 2.5, "क", "😀", {"a": [1, {"b": []}]}, "a" * 5000])
def test_reader_takes_all_other_json(value: object) -> None:
    assert read_json(json.dumps(value)) == value


@each_hostile
def test_passkey_of_a_stranger_is_refused_whatever_it_is(client: Client, db: None, text: str) -> None:
    answer = client.post("/staff/passkey/", {"passwordless": "on", "credential": text})

    assert answer.status_code < 500


@pytest.mark.parametrize("text", [HOSTILE["digits"], HOSTILE["brackets"], HOSTILE["half a letter"]])
def test_new_passkey_is_refused_whatever_it_is(client: Client, manager: User, text: str) -> None:
    give_factor(manager)
    client.force_login(manager)

    answer = client.post("/accounts/security/passkey/", {"name": "k", "credential": text})

    assert answer.status_code == 422


def test_passkey_that_nests_its_own_format_without_end_is_refused(client: Client, db: None) -> None:
    """Extensions of an answer are CBOR, which a library reads by calling itself."""
    head = bytes(32) + bytes([0x80]) + bytes(4)
    nested = base64.urlsafe_b64encode(head + b"\x81" * 20_000).decode().rstrip("=")
    answer = {"clientDataJSON": "e30", "authenticatorData": nested, "signature": "AA", "userHandle": "AA"}
    credential = {"id": "AA", "rawId": "AA", "type": "public-key", "response": answer}

    page = client.post("/staff/passkey/", {"passwordless": "on", "credential": json.dumps(credential)})

    assert page.status_code < 500


@pytest.mark.parametrize("text", ['{"en": "\\ud800"}', '["\\ud800"]', '{"en": "\\u0000"}'])
def test_admin_refuses_texts_that_no_database_keeps(client: Client, manager: User, text: str) -> None:
    rows: list[tuple[Any, tuple[str, ...]]] = [
        (Question.objects.create(code="gh_sample", texts={"en": "Well?"}, position=10), ("data",)),
        (Rule.objects.create(code="sample", kind="frequency", data={}), ("data",)),
    ]
    client.force_login(manager)
    shown = {}
    for row, names in rows:
        page = f"/admin/therapies/{row._meta.model_name}/{row.pk}/change/"
        form = form_of(client, page)
        for name in names:
            answer = client.post(page, form | {name: text})
            shown[(page, name)] = (answer.status_code, name in answer.context["adminform"].form.errors)

    assert set(shown.values()) == {(200, True)}


@pytest.mark.parametrize("text", [HOSTILE["brackets"], "[]", "1", '{"signature": []}'])
def test_report_that_is_no_report_is_refused_before_it_is_known_who_sent_it(
    client: Client, db: None, settings: Settings, text: str
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "provider:secret", "MAILGUN_WEBHOOK_SIGNING_KEY": "key"}
    signed = base64.b64encode(b"provider:secret").decode()

    answer = client.post(
        "/letters/reports/mailgun/",
        text,
        content_type="application/json",
        headers={"Authorization": f"Basic {signed}"},
    )

    assert 400 <= answer.status_code < 500
