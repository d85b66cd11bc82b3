"""What is to be used in a session, and what was used."""

from typing import Any

from bookings.models import Booking, PrescriptionItem, SessionNote, SessionUse
from therapies.materials import usual_materials

COUNTS = {"time_in": "in_at", "time_out": "out_at", "bouts": "bouts", "blood_amount_ml": "blood_ml"}
"""What a therapy's `monitoring.counts` asks for, as SessionUse keeps it."""


def use_of(booking: Booking) -> SessionUse | None:
    return SessionUse.objects.filter(booking=booking).first()


def counted_in(booking: Booking) -> frozenset[str]:
    """The fields of SessionUse that this therapy's entry asks to count."""
    counts = booking.variant.therapy.facts.get("monitoring", {}).get("counts", [])
    return frozenset(COUNTS[count] for count in counts if count in COUNTS)


def ordered_for(booking: Booking) -> PrescriptionItem | None:
    """The order, where it is for this very treatment: a course of enemas orders one of two kinds."""
    item = booking.item
    if item is None or item.variant.therapy_id != booking.variant.therapy_id:
        return None
    return item if item.variant.treatment == booking.variant.treatment else None


def first_use(booking: Booking) -> dict[str, Any]:
    """Dose and temperature as ordered, else as usual: `Amount`s, or None."""
    item, usual = ordered_for(booking), usual_materials(booking.variant)
    if item is not None and item.materials:
        return {"dose": item.dose_amount, "temperature": item.temperature_amount}
    return {"dose": usual.dose, "temperature": usual.temperature}


def materials_of(booking: Booking, note: SessionNote | None) -> str:
    """What the session uses: as noted, else as ordered, else as usual."""
    item = ordered_for(booking)
    ordered = item.materials if item else ""
    return (note.materials if note else "") or ordered or usual_materials(booking.variant).materials
