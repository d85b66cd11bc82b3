"""Reports of a clinic: what is counted, for whom, and nothing about a single patient's health."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client

from bookings.facts.report_period import ReportPeriod
from bookings.facts.report_tables import TABLES
from bookings.facts.report_use import use_of_hours
from bookings.models import Booking, History, SessionNote, Status
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic, Room
from tests.bookings import clinical
from tests.desk.conftest import Enter, MakeVisit, at
from tests.visible import visible_words
from therapies.models import Practitioner

PAGE = "/desk/reports/"
MARCH = "?first=2026-03-01&last=2026-03-31"


@pytest.fixture
def march(clinic: Clinic) -> ReportPeriod:
    return ReportPeriod(clinic, dt.date(2026, 3, 1), dt.date(2026, 3, 31))


@pytest.fixture
def manager_client(enter: Enter, manager: User) -> Client:
    return enter(manager)


def rows(code: str, period: ReportPeriod, now: dt.datetime) -> list[tuple[object, ...]]:
    return list(TABLES[code](period, now).rows)


def test_bookings_are_counted_by_therapy_and_how_they_ended_within_the_days_alone(
    visit_at: MakeVisit, march: ReportPeriod, now: dt.datetime
) -> None:
    visit_at(at(9), status=Status.COMPLETED)
    visit_at(at(10), status=Status.NO_SHOW)
    visit_at(at(11))
    visit_at(at(9) - dt.timedelta(days=30))

    assert rows("therapies", march, now) == [("First consultation", 3, 1, 0, 1)]


def test_no_shows_stand_with_the_name_most_often_first_and_reading_them_is_written_down(
    manager_client: Client, visit_at: MakeVisit, patient: Patient
) -> None:
    visit_at(at(9), status=Status.NO_SHOW)
    visit_at(at(10), status=Status.NO_SHOW)

    answer = manager_client.get(PAGE + MARCH)

    assert patient.full_name in visible_words(answer)
    assert list(Read.objects.values_list("door", "patients")) == [("desk:reports", [patient.pk])]


def test_cancellation_is_late_within_the_last_24_hours_by_the_patient_only(
    visit_at: MakeVisit, march: ReportPeriod, now: dt.datetime, front_desk: User, patient: Patient
) -> None:
    early, late, by_clinic = (visit_at(at(hour, day=10)) for hour in (9, 11, 13))
    for visit, moment, ended_by in (
        (early, at(8, day=9), "patient"),
        (late, at(12, day=9), "patient"),
        (by_clinic, at(12, day=9), "clinic"),
    ):
        visit.bookings.get().occupancies.all().delete()
        Booking.objects.filter(visit=visit).update(status=Status.CANCELLED, ended_by=ended_by)
        History.objects.create(visit=visit, verb="cancel", by=front_desk, at=moment)

    assert rows("absent", march, now) == [(patient.full_name, 1, 0, 1)]


def test_visits_are_told_apart_by_who_made_them(
    visit_at: MakeVisit, march: ReportPeriod, now: dt.datetime, owner: User, front_desk: User, clinic: Clinic
) -> None:
    for hour, by in ((9, owner), (10, front_desk), (11, front_desk)):
        History.objects.create(visit=visit_at(at(hour)), verb="book", by=by, at=at(8))
    visit_at(at(12), paper=True)

    assert [count for _name, count in rows("sources", march, now)] == [1, 2, 1]


def test_lead_time_counts_days_of_the_clinic(visit_at: MakeVisit, march: ReportPeriod, now: dt.datetime) -> None:
    for day in (2, 3, 12, 25):
        visit_at(at(11, day=day))

    assert [count for _name, count in rows("lead_times", march, now)] == [1, 1, 0, 1, 1]


def test_course_is_finished_running_broken_off_or_never_begun(
    patient: Patient, clinic: Clinic, vaidya_user: User, march: ReportPeriod, now: dt.datetime
) -> None:
    clinical.make_rules()
    kati = clinical.make_therapy("kati_basti", name="Kati Basti")
    examination = clinical.make_assessment(patient, clinic, vaidya_user)
    clinical.make_prescription(examination, kati, sessions=2)
    clinical.make_prescription(examination, kati, sessions=3, valid_until=dt.date(2026, 3, 1))

    assert [count for _name, count in rows("courses", march, now)] == [0, 1, 0, 1]


@pytest.mark.parametrize(("sessions", "shown"), [(4, 0), (5, 1)])
def test_pain_is_averaged_only_where_it_speaks_of_no_single_patient(
    visit_at: MakeVisit, march: ReportPeriod, now: dt.datetime, vaidya_user: User, sessions: int, shown: int
) -> None:
    for number in range(sessions):
        booking = visit_at(at(9 + number), status=Status.COMPLETED).bookings.get()
        SessionNote.objects.create(booking=booking, by=vaidya_user, at=at(9), pain_before=6, pain_after=4)

    assert rows("pain", march, now) == [("First consultation", 5, 6.0, 4.0, 5, 0, 0)] * shown


def test_use_is_split_by_the_hour_of_the_wall(
    visit_at: MakeVisit, march: ReportPeriod, room: Room, vaidya: Practitioner
) -> None:
    visit_at(at(9, 30))

    use = use_of_hours(march)

    assert use.hours == (9, 10)
    assert {row.name: row.by_hour for row in use.rows} == {room.name: (30, 15), vaidya.name: (30, 15)}


def test_table_is_a_file_and_reading_it_is_written_down(
    manager_client: Client, visit_at: MakeVisit, patient: Patient
) -> None:
    visit_at(at(9), status=Status.NO_SHOW)

    answer = manager_client.get(f"{PAGE}absent.csv{MARCH}")

    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert lines[1] == [patient.full_name, "1", "1", "0"]
    assert answer["Content-Disposition"] == 'attachment; filename="absent-2026-03-01-2026-03-31.csv"'
    assert list(Read.objects.values_list("door", "patients")) == [("desk:report_file", [patient.pk])]


@pytest.mark.parametrize("code", [*TABLES, "use"])
def test_every_table_is_a_file(manager_client: Client, code: str) -> None:
    assert manager_client.get(f"{PAGE}{code}.csv{MARCH}").status_code == 200


def test_table_that_is_none_is_not_found(manager_client: Client) -> None:
    assert manager_client.get(f"{PAGE}dream.csv").status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 200, "1 March 2026 – 2 March 2026"),
        ("?first=2026-03-31&last=2026-03-01", 422, "The end must be after the start."),
        ("?first=2020-01-01&last=2026-03-01", 422, "A report covers at most 366 days."),
        ("?first=dream&last=2026-03-01", 422, "1 March 2026 – 2 March 2026"),
    ],
)
def test_days_are_those_asked_for_else_this_month(manager_client: Client, query: str, status: int, words: str) -> None:
    answer = manager_client.get(PAGE + query)

    assert (answer.status_code, words in visible_words(answer)) == (status, True)


def test_form_opens_with_the_days_that_are_shown(manager_client: Client) -> None:
    form = manager_client.get(PAGE).context["form"]

    assert (form["first"].value(), form["last"].value()) == (dt.date(2026, 3, 1), dt.date(2026, 3, 2))


@pytest.mark.parametrize("who", ["front_desk", "vaidya_user", "therapist_user"])
def test_reports_are_for_managers(enter: Enter, request: pytest.FixtureRequest, who: str) -> None:
    client = enter(request.getfixturevalue(who))

    assert [client.get(address).status_code for address in (PAGE, f"{PAGE}absent.csv")] == [403, 403]


def test_other_clinics_visits_are_not_counted(visit_at: MakeVisit, other_clinic: Clinic, now: dt.datetime) -> None:
    visit_at(at(9))

    period = ReportPeriod(other_clinic, dt.date(2026, 3, 1), dt.date(2026, 3, 31))

    assert (rows("therapies", period, now), use_of_hours(period).rows) == ([], ())
