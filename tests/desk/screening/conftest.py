"""A treatment this afternoon at the desk, ordered, with a few questions of each kind."""

import datetime as dt

import pytest

from bookings.models import Visit
from bookings.questionnaire.questionnaire import Questionnaire, of_visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.questions import ask_about
from therapies.models import Variant


@pytest.fixture
def ordered(clinic: Clinic, patient: Patient) -> Variant:
    variant = factories.make_abhyanga()
    factories.make_order(patient, variant, clinic=clinic)
    ask_about()
    return variant


@pytest.fixture
def session(clinic: Clinic, patient: Patient, ordered: Variant, therapist_user: User, now: dt.datetime) -> Visit:
    """At 13:00 with the therapist; all was answered ten days ago, the questions of the day are due."""
    factories.tell_all_is_well(patient, clinic, at=now - dt.timedelta(days=10))
    start = now + dt.timedelta(hours=3)
    visit = factories.make_visit(clinic=clinic, variant=ordered, start=start, patient=patient, screening="due")
    factories.make_crew(visit, therapist_user)
    return visit


@pytest.fixture
def health_questions(session: Visit, now: dt.datetime) -> Questionnaire:
    found = of_visit(session, now=now, staff=True)
    assert found
    return found
