"""One tap on a sign, and the Vaidya's check on the day."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from bookings.actions.attendance import complete
from bookings.actions.session_notes import note_session
from bookings.desk.sessions.page import STEPS_AFTER_A_STOP
from bookings.errors import PolicyRefused
from bookings.facts.orders import orders_of
from bookings.models import Booking, SessionNote, Status, Suspension
from bookings.rules.sessions import why_not_undo_stop
from clinic.people.models import Patient, User
from tests.desk.conftest import Enter, at
from tests.desk.sessions.conftest import OF_A_SESSION, MakeSession, page_of
from therapies.models import Therapy

MEANT = {
    rule.code
    for rule in OF_A_SESSION
    if "sign" in rule.rule and {"all", "kati_basti", "bahya_basti_family"} & set(rule.rule["applies_to"])  # type: ignore[arg-type]
}


def test_signs_of_this_treatment_are_one_button_each(
    enter: Enter, therapist_user: User, session_at: MakeSession
) -> None:
    response = enter(therapist_user).get(page_of(session_at(status=Status.IN_PROGRESS)))

    buttons = response.content.decode().split('id="signs-title"')[1].split("</section>")[0]
    assert {sign.code for sign in response.context["signs"]} == MEANT
    assert [code for code in MEANT if buttons.count(f'value="{code}"') != 1] == []


@pytest.mark.parametrize("status", [Status.CHECKED_IN, Status.COMPLETED, Status.STOPPED])
def test_no_signs_unless_the_session_goes_on(
    enter: Enter, therapist_user: User, session_at: MakeSession, status: str
) -> None:
    assert enter(therapist_user).get(page_of(session_at(status=status))).context["signs"] == []


def test_every_step_after_a_stop_has_words() -> None:
    steps = {step for rule in OF_A_SESSION for step in rule.rule.get("steps", [])}  # type: ignore[attr-defined]

    assert len(steps) == 8
    assert steps <= STEPS_AFTER_A_STOP.keys()


def test_tap_stops_and_says_what_to_do(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    booking = session_at(status=Status.IN_PROGRESS)

    response = enter(therapist_user).post(page_of(booking, "session_sign"), {"sign": "st_burn"}, follow=True)

    page = response.content.decode()
    booking.refresh_from_db()
    assert (booking.status, Suspension.objects.get().therapies) == (Status.STOPPED, ["all"])
    assert "Remove heat and oil." in page
    assert "Call the Vaidya." in page
    assert 'href="tel:112"' not in page


def test_emergency_shows_the_clinic_s_numbers(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    booking = session_at(status=Status.IN_PROGRESS)
    booking.visit.clinic.emergency_numbers = ["999"]
    booking.visit.clinic.save()

    page = (
        enter(therapist_user)
        .post(page_of(booking, "session_sign"), {"sign": "st_chest_pain_breath"}, follow=True)
        .content.decode()
    )

    assert 'href="tel:999"' in page
    assert Suspension.objects.get().therapies == ["all"]


def test_tap_keeps_what_was_typed(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    booking = session_at(status=Status.IN_PROGRESS)
    typed = {"observations": "warm hands", "pain_before": "5", "materials": "oil", "identifiers": ["name", "photo"]}

    enter(therapist_user).post(page_of(booking, "session_sign"), typed | {"sign": "st_burn"})

    note = SessionNote.objects.get()
    assert (note.observations, note.pain_before, note.identifiers) == ("warm hands", 5, "name,photo")
    assert (note.stop_sign, note.event_code) == ("st_burn", "ITA-5.76.6")


def test_slip_of_the_finger_elsewhere_does_not_hinder_the_stop(
    enter: Enter, therapist_user: User, session_at: MakeSession
) -> None:
    booking = session_at(status=Status.IN_PROGRESS)

    response = enter(therapist_user).post(
        page_of(booking, "session_sign"), {"sign": "st_burn", "pulse": "7", "observations": "warm hands"}
    )

    booking.refresh_from_db()
    page = response.content.decode()
    assert (response.status_code, booking.status) == (422, Status.STOPPED)
    assert "warm hands" in page
    assert "Remove heat and oil." in page


def test_pause_is_no_stop(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    booking = session_at(status=Status.IN_PROGRESS)

    page = (
        enter(therapist_user)
        .post(page_of(booking, "session_sign"), {"sign": "st_oil_leak"}, follow=True)
        .content.decode()
    )

    booking.refresh_from_db()
    assert (booking.status, Suspension.objects.exists()) == (Status.IN_PROGRESS, False)
    assert "Pause and correct the problem" in page
    assert "The oil pool leaks" in SessionNote.objects.get().observations


@pytest.mark.parametrize("sign", ["st_blood", "no such sign", ""])
def test_sign_of_something_else_changes_nothing(
    enter: Enter, therapist_user: User, session_at: MakeSession, sign: str
) -> None:
    booking = session_at(status=Status.IN_PROGRESS)

    response = enter(therapist_user).post(page_of(booking, "session_sign"), {"sign": sign}, follow=True)

    booking.refresh_from_db()
    assert booking.status == Status.IN_PROGRESS
    assert "does not apply to this treatment" in response.content.decode()


def test_front_desk_reads_stopped_and_nothing_of_the_sign(
    enter: Enter, therapist_user: User, front_desk: User, session_at: MakeSession
) -> None:
    booking = session_at(status=Status.IN_PROGRESS)
    enter(therapist_user).post(page_of(booking, "session_sign"), {"sign": "st_burn", "observations": "CANARY"})
    client = enter(front_desk)

    pages = [client.get(url) for url in (f"/desk/visits/{booking.visit.public_id}/", "/desk/", "/desk/todo/")]

    text = " ".join(page.content.decode() for page in pages)
    assert "Stopped" in text
    assert [word for word in ("CANARY", "burn", "st_burn", "too much") if word in text] == []


# --- the check on the day ---------------------------------------------------------------------------------------------


@pytest.fixture
def asks_for_a_check(session_at: MakeSession) -> MakeSession:
    Therapy.objects.filter(code="kati_basti").update(needs="day_check")
    return session_at


def test_vaidya_checks_with_one_button(
    enter: Enter, vaidya_user: User, therapist_user: User, asks_for_a_check: MakeSession
) -> None:
    booking = asks_for_a_check()
    client, button = enter(vaidya_user), page_of(booking, "day_check")

    assert button in client.get(page_of(booking)).content.decode()
    page = client.post(button, follow=True).content.decode()

    booking.refresh_from_db()
    assert booking.day_checked_by == vaidya_user
    assert "Checked today by" in page
    assert button not in page


def test_therapist_reads_that_a_vaidya_checks_first(
    enter: Enter, therapist_user: User, asks_for_a_check: MakeSession
) -> None:
    booking, client = asks_for_a_check(), enter(therapist_user)

    page = client.get(page_of(booking)).content.decode()

    assert "A Vaidya must check the patient first." in page
    assert page_of(booking, "day_check") not in page
    assert client.post(page_of(booking, "day_check")).status_code == 403


def test_no_button_where_no_check_is_asked_for(enter: Enter, vaidya_user: User, session_at: MakeSession) -> None:
    booking = session_at()

    assert page_of(booking, "day_check") not in enter(vaidya_user).get(page_of(booking)).content.decode()


# --- a mistaken press -------------------------------------------------------------------------------------------------


def test_mistaken_stop_is_taken_back_by_who_pressed_it(
    enter: Enter, therapist_user: User, session_at: MakeSession
) -> None:
    booking, client = session_at(status=Status.IN_PROGRESS), enter(therapist_user)
    stopped = client.post(page_of(booking, "session_sign"), {"sign": "st_burn"}, follow=True).content.decode()

    page = client.post(page_of(booking, "undo_sign"), follow=True).content.decode()

    booking.refresh_from_db()
    pause, note = Suspension.objects.get(), SessionNote.objects.get()
    assert "You can take it back until 10:10." in stopped
    assert "The stop has been taken back." in page
    assert (booking.status, booking.ended_at, note.stop_sign, note.event_code) == (Status.IN_PROGRESS, None, "", "")
    assert (pause.mistaken, pause.lifted_by) == (True, therapist_user)
    assert not Suspension.objects.to_ring_about().exists()
    verbs = list(booking.visit.history.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["stop", "undo_stop"]


def test_stop_that_was_taken_back_stays_in_sight_at_the_session_and_beside_the_pain_line(
    enter: Enter, therapist_user: User, vaidya_user: User, session_at: MakeSession, patient: Patient
) -> None:
    booking, client = session_at(status=Status.IN_PROGRESS), enter(therapist_user)
    client.post(page_of(booking, "session_sign"), {"sign": "st_burn"})
    client.post(page_of(booking, "undo_sign"))

    of_vaidya = enter(vaidya_user)
    addresses = (page_of(booking), reverse("desk:sessions", args=[patient.public_id]))
    pages = [" ".join(of_vaidya.get(address).content.decode().split()) for address in addresses]

    words = f"Stopped and taken back as a mistake on 2 Mar 2026, 10:00 by {therapist_user}"
    assert [words in page for page in pages] == [True, True]


def test_mistaken_stop_is_not_taken_back_by_another_nor_after_ten_minutes(
    enter: Enter, therapist_user: User, front_desk: User, session_at: MakeSession
) -> None:
    booking, client = session_at(status=Status.IN_PROGRESS), enter(therapist_user)
    client.post(page_of(booking, "session_sign"), {"sign": "st_burn"})
    booking.refresh_from_db()

    other = why_not_undo_stop(booking, by=front_desk, stopped_by=therapist_user.pk, now=at(10, 1))
    with time_machine.travel(at(10, 11), tick=False):
        late = enter(therapist_user).post(page_of(booking, "undo_sign"), follow=True).content.decode()

    booking.refresh_from_db()
    assert booking.status == Status.STOPPED
    assert "Only the person who pressed the sign" in other
    assert "It is too late to take this back." in late


def test_vaidya_takes_a_stop_back_until_the_end_of_the_day(
    enter: Enter, therapist_user: User, vaidya_user: User, session_at: MakeSession
) -> None:
    booking = session_at(status=Status.IN_PROGRESS)
    enter(therapist_user).post(page_of(booking, "session_sign"), {"sign": "st_burn"})

    with time_machine.travel(at(12, 30), tick=False):
        offered = "Take back the stop" in enter(vaidya_user).get(page_of(booking)).content.decode()
        enter(vaidya_user).post(page_of(booking, "undo_sign"))

    assert offered
    assert (Booking.objects.get(pk=booking.pk).status, Suspension.objects.get().mistaken) == (Status.IN_PROGRESS, True)


def test_stopped_session_uses_up_none_of_the_order_unless_the_vaidya_says_so(
    enter: Enter, therapist_user: User, vaidya_user: User, session_at: MakeSession
) -> None:
    booking = session_at(status=Status.IN_PROGRESS)
    assert booking.item is not None
    left = [orders_of([booking.item])[0].left]
    enter(therapist_user).post(page_of(booking, "session_sign"), {"sign": "st_burn"})
    left.append(orders_of([booking.item])[0].left)

    page = enter(vaidya_user).post(page_of(booking, "count_stopped"), follow=True).content.decode()

    left.append(orders_of([booking.item])[0].left)
    assert left == [59, 60, 59]
    assert "A Vaidya decided that this session counts as taken." in page


# --- pain that rose ---------------------------------------------------------------------------------------------------


def test_pain_of_5_before_and_7_after_asks_what_happened_and_the_next_session_waits(
    enter: Enter, therapist_user: User, vaidya_user: User, session_at: MakeSession
) -> None:
    booking, client = session_at(status=Status.IN_PROGRESS), enter(therapist_user)
    risen = {"identifiers": ["name", "photo"], "pain_before": "5", "pain_after": "7", "act": "complete"}

    asked = client.post(page_of(booking, "session_after"), risen)
    booking.refresh_from_db()
    assert (asked.status_code, booking.status) == (422, Status.IN_PROGRESS)
    assert "The pain has risen. Please write what happened." in asked.content.decode()

    ended = client.post(page_of(booking, "session_after"), risen | {"pain_rise": "The oil was too hot"}, follow=True)
    assert "Saved. Call the Vaidya now." in ended.content.decode()
    booking.refresh_from_db()
    pause = Suspension.objects.get()
    assert (booking.status, pause.sign, pause.therapies) == (Status.COMPLETED, "pain_rose", ["all"])
    assert SessionNote.objects.get().pain_rise == "The oil was too hot"
    assert "Treatments paused because of a sign" in enter(vaidya_user).get("/desk/todo/").content.decode()


def test_pain_that_is_written_down_after_the_end_holds_the_next_session_too(
    enter: Enter, therapist_user: User, session_at: MakeSession
) -> None:
    booking = session_at(status=Status.COMPLETED)
    late = {"pain_before": "6", "pain_after": "9", "pain_rise": "Worse on the way home", "act": "save"}

    for _again in range(2):
        enter(therapist_user).post(page_of(booking, "session_after"), late)

    assert Suspension.objects.get().sign == "pain_rose"


def test_nobody_completes_over_pain_that_rose(therapist_user: User, session_at: MakeSession, now: dt.datetime) -> None:
    booking = session_at(status=Status.IN_PROGRESS)
    note_session(booking=booking, by=therapist_user, now=now, pain_before=5, pain_after=8)

    with pytest.raises(PolicyRefused, match="The pain has risen"):
        complete(booking=booking, by=therapist_user, now=now)
