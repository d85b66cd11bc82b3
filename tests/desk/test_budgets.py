"""Lists ask the database as often for three as for one."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import Status
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from therapies.models import Practitioner

Ask = Callable[[Client], object]


def queries(client: Client, ask: Ask) -> int:
    ask(client)  # what a session asks once
    with CaptureQueriesContext(connection) as asked:
        ask(client)
    return len(asked)


def somebody(clinic: Clinic, number: int) -> Patient:
    return factories.make_patient(f"Person{number}", phone=f"+9198470002{number:02}", clinics=[clinic])


def test_patients_page(enter: Enter, front_desk: User, patient: Patient, visit_at: MakeVisit) -> None:
    client, page = enter(front_desk), reverse("desk:patient", args=[patient.public_id])
    visit_at(at(11, day=3))
    visit_at(at(9, day=1), status=Status.COMPLETED)
    few = queries(client, lambda client: client.get(page))

    for number in range(2):
        visit_at(at(12 + number, day=3))
        visit_at(at(10 + number, day=1), status=Status.COMPLETED)

    assert queries(client, lambda client: client.get(page)) == few
    assert few <= 35


def test_absence_that_hits_visits(
    enter: Enter, front_desk: User, clinic: Clinic, vaidya: Practitioner, visit_at: MakeVisit
) -> None:
    absence = factories.make_absence(vaidya, at(8, day=3), at(18, day=3), by=front_desk)
    client, page = enter(front_desk), reverse("desk:absence", args=[absence.pk])
    visit_at(at(11, day=3))
    few = queries(client, lambda client: client.get(page))

    for number in range(2):
        visit_at(at(12 + number, day=3), patient=somebody(clinic, number))

    assert queries(client, lambda client: client.get(page)) == few
    assert few <= 25


def test_absences_to_come(enter: Enter, front_desk: User, vaidya: Practitioner) -> None:
    client = enter(front_desk)
    factories.make_absence(vaidya, at(8, day=3), at(18, day=3), by=front_desk)
    few = queries(client, lambda client: client.get("/desk/absences/"))

    for day in (4, 5):
        factories.make_absence(vaidya, at(8, day=day), at(18, day=day), by=front_desk)

    assert queries(client, lambda client: client.get("/desk/absences/")) == few
    assert few <= 20


def test_found_patients(enter: Enter, front_desk: User, clinic: Clinic) -> None:
    client = enter(front_desk)
    somebody(clinic, 0)
    few = queries(client, lambda client: client.post("/desk/patients/", {"words": "person"}))

    for number in (1, 2):
        somebody(clinic, number)

    assert queries(client, lambda client: client.post("/desk/patients/", {"words": "person"})) == few
    assert few <= 20


def test_times_to_move_to(enter: Enter, front_desk: User, clinic: Clinic, visit_at: MakeVisit) -> None:
    visit = visit_at(at(11, day=3))
    client, page = enter(front_desk), reverse("desk:move", args=[visit.public_id])
    few = queries(client, lambda client: client.get(page))

    for number in range(2):
        visit_at(at(12 + number, day=3), patient=somebody(clinic, number))

    assert queries(client, lambda client: client.get(page)) == few
    assert few <= 35
