"""The record of a session at the tablet: before, during, after, and who may see it."""

import datetime as dt
import re

import pytest
import time_machine

from bookings.actions.measurements import measure
from bookings.actions.session_notes import note_session
from bookings.models import Booking, Measurement, MeasurementDecision, SessionNote, Status
from clinic.people.models import Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, at
from tests.desk.sessions.conftest import MakeSession, page_of
from therapies.vitals import Readings

BEFORE = {"identifiers": ["name", "birth_date"], "pain_before": "6", "pressure": "gentle", "materials": "Sesame oil"}


def form_of(page: str) -> dict[str, str]:
    """What the fields of a page hold: radio buttons and ticks that are chosen, and texts."""
    chosen = re.findall(r'<input type="(?:radio|checkbox)" name="(\w+)" value="([^"]*)"[^>]*checked', page)
    typed = re.findall(r'<input type="(?:text|number)" name="(\w+)" value="([^"]*)"', page)
    return dict(chosen) | dict(typed)


# --- before -----------------------------------------------------------------------------------------------------------


def test_page_before_is_filled_in_as_prescribed(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    page = enter(therapist_user).get(page_of(session_at())).content.decode()

    assert form_of(page) == {"pressure": "gentle", "materials": "Ksheerabala oil"}
    assert "Left side first" in page


def test_batch_comes_from_the_last_session(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    last = session_at(9, day=1, status=Status.COMPLETED)
    note_session(booking=last, by=therapist_user, now=at(10, day=1), batch="B-12", materials="older oil")

    page = enter(therapist_user).get(page_of(session_at())).content.decode()

    assert form_of(page) == {"pressure": "gentle", "materials": "Ksheerabala oil", "batch": "B-12"}


def test_start_keeps_the_record_and_begins(
    enter: Enter, therapist_user: User, session_at: MakeSession, now: dt.datetime
) -> None:
    booking = session_at()

    response = enter(therapist_user).post(page_of(booking, "session_before"), BEFORE | {"act": "start"})

    booking.refresh_from_db()
    note = SessionNote.objects.get(booking=booking)
    assert (response.status_code, response.headers["Location"]) == (302, page_of(booking))
    assert (booking.status, booking.started_at) == (Status.IN_PROGRESS, now)
    assert (note.identifiers, note.pain_before, note.materials) == ("name,birth_date", 6, "Sesame oil")
    assert note.by == therapist_user


@pytest.mark.parametrize("identifiers", [[], ["name"]])
def test_start_needs_two_identifiers(
    enter: Enter, therapist_user: User, session_at: MakeSession, identifiers: list[str]
) -> None:
    booking = session_at()

    response = enter(therapist_user).post(
        page_of(booking, "session_before"), BEFORE | {"identifiers": identifiers, "act": "start"}
    )

    booking.refresh_from_db()
    assert (response.status_code, booking.status) == (422, Status.CHECKED_IN)
    assert "Please confirm two of these" in response.content.decode()
    assert form_of(response.content.decode())["materials"] == "Sesame oil"


def test_keeping_needs_no_identifiers(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    booking = session_at()

    enter(therapist_user).post(page_of(booking, "session_before"), {"pain_before": "0", "act": "save"})

    booking.refresh_from_db()
    assert (booking.status, SessionNote.objects.get().pain_before) == (Status.CHECKED_IN, 0)


def test_refused_start_says_why_and_keeps_the_record(
    enter: Enter, therapist_user: User, session_at: MakeSession
) -> None:
    booking = session_at(item=None)

    response = enter(therapist_user).post(page_of(booking, "session_before"), BEFORE | {"act": "start"}, follow=True)

    booking.refresh_from_db()
    assert booking.status == Status.CHECKED_IN
    assert "no longer valid" in response.content.decode()
    assert SessionNote.objects.get().pain_before == 6


# --- measured values --------------------------------------------------------------------------------------------------

HUMAN = {
    "systolic": (50, 300),
    "diastolic": (20, 200),
    "pulse": (20, 250),
    "temperature": (33, 43),
}


@pytest.mark.parametrize(
    ("field", "value", "valid"),
    [
        (field, value, valid)
        for field, (low, high) in HUMAN.items()
        for value, valid in ((low - 1, False), (low, True), (high, True), (high + 1, False))
    ],
)
def test_reading_that_no_human_has_is_not_kept(
    enter: Enter, therapist_user: User, session_at: MakeSession, field: str, value: int, valid: bool
) -> None:
    booking = session_at()
    pair = {"systolic": ("diastolic", 20), "diastolic": ("systolic", 300)}
    other = dict([pair[field]]) if field in pair else {}

    response = enter(therapist_user).post(page_of(booking, "session_before"), {field: value, "act": "save"} | other)

    assert (response.status_code == 302, Measurement.objects.exists()) == (valid, valid)


@pytest.mark.parametrize(
    ("upper", "lower", "words"),
    [("120", "", "both values"), ("", "80", "both values"), ("80", "120", "higher than the lower")],
)
def test_half_a_blood_pressure_is_asked_again(
    enter: Enter, therapist_user: User, session_at: MakeSession, upper: str, lower: str, words: str
) -> None:
    said = {"systolic": upper, "diastolic": lower, "act": "save"}

    response = enter(therapist_user).post(page_of(session_at(), "session_before"), said)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_high_pressure_waits_for_the_vaidya_and_a_check_lets_it_begin(
    enter: Enter, therapist_user: User, vaidya_user: User, session_at: MakeSession
) -> None:
    booking, high = session_at(), BEFORE | {"systolic": "165", "diastolic": "95", "act": "start"}

    page = enter(therapist_user).post(page_of(booking, "session_before"), high, follow=True).content.decode()
    booking.refresh_from_db()
    assert (booking.status, "The Vaidya must see the patient first" in page) == (Status.CHECKED_IN, True)

    enter(vaidya_user).post(page_of(booking, "day_check"))
    enter(therapist_user).post(page_of(booking, "session_before"), BEFORE | {"act": "start"})
    booking.refresh_from_db()
    assert booking.status == Status.IN_PROGRESS


def test_emptied_field_changes_nothing_and_the_reading_stays_on_the_page(
    enter: Enter, therapist_user: User, session_at: MakeSession
) -> None:
    booking, client = session_at(), enter(therapist_user)
    client.post(page_of(booking, "session_before"), {"systolic": "182", "diastolic": "96", "act": "save"})

    emptied = BEFORE | {"systolic": "", "diastolic": "", "act": "start"}
    page = client.post(page_of(booking, "session_before"), emptied, follow=True).content.decode()

    booking.refresh_from_db()
    assert (booking.status, Measurement.objects.get().systolic) == (Status.CHECKED_IN, 182)
    assert "182/96 mmHg" in page
    assert "Call the Vaidya now" in page
    assert form_of(page).get("systolic", "") == ""


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("temperature", "98.6", "98.6 is in °F. It would be 37.0 °C"),
        ("temperature", "98.6 F", "Enter a number"),
        ("pulse", "120 mg/dL", "Enter a whole number"),
        ("systolic", "16", "from 50 to 300 mmHg"),
    ],
)
def test_value_in_another_unit_is_refused_in_words_and_not_kept(
    enter: Enter, therapist_user: User, session_at: MakeSession, field: str, value: str, words: str
) -> None:
    said = {"systolic": "120", "diastolic": "80", field: value, "act": "save"}

    response = enter(therapist_user).post(page_of(session_at(), "session_before"), said)

    assert (response.status_code, Measurement.objects.exists()) == (422, False)
    assert words in response.content.decode()


def test_readings_that_stop_are_on_the_vaidya_s_list_until_decided(
    enter: Enter, therapist_user: User, vaidya_user: User, session_at: MakeSession
) -> None:
    booking = session_at()
    stopping = {"systolic": "182", "diastolic": "96", "act": "save"}
    enter(therapist_user).post(page_of(booking, "session_before"), stopping)
    client = enter(vaidya_user)
    assert "Urgent: a Vaidya must see this patient now" in client.get("/desk/todo/").content.decode()

    decided = {"reason": "Seen by Dr Rao today", "report_seen": "on", "act": "allow"}
    page = client.post(page_of(booking, "readings"), decided, follow=True).content.decode()

    assert "Your decision has been saved." in page
    assert "Seen by Dr Rao today" in page
    assert "Urgent: a Vaidya must see this patient now" not in client.get("/desk/todo/").content.decode()


def test_decision_without_a_reason_is_asked_again(
    enter: Enter, therapist_user: User, vaidya_user: User, session_at: MakeSession
) -> None:
    booking = session_at()
    measure(booking=booking, by=therapist_user, now=at(10), readings=Readings(systolic=85, diastolic=60))

    response = enter(vaidya_user).post(page_of(booking, "readings"), {"reason": "", "act": "allow"})

    assert (response.status_code, MeasurementDecision.objects.exists()) == (422, False)


@pytest.mark.parametrize("pain", ["11", "-1", "strong"])
def test_pain_is_one_of_eleven_numbers(enter: Enter, therapist_user: User, session_at: MakeSession, pain: str) -> None:
    response = enter(therapist_user).post(page_of(session_at(), "session_before"), {"pain_before": pain, "act": "save"})

    assert (response.status_code, SessionNote.objects.exists()) == (422, False)


# --- during and after -------------------------------------------------------------------------------------------------


def test_page_during_shows_what_to_keep_to(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    page = enter(therapist_user).get(page_of(session_at(status=Status.IN_PROGRESS))).content.decode()

    assert "Test the temperature of what is warm before it touches the skin" in page
    assert "Work beside the spine" not in page


def test_complete_keeps_the_whole_record(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    booking = session_at(status=Status.IN_PROGRESS)
    after = {"pain_after": "2", "systolic": "118", "diastolic": "76", "observations": "slept"}

    enter(therapist_user).post(page_of(booking, "session_after"), BEFORE | after | {"act": "complete"})

    booking.refresh_from_db()
    note = SessionNote.objects.get()
    assert booking.status == Status.COMPLETED
    row = Measurement.objects.get()
    assert (note.pain_before, note.pain_after, note.observations) == (6, 2, "slept")
    assert (row.when, row.systolic, row.diastolic) == ("since", 118, 76)


def test_record_is_completed_on_the_same_day(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    booking = session_at(status=Status.COMPLETED)
    page = page_of(booking, "session_after")

    enter(therapist_user).post(page, {"pain_after": "3", "act": "save"})
    with time_machine.travel(at(9, day=3), tick=False):
        client = enter(therapist_user)
        client.post(page, {"pain_after": "9", "act": "save"})
        closed = client.get(page_of(booking)).content.decode()

    assert SessionNote.objects.get().pain_after == 3
    assert "closes at the end of the day" in closed
    assert "<form method" not in closed.split("<main")[1]


def test_adverse_event_is_chosen_by_words_and_kept_by_its_who_term(
    enter: Enter, therapist_user: User, session_at: MakeSession
) -> None:
    booking, client = session_at(status=Status.COMPLETED), enter(therapist_user)
    page = client.get(page_of(booking)).content.decode()
    said = {"adverse_event": "redness", "act": "save"}

    offered = dict(re.findall(r'<option value="([^"]+)">([^<]+)<', page.split('name="event_code"')[1]))
    wrong = client.post(page_of(booking, "session_after"), said | {"event_code": "ITA-1.1.1"})
    client.post(page_of(booking, "session_after"), said | {"event_code": "ITA-5.76.6"})

    assert {"ITA-5.76.6", "ITA-5.76.8", "st_rash"} <= offered.keys()
    assert offered["ITA-5.76.6"] == "A burn, or heat that is too much"
    assert [words for words in offered.values() if "ITA" in words or "_" in words] == []
    assert wrong.status_code == 422
    assert SessionNote.objects.get().event_code == "ITA-5.76.6"


# --- who sees it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["vaidya", "therapist", "nurse", "attendant"])
def test_who_treats_sees_the_record(enter: Enter, clinic: Clinic, session_at: MakeSession, role: str) -> None:
    user, booking = factories.make_member(clinic, role), session_at()
    factories.make_crew(booking.visit, user)

    assert enter(user).get(page_of(booking)).status_code == 200


@pytest.mark.parametrize("role", ["front_desk", "manager"])
@pytest.mark.parametrize("name", ["session", "session_before", "session_after", "session_sign", "day_check"])
def test_who_does_not_treat_is_shut_out(
    enter: Enter, clinic: Clinic, session_at: MakeSession, role: str, name: str
) -> None:
    client, page = enter(factories.make_member(clinic, role)), page_of(session_at(), name)

    assert {client.get(page).status_code, client.post(page).status_code} <= {403, 405}
    assert client.post(page).status_code in (403, 405)


def test_therapist_of_another_clinic_finds_nothing(enter: Enter, other_clinic: Clinic, session_at: MakeSession) -> None:
    client, booking = enter(factories.make_member(other_clinic, "therapist")), session_at()

    assert client.get(page_of(booking)).status_code == 404
    assert client.post(page_of(booking, "session_before"), BEFORE).status_code == 404
    assert not SessionNote.objects.exists()


def test_second_booking_of_the_visit_that_is_not_there(
    enter: Enter, therapist_user: User, session_at: MakeSession
) -> None:
    booking: Booking = session_at()

    assert enter(therapist_user).get(page_of(booking).replace("/0/", "/7/")).status_code == 404


def test_record_is_a_read(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    booking = session_at()

    enter(therapist_user).get(page_of(booking))

    assert list(Read.objects.values_list("door", "patients")) == [("desk:session", [booking.visit.patient_id])]


def test_link_to_the_record_is_for_those_who_treat(
    enter: Enter, therapist_user: User, front_desk: User, session_at: MakeSession
) -> None:
    booking = session_at()
    visit = f"/desk/visits/{booking.visit.public_id}/"

    assert page_of(booking) in enter(therapist_user).get(visit).content.decode()
    assert page_of(booking) in enter(therapist_user).get("/desk/?who=all").content.decode()
    assert page_of(booking) not in enter(front_desk).get(visit).content.decode()
    assert page_of(booking) not in enter(front_desk).get("/desk/").content.decode()


def test_page_has_no_inline_style_or_script(enter: Enter, therapist_user: User, session_at: MakeSession) -> None:
    for status in (Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED):
        page = enter(therapist_user).get(page_of(session_at(status=status, hour=9 + len(status)))).content.decode()

        assert re.findall(r"<style|\sstyle=|\son\w+=|<script>", page) == []
