"""How often a search asks the database, however large the clinic and however many days."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bookings.facts.patient import patient_facts_of
from bookings.slots.bookable_orders import slot_request_for
from bookings.slots.search import starts
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from tests import factories
from therapies.models import Variant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", [1, 20])
def test_thirty_days_for_one_therapy_are_read_with_at_most_eight_queries(
    clinic: Clinic,
    patient: Patient,
    now: dt.datetime,
    size: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    """Twenty therapists, twenty rooms and six pieces of equipment, for an ordered course that has begun."""
    variant = factories.make_abhyanga()
    variant.steps.filter(code="hands_on").update(equipment=["oil_table"])
    for _number in range(size):
        factories.make_room(clinic)
        factories.make_practitioner(clinic, roles=["therapist"], qualified=[variant.therapy])
    for _number in range(min(size, 6)):
        factories.make_equipment(clinic, "oil_table")
    order = factories.make_order(patient, variant, clinic=clinic)
    yesterday = now - dt.timedelta(days=1)
    factories.make_visit(clinic=clinic, variant=variant, start=yesterday, patient=patient, item=order)
    slot_request = slot_request_for(
        clinic,
        [Variant.objects.select_related("therapy").prefetch_related("steps__crews").get()],
        patient_facts_of(patient, now=now),
    )

    with django_assert_max_num_queries(8):
        days = starts(slot_request, first=now.date(), last=now.date() + dt.timedelta(days=29), now=now)

    assert sum(bool(day.starts) for day in days) == 30
