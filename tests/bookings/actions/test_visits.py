"""Booking, moving, cancelling, and the day itself."""

import datetime as dt
import uuid

import pytest

from bookings.actions import attendance, changes, confirmation, past_visits
from bookings.errors import (
    HoldExpired,
    IdempotencyKeyReused,
    JustTaken,
    PolicyRefused,
    StaleVersion,
)
from bookings.models import Booking, CancelledBy, History, Occupancy, Status, Visit
from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from tests import factories
from tests.bookings.conftest import HOLDER, Book, at
from therapies.models import StepCrew

pytestmark = pytest.mark.django_db


def test_book_adds_the_patient_and_says_so_in_the_history(booked: Book, patient: Patient, owner: User) -> None:
    visit = booked(at(10))

    booking = visit.bookings.get()
    assert (booking.status, booking.expires_at, visit.patient, visit.holder) == (Status.BOOKED, None, patient, "")
    assert sorted(o.part for o in booking.occupancies.all()) == ["crew:vaidya", "patient", "room"]
    last = visit.history.last()
    assert (last.verb, last.by, last.was, last.became) == ("book", owner, "held", "booked")
    assert list(patient.clinics.all()) == [visit.clinic]


def test_book_with_the_same_key_books_once(hold: Book, patient: Patient, owner: User, now: dt.datetime) -> None:
    visit, key = hold(at(10)), uuid.uuid4()
    act = {"visit": visit, "holder": HOLDER, "by": owner, "now": now, "key": key}

    first = confirmation.book(patient=patient, **act)
    again = confirmation.book(patient=patient, **act)

    assert first == again
    assert History.objects.filter(verb="book").count() == 1
    other = factories.make_patient("Ravi", phone="+919847000077")
    with pytest.raises(IdempotencyKeyReused):
        confirmation.book(patient=other, **act)


def test_book_in_a_second_tab_learns_that_the_time_is_booked_already(
    hold: Book, patient: Patient, owner: User, now: dt.datetime
) -> None:
    visit = hold(at(10))
    act = {"visit": visit, "patient": patient, "holder": HOLDER, "by": owner, "now": now}
    confirmation.book(**act, key=uuid.uuid4())

    with pytest.raises(HoldExpired, match="This time is already booked for this patient"):
        confirmation.book(**act, key=uuid.uuid4())


def test_book_of_somebody_elses_hold_is_refused(hold: Book, patient: Patient, owner: User, now: dt.datetime) -> None:
    visit = hold(at(10))

    with pytest.raises(HoldExpired):
        confirmation.book(visit=visit, patient=patient, holder="another", by=owner, now=now, key=uuid.uuid4())


def test_book_after_the_hold_lapsed_takes_the_same_time_when_it_is_free(
    hold: Book, patient: Patient, owner: User, now: dt.datetime
) -> None:
    visit, later = hold(at(10)), now + dt.timedelta(hours=1)

    confirmation.book(visit=visit, patient=patient, holder=HOLDER, by=owner, now=later, key=uuid.uuid4())

    assert visit.bookings.get().status == Status.BOOKED


def test_book_after_somebody_took_the_lapsed_time_is_refused(
    hold: Book, patient: Patient, owner: User, now: dt.datetime
) -> None:
    visit, later = hold(at(10)), now + dt.timedelta(hours=1)
    hold(at(10), holder="somebody else", at=later)

    with pytest.raises(JustTaken):
        confirmation.book(visit=visit, patient=patient, holder=HOLDER, by=owner, now=later, key=uuid.uuid4())

    assert visit.bookings.get().status == Status.EXPIRED


def test_book_of_a_patient_who_is_elsewhere_then_is_refused(
    booked: Book, slot_request: SlotRequest, patient: Patient
) -> None:
    booked(at(10))
    factories.make_practitioner(slot_request.clinic, qualified=[slot_request.variants[0].therapy])
    factories.make_room(slot_request.clinic, features=["consultation_room"])

    with pytest.raises(PolicyRefused, match="another appointment"):
        booked(at(10, 30), desk=True)

    assert Occupancy.objects.filter(patient=patient).count() == 1


