"""Reports of mail providers: only signed ones count."""

import base64
import json
from collections.abc import Mapping

import pytest
from django.test import Client
from pytest_django import Settings

from bookings.models import StoppedAddress

pytestmark = pytest.mark.django_db
SECRET = "provider:long-shared-secret"
BOUNCE = {
    "RecordType": "Bounce",
    "Type": "HardBounce",
    "TypeCode": 1,
    "Email": "Gone@example.org",
    "MessageID": "1",
    "BouncedAt": "2026-03-02T04:30:00Z",
}


@pytest.fixture(autouse=True)
def _secret(settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


def report(client: Client, event: Mapping[str, object], *, secret: str = SECRET, provider: str = "postmark") -> int:
    signed = base64.b64encode(secret.encode()).decode()
    answer = client.post(
        f"/letters/reports/{provider}/",
        json.dumps(event),
        content_type="application/json",
        headers={"Authorization": f"Basic {signed}"},
    )
    return answer.status_code


def test_signed_bounce_stops_the_address(client: Client) -> None:
    assert report(client, BOUNCE) == 200
    assert [(row.address, row.why) for row in StoppedAddress.objects.all()] == [("gone@example.org", "bounced")]


def test_signed_complaint_stops_the_address(client: Client) -> None:
    complaint = {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": "angry@example.org", "MessageID": "1"}

    assert report(client, complaint) == 200
    assert StoppedAddress.objects.get().why == "complained"


def test_report_told_twice_counts_once(client: Client) -> None:
    report(client, BOUNCE)
    report(client, BOUNCE)

    assert StoppedAddress.objects.count() == 1


def test_bounce_that_passes_stops_nothing(client: Client) -> None:
    assert report(client, BOUNCE | {"Type": "Transient", "TypeCode": 2}) == 200
    assert not StoppedAddress.objects.exists()


def test_delivery_stops_nothing(client: Client) -> None:
    assert report(client, {"RecordType": "Delivery", "Recipient": "a@example.org", "MessageID": "1"}) == 200
    assert not StoppedAddress.objects.exists()


@pytest.mark.parametrize("secret", ["provider:guessed", "", "x"])
def test_unsigned_report_is_refused_and_changes_nothing(client: Client, secret: str) -> None:
    assert report(client, BOUNCE, secret=secret) == 401
    assert not StoppedAddress.objects.exists()


def test_report_without_any_signature_is_refused(client: Client) -> None:
    answer = client.post("/letters/reports/postmark/", json.dumps(BOUNCE), content_type="application/json")

    assert answer.status_code == 401


def test_unknown_provider_is_refused(client: Client) -> None:
    assert report(client, BOUNCE, provider="nobody") == 401


def test_house_without_a_secret_believes_nobody(client: Client, settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": ""}

    assert report(client, BOUNCE) == 401
