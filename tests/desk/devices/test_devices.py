"""A shared tablet: enrolled by a manager, unlocked by name and PIN in a shift, locked when nobody is there."""

import datetime as dt
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.actions import session_notes as session_note_actions
from bookings.desk.devices import locked as locked_sessions
from bookings.models import Booking, History, Status
from clinic.people import clinic_devices, kept_forms
from clinic.people.models import ClinicDevice, KeptForm, Shift, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter
from tests.desk.sessions.conftest import MakeSession, page_of
from tests.signing_in import SignedInClient, app_code, give_factor, recovery_code

LOCKED = "/desk/devices/locked/"
PIN = "204861"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def device(clinic: Clinic, manager: User, client: Client, now: dt.datetime) -> ClinicDevice:
    """The browser of `client`, enrolled."""
    row, token = clinic_devices.enrol(clinic=clinic, name="Tablet, Room 2", by=manager, now=now)
    client.cookies[settings.CLINIC_DEVICE_COOKIE_NAME] = token
    return row


@pytest.fixture
def on_shift(device: ClinicDevice, therapist_user: User, now: dt.datetime) -> User:
    """The therapist, with a PIN and a shift that began now."""
    clinic_devices.set_pin(user=therapist_user, pin=PIN, now=now)
    clinic_devices.begin_shift(device=device, user=therapist_user, proved_at=now, now=now)
    return therapist_user


@pytest.fixture
def running(session_at: MakeSession, therapist_user: User, now: dt.datetime) -> Booking:
    """A session that the therapist began five minutes ago."""
    booking = session_at(status=Status.IN_PROGRESS, started_at=now - 5 * MINUTE)
    facts = {"was": Status.CHECKED_IN, "became": Status.IN_PROGRESS}
    History.objects.create(
        visit=booking.visit, booking=booking, verb="start", by=therapist_user, at=now - 5 * MINUTE, **facts
    )
    return booking


def unlock(client: Client, user: User, pin: str = PIN, **fields: object) -> int:
    """The status of the answer: 302 when it opened."""
    return client.post(LOCKED, {"member": user.pk, "pin": pin, **fields}).status_code


def opens(client: Client) -> bool:
    """Whether the desk is open to this browser."""
    return client.get("/desk/todo/").status_code == 200


# --- enrolling --------------------------------------------------------------------------------------------------------


def test_manager_enrols_a_browser_with_the_second_factor_asked_anew(
    enter: Enter, manager: User, clinic: Clinic
) -> None:
    give_factor(manager)
    client = enter(manager)
    form = {"clinic": clinic.slug, "name": "Tablet"}

    without = client.post("/desk/devices/", {**form, "code": "000000"})
    with_it = client.post("/desk/devices/", {**form, "code": app_code()})

    cookie = client.cookies[settings.CLINIC_DEVICE_COOKIE_NAME]
    assert (without.status_code, with_it.status_code) == (422, 302)
    assert ClinicDevice.objects.get().name == "Tablet"
    assert cookie["httponly"] is True
    assert cookie.value not in str(list(ClinicDevice.objects.values()))
    assert client.get(LOCKED).status_code == 200


def test_manager_enrols_nothing_for_another_clinic(enter: Enter, manager: User) -> None:
    give_factor(manager)
    far = factories.make_clinic("far")

    response = enter(manager).post("/desk/devices/", {"clinic": far.slug, "name": "Tablet", "code": app_code()})

    assert (response.status_code, ClinicDevice.objects.count()) == (422, 0)


def test_device_of_another_clinic_is_not_found(enter: Enter, manager: User, now: dt.datetime) -> None:
    far = factories.make_clinic("far")
    row, _token = clinic_devices.enrol(clinic=far, name="Tablet", by=factories.make_member(far, "manager"), now=now)

    assert enter(manager).post(f"/desk/devices/{row.pk}/end/").status_code == 404


def test_locked_screen_opens_on_an_enrolled_device_only(client: Client, device: ClinicDevice) -> None:
    assert client.get(LOCKED).status_code == 200
    assert Client().get(LOCKED).status_code == 404


def test_removed_device_signs_out_whoever_unlocked_it(
    client: Client, device: ClinicDevice, on_shift: User, manager: User, now: dt.datetime
) -> None:
    unlock(client, on_shift)
    before = opens(client)

    clinic_devices.end_device(device=device, by=manager, now=now)

    assert (before, opens(client), client.get(LOCKED).status_code) == (True, False, 404)


