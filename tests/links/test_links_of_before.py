"""Links in mails of before the rooms moved open the same pages: addresses, salts and what is signed stay."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.models import Visit
from clinic.people.models import Patient

# Made by the program of before, with this key and these ids; dated ahead, so that the 400 days of a link never end.
KEY = "the-key-of-a-clinic-that-mailed-links-before-the-rooms-moved-0123456789"
VISIT, PATIENT = uuid.UUID("11111111-1111-4111-8111-111111111111"), uuid.UUID("22222222-2222-4222-8222-222222222222")
OF_VISIT = "IjExMTExMTExMTExMTQxMTE4MTExMTExMTExMTExMTExIg:5OxjNn:INjiX_H8L6pUTyFiGV55jjpp-Cc3Z05DQS_Bp4Vmf0Q"
TO_AN_ADDRESS = (
    "IjExMTExMTExMTExMTQxMTE4MTExMTExMTExMTExMTExOjBiZDNmODhhNzUwMTMzMzQyZjgwIg:5OxjNn:"
    "m3ctyZzelqPGTFaueFc4R6XlS4DBP9kcRxVYu8zcn4o"
)
OF_CONTACT = (
    "IjIyMjIyMjIyMjIyMjQyMjI4MjIyMjIyMjIyMjIyMjIyOjBiZDNmODhhNzUwMTMzMzQyZjgwIg:5OxjNn:"
    "8Fa9KafxcJtEk_wenRUgb7IE0XkDgCOAFWIJ0OjgLcw"
)
OF_QUESTIONS = "IjExMTExMTExMTExMTQxMTE4MTExMTExMTExMTExMTExIg:5OxjNn:YKHnQTefKXqxEAg_q8bG0ujbhqSVXdDckyWaFt3jiHk"
OF_PATIENT = "IjIyMjIyMjIyMjIyMjQyMjI4MjIyMjIyMjIyMjIyMjIyIg:5OxjNg:TduYgxrQ8L3T28H20BeoUd9LHUCeOtuk4Ed8LHQcvXE"
LINKS = [
    f"/letters/stop/{OF_PATIENT}/",
    f"/letters/contact/{OF_CONTACT}/",
    f"/letters/visit/{OF_VISIT}/",
    f"/letters/visit/{TO_AN_ADDRESS}/",
    f"/letters/prepare/{OF_VISIT}/",
    f"/letters/aftercare/{OF_VISIT}/",
    f"/letters/questions/{OF_QUESTIONS}/",
]


@pytest.fixture(autouse=True)
def _clock(now: dt.datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def mailed(visit: Visit, settings: Any) -> Visit:
    settings.SECRET_KEY = KEY
    Patient.objects.filter(pk=visit.patient_id).update(public_id=PATIENT, email="meera@example.org")
    Visit.objects.filter(pk=visit.pk).update(public_id=VISIT)
    return visit


@pytest.mark.parametrize("link", LINKS, ids=[link.split("/")[2] for link in LINKS])
def test_link_of_before_opens_its_page(mailed: Visit, client: Client, link: str) -> None:
    assert client.get(link).status_code == 200


def test_link_of_before_with_another_letter_does_not_open(mailed: Visit, client: Client) -> None:
    assert client.get(LINKS[2].replace("INjiX", "INjiY")).status_code == 404


def test_one_click_of_a_mail_of_before_stops_optional_messages(mailed: Visit, client: Client) -> None:
    """A mail program posts to the address itself and follows no redirect."""
    answer = client.post(LINKS[0], {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
