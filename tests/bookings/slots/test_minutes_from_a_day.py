"""Minutes of a treatment that change from a day on: search and booking go by the day; who is booked keeps theirs."""

import datetime as dt
import uuid

import pytest

from bookings.actions.changes import move
from bookings.models import Visit
from bookings.slots.obstacles import obstacles
from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import Book, at
from therapies.models import Step
from therapies.next_steps import put_minutes_in_force

THURSDAY = at(12, day=5).date()


def minutes_of(visit: Visit) -> tuple[int, int]:
    """As planned, and as taken of the patient's own time."""
    booking = visit.bookings.get()
    taken = booking.occupancies.get(part="patient").during
    return (booking.ends_at - booking.starts_at).seconds // 60, (taken.upper - taken.lower).seconds // 60


@pytest.mark.django_db(transaction=True)
def test_from_the_day_on_search_and_booking_use_the_new_minutes_and_what_was_booked_stays_and_is_listed(
    clinic: Clinic, slot_request: SlotRequest, booked: Book, owner: User, now: dt.datetime
) -> None:
    rita, sita = (factories.make_patient(name, phone=f"+91984700010{n}") for n, name in enumerate(["Rita", "Sita"]))
    earlier = booked(at(10, day=5), desk=True)
    Step.objects.update(next_on=THURSDAY, next_offset=0, next_minutes=60)

    days = starts(slot_request, first=at(12, day=4).date(), last=THURSDAY, now=now, desk=True)
    before, after = booked(at(14, day=4), who=rita, desk=True), booked(at(14, day=5), who=sita, desk=True)
    listed = {visit: list(map(str, each)) for visit, each in obstacles(clinic, now).items()}
    keys = [obstacles(clinic, now)[earlier.pk][0].key]
    folded = put_minutes_in_force(now=at(12, day=5)), put_minutes_in_force(now=at(20, day=5))
    after_fold = {visit: list(map(str, each)) for visit, each in obstacles(clinic, at(8, day=5)).items()}
    keys.append(obstacles(clinic, at(8, day=5))[earlier.pk][0].key)  # settled once, it stays settled

    assert [day.starts[-1] for day in days] == [at(17, 15, day=4), at(17, day=5)]
    assert at(9, 15, day=5) not in days[1].starts
    assert at(9, 15, day=4) in days[0].starts
    assert [minutes_of(visit) for visit in (earlier, before, after)] == [(45, 45), (45, 45), (60, 60)]
    assert after.bookings.get().plan["steps"][0]["minutes"] == 60
    words = ["Steps, minutes or staff of First consultation have changed since the booking"]
    assert (listed, keys[0]) == ({earlier.pk: words}, keys[1])
    assert folded == (0, 1)
    assert Step.objects.values_list("minutes", "next_on").get() == (60, None)
    assert after_fold == {earlier.pk: words}


def test_visit_moved_over_the_day_gets_the_minutes_of_its_new_day(
    slot_request: SlotRequest, booked: Book, owner: User, now: dt.datetime
) -> None:
    visit = booked(at(10, day=4), desk=True)
    Step.objects.update(next_on=THURSDAY, next_offset=0, next_minutes=60)

    version = visit.bookings.get().version
    move(visit=visit, start=at(10, day=5), by=owner, now=now, key=uuid.uuid4(), version=version, desk=True)

    assert minutes_of(Visit.objects.get(pk=visit.pk)) == (60, 60)