# --- the shift and the PIN --------------------------------------------------------------------------------------------


def test_name_and_pin_open_the_desk_during_a_shift(client: Client, on_shift: User) -> None:
    before = opens(client)

    assert (before, unlock(client, on_shift), opens(client)) == (False, 302, True)


def test_shift_begins_when_a_whole_sign_in_locks_the_device(
    client: Client, device: ClinicDevice, therapist_user: User, now: dt.datetime
) -> None:
    clinic_devices.set_pin(user=therapist_user, pin=PIN, now=now)
    client.force_login(therapist_user)
    client.get("/desk/todo/")

    response = client.post("/desk/devices/lock/", {"next": "/desk/todo/"})

    assert response.headers["Location"] == f"{LOCKED}?next=%2Fdesk%2Ftodo%2F"
    assert (Shift.objects.get().user, opens(client)) == (therapist_user, False)
    assert client.post(LOCKED, {"member": therapist_user.pk, "pin": PIN, "next": "/desk/todo/"}).url == "/desk/todo/"  # type: ignore[attr-defined]


def test_password_alone_begins_no_shift(client: Client, device: ClinicDevice, therapist_user: User) -> None:
    client.force_login(therapist_user, proved=False)  # type: ignore[call-arg]
    client.get("/desk/todo/")

    client.post("/desk/devices/lock/", {"next": ""})

    assert Shift.objects.count() == 0


def test_unlocking_by_pin_does_not_make_the_shift_longer(
    client: Client, device: ClinicDevice, on_shift: User, now: dt.datetime
) -> None:
    with time_machine.travel(now + dt.timedelta(hours=11), tick=False):
        unlock(client, on_shift)
        client.post("/desk/devices/lock/", {"next": ""})

    assert Shift.objects.get().ends_at == now + clinic_devices.SHIFT


def test_shift_that_is_over_opens_nothing(client: Client, on_shift: User, now: dt.datetime) -> None:
    with time_machine.travel(now + clinic_devices.SHIFT, tick=False):
        assert (unlock(client, on_shift), opens(client)) == (422, False)


def test_session_by_pin_ends_with_the_shift(client: Client, on_shift: User, now: dt.datetime) -> None:
    with time_machine.travel(now + clinic_devices.SHIFT - 2 * MINUTE, tick=False):
        unlock(client, on_shift)
        before = opens(client)
    with time_machine.travel(now + clinic_devices.SHIFT + MINUTE, tick=False):
        assert (before, opens(client)) == (True, False)


def test_fifth_wrong_pin_ends_the_shift(client: Client, on_shift: User) -> None:
    answers = [unlock(client, on_shift, "111222") for _try in range(5)]

    assert answers == [422] * 5
    assert (Shift.objects.count(), unlock(client, on_shift)) == (0, 422)


def test_pin_opens_no_other_device_and_no_other_door(on_shift: User) -> None:
    stranger = Client()

    assert stranger.post(LOCKED, {"member": on_shift.pk, "pin": PIN}).status_code == 404


def test_name_without_a_shift_here_is_refused(client: Client, on_shift: User, front_desk: User) -> None:
    clinic_devices.set_pin(user=front_desk, pin=PIN, now=factories.NOW)

    assert unlock(client, front_desk) == 422


def test_who_has_lost_the_last_role_is_no_name_any_more(client: Client, on_shift: User, now: dt.datetime) -> None:
    on_shift.memberships.update(ends_on=now.date())

    assert unlock(client, on_shift) == 422


@pytest.mark.parametrize(
    "pin", ["12345", "1234567", "111111", "123456", "987654", "121212", "123123", "12345a", "१२३४५९"]
)
def test_easy_pins_are_refused(pin: str) -> None:
    assert clinic_devices.why_not_pin(pin) != ""


def test_member_sets_a_pin_with_the_second_factor(enter: Enter, therapist_user: User, now: dt.datetime) -> None:
    give_factor(therapist_user)
    client = enter(therapist_user)
    form = {"pin": PIN, "again": PIN}

    with time_machine.travel(now + 6 * MINUTE, tick=False):
        refused = client.post("/desk/devices/pin/", {**form, "code": "000000"}).status_code
        unlike = client.post("/desk/devices/pin/", {"pin": PIN, "again": "204862", "code": app_code()}).status_code
        fitting = client.post("/desk/devices/pin/", {**form, "code": app_code()}).status_code

    assert (refused, unlike, fitting) == (422, 422, 302)
    assert PIN not in therapist_user.pin.hash


