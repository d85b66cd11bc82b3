"""A visit that is put elsewhere on the board: the server judges, and a move can be taken back before it is told."""

import datetime as dt
import uuid

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Booking, Message, MessageKind, State, Visit
from clinic.people.models import User
from clinic.premises.models import Clinic, Room
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from therapies.models import Practitioner, Variant


@pytest.fixture
def visit(visit_at: MakeVisit) -> Visit:
    """Meera's, tomorrow at eleven, with the Vaidya in the consulting room."""
    return visit_at(at(11, day=3))


def put(client: Client, visit: Visit, start: dt.datetime, *, version: int = 0, **lanes: object) -> list[str]:
    """Drag the visit there; returns what the next page says."""
    booking = visit.bookings.get()
    data = {"start": start.isoformat(), "version": version or booking.version, "key": uuid.uuid4(), "by": "person"}
    response = client.post(f"/desk/visits/{visit.public_id}/place/", data | lanes)
    assert response.status_code == 302
    return [str(message) for message in get_messages(response.wsgi_request)]


def place_of(visit: Visit) -> tuple[dt.datetime, list[str]]:
    booking = Booking.objects.get(visit=visit)
    served = booking.occupancies.filter(resource__isnull=False).order_by("part")
    return booking.starts_at, list(served.values_list("resource__name", flat=True))


def test_visit_is_put_to_another_time(enter: Enter, front_desk: User, visit: Visit, vaidya: Practitioner) -> None:
    told = put(enter(front_desk), visit, at(12, day=3))

    assert (place_of(visit), told) == ((at(12, day=3), [vaidya.name, "Consulting room"]), [])


def test_visit_is_put_to_another_person_at_its_time(
    enter: Enter, front_desk: User, visit: Visit, vaidya: Practitioner, clinic: Clinic, consultation: Variant
) -> None:
    uma = factories.make_practitioner(clinic, "Dr Uma", qualified=[consultation.therapy])

    put(enter(front_desk), visit, at(11, day=3), old=vaidya.pk, new=uma.pk)

    assert place_of(visit) == (at(11, day=3), ["Dr Uma", "Consulting room"])


def test_visit_is_put_to_another_person_and_time_at_once(
    enter: Enter, front_desk: User, visit: Visit, vaidya: Practitioner, clinic: Clinic, consultation: Variant
) -> None:
    uma = factories.make_practitioner(clinic, "Dr Uma", qualified=[consultation.therapy])

    put(enter(front_desk), visit, at(14, day=3), old=vaidya.pk, new=uma.pk)

    assert place_of(visit) == (at(14, day=3), ["Dr Uma", "Consulting room"])


def test_visit_is_put_into_another_room_at_another_time(
    enter: Enter, front_desk: User, visit: Visit, vaidya: Practitioner, clinic: Clinic, room: Room
) -> None:
    other = factories.make_room(clinic, "Garden room", features=["consultation_room"])

    put(enter(front_desk), visit, at(14, day=3), by="room", old=room.pk, new=other.pk)

    assert place_of(visit) == (at(14, day=3), [vaidya.name, "Garden room"])


def test_visit_put_where_its_people_cannot_serve_stays_and_names_them(
    enter: Enter, front_desk: User, visit: Visit, vaidya: Practitioner, clinic: Clinic, consultation: Variant
) -> None:
    """Somebody else could: but nobody asked for another doctor."""
    factories.make_practitioner(clinic, "Dr Uma", qualified=[consultation.therapy])
    factories.make_absence(vaidya, at(14, day=3), at(16, day=3), by=front_desk)

    told = put(enter(front_desk), visit, at(14, 30, day=3))

    assert place_of(visit) == (at(11, day=3), [vaidya.name, "Consulting room"])
    assert told == [
        f"{vaidya.name} cannot serve then. Choose another time, or put the visit in the lane of somebody else."
    ]


def test_visit_put_where_nobody_works_stays_and_the_reason_is_told(
    enter: Enter, front_desk: User, visit: Visit, vaidya: Practitioner
) -> None:
    (told,) = put(enter(front_desk), visit, at(5, day=3))

    assert place_of(visit) == (at(11, day=3), [vaidya.name, "Consulting room"])
    assert told


def test_page_from_before_a_change_puts_nothing(
    enter: Enter, front_desk: User, visit: Visit, vaidya: Practitioner
) -> None:
    told = put(enter(front_desk), visit, at(12, day=3), version=99)

    assert place_of(visit) == (at(11, day=3), [vaidya.name, "Consulting room"])
    assert told == ["This visit was changed in the meantime. Please check it again."]


@pytest.mark.parametrize("wrong", [{"start": "soon"}, {"by": "moon"}, {"new": "x"}])
def test_words_that_name_no_place_put_nothing(
    enter: Enter, front_desk: User, visit: Visit, wrong: dict[str, object]
) -> None:
    data = {"start": at(12, day=3).isoformat(), "version": 1, "key": uuid.uuid4(), "by": "person"}

    response = enter(front_desk).post(f"/desk/visits/{visit.public_id}/place/", data | wrong)

    assert [str(each) for each in get_messages(response.wsgi_request)] == ["This visit cannot be put there."]
    assert place_of(visit)[0] == at(11, day=3)


def due(visit: Visit) -> set[str]:
    return set(Message.objects.filter(visit=visit, state=State.DUE).values_list("kind", flat=True))


def test_move_that_is_taken_back_before_the_patient_was_told_tells_nothing(
    enter: Enter, front_desk: User, visit: Visit
) -> None:
    client = enter(front_desk)

    put(client, visit, at(12, day=3))
    after_move = due(visit)
    put(client, visit, at(11, day=3))

    assert (MessageKind.MOVED in after_move, MessageKind.MOVED in due(visit)) == (True, False)


def test_move_that_the_patient_was_told_of_is_told_when_it_is_taken_back(
    enter: Enter, front_desk: User, visit: Visit
) -> None:
    client = enter(front_desk)

    put(client, visit, at(12, day=3))
    Message.objects.filter(visit=visit, kind=MessageKind.MOVED).update(state=State.SENT, sent_at=at(10))
    put(client, visit, at(11, day=3))

    assert MessageKind.MOVED in due(visit)


def told_of_the_booking(visit: Visit) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=at(8))
    Message.objects.filter(visit=visit, kind=MessageKind.CONFIRMED).update(state=State.SENT, sent_at=at(8))


def test_move_whose_message_is_being_sent_is_told_when_it_is_taken_back(
    enter: Enter, front_desk: User, visit: Visit
) -> None:
    client = enter(front_desk)
    told_of_the_booking(visit)

    put(client, visit, at(12, day=3))
    moved = Message.objects.filter(visit=visit, kind=MessageKind.MOVED)
    moved.update(leased_until=at(20), lease_token=uuid.uuid4())
    put(client, visit, at(11, day=3))

    assert moved.filter(state=State.DUE, leased_until=None).count() == 1


def test_second_move_that_is_taken_back_still_tells_the_first(enter: Enter, front_desk: User, visit: Visit) -> None:
    """The patient knows eleven o'clock; one o'clock was taken back, noon was not."""
    client = enter(front_desk)
    told_of_the_booking(visit)

    for hour in (12, 13, 12):
        put(client, visit, at(hour, day=3))

    assert (place_of(visit)[0], MessageKind.MOVED in due(visit)) == (at(12, day=3), True)
