"""A request past its limit keeps its time until `lapse` ends it, with its letter: nobody's booking does."""

import datetime as dt
import uuid

import pytest

from bookings.actions import approval, holds
from bookings.errors import JustTaken, PolicyRefused
from bookings.models import Booking, Message, Status, Visit
from bookings.models.booking import COUNTS, HOLDS_TIME_NOW, IS_SESSION, LAPSED_HOLD, LASTING_HOLD
from bookings.slots.search_space import SlotRequest
from bookings.tasks import lapse_requests
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic, Room
from tests import factories
from tests.bookings.conftest import HOLDER, Book, at
from tests.bookings.slot_queries import offered
from therapies.models import Practitioner, Variant

pytestmark = pytest.mark.django_db
LIMIT = at(18, day=2)
LATE = LIMIT + dt.timedelta(seconds=30)
UNTIMELY = {"status": Status.REQUESTED, "expires_at": LIMIT}


@pytest.fixture
def asked(
    clinic: Clinic, consultation: Variant, patient: Patient, vaidya: Practitioner, consulting_room: Room
) -> Visit:
    """For the 3rd at 10:00, to be answered until the evening of the 2nd."""
    return factories.make_visit(
        clinic=clinic,
        variant=consultation,
        start=at(10),
        patient=patient,
        resources=[vaidya, consulting_room],
        **UNTIMELY,
    )


def only(visit: Visit) -> Booking:
    return visit.bookings.get()


def test_request_past_its_limit_keeps_its_time_from_searches_holds_and_its_patient(
    asked: Visit,
    slot_request: SlotRequest,
    hold: Book,
    booked: Book,
    clinic: Clinic,
    vaidya: Practitioner,
    patient: Patient,
) -> None:
    factories.make_practitioner(clinic, "Dr Rao", qualified=[slot_request.variants[0].therapy])
    factories.make_room(clinic, features=["consultation_room"])
    wanted = SlotRequest(clinic, slot_request.variants, practitioner_id=vaidya.pk)

    assert at(10) not in offered(wanted, LATE)
    with pytest.raises(JustTaken):
        hold(at(10), wanted=wanted, at=LATE)
    with pytest.raises(PolicyRefused, match="another appointment"):
        booked(at(10), at=LATE, desk=True)

    assert (only(asked).status, only(asked).occupancies.count()) == (Status.REQUESTED, 3)


def test_lapse_ends_it_with_its_letter_a_risen_sequence_and_its_time_free(
    asked: Visit, slot_request: SlotRequest, hold: Book
) -> None:
    assert approval.lapsed_requests(LATE) == [asked]

    assert approval.lapse(visit=asked, now=LATE)

    asked.refresh_from_db()
    row = asked.history.get()
    assert (row.verb, row.was, row.became) == ("expire", "requested", "expired")
    assert (asked.sequence, only(asked).version) == (1, 2)
    assert Message.objects.get(visit=asked, state="due").kind == "expired"
    assert at(10) in offered(slot_request, LATE)
    assert not approval.lapse(visit=asked, now=LATE)


def test_tick_ends_every_request_past_its_limit(asked: Visit, slot_request: SlotRequest) -> None:
    lapse_requests()

    assert only(asked).status == Status.EXPIRED


def test_yes_after_the_limit_counts_until_something_has_ended_the_request(asked: Visit, front_desk: User) -> None:
    """The time is still the patient's, and nobody has told them otherwise: a late yes is better than none."""
    approval.accept(visit=asked, by=front_desk, now=LATE)

    assert (only(asked).status, only(asked).expires_at, only(asked).occupancies.count()) == (Status.BOOKED, None, 3)
    assert not approval.lapse(visit=asked, now=LATE)
    assert "accepted" in Message.objects.filter(visit=asked, state="due").values_list("kind", flat=True)


def test_yes_after_the_end_of_a_request_is_refused(asked: Visit, front_desk: User) -> None:
    approval.lapse(visit=asked, now=LATE)

    with pytest.raises(PolicyRefused, match="already ended"):
        approval.accept(visit=asked, by=front_desk, now=LATE)

    assert (only(asked).status, only(asked).occupancies.count()) == (Status.EXPIRED, 0)


def test_yes_is_refused_once_the_time_asked_for_has_come(asked: Visit, front_desk: User) -> None:
    with pytest.raises(PolicyRefused, match="passed"):
        approval.accept(visit=asked, by=front_desk, now=at(10))

    assert only(asked).status == Status.REQUESTED


def test_what_was_not_given_for_safety_does_not_stand_in_the_way_of_the_rest_of_a_request(
    asked: Visit, consultation: Variant, front_desk: User
) -> None:
    """Two therapies were asked for; the Vaidya ruled the second out."""
    Booking.objects.create(
        visit=asked,
        variant=consultation,
        position=1,
        starts_at=at(11),
        ends_at=at(12),
        status=Status.CANCELLED,
        ended_by="clinic",
    )

    approval.accept(visit=asked, by=front_desk, now=LATE)

    assert [row.status for row in asked.bookings.all()] == [Status.BOOKED, Status.CANCELLED]


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("minutes", [-1, 0, 1])
def test_who_holds_time_is_answered_alike_by_statement_query_and_row(
    asked: Visit, now: dt.datetime, status: str, minutes: int
) -> None:
    ended = {"ended_by": "clinic"} if status == Status.CANCELLED else {}
    Booking.objects.update(status=status, expires_at=now + dt.timedelta(minutes=minutes), **ended)
    row = only(asked)

    def said(words: str) -> bool:
        return bool(list(Booking.objects.raw(f"SELECT b.id FROM bookings_booking b WHERE {words}", {"now": now})))

    assert said(LAPSED_HOLD) == row.is_lapsed_hold(now) == Booking.objects.lapsed_holds(now).exists()
    assert said(LASTING_HOLD) == (status == Status.HELD and minutes > 0)
    assert said(f"{IS_SESSION} AND {COUNTS}") == Booking.objects.of_orders().exists()
    assert said(HOLDS_TIME_NOW) == row.holds_time(now) == Booking.objects.holding_time(now).exists()
    gone = status in (Status.CANCELLED, Status.NO_SHOW, Status.EXPIRED, Status.BLOCKED)
    assert row.holds_time(now) is not (gone or (status == Status.HELD and minutes <= 0))


def test_release_of_a_hold_writes_one_row_and_of_what_lapsed_none(hold: Book, now: dt.datetime) -> None:
    visit = hold(at(10))

    for _ in range(2):
        holds.release_hold(visit=visit, holder=HOLDER, by=None, now=now)

    acts = [(row.verb, row.was, row.became) for row in visit.history.all()]
    assert acts == [("hold", "", "held"), ("release", "held", "expired")]


def test_sweep_ends_a_hold_of_several_therapies_whole(
    clinic: Clinic, abhyanga: Variant, swedana: Variant, lata: Practitioner, now: dt.datetime
) -> None:
    factories.make_practitioner(clinic, "Uma", roles=["therapist"], qualified=[swedana.therapy])
    said = {"by": None, "desk": True}
    both = holds.hold(
        slot_request=SlotRequest(clinic, (abhyanga, swedana), "female"),
        start=at(10),
        holder="one",
        now=now,
        key=uuid.uuid4(),
        **said,
    )

    late = now + dt.timedelta(minutes=16)
    holds.hold(
        slot_request=SlotRequest(clinic, (swedana,), "female"),
        start=at(11, 15),
        holder="two",
        now=late,
        key=uuid.uuid4(),
        **said,
    )

    assert [row.status for row in both.bookings.all()] == [Status.EXPIRED, Status.EXPIRED]
