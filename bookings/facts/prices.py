"""What a visit costs, as the clinic says it; the product charges nothing."""

from bookings.models import Visit
from therapies.models import Price


def price_of(visit: Visit) -> str:
    """The prices as the clinic shows them for the visit's therapies, or nothing."""
    therapies = [booking.variant.therapy_id for booking in visit.bookings.all()]
    rows = Price.objects.filter(clinic=visit.clinic_id, therapy__in=therapies)
    prices = dict(rows.values_list("therapy", "text"))
    return " + ".join(prices[therapy] for therapy in therapies if therapy in prices)
