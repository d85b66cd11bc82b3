"""The cast of the tests, and a clean house between them."""

import datetime as dt
from collections.abc import Iterator

import pgtrigger
import pytest
import pytest_django
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase, override_settings
from hypothesis import settings as hypothesis_settings

from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import making, template
from therapies.models import Practitioner

# A busy machine is no failure of a property: time bounds belong to the storm.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Argon2 is slow on purpose; `test_configuration` looks at the real list in a process of its own."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files_when_asked_for() -> Iterator[None]:
    """Each test client has a handler of its own, which would read all static files before its first answer."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(scope="session", autouse=True)
def _flush_past_append_only_tables() -> Iterator[None]:
    """Tests that commit end with a TRUNCATE of all tables, which audit and history refuse to everybody else.

    The table of the cache (rate limits) belongs to no model and would be forgotten.
    """
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def flush_anyway(case: TransactionTestCase) -> None:
        with pgtrigger.ignore():
            flush(case)
        cache.clear()

    TransactionTestCase._fixture_teardown = flush_anyway  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A test database is a copy of one in which all migrations ran already."""
    connection.settings_dict["TEST"]["TEMPLATE"] = template.wait()


@pytest.fixture(scope="session", autouse=True)
def _nobody_else_in_the_end(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """A thread or a process of a race may still be connected when its worker is done and drops the database."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def now() -> dt.datetime:
    """Monday, 2 March 2026, 10:00 in Kolkata."""
    return making.NOW


@pytest.fixture
def clinic(db: None) -> Clinic:
    return making.make_clinic()


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    """Registered at the clinic."""
    return making.make_patient(clinics=[clinic])


@pytest.fixture
def owner(patient: Patient) -> User:
    """The patient's own account."""
    user = making.make_user("meera@example.org", name="Meera Nair")
    making.make_access(user, patient)
    return user


@pytest.fixture
def relative(patient: Patient) -> User:
    """The patient's mother: sees appointments only."""
    user = making.make_user("lakshmi@example.org", name="Lakshmi Nair")
    making.make_access(user, patient, relation="child", width="appointments")
    return user


@pytest.fixture
def stranger(db: None) -> User:
    """Somebody with an account and another patient, and no business here."""
    user = making.make_user("stranger@example.org", name="Arun Das")
    making.make_access(user, making.make_patient("Arun", family_name="Das", phone="+919847000099"))
    return user


@pytest.fixture
def front_desk(clinic: Clinic) -> User:
    return making.make_member(clinic, "front_desk")


@pytest.fixture
def vaidya_user(clinic: Clinic) -> User:
    return making.make_member(clinic, "vaidya")


@pytest.fixture
def therapist_user(clinic: Clinic) -> User:
    return making.make_member(clinic, "therapist")


@pytest.fixture
def manager(clinic: Clinic) -> User:
    return making.make_member(clinic, "manager")


@pytest.fixture
def vaidya(clinic: Clinic, vaidya_user: User) -> Practitioner:
    """The Vaidya as somebody who can be booked; qualify them for what the test needs."""
    return making.make_practitioner(clinic, "Dr Asha Menon", user=vaidya_user)