def test_pin_is_never_a_fresh_proof_of_the_factor(
    client: Client, device: ClinicDevice, manager: User, clinic: Clinic, now: dt.datetime
) -> None:
    give_factor(manager)
    clinic_devices.set_pin(user=manager, pin=PIN, now=now)
    clinic_devices.begin_shift(device=device, user=manager, proved_at=now, now=now)
    unlock(client, manager)

    response = client.post("/desk/devices/", {"clinic": clinic.slug, "name": "Another", "code": PIN})

    assert (response.status_code, ClinicDevice.objects.count()) == (422, 1)


# --- locking, and what was being written ------------------------------------------------------------------------------


def test_idle_device_goes_back_to_the_names(client: Client, on_shift: User, now: dt.datetime) -> None:
    unlock(client, on_shift)
    client.get("/desk/todo/")

    with time_machine.travel(now + 5 * MINUTE, tick=False):
        in_time = client.get("/desk/todo/").status_code
    with time_machine.travel(now + 11 * MINUTE, tick=False):
        late = client.get("/desk/todo/")

    assert (in_time, late.headers["Location"]) == (200, f"{LOCKED}?next=%2Fdesk%2Ftodo%2F")


def test_text_sent_after_the_device_locked_is_kept_and_put_back(
    client: Client, on_shift: User, session_at: MakeSession, now: dt.datetime
) -> None:
    booking = session_at()
    address = page_of(booking, "session_before")
    unlock(client, on_shift)
    client.get(page_of(booking))

    with time_machine.travel(now + 6 * MINUTE, tick=False):
        client.post(address, {"observations": "Skin warm, no redness", "act": "start"})
        landed = client.post(LOCKED, {"member": on_shift.pk, "pin": PIN})
        kept = KeptForm.objects.get()
        shown = client.get("/desk/devices/kept/").content.decode()
        client.post(address, {"kept_form": kept.pk, **{name: values[0] for name, values in kept.fields.items()}})

    booking.refresh_from_db()
    assert landed.headers["Location"] == "/desk/devices/kept/"
    assert "Skin warm, no redness" in shown
    assert "act" not in kept.fields
    assert (booking.status, KeptForm.objects.count()) == (Status.CHECKED_IN, 0)


def test_kept_text_is_for_its_writer_alone(
    client: Client, on_shift: User, device: ClinicDevice, vaidya_user: User, session_at: MakeSession, now: dt.datetime
) -> None:
    address = page_of(session_at(), "session_before")
    unlock(client, on_shift)
    client.get("/desk/todo/")
    client.post("/desk/devices/lock/", {"next": "/desk/", "path": address, "observations": "Skin warm"})
    row = KeptForm.objects.get()

    client.force_login(vaidya_user)

    assert "Skin warm" not in client.get("/desk/devices/kept/").content.decode()
    assert client.post(f"/desk/devices/kept/{row.pk}/let-go/").status_code == 404
    assert KeptForm.objects.count() == 1


def test_form_that_acts_is_never_kept(
    client: Client, on_shift: User, session_at: MakeSession, now: dt.datetime
) -> None:
    address = reverse("desk:cancel", args=[session_at().visit.public_id])
    unlock(client, on_shift)
    client.get("/desk/todo/")

    with time_machine.travel(now + 6 * MINUTE, tick=False):
        client.post(address, {"reason": "by_clinic"})

    assert KeptForm.objects.count() == 0


def test_secrets_are_never_kept(client: Client, on_shift: User, session_at: MakeSession) -> None:
    address = page_of(session_at(), "session_before")
    unlock(client, on_shift)
    client.get("/desk/todo/")

    secret = {"password": "x", "pin": "y", "code": "z", "act": "start", "sign": "st_burn"}
    client.post("/desk/devices/lock/", {"next": "", "path": address, "observations": "Skin warm", **secret})

    assert KeptForm.objects.get().fields == {"observations": ["Skin warm"]}


def test_kept_text_that_nobody_came_back_for_is_forgotten(on_shift: User, now: dt.datetime) -> None:
    KeptForm.objects.create(user=on_shift, path="/desk/", fields={}, kept_at=now - kept_forms.KEPT_FOR - MINUTE)

    assert (kept_forms.kept_of(on_shift, now=now), kept_forms.forget(before=now)) == ([], 1)


# --- safety on the locked screen --------------------------------------------------------------------------------------


