"""Whether a consultation has left a note, an examination that a Vaidya signed; which consultations are booked."""

import datetime as dt

from bookings.models import STILL_TO_COME, Assessment, Booking
from bookings.models.booking import day_not_over
from clinic.people.models import Patient
from therapies.models import TherapyKind


def is_consultation(booking: Booking) -> bool:
    """Whether a Vaidya writes a note about it; reads variant and therapy."""
    return booking.variant.therapy.kind == TherapyKind.CONSULTATION


def lacks_note(booking: Booking) -> bool:
    """Whether nobody has signed a note about this consultation: its Vaidya is asked for it."""
    signed = Assessment.objects.filter(visit=booking.visit_id, signed_at__isnull=False)
    return is_consultation(booking) and not signed.exists()


def consultations_ahead(patient: Patient, now: dt.datetime) -> list[Booking]:
    """Those of this patient that are still to come, at any clinic, the next first."""
    rows = Booking.objects.filter(day_not_over(now), visit__patient=patient, status__in=STILL_TO_COME)
    consultations = rows.filter(variant__therapy__kind=TherapyKind.CONSULTATION)
    return list(consultations.select_related("visit__clinic", "variant__therapy").order_by("starts_at"))
