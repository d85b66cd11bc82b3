"""Given a patient who told of a heart disease: a Vaidya examines her, prescribes, decides and signs; she consents.

Every page that is seen on the way is put before axe. The catalogue is the shipped one.
"""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bookings.models import Assessment, Clearance, Consent, Prescription, PrescriptionItem
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.shipped import load_shipped

from .steps import click, press
from .test_desk import signs_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

See = Callable[[Page], None]


@pytest.fixture
def clinic(transactional_db: None) -> Clinic:
    load_shipped()
    return factories.make_clinic()


@pytest.fixture
def asha(clinic: Clinic) -> User:
    return factories.make_member(
        clinic,
        "vaidya",
        user=factories.make_user(
            "asha@shanti.example", password=factories.PASSWORD, username="V1001", name="Dr Asha Menon"
        ),
    )


@pytest.fixture
def meera(clinic: Clinic) -> Patient:
    patient = factories.make_patient(clinics=[clinic])
    factories.tell(patient, clinic, at=timezone.now(), gh_heart="yes")
    return patient


def test_a_patient_is_examined_prescribed_for_and_consents(
    page: Page, asha: User, meera: Patient, accessible: See, complaints: list[str]
) -> None:
    signs_in(page, asha)
    accessible(page)
    page.goto(f"/desk/patients/{meera.public_id}/")
    click(page.get_by_role("link", name="Record", exact=True))
    accessible(page)

    examines(page, accessible)
    prescribes(page, accessible)
    signs(page, accessible)
    reads(page, accessible)
    consents(page, accessible)

    assert (Assessment.objects.get().is_signed, Prescription.objects.get().is_signed) == (True, True)
    assert list(PrescriptionItem.objects.values_list("variant__therapy__code", "sessions")) == [("kati_basti", 7)]
    assert list(Clearance.objects.values_list("therapies", "allowed")) == [(["kati_basti"], True)]
    assert Consent.objects.get().therapy is None
    assert [said for said in complaints if "422" not in said] == []  # what was wrong was said on purpose


def examines(page: Page, see: See) -> None:
    click(page.get_by_role("link", name="Examine"))
    see(page)
    page.get_by_label("Complaint").fill("The low back is stiff every morning, for two months.")
    page.get_by_label("Pain now, 0 to 10").fill("6")
    page.get_by_label("Sparshana (touching)").fill("Tense beside the spine, no pain on the spine itself.")
    page.get_by_label("Prakriti (constitution)").select_option("vata")
    page.get_by_label("Agni (digestion)").select_option("vishama")
    page.get_by_label("Diagnosis", exact=True).fill("Kati shula")
    page.get_by_text("Suitable therapies").click()
    page.get_by_label("Abhyanga", exact=True).select_option("with_care")
    press(page, "Save and prescribe")
    expect(page.get_by_text("Please give a reason.")).to_be_visible()
    see(page)
    page.get_by_label("Why, for Abhyanga").fill("Light pressure only")
    press(page, "Save and prescribe")


def prescribes(page: Page, see: See) -> None:
    see(page)
    first = page.get_by_role("group").filter(has_text="Therapy 1")
    first.get_by_label("Therapy", exact=True).select_option(label="Kati Basti")
    first.get_by_label("Sessions", exact=True).fill("20")
    press(page, "Save and sign")
    expect(page.get_by_text(re.compile("A course has no more than 14 sessions"))).to_be_visible()
    see(page)
    first.get_by_label("Sessions", exact=True).fill("")
    press(page, "Save and sign")


def signs(page: Page, see: See) -> None:
    expect(page.get_by_role("heading", name="Answers that need your decision")).to_be_visible()
    see(page)
    page.get_by_label("Your password (this is your signature)").fill("not it at all")
    press(page, "Sign")
    expect(page.get_by_text("This is not your password. Nothing was signed.")).to_be_visible()
    see(page)
    page.locator("input[name^=allow_]").first.check()  # nothing is ticked beforehand
    page.get_by_label("Your password (this is your signature)").fill(factories.PASSWORD)
    press(page, "Sign")
    expect(page.get_by_text("Signed.", exact=True)).to_be_visible()
    see(page)


def reads(page: Page, see: See) -> None:
    click(page.get_by_role("link", name="Prescription"))
    see(page)
    click(page.get_by_role("link", name="The record"))
    see(page)


def consents(page: Page, see: See) -> None:
    click(page.get_by_role("link", name="Sign a consent"))
    see(page)
    page.get_by_label(re.compile("I consent")).check()
    page.get_by_label("Full name of the person who signs").fill("Meera Nair")
    press(page, "Save the consent")
    expect(page.get_by_text("The consent has been saved.")).to_be_visible()
    click(page.get_by_role("link", name=re.compile("^Withdraw")))
    see(page)