def test_locked_screen_shows_the_session_that_goes_on_without_a_name(
    client: Client, device: ClinicDevice, running: Booking
) -> None:
    page = client.get(LOCKED).content.decode()

    assert 'data-until="2026-03-02T' in page
    assert "Meera" not in page
    assert "Kati Basti" not in page


def test_stop_works_on_the_locked_screen(
    client: Client, device: ClinicDevice, running: Booking, therapist_user: User
) -> None:
    client.post(f"/desk/devices/locked/{running.pk}/sign/", {"sign": "st_burn"})

    running.refresh_from_db()
    row = History.objects.get(verb="stop")
    assert running.status == Status.STOPPED
    assert (row.by, row.detail["locked_device"]) == (therapist_user, device.pk)


def test_sign_that_stops_nothing_works_on_the_locked_screen(
    client: Client, device: ClinicDevice, running: Booking
) -> None:
    signs = client.get(LOCKED).context["sessions"][0].signs
    mild = next(sign for sign in signs if sign.action != "stop_session")

    client.post(f"/desk/devices/locked/{running.pk}/sign/", {"sign": mild.code})

    running.refresh_from_db()
    assert (running.status, History.objects.get(verb="sign").detail) == (
        Status.IN_PROGRESS,
        {"locked_device": device.pk},
    )


def test_numbers_to_call_stand_on_the_locked_screen(client: Client, device: ClinicDevice) -> None:
    Clinic.objects.filter(pk=device.clinic_id).update(emergency_numbers=["999"], phone="+914842360000")

    page = client.get(LOCKED).content.decode()

    assert [number in page for number in ('href="tel:999"', 'href="tel:+914842360000"')] == [True, True]


def test_session_of_another_clinic_is_not_stopped(client: Client, running: Booking, now: dt.datetime) -> None:
    far = factories.make_clinic("far")
    _row, token = clinic_devices.enrol(clinic=far, name="Tablet", by=factories.make_member(far, "manager"), now=now)
    client.cookies[settings.CLINIC_DEVICE_COOKIE_NAME] = token

    client.post(f"/desk/devices/locked/{running.pk}/sign/", {"sign": "st_burn"})

    running.refresh_from_db()
    assert running.status == Status.IN_PROGRESS


def test_browser_that_is_no_device_stops_nothing(running: Booking) -> None:
    assert Client().post(f"/desk/devices/locked/{running.pk}/sign/", {"sign": "st_burn"}).status_code == 404


# --- a passkey instead of the PIN: one that fits is in a journey, with a real browser ---------------------------------


def test_names_with_a_passkey_are_offered_it_beside_the_pin(
    client: Client, device: ClinicDevice, on_shift: User, vaidya_user: User, now: dt.datetime
) -> None:
    without = client.get(LOCKED).content.decode()
    Authenticator.objects.create(user=vaidya_user, type=Authenticator.Type.WEBAUTHN, data={"name": "Tablet"})
    clinic_devices.begin_shift(device=device, user=vaidya_user, proved_at=now, now=now)  # has no PIN at all
    page = client.get(LOCKED)

    assert "data-passkey" not in without
    assert page.content.decode().count("data-passkey=") == 1
    assert sorted(label for _pk, label in page.context["form"].fields["member"].choices) == sorted(
        [str(on_shift), f"{vaidya_user} (passkey or PIN)"]
    )
    assert unlock(client, vaidya_user) == 422  # no PIN fits where there is none
    assert client.get(f"{LOCKED}passkey/", {"member": on_shift.pk}).status_code == 404
    assert client.get(f"{LOCKED}passkey/", {"member": "x"}).status_code == 404
    assert Client().get(f"{LOCKED}passkey/", {"member": vaidya_user.pk}).status_code == 404


def test_nonsense_instead_of_a_passkey_opens_nothing_and_ends_no_shift(client: Client, on_shift: User) -> None:
    Authenticator.objects.create(user=on_shift, type=Authenticator.Type.WEBAUTHN, data={"name": "Tablet"})

    for nonsense in ("[]", "7", '{"id": "x", "response": {}}'):
        assert client.post(LOCKED, {"member": on_shift.pk, "credential": nonsense}).status_code == 422

    assert (opens(client), Shift.objects.count(), unlock(client, on_shift)) == (False, 1, 302)


# --- after a stop -----------------------------------------------------------------------------------------------------