def test_book_asks_the_age(booked: Book, slot_request: SlotRequest) -> None:
    therapy = slot_request.variants[0].therapy
    therapy.minimum_age = 40
    therapy.save()

    with pytest.raises(PolicyRefused, match="aged 40 or over"):
        booked(at(10))


def test_move_frees_the_old_time_and_raises_the_sequence(
    booked: Book, slot_request: SlotRequest, owner: User, now: dt.datetime
) -> None:
    visit = booked(at(10))

    changes.move(visit=visit, start=at(10, 15), by=owner, now=now, key=uuid.uuid4(), version=2)

    visit.refresh_from_db()
    booking = visit.bookings.get()
    assert (booking.starts_at, booking.ends_at, visit.sequence) == (at(10, 15), at(11), 1)
    assert visit.arrives_at == at(10)
    assert at(9, 15) in starts(slot_request, first=at(9).date(), last=at(9).date(), now=now)[0].starts


@pytest.mark.parametrize(
    ("to", "status", "arrived"), [(at(15), Status.CHECKED_IN, at(9, 50)), (at(10, day=4), Status.BOOKED, None)]
)
def test_move_of_somebody_who_waits_keeps_them_waiting_today_and_books_them_anew_for_another_day(
    booked: Book, front_desk: User, to: dt.datetime, status: Status, arrived: dt.datetime | None
) -> None:
    visit = booked(at(10))
    attendance.check_in(visit=visit, by=front_desk, now=at(9, 50))

    changes.move(visit=visit, start=to, by=front_desk, now=at(10, 40), key=uuid.uuid4(), version=3, desk=True)

    booking = visit.bookings.get()
    assert (booking.starts_at, booking.status, booking.arrived_at) == (to, status, arrived)
    due = set(visit.messages.filter(state="due").values_list("kind", flat=True))
    assert ("moved" in due or "confirmed" in due) == (status == Status.BOOKED)


def test_move_of_a_page_that_is_out_of_date_is_refused(booked: Book, owner: User, now: dt.datetime) -> None:
    visit = booked(at(10))

    with pytest.raises(StaleVersion):
        changes.move(visit=visit, start=at(11), by=owner, now=now, key=uuid.uuid4(), version=1)


def test_move_to_a_taken_time_leaves_the_visit_as_it_was(booked: Book, owner: User, now: dt.datetime) -> None:
    visit = booked(at(10))
    booked(at(12), who=factories.make_patient("Ravi", phone="+919847000077"))

    with pytest.raises(JustTaken):
        changes.move(visit=visit, start=at(12), by=owner, now=now, key=uuid.uuid4(), version=2)

    assert visit.bookings.get().starts_at == at(10)
    assert visit.bookings.get().occupancies.count() == 3


def test_cancel_gives_the_time_back(booked: Book, owner: User, now: dt.datetime) -> None:
    visit = booked(at(10))

    changes.cancel(visit=visit, by=owner, now=now, ended_by=CancelledBy.PATIENT, version=2)

    booking = visit.bookings.get()
    assert (booking.status, booking.ended_by, booking.occupancies.count()) == (Status.CANCELLED, "patient", 0)
    visit.refresh_from_db()
    assert visit.sequence == 1


def test_cancel_twice_is_refused(booked: Book, owner: User, now: dt.datetime) -> None:
    visit = booked(at(10))
    changes.cancel(visit=visit, by=owner, now=now, ended_by=CancelledBy.PATIENT, version=2)

    with pytest.raises(PolicyRefused, match="no longer be cancelled"):
        changes.cancel(visit=visit, by=owner, now=now, ended_by=CancelledBy.PATIENT, version=3)


def test_cancel_by_the_patient_after_the_beginning_is_refused(booked: Book, owner: User) -> None:
    visit = booked(at(10))

    with pytest.raises(PolicyRefused, match="call the clinic"):
        changes.cancel(visit=visit, by=owner, now=at(10, 5), ended_by=CancelledBy.PATIENT, version=2)


