"""A session from paper is written down as it was; what it lacked is found, and a Vaidya reviews it."""

import datetime as dt

import pytest

from bookings.actions.past_visits import record_past, review_gaps
from bookings.errors import PolicyRefused
from bookings.facts.patient import patient_facts_of
from bookings.models import Booking, Status
from bookings.rules.paper import GAPS, gaps_in
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import at
from therapies.models import Variant

MEASURED = {"monitoring": {"vitals": ["pulse"], "when": ["before"]}}


@pytest.fixture
def kati(db: None) -> Variant:
    therapy = factories.make_therapy("kati_basti", needs="day_check", facts=MEASURED)
    variant = factories.make_variant(therapy, room="")
    factories.make_step(variant, "hands_on", 0, 45)
    return variant


def written(clinic: Clinic, patient: Patient, variant: Variant, *, by: User, now: dt.datetime) -> Booking:
    said = {"slot_request": SlotRequest(clinic, (variant,)), "start": at(8, day=2), "resource_ids": []}
    return record_past(patient=patient, by=by, now=now, **said).bookings.get()  # type: ignore[arg-type]


def test_session_from_paper_is_recorded_with_its_gaps_and_never_refused(
    clinic: Clinic, patient: Patient, kati: Variant, front_desk: User, now: dt.datetime
) -> None:
    booking = written(clinic, patient, kati, by=front_desk, now=now)

    booking.refresh_from_db()
    assert (booking.status, booking.paper) == (Status.COMPLETED, True)
    assert booking.gaps == ["order", "consent", "vitals", "day_check"]


def test_gap_is_reviewed_once(
    clinic: Clinic, patient: Patient, kati: Variant, front_desk: User, vaidya_user: User, now: dt.datetime
) -> None:
    booking = written(clinic, patient, kati, by=front_desk, now=now)

    review_gaps(booking=booking, by=vaidya_user, now=now)

    booking.refresh_from_db()
    assert (booking.gaps_seen_by, booking.gaps_seen_at) == (vaidya_user, now)
    with pytest.raises(PolicyRefused, match="already been reviewed"):
        review_gaps(booking=booking, by=vaidya_user, now=now)


def test_consultation_from_paper_lacks_nothing(
    clinic: Clinic, patient: Patient, consultation: Variant, front_desk: User, now: dt.datetime
) -> None:
    assert written(clinic, patient, consultation, by=front_desk, now=now).gaps == []


def test_order_and_consent_are_no_gaps(
    clinic: Clinic, patient: Patient, kati: Variant, vaidya_user: User, now: dt.datetime
) -> None:
    item = factories.make_order(patient, kati, clinic=clinic, by=vaidya_user)
    factories.make_consent(patient, clinic, by=vaidya_user)
    visit = factories.make_visit(clinic=clinic, variant=kati, start=at(8, day=2), patient=patient, item=item)

    found = gaps_in(visit.bookings.get(), patient_facts_of(patient, now=now), on=now.date(), zone=clinic.zone)

    assert found == ["vitals", "day_check"]
    assert {*found} <= GAPS.keys()