def test_stop_on_the_locked_tablet_shows_what_to_do_and_leads_into_the_session(
    client: Client, on_shift: User, running: Booking, now: dt.datetime
) -> None:
    Clinic.objects.update(phone="+914842360000")

    pressed = client.post(f"{LOCKED}{running.pk}/sign/", {"sign": "st_burn", "next": "/desk/"}, follow=True)
    page, (address, _status) = pressed.content.decode(), pressed.redirect_chain[-1]
    opened = client.post(address, {"member": on_shift.pk, "pin": PIN, "next": page_of(running)})

    assert "Remove heat and oil." in page
    assert "Call the clinic: +914842360000" in page
    assert "Meera" not in page
    assert opened.headers["Location"] == page_of(running)
    assert client.get(page_of(running)).status_code == 200


def test_unlocking_without_a_page_leads_into_the_session_stopped_here_until_its_record_goes_on(
    client: Client, on_shift: User, running: Booking, device: ClinicDevice, now: dt.datetime
) -> None:
    client.post(f"{LOCKED}{running.pk}/sign/", {"sign": "st_burn"})
    first = client.post(LOCKED, {"member": on_shift.pk, "pin": PIN}).headers["Location"]
    session_note_actions.note_session(booking=running, by=on_shift, now=now + MINUTE, observations="Cooled")
    client.post("/desk/devices/lock/", {"next": ""})
    second = client.post(LOCKED, {"member": on_shift.pk, "pin": PIN}).headers["Location"]

    assert (first, second) == (page_of(running), "/desk/")
    assert locked_sessions.stopped_sessions(device, now=now + 2 * MINUTE) == []


def test_front_desk_that_unlocks_after_a_stop_comes_to_the_day(
    client: Client, device: ClinicDevice, running: Booking, front_desk: User, now: dt.datetime
) -> None:
    clinic_devices.set_pin(user=front_desk, pin=PIN, now=now)
    clinic_devices.begin_shift(device=device, user=front_desk, proved_at=now, now=now)
    client.post(f"{LOCKED}{running.pk}/sign/", {"sign": "st_burn"})

    opened = client.post(LOCKED, {"member": front_desk.pk, "pin": PIN, "next": page_of(running)})

    assert opened.headers["Location"] == "/desk/"


def test_locked_screen_with_a_running_session_shows_the_stop_and_the_vaidyas_phone_first(
    client: Client, on_shift: User, running: Booking
) -> None:
    Clinic.objects.update(phone="+914842360000")

    page = client.get(LOCKED).content.decode()

    assert "<details" not in page
    assert page.index("Call the clinic: +914842360000") < page.index('name="sign"') < page.index('name="pin"')


def test_running_session_says_when_it_ends(client: Client, running: Booking, therapist_user: User) -> None:
    client.force_login(therapist_user)

    page = client.get(page_of(running)).content.decode()

    ends = timezone.localtime(running.ends_at + (running.started_at - running.starts_at), running.visit.zone)
    assert f"Ends at {ends:%H:%M}" in page
    assert "js/countdown.js" in page


def test_name_with_too_many_wrong_pins_is_told_so_by_name(client: Client, on_shift: User) -> None:
    for _try in range(5):
        unlock(client, on_shift, "111222")

    page = client.post(LOCKED, {"member": on_shift.pk, "pin": PIN}).content.decode()

    assert f"Too many attempts for {on_shift}. Please sign in with your password." in page
    assert "Select a valid choice" not in page


def test_kept_text_says_what_it_belongs_to(client: Client, on_shift: User, session_at: MakeSession) -> None:
    booking = session_at()
    unlock(client, on_shift)
    client.get(page_of(booking))
    client.post("/desk/devices/lock/", {"path": page_of(booking, "session_before"), "observations": "Skin warm"})

    unlock(client, on_shift)
    page = client.get("/desk/devices/kept/").content.decode()

    assert f"{booking.visit.patient}, Kati Basti 11:00, before the session" in page


# --- a PIN that is missing, and signing out ---------------------------------------------------------------------------

FIRST_PIN = "Set your PIN now to unlock this device with your name"