def test_day_runs_from_check_in_to_completed(booked: Book, front_desk: User) -> None:
    visit = booked(at(10))

    attendance.check_in(visit=visit, by=front_desk, now=at(9, 50))
    attendance.start(booking=visit.bookings.get(), by=front_desk, now=at(10, 5))
    attendance.complete(booking=visit.bookings.get(), by=front_desk, now=at(11, 20))

    booking = visit.bookings.get()
    assert (booking.arrived_at, booking.started_at, booking.ended_at) == (at(9, 50), at(10, 5), at(11, 20))
    assert (booking.status, booking.starts_at, booking.occupancies.count()) == (Status.COMPLETED, at(10, 5), 3)
    assert booking.plan["starts_at"] == at(10).isoformat()


def test_check_in_on_another_day_is_refused(booked: Book, front_desk: User) -> None:
    visit = booked(at(10))

    with pytest.raises(PolicyRefused, match="another day"):
        attendance.check_in(visit=visit, by=front_desk, now=at(9, day=4))


@pytest.mark.parametrize(("state", "reason"), [("due", "not been answered yet"), ("waiting", "waiting for the Vaidya")])
def test_start_waits_for_the_screening(booked: Book, front_desk: User, state: str, reason: str) -> None:
    visit = booked(at(10))
    attendance.check_in(visit=visit, by=front_desk, now=at(9, 50))
    Booking.objects.update(screening=state)

    with pytest.raises(PolicyRefused, match=reason):
        attendance.start(booking=visit.bookings.get(), by=front_desk, now=at(10))


def test_no_show_frees_the_time_and_undo_takes_it_again(booked: Book, front_desk: User) -> None:
    visit = booked(at(10))

    attendance.mark_no_show(visit=visit, by=front_desk, now=at(10, 20))
    assert not Occupancy.objects.exists()

    attendance.undo(visit=visit, by=front_desk, now=at(10, 30))
    assert visit.bookings.get().status == Status.BOOKED
    assert Occupancy.objects.count() == 3


def test_no_show_before_the_beginning_is_refused(booked: Book, front_desk: User) -> None:
    visit = booked(at(10))

    with pytest.raises(PolicyRefused, match="not started"):
        attendance.mark_no_show(visit=visit, by=front_desk, now=at(9, 55))


def test_undo_takes_start_back_and_then_check_in(booked: Book, front_desk: User) -> None:
    visit = booked(at(10))
    attendance.check_in(visit=visit, by=front_desk, now=at(9, 50))
    attendance.start(booking=visit.bookings.get(), by=front_desk, now=at(10))

    seen = []
    for _ in range(2):
        attendance.undo(visit=visit, by=front_desk, now=at(10, 2))
        seen.append(visit.bookings.get().status)

    assert seen == [Status.CHECKED_IN, Status.BOOKED]
    assert visit.bookings.get().arrived_at is None


def test_undo_from_an_older_page_takes_nothing_else_back(booked: Book, front_desk: User) -> None:
    """The page offered to take the check-in back; somebody has begun meanwhile."""
    visit = booked(at(10))
    attendance.check_in(visit=visit, by=front_desk, now=at(9, 50))
    attendance.start(booking=visit.bookings.get(), by=front_desk, now=at(10))

    with pytest.raises(StaleVersion):
        attendance.undo(visit=visit, by=front_desk, now=at(10, 1), shown=Status.CHECKED_IN)

    assert visit.bookings.get().status == Status.IN_PROGRESS


def test_reassign_gives_the_visit_to_another_vaidya(
    booked: Book, slot_request: SlotRequest, front_desk: User, now: dt.datetime
) -> None:
    visit = booked(at(10))
    old = visit.bookings.get().occupancies.get(part="crew:vaidya").resource_id
    new = factories.make_practitioner(
        slot_request.clinic, "Dr Rao", gender="male", qualified=[slot_request.variants[0].therapy]
    )

    changes.reassign(
        booking=visit.bookings.get(),
        old_resource_id=old,
        new_resource_id=new.pk,
        by=front_desk,
        now=now,
        version=2,
    )

    assert visit.bookings.get().occupancies.get(part="crew:vaidya").resource_id == new.pk


