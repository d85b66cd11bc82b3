"""A passkey is set up and signs in, in a real browser with an authenticator made of software."""

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from clinic.people import clinic_devices
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.clinical import make_assessment, make_rules

from .steps import enter, follow, press


@pytest.fixture
def clinic(transactional_db: None) -> Clinic:
    return factories.make_clinic()


@pytest.fixture
def latha(clinic: Clinic) -> User:
    return factories.make_member(clinic, "vaidya")


def add_authenticator(page: Page) -> None:
    """As a telephone that asks for a fingerprint and always sees the right one."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    more = {"isUserVerified": True, "automaticPresenceSimulation": True}
    client.send("WebAuthn.addVirtualAuthenticator", {"options": options | more})


@pytest.mark.parametrize("scripts", [True], ids=["with JavaScript"])
def test_passkey_is_set_up_signs_in_alone_and_signs(
    page: Page, clinic: Clinic, latha: User, complaints: list[str]
) -> None:
    add_authenticator(page)
    page.goto("/desk/")
    page.locator("input[name=login]").fill(latha.username)
    enter(page.locator("input[name=password]"), factories.PASSWORD)
    follow(page, "Use a passkey")
    press(page, "Set up on this device")
    expect(page.get_by_role("heading", name="Print them or write them down now")).to_be_visible()
    follow(page, "Continue")
    expect(page.get_by_role("navigation", name="Desk")).to_be_visible()
    assert Authenticator.objects.filter(user=latha, type="webauthn").count() == 1

    press(page, "Sign out")
    page.goto("/staff/")
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("navigation", name="Desk")).to_be_visible()
    page.goto("/accounts/security/prove/")
    press(page, "Use a passkey")
    expect(page.get_by_role("heading", name="Sign-in and security")).to_be_visible()
    make_rules()
    draft = make_assessment(factories.make_patient(clinics=[clinic]), clinic, latha, signed=False)
    page.goto(f"/desk/patients/{draft.patient.public_id}/assessments/{draft.public_id}/sign/")
    press(page, "Sign with a passkey")
    expect(page.get_by_text("Signed.", exact=True)).to_be_visible()
    device, token = clinic_devices.enrol(clinic=clinic, name="Tablet", by=latha, now=timezone.now())
    origin = page.evaluate("location.origin")
    page.context.add_cookies([{"name": settings.CLINIC_DEVICE_COOKIE_NAME, "value": token, "url": f"{origin}/"}])
    clinic_devices.begin_shift(device=device, user=latha, proved_at=timezone.now(), now=timezone.now())
    page.goto("/desk/devices/locked/")
    page.get_by_label(str(latha)).check()
    press(page, "Passkey or fingerprint instead of the PIN")
    expect(page.get_by_role("navigation", name="Desk")).to_be_visible()
    assert complaints == []
