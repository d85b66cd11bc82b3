"""A slip of the hand is taken back on the same day: what was completed, cancelled, missed or begun."""

import datetime as dt

import pytest

from bookings.actions import attendance, changes
from bookings.errors import PolicyRefused
from bookings.models import Booking, CancelledBy, Occupancy, Status, Visit
from bookings.slots.search_space import SlotRequest
from clinic.people.models import User
from tests import factories
from tests.bookings.conftest import Book, at

pytestmark = pytest.mark.django_db


def taken(visit: Visit) -> list[tuple[object, ...]]:
    """Whose time the visit takes, for what, from when to when."""
    rows = Occupancy.objects.filter(booking__visit=visit).order_by("part", "during")
    return [(row.resource_id, row.patient_id, row.part, row.during.lower, row.during.upper) for row in rows]


def cancel(visit: Visit, by: User, now: dt.datetime) -> None:
    booking = visit.bookings.get()
    changes.cancel(visit=visit, by=by, now=now, ended_by=CancelledBy.CLINIC, version=booking.version, desk=True)


def due(visit: Visit) -> set[str]:
    return set(visit.messages.filter(state="due").values_list("kind", flat=True))


@pytest.mark.parametrize("was", [Status.BOOKED, Status.CHECKED_IN])
def test_cancelled_visit_is_restored_with_its_time_and_its_state(booked: Book, front_desk: User, was: Status) -> None:
    """Planned for a later day than the press, too: what counts is the day on which somebody pressed."""
    visit = booked(at(10))
    if was == Status.CHECKED_IN:
        attendance.check_in(visit=visit, by=front_desk, now=at(9, 50))
    before = taken(visit)
    now = at(9, 55)

    cancel(visit, front_desk, now)
    attendance.undo(visit=visit, by=front_desk, now=now + dt.timedelta(hours=1))

    booking, again = visit.bookings.get(), Visit.objects.get(pk=visit.pk)
    assert (booking.status, booking.ended_by, booking.reason, booking.closed_at) == (was, "", "", None)
    assert taken(visit) == before
    assert again.sequence == 2
    assert visit.history.last().verb == "undo"


def test_visit_of_another_day_cancelled_by_mistake_is_restored_today_and_not_tomorrow(
    booked: Book, front_desk: User, now: dt.datetime
) -> None:
    visit = booked(at(10, day=9))
    cancel(visit, front_desk, now)

    with pytest.raises(PolicyRefused, match="same day"):
        attendance.undo(visit=visit, by=front_desk, now=now + dt.timedelta(days=1))
    attendance.undo(visit=visit, by=front_desk, now=now + dt.timedelta(hours=2))

    assert visit.bookings.get().status == Status.BOOKED


def test_time_that_somebody_else_holds_by_now_is_named(booked: Book, front_desk: User, now: dt.datetime) -> None:
    visit = booked(at(10))
    cancel(visit, front_desk, now)
    booked(at(10), who=factories.make_patient("Ravi", family_name="Menon", phone="+919847000077"))

    with pytest.raises(PolicyRefused, match=r"no longer free: .*Consulting room 1 \(Ravi Menon\)"):
        attendance.undo(visit=visit, by=front_desk, now=now)

    assert (visit.bookings.get().status, taken(visit)) == (Status.CANCELLED, [])


def test_nothing_is_sent_when_a_cancellation_is_undone_before_its_letter_went(
    booked: Book, front_desk: User, now: dt.datetime
) -> None:
    visit = booked(at(10, day=9))
    visit.messages.filter(kind="confirmed").update(state="sent", sent_at=now)

    cancel(visit, front_desk, now)
    attendance.undo(visit=visit, by=front_desk, now=now)

    assert due(visit) & {"cancelled", "cancelled_by_clinic", "restored", "confirmed"} == set()
    assert "reminder" in due(visit)


def test_patient_who_read_of_the_cancellation_gets_a_correction_for_the_calendar(
    booked: Book, front_desk: User, now: dt.datetime
) -> None:
    visit = booked(at(10, day=9))
    visit.messages.filter(kind="confirmed").update(state="sent", sent_at=now)
    cancel(visit, front_desk, now)
    visit.messages.filter(kind="cancelled_by_clinic").update(state="sent", sent_at=now)

    attendance.undo(visit=visit, by=front_desk, now=now)

    letter = visit.messages.get(kind="restored")
    assert (letter.state, letter.sequence) == ("due", 2)


def test_completed_by_mistake_goes_on_and_its_letters_are_void(booked: Book, front_desk: User) -> None:
    visit = booked(at(10))
    attendance.check_in(visit=visit, by=front_desk, now=at(9, 50))
    attendance.start(booking=visit.bookings.get(), by=front_desk, now=at(10))
    attendance.complete(booking=visit.bookings.get(), by=front_desk, now=at(10, 5))

    attendance.undo(visit=visit, by=front_desk, now=at(10, 6))

    booking = visit.bookings.get()
    assert (booking.status, booking.started_at, booking.ended_at) == (Status.IN_PROGRESS, at(10), None)
    assert due(visit) == set()


def test_no_show_taken_back_takes_what_was_booked_whatever_the_catalogue_says_today(
    booked: Book, slot_request: SlotRequest, front_desk: User
) -> None:
    visit = booked(at(10))
    before = taken(visit)
    slot_request.variants[0].steps.update(minutes=60)
    attendance.mark_no_show(visit=visit, by=front_desk, now=at(10, 20))

    attendance.undo(visit=visit, by=front_desk, now=at(10, 30))

    assert taken(visit) == before
    assert Visit.objects.get(pk=visit.pk).sequence == 0


def test_declined_request_is_not_restored(booked: Book, front_desk: User, now: dt.datetime) -> None:
    visit = booked(at(10))
    Booking.objects.update(status=Status.CANCELLED, ended_by=CancelledBy.CLINIC)

    with pytest.raises(PolicyRefused, match="nothing to undo"):
        attendance.undo(visit=visit, by=front_desk, now=now)


def test_second_desk_reads_who_was_first(booked: Book, front_desk: User) -> None:
    visit = booked(at(10))
    attendance.check_in(visit=visit, by=front_desk, now=at(9, 42))

    with pytest.raises(PolicyRefused, match=f"{front_desk} was first, at 09:42: Checked in."):
        attendance.check_in(visit=visit, by=front_desk, now=at(9, 43))