def test_lock_without_a_pin_leads_to_setting_one_and_keeps_what_was_written(
    client: Client, device: ClinicDevice, therapist_user: User, session_at: MakeSession
) -> None:
    booking = session_at()
    client.force_login(therapist_user)
    client.get("/desk/todo/")

    written = {"path": page_of(booking, "session_before"), "observations": "Skin warm"}
    locking = client.post("/desk/devices/lock/", {"next": "/desk/todo/", **written}, follow=True)
    (address, _status), still_open = locking.redirect_chain[-1], opens(client)
    done = client.post(address, {"pin": PIN, "again": PIN, "next": "/desk/todo/"})
    client.post("/desk/devices/lock/", {"next": "/desk/todo/"})

    assert (address, still_open) == ("/desk/devices/pin/?next=%2Fdesk%2Ftodo%2F", True)
    assert FIRST_PIN in locking.content.decode()
    assert done.headers["Location"] == "/desk/devices/kept/?next=%2Fdesk%2Ftodo%2F"
    assert (opens(client), unlock(client, therapist_user)) == (False, 302)


def test_device_that_nobody_uses_locks_without_a_pin_too(
    client: Client, device: ClinicDevice, therapist_user: User
) -> None:
    client.force_login(therapist_user)
    client.get("/desk/todo/")

    client.post("/desk/devices/lock/", {"next": "/desk/todo/", "auto": "1"})

    assert opens(client) is False


def test_whole_sign_in_on_a_clinic_device_leads_to_setting_a_pin(
    client: Client, device: ClinicDevice, therapist_user: User, now: dt.datetime
) -> None:
    give_factor(therapist_user)
    therapist_user.set_password("quiet-copper-lantern-47")
    therapist_user.save()

    def sign_in() -> str:
        sent = {"login": therapist_user.username or therapist_user.email, "password": "quiet-copper-lantern-47"}
        client.post("/staff/?next=/desk/todo/", {**sent, "next": "/desk/todo/"})
        return client.post("/staff/second-step/", {"code": recovery_code(therapist_user, len(taken))}).headers[
            "Location"
        ]

    taken: list[str] = []
    taken.append(sign_in())
    shown = client.get(taken[0]).content.decode()
    client.post("/accounts/logout/")
    clinic_devices.set_pin(user=therapist_user, pin=PIN, now=now)
    taken.append(sign_in())

    assert taken == ["/desk/devices/pin/?next=%2Fdesk%2Ftodo%2F", "/desk/todo/"]
    assert FIRST_PIN in shown


def test_sign_out_on_a_clinic_device_leads_to_the_names(client: Client, on_shift: User) -> None:
    unlock(client, on_shift)

    here = client.post("/accounts/logout/").headers["Location"]
    elsewhere = SignedInClient()
    elsewhere.force_login(on_shift)

    assert (here, elsewhere.post("/accounts/logout/").headers["Location"]) == (LOCKED, "/")


# --- a patient holds the device ---------------------------------------------------------------------------------------


def test_device_handed_to_a_patient_opens_nothing_of_the_desk_until_the_pin(
    client: Client, on_shift: User, session_at: MakeSession
) -> None:
    visit = session_at().visit
    asked, home = reverse("desk:questions", args=[visit.public_id]), reverse("desk:visit", args=[visit.public_id])
    unlock(client, on_shift)
    before = client.get(home).status_code

    handed = client.get(asked, follow=True)
    other_page = client.get(asked, follow=True).status_code
    back = client.get(home)
    after = client.get(home).status_code
    returned = client.post(back.headers["Location"], {"member": on_shift.pk, "pin": PIN, "next": home})

    assert (before, handed.status_code, other_page, after) == (200, 200, 200, 302)
    assert "keep this device in sight" not in handed.content.decode()
    assert back.headers["Location"] == f"{LOCKED}?{urlencode({'next': home})}"
    assert (returned.headers["Location"], client.get(home).status_code) == (home, 200)


@pytest.mark.parametrize("name", ["desk:todo", "desk:pin", "desk:send_questions", "security", "portal:visits"])
def test_patient_who_holds_the_device_leaves_the_questions_for_the_names(
    client: Client, on_shift: User, session_at: MakeSession, name: str
) -> None:
    visit = session_at().visit
    unlock(client, on_shift)
    client.get(reverse("desk:questions", args=[visit.public_id]))

    address = reverse(name, args=[visit.public_id] if name == "desk:send_questions" else [])
    response = client.post(address) if name == "desk:send_questions" else client.get(address)

    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, LOCKED)
    assert opens(client) is False


def test_questions_on_another_device_say_to_keep_it_in_sight(
    enter: Enter, therapist_user: User, session_at: MakeSession
) -> None:
    page = enter(therapist_user).get(reverse("desk:questions", args=[session_at().visit.public_id]), follow=True)

    assert "Staff: keep this device in sight." in page.content.decode()
    assert opens(enter(therapist_user)) is True
