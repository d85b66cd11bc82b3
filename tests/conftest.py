"""The cast of the tests, and a clean house between them."""

import datetime as dt
import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_django
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.middleware import csrf
from django.template import Context, RequestContext, Template
from django.test import Client, TransactionTestCase, override_settings
from django.test import client as django_client
from django.test.signals import template_rendered
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories, template
from tests.owner import as_owner
from tests.signing_in import SignedInClient
from tests.triggers import triggers_off
from therapies.models import Practitioner

# A busy machine is no failure of a property, and no run depends on chance: both belong to the storm.
hypothesis_settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")


WORKER_BYTES = 2 * 1024**3
"""What a worker takes with its browser and its share of the servers, at most."""
SHUFFLE = 2026
"""How tests are shuffled, and their random numbers: the same in each run. `--randomly-seed=N` takes others."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """The garbage collector looks less often: nearly all that tests make stays, and a tenth of all work was to look."""
    gc.set_threshold(20_000, 10, 50)
    if getattr(config.option, "randomly_seed", None) == "default":
        config.option.randomly_seed = SHUFFLE


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` is: one more than processors, since one or another always waits for a browser or for a process.

    Where memory is short it would wait for that instead.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return processors + 1 if memory >= (processors + 1) * WORKER_BYTES else processors


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first: one that begins last keeps a worker alone while the others have nothing left to do."""
    items.sort(key=lambda item: not ({"slow", "browser"} & {mark.name for mark in item.iter_markers()}))


def pytest_collection_finish() -> None:
    """The modules and the thousands of tests stay until the end: the garbage collector need not search them again."""
    gc.collect()
    gc.freeze()


LASTING_TABLES = {"auth_permission", "django_content_type", "django_migrations"}


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Argon2 is slow on purpose; `test_configuration` looks at the real list in a process of its own."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _tokens_without_words() -> Iterator[None]:
    """A token of a form is drawn at random: by these letters it never says a number or a word that a test looks for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csrf, "CSRF_ALLOWED_CHARS", "QXZJVKW")
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files_when_asked_for() -> Iterator[None]:
    """Each test client has a handler of its own, which would read all static files before its first answer."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(scope="session", autouse=True)
def _contexts_of_pages_only(django_test_environment: None) -> Iterator[None]:
    """What `response.context` holds: of a page its context once, not a copy for each widget and part it is made of.

    A form of the admin has a thousand of them, and the copies took longer than its queries. Nobody is told of those.
    """
    of_everything, told_of_everything = django_client.store_rendered_templates, Template._render

    def of_pages(store: dict[str, Any], context: Context, **said: Any) -> None:
        pages = store.setdefault("pages", [])
        if isinstance(context, RequestContext) and not any(context is page for page in pages):
            pages.append(context)
            of_everything(store, context=context, **said)

    def told_of_pages(template: Template, context: Context) -> str:
        if isinstance(context, RequestContext):
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    django_client.store_rendered_templates, Template._render = of_pages, told_of_pages
    yield
    django_client.store_rendered_templates, Template._render = of_everything, told_of_everything


@pytest.fixture(scope="session", autouse=True)
def _empty_tables_quickly() -> Iterator[None]:
    """Tests that commit end with all tables empty, even those of audit and history, which refuse it to everybody else.

    Django truncates each of them, and then makes the content types and permissions anew. It takes thirty times as
    long as to delete the few rows of a test and to leave those alone, which no test changes.
    """
    slow = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = lambda _case: empty_tables()  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = slow  # type: ignore[attr-defined]


def empty_tables() -> None:
    """With the triggers off: they would be asked about each row, and nothing is left that could point at nothing."""
    tables = set(connection.introspection.table_names()) - LASTING_TABLES
    deletes = ";".join(f"DELETE FROM {connection.ops.quote_name(table)}" for table in sorted(tables))
    with triggers_off() as cursor:
        cursor.execute(deletes)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A test database is a copy of one in which all migrations ran already."""
    connection.settings_dict["TEST"]["TEMPLATE"] = made = template.wait()
    connection.settings_dict.update(settings.DATABASE_OWNER)
    if made:
        connection.creation.create_test_db = template.copy  # type: ignore[method-assign]


def as_written(request: pytest.FixtureRequest) -> str:
    """PostgreSQL joins in the order of the query: where tables have few rows it takes longer to look for a better one.

    The storms measure, at full size: there it looks, as it does at a clinic.
    """
    return "" if request.config.option.markexpr == "storm" else " -c join_collapse_limit=1"


@pytest.fixture(scope="session", autouse=True)
def _as_the_serving_role(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[None]:
    """The owner makes the database; tests have the rights of the program, and `tests.owner` lends the owner's."""
    options = connection.settings_dict["OPTIONS"]
    owners = options["options"]
    connection.close()
    options["options"] = f"{owners} -c role={settings.SERVING_ROLE}{as_written(request)}"
    yield
    connection.close()
    options["options"] = owners


@pytest.fixture(scope="session", autouse=True)
def _nobody_else_in_the_end(
    _as_the_serving_role: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """A thread or a process of a race may still be connected when its worker is done and drops the database."""
    yield
    with django_db_blocker.unblock(), as_owner() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _nothing_kept_of_an_edition() -> None:
    """Tests load rows with the triggers off: each begins as a new process does."""
    caches["editions"].clear()


@pytest.fixture(autouse=True)
def _language() -> None:
    """A page in another language leaves it behind in its thread; every test begins in the language of the house."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def client() -> Client:
    """Django's, in which `force_login` signs in wholly, with the second factor; `proved=False` leaves it out."""
    return SignedInClient()


@pytest.fixture
def now() -> dt.datetime:
    """Monday, 2 March 2026, 10:00 in Kolkata."""
    return factories.NOW


@pytest.fixture
def clinic(db: None) -> Clinic:
    return factories.make_clinic()


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    """Registered at the clinic."""
    return factories.make_patient(clinics=[clinic])


@pytest.fixture
def owner(patient: Patient) -> User:
    """The patient's own account."""
    user = factories.make_user("meera@example.org", name="Meera Nair")
    factories.make_access(user, patient)
    return user


@pytest.fixture
def relative(patient: Patient) -> User:
    """The patient's mother: sees appointments only."""
    user = factories.make_user("lakshmi@example.org", name="Lakshmi Nair")
    factories.make_access(user, patient, relation="child", width="appointments")
    return user


@pytest.fixture
def stranger(db: None) -> User:
    """Somebody with an account and another patient, and no business here."""
    user = factories.make_user("stranger@example.org", name="Arun Das")
    factories.make_access(user, factories.make_patient("Arun", family_name="Das", phone="+919847000099"))
    return user


@pytest.fixture
def front_desk(clinic: Clinic) -> User:
    return factories.make_member(clinic, "front_desk")


@pytest.fixture
def vaidya_user(clinic: Clinic) -> User:
    return factories.make_member(clinic, "vaidya")


@pytest.fixture
def therapist_user(clinic: Clinic) -> User:
    return factories.make_member(clinic, "therapist")


@pytest.fixture
def manager(clinic: Clinic) -> User:
    return factories.make_member(clinic, "manager")


@pytest.fixture
def vaidya(clinic: Clinic, vaidya_user: User) -> Practitioner:
    """The Vaidya as somebody who can be booked; qualify them for what the test needs."""
    return factories.make_practitioner(clinic, "Dr Asha Menon", user=vaidya_user)
