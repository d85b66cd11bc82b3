"""One's own day, week and absences: the next patient first with all that matters, what speaks against a start."""

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Booking, ScreeningState, SessionNote, Status
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Absence, Clinic
from tests import factories
from tests.desk.conftest import Enter, at
from tests.visible import visible_words

from .conftest import MakeSession

DAY, WEEK, ABSENCES = "/desk/own/", "/desk/own/week/", "/desk/own/absences/"


@pytest.fixture
def therapist(enter: Enter, therapist_user: User) -> Client:
    return enter(therapist_user)


def test_whoever_is_treated_comes_first_then_whoever_waits_then_whoever_is_expected(
    therapist: Client,
    session_at: MakeSession,
) -> None:
    expected = session_at(9, status=Status.BOOKED, arrived_at=None)
    waiting = session_at(12)
    day = therapist.get(DAY).context["day"]
    assert (day.next.line.booking, [line.booking for line in day.later]) == (waiting, [expected])

    going_on = session_at(14, status=Status.IN_PROGRESS, started_at=at(10))

    assert therapist.get(DAY).context["day"].next.line.booking == going_on


def test_next_patient_shows_the_order_and_the_last_session(
    therapist: Client,
    session_at: MakeSession,
    therapist_user: User,
    clinic: Clinic,
) -> None:
    earlier = session_at(9, day=1, status=Status.COMPLETED)
    SessionNote.objects.create(
        booking=earlier, by=therapist_user, at=at(10, day=1), pain_before=7, pain_after=4, observations="Slept well"
    )
    session_at(11)

    words = visible_words(therapist.get(DAY))

    wanted = ["Ksheerabala oil", "Left side first", "Gentle", "before 7, after 4", "Slept well", "Allergies"]
    assert [part for part in wanted if part not in words] == []


def test_every_patient_of_the_page_is_read(
    therapist: Client,
    session_at: MakeSession,
    patient: Patient,
) -> None:
    session_at(11)

    therapist.get(DAY)

    assert list(Read.objects.values_list("door", "patients")) == [("desk:own_day", [patient.pk])]


def test_session_without_a_record_is_listed_for_whoever_gave_it(
    therapist: Client,
    session_at: MakeSession,
    therapist_user: User,
    patient: Patient,
) -> None:
    missing = session_at(8, status=Status.COMPLETED)
    written = session_at(9, status=Status.COMPLETED)
    SessionNote.objects.create(booking=written, by=therapist_user, at=at(10))

    assert therapist.get(DAY).context["day"].unfinished == (missing,)


def reasons(client: Client) -> list[tuple[str, str]]:
    return [(reason.words, reason.label) for reason in client.get(DAY).context["day"].next.reasons]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"status": Status.BOOKED, "arrived_at": None}, ("The patient has not been checked in.", "Open the visit")),
        (
            {"screening": ScreeningState.DUE},
            ("The health questions for this day have not been answered yet.", "Ask now"),
        ),
        ({"screening": ScreeningState.WAITING}, ("This is waiting for the Vaidya.", "")),
        ({"item": None}, ("The prescription is no longer valid. A Vaidya must decide.", "Open the record")),
    ],
)
def test_reason_stands_beside_start_with_the_way_to_mend_it(
    therapist: Client,
    session_at: MakeSession,
    facts: dict[str, object],
    reason: tuple[str, str],
) -> None:
    session_at(11, **facts)

    assert reasons(therapist)[0] == reason


def test_start_is_grey_with_its_reason_on_the_page_of_the_session(
    therapist: Client,
    session_at: MakeSession,
) -> None:
    booking = session_at(11, screening=ScreeningState.DUE)

    page = therapist.get(session_url(booking))

    assert (page.context["start_waits"], 'aria-describedby="start-reasons"' in page.content.decode()) == (True, True)


def test_what_is_measured_in_the_form_itself_keeps_start_open(
    therapist: Client,
    session_at: MakeSession,
    kati: object,
) -> None:
    therapist_page = therapist.get(session_url(session_at(11)))

    assert therapist_page.context["start_waits"] is False


def session_url(booking: Booking) -> str:
    return reverse("desk:session", args=[booking.visit.public_id, booking.position])


def test_week_names_no_patient_and_so_is_no_read(
    therapist: Client,
    session_at: MakeSession,
    patient: Patient,
) -> None:
    session_at(11, day=4, status=Status.BOOKED, arrived_at=None)

    answer = therapist.get(WEEK)

    counts = [len(lines) for _on, lines in answer.context["week"]]
    assert (counts, patient.family_name in visible_words(answer), Read.objects.count()) == (
        [0, 0, 1, 0, 0, 0, 0],
        False,
        0,
    )


AWAY = {"from_on": "2026-03-04", "until_on": "2026-03-05", "reason": "Wedding"}


def test_own_absence_is_entered_by_oneself_and_found_where_absences_list_the_affected_visits(
    enter: Enter,
    session_at: MakeSession,
    therapist_user: User,
    front_desk: User,
    clinic: Clinic,
) -> None:
    booking = session_at(11, day=4, status=Status.BOOKED, arrived_at=None)

    answer = enter(therapist_user).post(ABSENCES, AWAY, follow=True)

    row = Absence.objects.get()
    assert (row.by, row.reason) == (therapist_user, "Wedding")
    assert "1 visit is affected." in answer.content.decode()
    hit = enter(front_desk).get(reverse("desk:absence", args=[row.pk])).context["hit"]
    assert [visit for visit, _buttons in hit] == [booking.visit]


def test_only_what_one_entered_oneself_is_withdrawn(
    enter: Enter, therapist_user: User, front_desk: User, clinic: Clinic
) -> None:
    sunita = factories.make_practitioner(clinic, "Sunita", roles=["therapist"], user=therapist_user)
    client = enter(therapist_user)
    client.post(ABSENCES, AWAY)
    own = Absence.objects.get()
    of_desk = factories.make_absence(sunita, at(9, day=9), at(18, day=9), by=front_desk)

    statuses = [client.post(f"{ABSENCES}{row.pk}/withdraw/").status_code for row in (own, of_desk)]

    assert (statuses, list(Absence.objects.all())) == ([302, 404], [of_desk])


def test_account_that_is_nobody_in_the_rota_is_told_so(enter: Enter, vaidya_user: User) -> None:
    client = enter(vaidya_user)

    pages = [visible_words(client.get(address)) for address in (DAY, WEEK, ABSENCES)]

    assert ["not linked to a person" in words for words in pages] == [True, True, True]
    assert client.post(ABSENCES, AWAY).status_code == 200
