"""Visits that nobody closed on their day, and consultations that leave no note."""

import datetime as dt

import pytest

from bookings.actions import attendance
from bookings.actions.left_open import Afterwards, close_late
from bookings.actions.signing import sign
from bookings.desk.todo.owners import TaskKind
from bookings.desk.todo.page import tasks_of
from bookings.errors import PolicyRefused
from bookings.models import CancelledBy, Occupancy, Status, Visit
from bookings.rules.left_open import LateOutcome
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests.bookings.clinical import make_assessment
from tests.bookings.conftest import Book, at
from therapies.models import Practitioner

pytestmark = pytest.mark.django_db
NEXT_DAY = at(9, day=4)


def kinds(user: User, now: dt.datetime) -> list[TaskKind]:
    return [task.kind for task in tasks_of(user, now)]


def closed(visit: Visit, by: User, said: Afterwards, *, now: dt.datetime = NEXT_DAY) -> Visit:
    return close_late(visit=visit, afterwards=said, by=by, now=now, version=visit.bookings.get().version)


def test_visit_left_open_waits_at_the_desk_from_the_next_day_on(booked: Book, front_desk: User) -> None:
    booked(at(10))

    assert [TaskKind.LEFT_OPEN in kinds(front_desk, now) for now in (at(23), NEXT_DAY)] == [False, True]


def test_visit_of_yesterday_is_recorded_with_its_true_times(booked: Book, front_desk: User) -> None:
    visit = booked(at(10))

    closed(visit, front_desk, Afterwards(LateOutcome.CAME, "forgotten", came=at(10, 20), left=at(11)))

    booking, act = visit.bookings.get(), visit.history.last()
    assert (booking.status, booking.started_at, booking.ended_at) == (Status.COMPLETED, at(10, 20), at(11))
    assert (act.verb, act.was, act.became, act.detail["reason"]) == ("close_late", "booked", "completed", "forgotten")
    assert not visit.messages.filter(state="due").exists()
    assert TaskKind.LEFT_OPEN not in kinds(front_desk, NEXT_DAY)


def test_what_was_pressed_on_the_day_stays(booked: Book, front_desk: User) -> None:
    visit = booked(at(10))
    attendance.check_in(visit=visit, by=front_desk, now=at(9, 50))
    attendance.start(booking=visit.bookings.get(), by=front_desk, now=at(10, 5))

    closed(visit, front_desk, Afterwards(LateOutcome.CAME, "forgotten"))

    booking = visit.bookings.get()
    assert (booking.arrived_at, booking.started_at, booking.ended_at) == (at(9, 50), at(10, 5), at(10, 50))


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (Afterwards(LateOutcome.NO_SHOW, "told_later"), Status.NO_SHOW),
        (
            Afterwards(LateOutcome.CANCELLED, "told_later", reason="patient_ill", ended_by=CancelledBy.PATIENT),
            Status.CANCELLED,
        ),
    ],
)
def test_who_did_not_come_or_had_cancelled_gives_the_time_back_and_it_can_be_undone_the_same_day(
    booked: Book, front_desk: User, said: Afterwards, status: Status
) -> None:
    visit = booked(at(10))

    closed(visit, front_desk, said)
    became, left = visit.bookings.get().status, Occupancy.objects.count()
    attendance.undo(visit=visit, by=front_desk, now=NEXT_DAY + dt.timedelta(hours=3))

    assert (became, left) == (status, 0)
    assert (visit.bookings.get().status, Occupancy.objects.count()) == (Status.BOOKED, 3)


@pytest.mark.parametrize(
    ("said", "pressed", "reason"),
    [
        (Afterwards(LateOutcome.CAME, "forgotten"), at(20), "not over yet"),
        (Afterwards(LateOutcome.CAME, "forgotten", came=at(11), left=at(10)), NEXT_DAY, "must be after"),
        (Afterwards(LateOutcome.CAME, "forgotten", came=at(10), left=at(10, day=4)), NEXT_DAY, "on the day"),
    ],
)
def test_untrue_times_are_refused(
    booked: Book, front_desk: User, said: Afterwards, pressed: dt.datetime, reason: str
) -> None:
    visit = booked(at(10))

    with pytest.raises(PolicyRefused, match=reason):
        closed(visit, front_desk, said, now=pressed)


def test_who_was_checked_in_did_come(booked: Book, front_desk: User) -> None:
    visit = booked(at(10))
    attendance.check_in(visit=visit, by=front_desk, now=at(9, 50))

    with pytest.raises(PolicyRefused, match="was checked in"):
        closed(visit, front_desk, Afterwards(LateOutcome.NO_SHOW, "forgotten"))


# --- the note of a consultation ---------------------------------------------------------------------------------------


def in_progress(visit: Visit, by: User) -> Visit:
    attendance.check_in(visit=visit, by=by, now=at(9, 50))
    attendance.start(booking=visit.bookings.get(), by=by, now=at(10))
    return visit


def test_consultation_completed_without_a_note_waits_for_its_vaidya_until_the_note_is_signed(
    booked: Book, front_desk: User, vaidya: Practitioner, vaidya_user: User, clinic: Clinic
) -> None:
    visit = in_progress(booked(at(10)), front_desk)
    attendance.complete(booking=visit.bookings.get(), by=front_desk, now=at(10, 40))
    waits = TaskKind.NOTE in kinds(vaidya_user, at(11, day=10))

    draft = make_assessment(visit.patient, clinic, vaidya_user, signed=False, visit=visit, made_at=at(12))
    sign(assessment=draft, prescription=None, clearing=[], by=vaidya_user, now=at(12, 5))

    assert waits
    assert TaskKind.NOTE not in kinds(vaidya_user, at(13))


def test_signing_the_note_completes_the_consultation(
    booked: Book, front_desk: User, vaidya: Practitioner, vaidya_user: User, clinic: Clinic
) -> None:
    visit = in_progress(booked(at(10)), front_desk)
    draft = make_assessment(visit.patient, clinic, vaidya_user, signed=False, visit=visit, made_at=at(10, 10))

    sign(assessment=draft, prescription=None, clearing=[], by=vaidya_user, now=at(10, 35))

    booking = visit.bookings.get()
    assert (booking.status, booking.started_at, booking.ended_at) == (Status.COMPLETED, at(10), at(10, 35))
    assert not booking.note_due
    assert visit.messages.filter(kind="follow_up", state="due").exists()
