"""The key is changed, and the links of letters sent before still open."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from bookings.messages.content.links import LinkLapsed, patient_behind, stop_link
from clinic.people.models import Patient

OLD, NEW = "old-" + "k" * 60, "new-" + "k" * 60


def token_of(patient: Patient) -> str:
    return stop_link(patient).rstrip("/").rsplit("/", 1)[1]


def test_link_signed_by_an_older_key_opens_while_that_key_is_named(patient: Patient, settings: Settings) -> None:
    settings.SECRET_KEY = OLD
    token = token_of(patient)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert patient_behind(token) == (patient, False)

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(LinkLapsed):
        patient_behind(token)


def test_session_of_an_older_key_stays_signed_in(client: Client, owner: Any, settings: Settings) -> None:
    settings.SECRET_KEY = OLD
    client.force_login(owner)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]

    assert client.get("/visits/").status_code == 200