def test_reassign_keeps_the_time_that_was_booked_when_the_therapy_became_longer(
    booked: Book, slot_request: SlotRequest, front_desk: User, now: dt.datetime
) -> None:
    visit = booked(at(10))
    slot_request.variants[0].steps.update(minutes=60)
    booking = visit.bookings.get()
    old = booking.occupancies.get(part="crew:vaidya").resource_id
    new = factories.make_practitioner(slot_request.clinic, "Dr Rao", qualified=[slot_request.variants[0].therapy])

    changes.reassign(booking=booking, old_resource_id=old, new_resource_id=new.pk, by=front_desk, now=now, version=2)

    booking.refresh_from_db()
    taken = {(row.during.lower, row.during.upper) for row in booking.occupancies.filter(part__in=["patient", "room"])}
    assert taken == {(booking.starts_at, booking.ends_at)} == {(at(10), at(10, 45))}


def test_reassign_from_an_older_page_changes_nothing(
    booked: Book, slot_request: SlotRequest, front_desk: User, now: dt.datetime
) -> None:
    visit = booked(at(10))
    shown = visit.bookings.get()
    old = shown.occupancies.get(part="crew:vaidya").resource_id
    new = factories.make_practitioner(slot_request.clinic, "Dr Rao", qualified=[slot_request.variants[0].therapy])
    attendance.check_in(visit=visit, by=front_desk, now=at(9, 50))

    with pytest.raises(StaleVersion):
        changes.reassign(booking=shown, old_resource_id=old, new_resource_id=new.pk, by=front_desk, now=now, version=2)

    booking = visit.bookings.get()
    assert (booking.status, booking.version) == (Status.CHECKED_IN, 3)
    assert booking.occupancies.get(part="crew:vaidya").resource_id == old


def test_reassign_to_somebody_without_the_qualification_is_refused(
    booked: Book, slot_request: SlotRequest, front_desk: User, now: dt.datetime
) -> None:
    visit = booked(at(10))
    old = visit.bookings.get().occupancies.get(part="crew:vaidya").resource_id
    new = factories.make_practitioner(slot_request.clinic, "Dr Rao")

    with pytest.raises(PolicyRefused, match="cannot be used for this treatment"):
        changes.reassign(
            booking=visit.bookings.get(),
            old_resource_id=old,
            new_resource_id=new.pk,
            by=front_desk,
            now=now,
            version=2,
        )


def test_reassign_of_a_part_that_the_treatment_lost_since_is_refused(
    booked: Book, slot_request: SlotRequest, front_desk: User, now: dt.datetime
) -> None:
    visit = booked(at(10))
    old = visit.bookings.get().occupancies.get(part="crew:vaidya").resource_id
    new = factories.make_practitioner(slot_request.clinic, "Dr Rao", qualified=[slot_request.variants[0].therapy])
    StepCrew.objects.filter(step__variant__in=slot_request.variants).update(role="nurse")
    visit = Visit.objects.get(pk=visit.pk)

    with pytest.raises(PolicyRefused, match="cannot be used for this treatment"):
        changes.reassign(
            booking=visit.bookings.get(), old_resource_id=old, new_resource_id=new.pk, by=front_desk, now=now, version=2
        )


def test_record_past_writes_down_what_was_done_on_paper(
    slot_request: SlotRequest, patient: Patient, front_desk: User, now: dt.datetime
) -> None:
    vaidya = slot_request.clinic.working_hours.first().practitioner

    visit = past_visits.record_past(
        slot_request=slot_request, patient=patient, start=at(8, day=2), resource_ids=[vaidya.pk], by=front_desk, now=now
    )

    booking = visit.bookings.get()
    assert (booking.status, booking.paper) == (Status.COMPLETED, True)
    assert sorted(o.part for o in booking.occupancies.all()) == ["crew:vaidya", "patient"]
    assert not visit.messages.exists()


def test_record_past_of_something_to_come_is_refused(
    slot_request: SlotRequest, patient: Patient, front_desk: User, now: dt.datetime
) -> None:
    with pytest.raises(PolicyRefused, match="have already started"):
        past_visits.record_past(
            slot_request=slot_request, patient=patient, start=at(12), resource_ids=[], by=front_desk, now=now
        )
