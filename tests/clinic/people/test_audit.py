"""The audit of staff reads: a row before the page, and nobody can edit it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.signals import template_rendered

from clinic.people.audit import record_read
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.owner import as_owner

OTHER, ANOTHER = 900_007, 900_008
"""Patients whom no table has."""


@pytest.fixture
def read(clinic: Clinic, front_desk: User, now: dt.datetime) -> Read:
    return Read.objects.create(at=now, user=front_desk, door="desk:day", clinic=clinic, patients=[1])


def test_update_of_a_read_is_refused(read: Read) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic(), as_owner():
        Read.objects.update(door="elsewhere")

    assert Read.objects.get().door == "desk:day"


def test_delete_of_a_read_is_refused(read: Read) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic(), as_owner():
        Read.objects.all().delete()

    assert Read.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_truncate_of_reads_is_refused(read: Read) -> None:
    with pytest.raises(ProgrammingError, match="Cannot truncate rows"), as_owner() as cursor:
        cursor.execute("TRUNCATE people_read")

    assert Read.objects.count() == 1


def test_update_passes_when_the_trigger_is_off(read: Read) -> None:
    with as_owner() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")

        assert Read.objects.update(door="elsewhere") == 1


# --- record_read ------------------------------------------------------------------------------------------------------


def request_by(user: User, path: str = "/desk/", method: str = "get") -> HttpRequest:
    request = getattr(RequestFactory(), method)(path)
    request.user = user
    return request


@pytest.fixture
def look(clinic: Clinic, front_desk: User, now: dt.datetime) -> Callable[..., Read | None]:
    """The front desk looks at patients, so many minutes after now."""

    def look(*patients: Patient | int, minutes: int = 0, path: str = "/desk/", by: User = front_desk) -> Read | None:
        return record_read(
            request=request_by(by, path),
            patients=patients,
            door="desk:day",
            clinic=clinic,
            now=now + dt.timedelta(minutes=minutes),
        )

    return look


def test_read_holds_ids_and_codes(
    look: Callable[..., Read], patient: Patient, clinic: Clinic, front_desk: User, now: dt.datetime
) -> None:
    look(patient, OTHER, OTHER)

    found = Read.objects.values("at", "user", "door", "clinic", "patients").get()
    assert found == {
        "at": now,
        "user": front_desk.pk,
        "door": "desk:day",
        "clinic": clinic.pk,
        "patients": sorted({patient.pk, OTHER}),
    }


def test_each_look_is_a_row(look: Callable[..., Read], patient: Patient) -> None:
    for _number in range(500):
        look(patient)

    assert Read.objects.count() == 500


def test_page_that_names_nobody_is_no_read(look: Callable[..., Read | None], db: None) -> None:
    assert look() is None
    assert Read.objects.count() == 0


def test_page_that_refreshes_itself_counts_once_in_fifteen_minutes(look: Callable[..., Read], patient: Patient) -> None:
    look(patient)
    for minutes in range(1, 31):
        look(patient, minutes=minutes, path="/desk/?auto=1")

    assert [at.minute for at in Read.objects.order_by("at").values_list("at", flat=True)] == [30, 45, 0]


def test_refresh_that_shows_somebody_new_is_a_row(look: Callable[..., Read], patient: Patient) -> None:
    look(patient, OTHER)

    look(patient, minutes=1, path="/desk/?auto=1")
    look(patient, ANOTHER, minutes=2, path="/desk/?auto=1")

    rows = [row.patients for row in Read.objects.order_by("at")]
    assert rows == [sorted([patient.pk, OTHER]), sorted([patient.pk, ANOTHER])]


def test_refresh_by_somebody_else_is_their_own_row(
    look: Callable[..., Read], patient: Patient, vaidya_user: User
) -> None:
    look(patient)

    look(patient, minutes=1, path="/desk/?auto=1", by=vaidya_user)

    assert Read.objects.count() == 2


def test_refresh_said_by_a_post_is_a_row(look: Callable[..., Read], patient: Patient, front_desk: User) -> None:
    look(patient)

    record_read(
        request=request_by(front_desk, "/desk/?auto=1", "post"),
        patients=[patient],
        door="desk:day",
        clinic=patient.clinics.get(),
        now=factories.NOW,
    )

    assert Read.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_read_inside_a_transaction_is_refused(look: Callable[..., Read], patient: Patient) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        look(patient)


@pytest.mark.django_db(transaction=True)
def test_read_is_committed_before_the_page_is_made(client: Client, manager: User, patient: Patient) -> None:
    seen_by_another_connection = []

    def look_from_outside(**_signal: Any) -> None:
        with psycopg.connect(**connection.get_connection_params()) as other:
            found = other.execute("SELECT patients FROM people_read").fetchall()
            seen_by_another_connection.append(found)

    client.force_login(manager)
    template_rendered.connect(look_from_outside)
    try:
        client.get(f"/admin/people/patient/{patient.pk}/change/")
    finally:
        template_rendered.disconnect(look_from_outside)

    assert seen_by_another_connection[0] == [([patient.pk],)]


def test_unwritable_audit_shows_no_record(client: Client, manager: User, patient: Patient) -> None:
    client.force_login(manager)
    client.raise_request_exception = False
    address = f"/admin/people/patient/{patient.pk}/change/"
    shown = client.get(address)
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE people_read RENAME TO people_read_away")

    hidden = client.get(address)

    assert (shown.status_code, patient.family_name in shown.content.decode()) == (200, True)
    assert (hidden.status_code, patient.family_name in hidden.content.decode()) == (500, False)
