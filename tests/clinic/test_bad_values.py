"""Values of one row that a manager or a program entered badly: each stops its own row at most."""

import datetime as dt

import pytest
from django.test import Client

from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories


def test_therapy_without_steps_is_offered_no_time_and_stops_no_page(
    client: Client, clinic: Clinic, front_desk: User, now: dt.datetime
) -> None:
    variant = factories.make_variant(factories.make_therapy("unfinished", kind="consultation", booking_mode="patient"))

    days = starts(SlotRequest(clinic, (variant,)), first=now.date(), last=now.date() + dt.timedelta(days=7), now=now)
    client.force_login(front_desk)

    assert [day.starts for day in days] == [()] * 8
    assert [client.get(path).status_code for path in ("/", "/book/", "/therapies/", "/desk/")] == [200] * 4


@pytest.mark.parametrize("row", ["localtime", "²", "-1", "9" * 30, ""])
def test_action_on_a_row_that_is_no_number_is_a_bad_request(
    client: Client, clinic: Clinic, manager: User, row: str
) -> None:
    client.force_login(manager)

    answer = client.post("/admin/premises/clinic/", {"action": "enter_holidays", "_selected_action": [row]})

    assert answer.status_code == 400
