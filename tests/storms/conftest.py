"""The web servers that are raced, and the guards of the database taken off for the controls."""

from collections.abc import Iterator

import pytest

from tests.owner import as_owner

from .web import gunicorn

GUARDS_OFF = [
    "ALTER TABLE bookings_occupancy DROP CONSTRAINT resource_one_place_at_a_time",
    "ALTER TABLE bookings_occupancy DROP CONSTRAINT patient_one_place_at_a_time",
]
GUARDS_ON = [
    "DELETE FROM bookings_occupancy",
    (
        "ALTER TABLE bookings_occupancy ADD CONSTRAINT resource_one_place_at_a_time"
        " EXCLUDE USING gist (resource_id WITH =, during WITH &&)"
    ),
    (
        "ALTER TABLE bookings_occupancy ADD CONSTRAINT patient_one_place_at_a_time"
        " EXCLUDE USING gist (patient_id WITH =, during WITH &&)"
    ),
]


@pytest.fixture(scope="session")
def port(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """One web server for those tests that measure no time: starting one takes as long as some of them."""
    with gunicorn(tmp_path_factory.mktemp("web"), app="tests.storms.unhurried") as port:
        yield port


@pytest.fixture(scope="session")
def unguarded(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The same without the locks, for the controls."""
    with gunicorn(tmp_path_factory.mktemp("unguarded"), app="tests.storms.unguarded") as port:
        yield port


def run(statements: list[str]) -> None:
    with as_owner() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def guards_off(transactional_db: None) -> Iterator[None]:
    """The two exclusion constraints away, and back again."""
    run(GUARDS_OFF)
    yield
    run(GUARDS_ON)
