"""A Vaidya at the desk with a patient, the rules that bind orders, and two therapies."""

import pytest
from django.test import Client

from bookings.models import Assessment, Prescription
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings import clinical
from tests.desk.conftest import Enter
from therapies.models import Variant


@pytest.fixture(autouse=True)
def _rules(db: None) -> None:
    clinical.make_rules()


@pytest.fixture
def kati_basti(db: None) -> Variant:
    return clinical.make_therapy("kati_basti", name="Kati Basti")


@pytest.fixture
def virechana(db: None) -> Variant:
    """A procedure with a consent of its own."""
    facts = {"monitoring": {"stop_signs": ["blood_in_stool", "fainting"]}}
    return clinical.make_therapy("virechana", name="Virechana", consent="procedure_specific", facts=facts)


@pytest.fixture
def colleague(clinic: Clinic) -> User:
    return factories.make_member(clinic, "vaidya")


@pytest.fixture
def far_vaidya(db: None) -> User:
    """A Vaidya of another clinic, where the patient never was."""
    return factories.make_member(factories.make_clinic("far"), "vaidya")


@pytest.fixture
def vaidya_client(enter: Enter, vaidya_user: User) -> Client:
    return enter(vaidya_user)


@pytest.fixture
def draft(patient: Patient, clinic: Clinic, vaidya_user: User) -> Assessment:
    """Unsigned, with enough in it to be signed."""
    return clinical.make_assessment(patient, clinic, vaidya_user, signed=False)


@pytest.fixture
def examination(patient: Patient, clinic: Clinic, vaidya_user: User) -> Assessment:
    """Signed."""
    return clinical.make_assessment(patient, clinic, vaidya_user, diagnosis="Katishula")


@pytest.fixture
def order(examination: Assessment, kati_basti: Variant) -> Prescription:
    """Signed: seven sessions of Kati Basti."""
    return clinical.make_prescription(examination, kati_basti)
