"""What a visit costs, as the clinic says it; the product charges nothing."""

from collections.abc import Mapping

from bookings.models import Status, Visit
from therapies.models import Price


def prices_at(clinic: int) -> dict[int, str]:
    """The prices as this clinic shows them, by therapy."""
    return dict(Price.objects.filter(clinic=clinic).values_list("therapy", "text"))


def price_of(visit: Visit, prices: Mapping[int, str] | None = None) -> str:
    """The prices of the visit's therapies as they were booked, or nothing; of a time that is only held, today's.

    `prices` are those of its clinic, where they are at hand.
    """
    plans = [booking.plan for booking in visit.bookings.all() if booking.status != Status.HELD]
    if plans and all("price" in plan for plan in plans):
        return " + ".join(plan["price"] for plan in plans if plan["price"])
    prices = prices_at(visit.clinic_id) if prices is None else prices
    therapies = [booking.variant.therapy_id for booking in visit.bookings.all()]
    return " + ".join(prices[therapy] for therapy in therapies if therapy in prices)
