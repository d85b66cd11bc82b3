"""A Vaidya orders a usual course: one press from the day to the examination, at most eight and the password to sign."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from bookings.models import Assessment, Prescription, PrescriptionItem, Visit
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.shipped import load_shipped
from therapies.models import Variant

from .steps import click
from .test_desk import signs_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_PRESSES = 8


@pytest.fixture
def clinic(transactional_db: None) -> Clinic:
    load_shipped()
    return factories.make_clinic()


@pytest.fixture
def asha(clinic: Clinic) -> User:
    user = factories.make_user(
        "asha@shanti.example", password=factories.PASSWORD, username="V1001", name="Dr Asha Menon"
    )
    return factories.make_member(clinic, "vaidya", user=user)


@pytest.fixture
def visit(clinic: Clinic, asha: User) -> Visit:
    variant = Variant.objects.select_related("therapy").get(therapy__code="consultation_first", is_default=True)
    vaidya = factories.make_practitioner(clinic, "Dr Asha Menon", user=asha, qualified=[variant.therapy])
    patient = factories.make_patient(clinics=[clinic])
    variant.therapy.arrival_lead_minutes = 0  # else shortly after midnight they would be on yesterday's board
    now = timezone.now()
    start = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
    said = {"clinic": clinic, "variant": variant, "patient": patient, "resources": [vaidya], "status": "checked_in"}
    return factories.make_visit(start=start, **said)


class Presses:
    """Presses what leads to another page, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, place: Locator) -> None:
        click(place)
        self.count += 1


def test_usual_course_is_signed_in_at_most_eight_presses_from_the_day(
    page: Page, visit: Visit, asha: User, accessible: Any, complaints: list[str]
) -> None:
    signs_in(page, asha)
    page.goto("/desk/")
    presses = Presses()

    presses(page.get_by_role("link", name=re.compile("^Examine")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Examination")
    page.get_by_label("Complaint").fill("The low back is stiff every morning.")
    page.get_by_label("Sparshana (touching)").fill("Tense beside the spine.")
    presses(page.get_by_role("button", name="Save and prescribe"))
    accessible(page)
    presses(page.get_by_role("button", name="Kati Basti with local steam, 7 days"))
    accessible(page)
    presses(page.get_by_role("button", name="Save and sign"))
    page.get_by_label("Your password (this is your signature)").fill(factories.PASSWORD)
    presses(page.get_by_role("button", name="Sign", exact=True))

    expect(page.get_by_text("Signed.", exact=True)).to_be_visible()
    assert presses.count <= MOST_PRESSES
    assert (Prescription.objects.get().is_signed, Assessment.objects.get().visit) == (True, visit)
    ordered = PrescriptionItem.objects.values_list("variant__therapy__code", "sessions")
    assert list(ordered) == [("kati_basti", 7), ("nadi_sweda", 7)]
    assert complaints == []


@pytest.mark.parametrize("scripts", [True], ids=["with JavaScript"])
def test_draft_saves_itself_within_20_seconds_and_is_found_again_from_the_day(
    page: Page, visit: Visit, asha: User
) -> None:
    signs_in(page, asha)
    page.clock.install()
    page.goto(f"/desk/visits/{visit.public_id}/examine/")

    page.get_by_label("Complaint").fill("Stiff every morning")
    page.clock.run_for(20_000)
    expect(page.get_by_text(re.compile("^Draft saved at"))).to_be_visible()
    page.goto(f"/desk/visits/{visit.public_id}/examine/")

    expect(page.get_by_label("Complaint")).to_have_value("Stiff every morning")
    assert (Assessment.objects.count(), "Stiff" in page.url) == (1, False)
