"""The page on which the desk says what became of a visit of an earlier day."""

import pytest
import time_machine
from django.urls import reverse

from bookings.models import Booking, Status
from clinic.people.models import User
from tests.desk.conftest import Enter, MakeVisit, at


@pytest.mark.parametrize(
    ("sent", "answer", "status"),
    [
        ({"outcome": "came", "came": "10:20", "left": "11:00"}, 302, Status.COMPLETED),
        ({"outcome": "no_show"}, 302, Status.NO_SHOW),
        ({"outcome": "cancelled", "reason": "patient_ill"}, 302, Status.CANCELLED),
        ({"outcome": "cancelled"}, 422, Status.BOOKED),
        ({"outcome": "came", "came": "11:00", "left": "10:00"}, 422, Status.BOOKED),
    ],
)
def test_desk_records_what_became_of_a_visit_of_yesterday(
    enter: Enter, front_desk: User, visit_at: MakeVisit, sent: dict[str, str], answer: int, status: Status
) -> None:
    visit = visit_at(at(10))

    with time_machine.travel(at(9, day=3), tick=False):
        desk = enter(front_desk)
        page = desk.get(reverse("desk:visit", args=[visit.public_id])).content.decode()
        response = desk.post(
            reverse("desk:afterwards", args=[visit.public_id]), sent | {"why_late": "forgotten", "seen": "1"}
        )

    assert reverse("desk:afterwards", args=[visit.public_id]) in page
    assert (response.status_code, Booking.objects.get().status) == (answer, status)
