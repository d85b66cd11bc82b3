"""A time zone that Python knows and the database does not, or neither: refused, and where it is there already, one
clinic's trouble only."""

import datetime as dt
import logging

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from bookings.messages.outbox.heartbeat import TICK, beat
from bookings.messages.schedule.staff_messages import plan_staff_messages
from bookings.models import Message, MessageKind
from clinic.people.models import User
from clinic.premises.models import Clinic
from clinic.wall import is_zone
from tests import factories
from tests.clinic.test_health import ask
from tests.owner import as_owner

ONLY_PYTHON_KNOWS = "localtime"
NOBODY_KNOWS = "Mars/Olympus"


@pytest.fixture
def ill_clinic(db: None) -> Clinic:
    """A clinic whose zone came into the table before it was checked."""
    clinic = factories.make_clinic("ill")
    with as_owner() as cursor:
        cursor.execute("ALTER TABLE premises_clinic DROP CONSTRAINT clinic_zone_known")
    Clinic.objects.filter(pk=clinic.pk).update(timezone=ONLY_PYTHON_KNOWS)
    clinic.refresh_from_db()
    return clinic


@pytest.mark.parametrize("name", [ONLY_PYTHON_KNOWS, NOBODY_KNOWS, "", "\x00", "FOO+3", "x" * 300])
def test_zone_that_one_of_both_does_not_know_is_none(db: None, name: str) -> None:
    assert not is_zone(name)


@pytest.mark.parametrize("name", ["Asia/Kolkata", "Asia/Kathmandu", "Europe/London", "UTC"])
def test_zone_that_both_know_is_one(db: None, name: str) -> None:
    assert is_zone(name)


@pytest.mark.parametrize("name", [ONLY_PYTHON_KNOWS, NOBODY_KNOWS])
def test_clinic_with_a_bad_zone_is_refused_by_the_form_and_by_the_database(clinic: Clinic, name: str) -> None:
    clinic.timezone = name

    with pytest.raises(ValidationError) as error:
        clinic.full_clean()
    with pytest.raises(IntegrityError, match="clinic_zone_known"), transaction.atomic():
        clinic.save()

    assert list(error.value.message_dict) == ["timezone"]


def test_manager_is_told_beside_the_field(client: Client, clinic: Clinic, manager: User) -> None:
    client.force_login(manager)
    page = client.get(f"/admin/premises/clinic/{clinic.pk}/change/")
    said = {field.html_name: field.value() for field in page.context["adminform"].form if field.value() is not None}
    rows = {
        f"{prefix}-{name}": 0 for prefix in ("opening_hours", "closures") for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }

    answer = client.post(page.request["PATH_INFO"], said | rows | {"timezone": ONLY_PYTHON_KNOWS})

    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["timezone"]


@pytest.mark.parametrize("zone", [ONLY_PYTHON_KNOWS, NOBODY_KNOWS])
def test_bad_zone_of_one_clinic_shuts_nobody_out(client: Client, ill_clinic: Clinic, clinic: Clinic, zone: str) -> None:
    Clinic.objects.filter(pk=ill_clinic.pk).update(timezone=zone)
    for member in (factories.make_member(clinic, "manager"), factories.make_member(ill_clinic, "manager")):
        client.force_login(member)

        assert [client.get(path).status_code for path in ("/", "/admin/", "/admin/premises/clinic/")] == [200] * 3
    client.force_login(factories.make_member(clinic, "front_desk", user=member))

    assert [client.get(path).status_code for path in ("/desk/?clinic=shanti", "/desk/todo/")] == [200, 200]


def test_bad_zone_of_one_clinic_keeps_no_letter_from_the_staff_of_another(
    ill_clinic: Clinic, clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    Clinic.objects.filter(pk=ill_clinic.pk).update(timezone=NOBODY_KNOWS)
    factories.make_member(ill_clinic, "front_desk")
    reader = factories.make_member(clinic, "front_desk")
    start = dt.datetime(2026, 3, 5, 4, 30, tzinfo=dt.UTC)
    patient = factories.make_patient(clinics=[clinic])
    factories.make_visit(clinic=clinic, variant=factories.make_consultation(), start=start, patient=patient)

    with caplog.at_level(logging.CRITICAL):
        plan_staff_messages(now=dt.datetime(2026, 3, 5, 1, 0, tzinfo=dt.UTC))

    assert list(Message.objects.filter(kind=MessageKind.DAY_SHEET).values_list("user", flat=True)) == [reader.pk]


def test_health_names_the_clinic_whose_zone_is_not_known(client: Client, ill_clinic: Clinic) -> None:
    beat(name=TICK, now=timezone.now())

    status, checks = ask(client, "")

    assert (status, checks["clinics"]) == (503, "the time zone is not known of: ill")
