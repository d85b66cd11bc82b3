"""A session of Kati Basti today: ordered, consented to, checked in; with the shipped rules of a session."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from bookings.models import Booking, Status
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import at
from tests.shipped import CATALOGUE
from therapies.models import Rule, Variant

MakeSession = Callable[..., Booking]
OF_A_SESSION = [rule for rule in CATALOGUE.rules if rule.kind in ("stop", "session", "vitals")]


@pytest.fixture
def rules(db: None) -> None:
    """What the catalogue says of a session."""
    Rule.objects.bulk_create(
        Rule(code=rule.code, kind=rule.kind, is_hard=rule.hard, data=rule.rule, sources=rule.sources)
        for rule in OF_A_SESSION
    )


@pytest.fixture
def kati(db: None) -> Variant:
    facts = {"incident_terms": ["ITA-5.76.6", "ITA-5.76.8"]}
    therapy = factories.make_therapy(
        "kati_basti", name="Kati Basti", groups=["bahya_basti_family"], needs="prescription", facts=facts
    )
    variant = factories.make_variant(therapy)
    factories.make_step(variant, "hands_on", 0, 45, crew={"therapist": 1})
    return variant


@pytest.fixture
def session_at(
    rules: None, clinic: Clinic, patient: Patient, kati: Variant, vaidya_user: User, therapist_user: User
) -> MakeSession:
    """A session at 11:00 of this Monday, checked in and free to begin; anything may be said otherwise."""
    factories.make_consent(patient, clinic, by=vaidya_user)
    ordered: dict[str, Any] = {"pressure": "gentle", "materials": "Ksheerabala oil", "note": "Left side first"}
    sunita = factories.make_practitioner(clinic, "Sunita", roles=["therapist"], user=therapist_user)
    item = factories.make_order(patient, kati, clinic=clinic, by=vaidya_user, **ordered)

    def make(hour: int = 11, *, day: int = 2, **said: object) -> Booking:
        usual = {
            "resources": [sunita],
            "patient": patient,
            "status": Status.CHECKED_IN,
            "item": item,
            "arrived_at": at(hour, day=day),
        }
        visit = factories.make_visit(clinic=clinic, variant=kati, start=at(hour, day=day), **(usual | said))  # type: ignore[arg-type]
        return visit.bookings.get()

    return make


def page_of(booking: Booking, name: str = "session") -> str:
    """The address of a session's page."""
    return reverse(f"desk:{name}", args=[booking.visit.public_id, booking.position])
