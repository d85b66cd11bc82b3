"""Given a session of Kati Basti that may begin: a therapist records it, a sign stops it, a Vaidya looks and lifts.

Every page that is seen on the way is put before axe. The rules of the session are the shipped ones.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bookings.models import Booking, SessionNote, Status, Suspension
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.shipped import CATALOGUE
from therapies.models import Rule

from .steps import click, enter, press
from .test_desk import signs_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

See = Callable[[Page], None]


@pytest.fixture
def clinic(transactional_db: None) -> Clinic:
    shipped = [rule for rule in CATALOGUE.rules if rule.kind in ("stop", "session", "vitals")]
    Rule.objects.bulk_create(
        Rule(code=rule.code, kind=rule.kind, data=rule.rule, sources=rule.sources) for rule in shipped
    )
    return factories.make_clinic()


@pytest.fixture
def meera(clinic: Clinic) -> Patient:
    return factories.make_patient(clinics=[clinic])


@pytest.fixture
def lata(clinic: Clinic) -> User:
    return factories.make_member(clinic, "therapist")


@pytest.fixture
def asha(clinic: Clinic) -> User:
    return factories.make_member(clinic, "vaidya")


@pytest.fixture
def session(clinic: Clinic, meera: Patient, asha: User, lata: User) -> Booking:
    """Ordered, consented to, checked in: now, and with Lata."""
    now = timezone.now()
    facts = {"monitoring": {"vitals": ["pulse", "blood_pressure"], "when": ["before", "after"]}}
    therapy = factories.make_therapy(
        "kati_basti", name="Kati Basti", groups=["bahya_basti_family"], needs="prescription", facts=facts
    )
    variant = factories.make_variant(therapy)
    factories.make_step(variant, "hands_on", 0, 45, crew={"therapist": 1})
    until = (now + dt.timedelta(days=60)).date()
    item = factories.make_order(meera, variant, clinic=clinic, by=asha, valid_until=until, materials="Ksheerabala oil")
    factories.make_consent(meera, clinic, by=asha)
    said: dict[str, Any] = {"status": Status.CHECKED_IN, "item": item, "arrived_at": now}
    start = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
    visit = factories.make_visit(clinic=clinic, variant=variant, start=start, patient=meera, **said)
    factories.make_crew(visit, lata)
    return visit.bookings.get()


def test_a_session_is_recorded_stopped_and_allowed_again(
    page: Page, session: Booking, meera: Patient, lata: User, asha: User, accessible: See, complaints: list[str]
) -> None:
    signs_in(page, lata)
    accessible(page)
    page.goto(f"/desk/visits/{session.visit.public_id}/0/session/")
    begins(page, accessible)
    stops(page, accessible)

    factories.make_assessment(meera, session.visit.clinic, by=asha, signed_at=timezone.now())
    press(page, "Sign out")
    signs_in(page, asha)
    accessible(page)
    lifts(page, accessible)

    session.refresh_from_db()
    note = SessionNote.objects.get()
    assert (session.status, note.stop_sign, note.event_code) == (Status.STOPPED, "st_burn", "ITA-5.76.6")
    assert (note.identifiers, note.pain_before, note.pain_after) == ("name,birth_date", 6, 4)
    assert (note.materials, note.adverse_event) == ("Ksheerabala oil", "A red spot, cooled at once")
    assert Suspension.objects.get().lift_reason == "The skin is whole"
    assert [said for said in complaints if "422" not in said] == []  # what was wrong was said on purpose


def begins(page: Page, see: See) -> None:
    see(page)
    expect(page.get_by_label("Oils and materials")).to_have_value("Ksheerabala oil")
    press(page, "Start")
    expect(page.get_by_text("Please confirm two of these before you start.")).to_be_visible()
    see(page)
    for identifier in ("Name", "Date of birth"):
        page.get_by_label(identifier, exact=True).check()
    page.get_by_role("group", name=re.compile("^Pain before")).get_by_label("6", exact=True).check()
    press(page, "Start")
    expect(page.get_by_text("Before this treatment, measure: pulse, blood pressure.", exact=True)).to_be_visible()
    see(page)
    for label, value in (("Blood pressure, upper", "118"), ("Blood pressure, lower", "76"), ("Pulse", "72")):
        page.get_by_role("textbox", name=label, exact=True).fill(value)
    press(page, "Start")
    expect(page.get_by_text("118/76 mmHg · pulse 72")).to_be_visible()


def stops(page: Page, see: See) -> None:
    expect(page.get_by_role("heading", name="Stop signs: tap once")).to_be_visible()
    see(page)
    click(page.get_by_role("button", name="The oil pool leaks"))
    expect(page.get_by_text("Saved. Pause and correct the problem")).to_be_visible()
    page.get_by_role("group", name=re.compile("^Pain after")).get_by_label("4", exact=True).check()
    click(page.get_by_role("button", name="A burn, or heat that is too much"))
    expect(page.get_by_text("Remove heat and oil.")).to_be_visible()
    see(page)
    page.get_by_label("Adverse event").fill("A red spot, cooled at once")
    press(page, "Save")
    expect(page.get_by_text("The record has been saved.")).to_be_visible()


def lifts(page: Page, see: See) -> None:
    click(page.get_by_role("link", name=re.compile("^To do")))
    see(page)
    click(page.get_by_role("link", name=re.compile("^Meera Nair")).first)
    expect(page.get_by_role("heading", name="Pain over time")).to_be_visible()
    see(page)
    page.get_by_label("Reason for resuming treatments").fill("The skin is whole")
    press(page, "Treatments can resume")
    expect(page.get_by_text("The front desk has been asked to call the patient.")).to_be_visible()
    see(page)


def test_pain_over_time_in_the_portal(
    page: Page, session: Booking, meera: Patient, lata: User, accessible: See
) -> None:
    SessionNote.objects.create(booking=session, by=lata, at=timezone.now(), pain_before=7, pain_after=3)
    owner = factories.make_user("meera@example.org", password=factories.PASSWORD, username="meera")
    factories.make_access(owner, meera)

    page.goto(f"/staff/?next=/people/{meera.public_id}/sessions/")
    page.locator("input[name=login]").fill(owner.username)
    enter(page.locator("input[name=password]"), factories.PASSWORD)

    expect(page.get_by_role("row", name=re.compile("Kati Basti"))).to_contain_text("7")
    accessible(page)
