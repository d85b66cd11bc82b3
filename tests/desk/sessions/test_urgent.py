"""After 185/115, or a danger sign: everybody sees at once that a Vaidya must come, and under which number."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.urls import reverse

from bookings.actions import attendance
from bookings.actions.measurements import decide_on_readings, measure
from bookings.desk.todo.owners import TaskKind
from bookings.desk.todo.page import sections_of, tasks_of
from bookings.errors import PolicyRefused
from bookings.facts.on_duty import VaidyaOnDuty, vaidyas_on_duty
from bookings.messages.schedule.patient_messages import ask_desk_to_call
from bookings.models import Booking, MeasurementDecision, Status, Suspension
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic, Use
from tests import factories
from tests.desk.conftest import Enter, at
from tests.desk.sessions.conftest import MakeSession, page_of
from therapies.models import Practitioner
from therapies.vitals import Readings

MINUTE = dt.timedelta(minutes=1)
URGENT = "Urgent: a Vaidya must see this patient now"
PAGES: dict[str, Callable[[Booking], str]] = {
    "to do": lambda _booking: reverse("desk:todo"),
    "day": lambda _booking: reverse("desk:day"),
    "visit": lambda booking: reverse("desk:visit", args=[booking.visit.public_id]),
    "patient": lambda booking: reverse("desk:patient", args=[booking.visit.patient.public_id]),
    "record": lambda booking: reverse("desk:record", args=[booking.visit.patient.public_id]),
    "session": page_of,
}
OF_EVERYBODY = [name for name in PAGES if name not in ("record", "session")]
SAYS_WHY = ("185", "115", "pressure", "Pressure")


@pytest.fixture
def booking(session_at: MakeSession, therapist_user: User, now: dt.datetime) -> Booking:
    """185/115 was measured before the session."""
    booking = session_at()
    measure(booking=booking, by=therapist_user, now=now, readings=Readings(systolic=185, diastolic=115))
    return booking


def test_185_115_is_due_at_once_and_first_on_the_list_of_every_vaidya_of_the_clinic(
    booking: Booking, clinic: Clinic, now: dt.datetime
) -> None:
    for vaidya in (factories.make_member(clinic, "vaidya"), factories.make_member(clinic, "vaidya")):
        first = sections_of(vaidya, now)[0].rows[0]

        assert (first.task.kind, first.task.due, first.is_late) == (TaskKind.URGENT, now, True)


@pytest.mark.parametrize("name", PAGES)
def test_whoever_treats_reads_of_it_on_every_page(enter: Enter, vaidya_user: User, booking: Booking, name: str) -> None:
    assert URGENT in enter(vaidya_user).get(PAGES[name](booking)).content.decode()


@pytest.mark.parametrize("name", OF_EVERYBODY)
def test_front_desk_reads_of_it_in_plain_words_and_never_why(
    enter: Enter, front_desk: User, booking: Booking, name: str
) -> None:
    page = enter(front_desk).get(PAGES[name](booking)).content.decode()

    assert URGENT in page
    text = re.sub(r"<[^>]*>", " ", page)  # an address may have any digits
    assert [words for words in SAYS_WHY if re.search(rf"\b{words}", text)] == []


@pytest.mark.parametrize("name", OF_EVERYBODY)
def test_danger_sign_that_nobody_called_about_is_on_every_page_too(
    enter: Enter,
    front_desk: User,
    session_at: MakeSession,
    patient: Patient,
    clinic: Clinic,
    now: dt.datetime,
    name: str,
) -> None:
    booking = session_at()
    before = enter(front_desk).get(PAGES[name](booking)).content.decode()

    ask_desk_to_call(patient=patient, clinic=clinic, now=now, by=None)

    assert (URGENT in before, URGENT in enter(front_desk).get(PAGES[name](booking)).content.decode()) == (False, True)


def test_number_is_that_of_the_vaidya_on_duty(
    enter: Enter, therapist_user: User, booking: Booking, vaidya: Practitioner
) -> None:
    Practitioner.objects.filter(pk=vaidya.pk).update(phone="+919847000055")

    page = enter(therapist_user).get(page_of(booking)).content.decode()

    assert 'href="tel:+919847000055"' in page
    assert f"{vaidya.name} is here now." in page


def test_without_a_number_on_record_it_says_who_is_here(
    enter: Enter, therapist_user: User, booking: Booking, vaidya: Practitioner
) -> None:
    assert f"{vaidya.name} is here now." in enter(therapist_user).get(page_of(booking)).content.decode()


def test_session_after_it_needs_a_decision_in_words_and_never_repeats(
    booking: Booking, therapist_user: User, vaidya_user: User, now: dt.datetime
) -> None:
    for minutes in (6, 7, 8):
        calm = Readings(systolic=120, diastolic=80)
        measure(booking=booking, by=therapist_user, now=now + minutes * MINUTE, readings=calm)
    with pytest.raises(PolicyRefused, match="Call the Vaidya"):
        attendance.start(booking=booking, by=therapist_user, now=now + 9 * MINUTE)

    later = now + 9 * MINUTE
    with pytest.raises(PolicyRefused, match="reason in words"):
        decide_on_readings(booking=booking, allowed=True, reason="x", by=vaidya_user, now=later, report_seen=True)


def test_what_was_measured_after_the_session_is_decided_on_its_page_and_leaves_the_list(
    enter: Enter, session_at: MakeSession, therapist_user: User, vaidya_user: User, now: dt.datetime
) -> None:
    booking = session_at(9, status=Status.COMPLETED, started_at=at(9), ended_at=at(9, 45))
    measure(booking=booking, by=therapist_user, now=now, readings=Readings(systolic=185, diastolic=115))
    kinds = [task.kind for task in tasks_of(vaidya_user, now)]

    client = enter(vaidya_user)
    assert 'value="refuse"' in client.get(page_of(booking)).content.decode()
    client.post(page_of(booking, "readings"), {"reason": "Lay down, then seen", "act": "refuse"})

    assert TaskKind.URGENT in kinds
    assert TaskKind.URGENT not in [task.kind for task in tasks_of(vaidya_user, now)]


def test_yesterday_s_reading_can_still_be_decided_on(booking: Booking, vaidya_user: User, now: dt.datetime) -> None:
    """Only that it was not given: nothing can begin any more."""
    later = now + dt.timedelta(days=1)

    decide_on_readings(booking=booking, allowed=False, reason="Sent to a doctor", by=vaidya_user, now=later)

    assert MeasurementDecision.objects.get().at == later
    assert TaskKind.URGENT not in [task.kind for task in tasks_of(vaidya_user, later)]


# --- who is on duty ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("away", "hour", "present"),
    [(None, 10, [True]), (None, 19, [False]), ((9, 11), 10, [False]), ((12, 13), 10, [True]), ((7, 19), 10, [])],
)
def test_who_is_here_goes_by_hours_and_absences(
    clinic: Clinic, vaidya: Practitioner, front_desk: User, away: tuple[int, int] | None, hour: int, present: list[bool]
) -> None:
    """Works from 8 to 18."""
    if away:
        factories.make_absence(vaidya, at(away[0]), at(away[1]), by=front_desk)

    assert [row.is_here for row in vaidyas_on_duty(clinic, at(hour))] == present


def test_nobody_is_on_duty_on_a_closed_day(clinic: Clinic, vaidya: Practitioner, now: dt.datetime) -> None:
    factories.make_closure(clinic, clinic.today(now), use=Use.EVERYONE)

    assert vaidyas_on_duty(clinic, now) == []


def test_therapist_and_vaidya_of_another_clinic_are_no_vaidya_on_duty_here(
    clinic: Clinic, other_clinic: Clinic, vaidya: Practitioner, now: dt.datetime
) -> None:
    factories.make_practitioner(clinic, "Sunita", roles=["therapist"])
    factories.make_practitioner(other_clinic, "Dr Iyer")

    assert vaidyas_on_duty(clinic, now) == [VaidyaOnDuty(vaidya.name, vaidya.user_id, "", is_here=True)]


# --- who starts a session ---------------------------------------------------------------------------------------------


def test_another_therapist_than_the_one_booked_does_not_start_the_session(
    session_at: MakeSession, clinic: Clinic, now: dt.datetime
) -> None:
    booking, anil = session_at(), factories.make_member(clinic, "therapist")
    factories.make_practitioner(clinic, "Anil", roles=["therapist"], user=anil)

    with pytest.raises(PolicyRefused, match=r"booked for Sunita\. Only they or a Vaidya can start or complete it"):
        attendance.start(booking=booking, by=anil, now=now)

    booking.refresh_from_db()
    assert booking.status == Status.CHECKED_IN


@pytest.mark.parametrize("who", ["therapist_user", "vaidya_user"])
def test_whoever_is_booked_and_a_vaidya_start_it(
    request: pytest.FixtureRequest, session_at: MakeSession, who: str, now: dt.datetime
) -> None:
    booking = session_at()

    attendance.start(booking=booking, by=request.getfixturevalue(who), now=now)

    booking.refresh_from_db()
    assert booking.status == Status.IN_PROGRESS


def test_front_desk_gives_it_to_somebody_else_in_one_press_who_then_starts_it(
    enter: Enter, session_at: MakeSession, clinic: Clinic, front_desk: User, now: dt.datetime
) -> None:
    booking, anil = session_at(), factories.make_member(clinic, "therapist")
    person = factories.make_practitioner(
        clinic, "Anil", roles=["therapist"], gender="female", user=anil, qualified=[booking.variant.therapy]
    )
    client, address = enter(front_desk), reverse("desk:reassign", args=[booking.visit.public_id, 0])
    page = client.get(address).content.decode()
    sunita = booking.occupancies.get(part="crew:therapist").resource_id
    assert f'<button class="btn btn-primary" type="submit" name="new" value="{person.pk}">' in " ".join(page.split())

    client.post(address, {"old": sunita, "version": booking.version, "new": person.pk})
    attendance.start(booking=booking, by=anil, now=now)

    booking.refresh_from_db()
    assert booking.status == Status.IN_PROGRESS


# --- a pause, for everybody at the clinic -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["visit", "patient"])
def test_front_desk_reads_of_a_pause_at_the_patient_and_at_the_visit_and_never_of_the_sign(
    enter: Enter,
    front_desk: User,
    session_at: MakeSession,
    patient: Patient,
    clinic: Clinic,
    now: dt.datetime,
    name: str,
) -> None:
    booking = session_at()
    before = enter(front_desk).get(PAGES[name](booking)).content.decode()
    Suspension.objects.create(
        patient=patient, clinic=clinic, booking=booking, therapies=["all"], sign="st_burn", by=front_desk, at=now
    )

    after = enter(front_desk).get(PAGES[name](booking)).content.decode()

    assert ("Treatments are paused" in before, "Treatments are paused" in after) == (False, True)
    assert "burn" not in after
