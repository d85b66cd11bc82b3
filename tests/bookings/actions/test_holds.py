"""Holding a time."""

import datetime as dt
import uuid

import pytest

from bookings.actions import holds
from bookings.errors import HoldExpired, IdempotencyKeyReused, JustTaken, PolicyRefused
from bookings.models import Booking, Occupancy, Status
from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from tests.bookings.conftest import HOLDER, Book, at

pytestmark = pytest.mark.django_db


def test_hold_takes_room_and_vaidya_for_the_treatment(hold: Book, now: dt.datetime) -> None:
    visit = hold(at(10))

    booking = visit.bookings.get()
    rows = sorted((o.part, o.during.lower, o.during.upper) for o in booking.occupancies.all())
    assert rows == [("crew:vaidya", at(10), at(10, 45)), ("room", at(10), at(10, 45))]
    assert (booking.status, booking.expires_at) == (Status.HELD, now + dt.timedelta(minutes=15))
    assert visit.arrives_at == at(9, 45)


def test_hold_of_a_taken_time_is_refused(hold: Book) -> None:
    hold(at(10))

    with pytest.raises(JustTaken):
        hold(at(10, 30), holder="somebody else")


def test_second_hold_of_a_session_gives_the_first_back(hold: Book) -> None:
    first = hold(at(10))

    second = hold(at(10, 15))

    assert first.bookings.get().status == Status.EXPIRED
    assert set(Occupancy.objects.values_list("booking__visit", flat=True)) == {second.pk}


def test_hold_repeated_with_the_same_key_answers_the_same(hold: Book) -> None:
    key = uuid.uuid4()

    first, second = hold(at(10), key=key), hold(at(10), key=key)

    assert first == second
    assert Booking.objects.count() == 1


def test_hold_repeated_with_other_content_is_refused(hold: Book) -> None:
    key = uuid.uuid4()
    hold(at(10), key=key)

    with pytest.raises(IdempotencyKeyReused):
        hold(at(11), key=key)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (at(10, 5), "no longer be booked"),  # off the clinic's slot marks
        (at(10, 2), "time is not available"),  # off the five-minute marks
        (at(9, day=2), "no longer be booked"),  # past
        (at(11, day=2), "no longer be booked"),  # inside the lead time of two hours
        (at(10, day=31) + dt.timedelta(days=60), "no longer be booked"),  # beyond the horizon
    ],
)
def test_hold_of_a_time_that_is_not_offered_is_refused(hold: Book, start: dt.datetime, words: str) -> None:
    with pytest.raises(PolicyRefused, match=words):
        hold(start)

    assert not Booking.objects.exists()


def test_hold_at_the_desk_may_begin_now(hold: Book, now: dt.datetime) -> None:
    visit = hold(at(10, day=2), desk=True)

    assert visit.bookings.get().starts_at == now


def test_third_hold_of_an_account_is_refused(hold: Book, owner: object, slot_request: SlotRequest) -> None:
    hold(at(9), holder="phone", by=owner)
    hold(at(10), holder="laptop", by=owner)

    with pytest.raises(PolicyRefused, match="holding several times"):
        hold(at(11), holder="tablet", by=owner)


def test_hold_lapses_and_its_time_is_offered_and_can_be_held_by_another(
    hold: Book, slot_request: SlotRequest, now: dt.datetime
) -> None:
    first = hold(at(10))
    later = now + dt.timedelta(minutes=15)

    day = at(10).date()
    assert at(10) not in starts(slot_request, first=day, last=day, now=now)[0].starts
    assert at(10) in starts(slot_request, first=day, last=day, now=later)[0].starts

    hold(at(10), holder="somebody else", at=later)
    assert first.bookings.get().status == Status.EXPIRED
    assert first.history.last().verb == "expire"


def test_hold_is_extended_once(hold: Book, now: dt.datetime) -> None:
    visit = hold(at(10))
    later = now + dt.timedelta(minutes=10)

    holds.extend_hold(visit=visit, holder=HOLDER, by=None, now=later)

    assert visit.bookings.get().expires_at == later + dt.timedelta(minutes=15)
    with pytest.raises(PolicyRefused, match="only once"):
        holds.extend_hold(visit=visit, holder=HOLDER, by=None, now=later)


def test_hold_of_somebody_else_cannot_be_released(hold: Book, now: dt.datetime) -> None:
    visit = hold(at(10))

    with pytest.raises(HoldExpired):
        holds.release_hold(visit=visit, holder="somebody else", by=None, now=now)

    holds.release_hold(visit=visit, holder=HOLDER, by=None, now=now)
    assert not Occupancy.objects.exists()


def test_day_whose_times_are_too_near_says_to_call(slot_request: SlotRequest) -> None:
    late = at(16, 30, day=2)

    today = starts(slot_request, first=late.date(), last=late.date(), now=late)[0]

    assert today.starts == ()
    assert today.why == "Too late to book this day online; please call us"


def test_day_beyond_the_horizon_is_not_open_yet(slot_request: SlotRequest, now: dt.datetime) -> None:
    far = now.date() + dt.timedelta(days=90)

    assert starts(slot_request, first=far, last=far, now=now)[0].why == "Booking has not opened yet"
