"""Given four ordinary answers and a danger sign: a Vaidya decides on the four with a reason and one press."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bookings.models import Clearance
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.questions import make_question

from .test_desk import press, signs_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

See = Callable[[Page], None]
ORDINARY = ("gh_heart", "gh_lungs", "gh_bones", "gh_eye")
PRESSES = 4


@pytest.fixture
def asha(clinic: Clinic) -> User:
    user = factories.make_user(
        "asha@shanti.example", password=factories.PASSWORD, username="V1001", name="Dr Asha Menon"
    )
    return factories.make_member(clinic, "vaidya", user=user)


@pytest.fixture
def meera(clinic: Clinic) -> Patient:
    patient = factories.make_patient(clinics=[clinic])
    last = timezone.now().date() + dt.timedelta(days=365)
    factories.make_order(patient, factories.make_abhyanga(), clinic=clinic, valid_until=last)
    for number, code in enumerate(ORDINARY):
        make_question(code, "general", number, asked_when=["booking"])
    make_question("rf_clot", "red_flag", 9, effect="urgent_referral", urgency="same_day_doctor")
    factories.tell(patient, clinic, at=timezone.now(), rf_clot="yes", **dict.fromkeys(ORDINARY, "yes"))
    return patient


def test_four_ordinary_answers_take_few_presses_and_the_danger_sign_stays(
    page: Page, asha: User, meera: Patient, accessible: See, complaints: list[str]
) -> None:
    signs_in(page, asha)
    page.goto(f"/desk/patients/{meera.public_id}/decisions/")
    accessible(page)
    presses = [
        lambda: press(page, "Long known, stable and treated; the treatment suits it."),
        lambda: press(page, "Record these decisions"),
    ]

    for each in presses:
        each()

    expect(page.get_by_text("4 decisions have been recorded.")).to_be_visible()
    accessible(page)
    assert len(presses) <= PRESSES
    assert {row.question.code for row in Clearance.objects.select_related("question")} == {*ORDINARY}
    expect(page.get_by_role("heading", name="Question rf_clot?")).to_be_visible()
    assert complaints == []
