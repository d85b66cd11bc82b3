"""What was booked stays as it was booked, whatever the catalogue says later."""

import pytest

from bookings.facts.prices import price_of
from bookings.models import Booking, Visit
from bookings.slots.itinerary import itinerary_of
from bookings.slots.search_space import SlotRequest
from tests.bookings.conftest import Book, at
from therapies.models import Price

pytestmark = pytest.mark.django_db


def shown(visit: Visit) -> list[tuple[str, int]]:
    again = Visit.objects.with_everything().get(pk=visit.pk)
    return [(step.name, step.minutes) for part in itinerary_of(again, staff=True).parts for step in part.steps]


def test_steps_and_price_stay_as_they_were_booked(booked: Book, slot_request: SlotRequest) -> None:
    variant = slot_request.variants[0]
    price = Price.objects.create(clinic=slot_request.clinic, therapy=variant.therapy, text="₹ 800")
    visit = booked(at(10))
    before = shown(visit)

    variant.steps.update(minutes=60, name="Something else", names={})
    price.text = "₹ 1,200"
    price.save()

    assert (shown(visit), price_of(visit)) == (before, "₹ 800")
    assert before[-1][1] == 45


def test_booking_from_before_plans_were_kept_shows_the_catalogue_of_today(
    booked: Book, slot_request: SlotRequest
) -> None:
    visit = booked(at(10))
    Booking.objects.update(plan={})

    slot_request.variants[0].steps.update(minutes=60)

    assert shown(visit)[-1][1] == 60
