"""What the page of a visit says of several therapies together."""

import datetime as dt

import pytest
from phonenumber_field.phonenumber import PhoneNumber

from bookings.messages.content.preparation import neutral_points
from bookings.models import Booking, Visit
from bookings.portal.summary import VisitSummary
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from tests import factories
from therapies.models import TherapyText

pytestmark = pytest.mark.django_db


@pytest.fixture
def chained(clinic: Clinic, patient: Patient, now: dt.datetime) -> Visit:
    """Oil, and steam after it, each with its own hours after a meal."""
    said = {
        "abhyanga": (4, ["Have your last meal at least 4 hours before.", "Wear loose clothes."]),
        "swedana": (2, ["Have your last meal at least 2 hours before.", "Wear loose clothes."]),
    }
    variants = []
    for code, (hours, lines) in said.items():
        therapy = factories.make_therapy(code, name=code[:2].upper(), hours_after_meal=hours)
        TherapyText.objects.create(therapy=therapy, language="en", preparation=lines)
        variants.append(factories.make_variant(therapy))
    start = now + dt.timedelta(days=1)
    visit = factories.make_visit(clinic=clinic, variant=variants[0], start=start, patient=patient)
    late = start + dt.timedelta(hours=1)
    Booking.objects.create(
        visit=visit,
        variant=variants[1],
        position=1,
        starts_at=late,
        ends_at=late + dt.timedelta(hours=1),
        status="booked",
    )
    return visit


def test_several_therapies_name_one_time_of_the_last_meal(chained: Visit, now: dt.datetime) -> None:
    lines = ["Have your last meal at least 4 hours before.", "Wear loose clothes."]

    assert VisitSummary(chained, now, in_full=True).preparation == lines
    assert neutral_points(chained, "en") == tuple(lines)


@pytest.mark.parametrize(("phone", "shown"), [("+919847000001", False), ("+442079460958", True), ("", False)])
def test_time_zone_is_said_only_to_somebody_far_away(visit: Visit, now: dt.datetime, phone: str, shown: bool) -> None:
    assert visit.patient
    visit.patient.phone = PhoneNumber.from_string(phone) if phone else ""

    rows = dict(VisitSummary(visit, now, in_full=True).rows)

    assert ("Time zone" in rows) is shown
