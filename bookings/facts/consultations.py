"""Whether a consultation has left a note: an examination that a Vaidya signed."""

from bookings.models import Assessment, Booking
from therapies.models import TherapyKind


def is_consultation(booking: Booking) -> bool:
    """Whether a Vaidya writes a note about it; reads variant and therapy."""
    return booking.variant.therapy.kind == TherapyKind.CONSULTATION


def lacks_note(booking: Booking) -> bool:
    """Whether nobody has signed a note about this consultation: its Vaidya is asked for it."""
    signed = Assessment.objects.filter(visit=booking.visit_id, signed_at__isnull=False)
    return is_consultation(booking) and not signed.exists()
