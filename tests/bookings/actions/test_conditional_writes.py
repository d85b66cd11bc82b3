"""Conditional writes: what was changed since it was read is not overwritten, and somebody hears of it."""

import datetime as dt

import pytest

from bookings.actions.conditional_writes import save_fields, set_status, update_once
from bookings.actions.visits import raise_ics_sequence
from bookings.errors import StaleVersion
from bookings.models import Booking, Status, Visit
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import at
from therapies.models import Variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(clinic: Clinic, consultation: Variant, patient: Patient) -> Visit:
    """Two therapies, one after the other."""
    visit = factories.make_visit(clinic=clinic, variant=consultation, start=at(10), patient=patient)
    Booking.objects.create(
        visit=visit, variant=consultation, position=1, starts_at=at(11), ends_at=at(12), status=Status.BOOKED
    )
    return visit


def test_status_and_fields_are_written_in_one_statement_and_the_versions_rise(
    visit: Visit, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    rows = list(visit.bookings.all())
    rows[0].arrived_at, rows[1].arrived_at = at(9), at(9, 30)
    for row in rows:
        row.reason = "late"

    with django_assert_num_queries(1):  # type: ignore[operator]
        set_status(rows, Status.CHECKED_IN, "arrived_at", "reason")

    kept = [(row.status, row.version, row.arrived_at, row.reason) for row in visit.bookings.all()]
    assert kept == [("checked_in", 2, at(9), "late"), ("checked_in", 2, at(9, 30), "late")]
    assert [(row.status, row.version) for row in rows] == [("checked_in", 2)] * 2


@pytest.mark.parametrize("changed", [{"status": Status.CHECKED_IN}, {"version": 2}])
def test_row_that_changed_since_it_was_read_is_not_overwritten(visit: Visit, changed: dict[str, object]) -> None:
    rows = list(visit.bookings.all())
    visit.bookings.filter(position=1).update(**changed)

    with pytest.raises(StaleVersion):
        set_status(rows, Status.NO_SHOW)
    with pytest.raises(StaleVersion):
        save_fields(rows[1:], "starts_at")


def test_fields_alone_leave_the_status_as_it_is(visit: Visit) -> None:
    rows = list(visit.bookings.all())
    rows[0].item = rows[0].wanted_practitioner = None
    rows[0].day_checked_at, rows[1].starts_at = None, at(11, 5)

    save_fields(rows, "item", "wanted_practitioner", "starts_at", "day_checked_at")

    kept = [(row.status, row.version, row.starts_at) for row in visit.bookings.all()]
    assert kept == [("booked", 2, at(10)), ("booked", 2, at(11, 5))]


def test_nothing_to_write_writes_nothing() -> None:
    set_status([], Status.BOOKED)


def test_sequence_of_calendars_rises_from_what_was_read(visit: Visit, now: dt.datetime) -> None:
    older = Visit.objects.get(pk=visit.pk)
    raise_ics_sequence(visit, at(9))

    with pytest.raises(StaleVersion):
        raise_ics_sequence(older, at(8))

    visit.refresh_from_db()
    assert (visit.sequence, visit.arrives_at) == (1, at(9))


def test_row_that_is_no_longer_so_is_not_written(visit: Visit) -> None:
    with pytest.raises(StaleVersion):
        update_once(Visit.objects.filter(pk=visit.pk, patient=None), holder="somebody")
