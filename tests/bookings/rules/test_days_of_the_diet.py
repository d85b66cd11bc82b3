"""After a purification the days of the diet close heat and massage; the grade in the session's note opens them."""

import datetime as dt

import pytest

from bookings.models import SessionNote, Status
from bookings.slots.search import starts
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import at
from tests.bookings.slot_queries import wanting
from tests.shipped import CATALOGUE
from therapies.models import Rule, Variant

pytestmark = pytest.mark.django_db

CODES = {"gap_samsarjana_heat_and_massage", "sd_massage_after_shodhana"}


@pytest.fixture
def massage(clinic: Clinic) -> Variant:
    """A massage, with the catalogue's rules of the days after Virechana."""
    for rule in CATALOGUE.rules:
        if rule.code in CODES:
            Rule.objects.create(code=rule.code, kind=rule.kind, is_hard=rule.hard, data=rule.rule)
    variant = factories.make_variant(factories.make_therapy("back_pain_massage", groups=["massage_family"]))
    factories.make_step(variant, "hands_on", 0, 30, crew={"therapist": 1})
    factories.make_practitioner(clinic, "Lata", roles=["therapist"], qualified=[variant.therapy])
    factories.make_room(clinic)
    return variant


@pytest.mark.parametrize(("grade", "opens"), [("avara", 7), ("madhyama", 9), ("pravara", 11), ("", 11), (None, 11)])
def test_massage_is_offered_when_the_days_of_the_grade_are_over(
    massage: Variant, clinic: Clinic, patient: Patient, owner: User, now: dt.datetime, grade: str | None, opens: int
) -> None:
    """Virechana on Tuesday 3 March; nobody has judged it where there is no note, or an empty grade."""
    virechana = factories.make_variant(factories.make_therapy("virechana", groups=["shodhana_family"]))
    visit = factories.make_visit(
        clinic=clinic, variant=virechana, start=at(9), patient=patient, status=Status.COMPLETED
    )
    if grade is not None:
        SessionNote.objects.create(booking=visit.bookings.get(), grade=grade, by=owner, at=now)

    request = wanting(clinic, massage, patient_id=patient.pk)
    days = starts(request, first=at(12, day=3).date(), last=at(12, day=12).date(), now=now, desk=True)

    assert min(day.on.day for day in days if day.starts and day.on.day > 3) == opens
    closed = [day.why for day in days if day.on.day == 4]
    assert closed[0].startswith("No massage, no heat and no oil pool in the days of the step-by-step diet")
