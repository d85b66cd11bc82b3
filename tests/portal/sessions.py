"""A clinic that gives an oil massage by two and a steam bath by one, as patients book them."""

from typing import Any

from clinic.premises.models import Clinic
from tests import factories
from therapies.models import Practitioner, Therapy, Variant


def make_oil(clinic: Clinic, *, therapists: int = 2, works: tuple[str, str] = ("08:00", "18:00")) -> Variant:
    """Abhyanga by two, at least one, in a room of its own; `Therapist 0`, `Therapist 1`… are women."""
    variant = factories.make_abhyanga()
    Therapy.objects.filter(pk=variant.therapy_id).update(booking_mode="patient", arrival_lead_minutes=15)
    variant.therapy.refresh_from_db()
    factories.make_room(clinic, "Table room")
    for number in range(therapists):
        factories.make_practitioner(
            clinic, f"Therapist {number}", roles=["therapist"], qualified=[variant.therapy], works=works
        )
    return variant


def make_steam(clinic: Clinic, **fields: Any) -> Variant:
    """Swedana by one of the therapists of the clinic, 20 minutes in the steam room."""
    said = {"name": "Swedana", "needs": "prescription", "booking_mode": "patient", "same_gender": True}
    variant = factories.make_variant(factories.make_therapy("swedana", **(said | fields)), room="steam_room")
    factories.make_step(variant, "steam", 0, 20, crew={"therapist": 1})
    factories.make_room(clinic, "Steam room", features=["steam_room"])
    for person in Practitioner.objects.filter(working_hours__clinic=clinic, roles=["therapist"]).distinct():
        factories.make_qualification(person, variant.therapy)
    return variant
