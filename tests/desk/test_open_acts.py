"""A page that asks for a change of a visit says why not where the state of the visit does not allow it."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from bookings.desk.buttons import ACTS
from bookings.models import MOVES, CancelledBy, Status, Visit
from bookings.rules import visits as visit_rules
from clinic.people.models import Patient, User
from tests.desk.conftest import Enter, MakeVisit, at

OPEN = {
    "move": {Status.BOOKED, Status.CHECKED_IN},
    "cancel": {Status.BOOKED, Status.CHECKED_IN},
    "decline": {Status.REQUESTED},
    "length": {Status.BOOKED, Status.CHECKED_IN, Status.IN_PROGRESS},
    "reassign": {Status.REQUESTED, Status.BOOKED, Status.CHECKED_IN},
    "afterwards": set(),
}
"""In which states each page asks on the day itself; in every other one it says why not."""
PORTAL = {"move": {Status.BOOKED}, "cancel": {Status.REQUESTED, Status.BOOKED}}


def test_every_act_that_asks_on_a_page_stands_in_this_table() -> None:
    assert OPEN.keys() == {act.code for act in ACTS if act.asks}


@pytest.fixture
def visits(visit_at: MakeVisit, patient: Patient) -> dict[str, Visit]:
    """One in each state, this afternoon."""
    made = {}
    for number, status in enumerate(sorted(set(MOVES) - {Status.HELD})):
        begins, more = at(12) + dt.timedelta(minutes=30 * number), {}
        more |= {"expires_at": at(11)} if status == Status.REQUESTED else {}
        more |= {"ended_by": CancelledBy.CLINIC} if status == Status.CANCELLED else {}
        made[status] = visit_at(begins, minutes=30, status=status, resources=[], **more)
    return made


def asks(client: Client, address: str) -> str:
    """ "asks", or what is said on the page or above the one it leads to."""
    answer = client.get(address)
    if answer.status_code == 302:
        return next(str(message) for message in get_messages(answer.wsgi_request))
    why_not = answer.context.get("why_not", "")
    return str(why_not) or "asks"


def test_page_of_an_act_asks_only_where_the_state_of_the_visit_allows_it(
    enter: Enter, front_desk: User, visits: dict[str, Visit]
) -> None:
    client = enter(front_desk)

    said = {
        (code, status): asks(
            client, reverse(f"desk:{code}", args=[visit.public_id, *([0] if code in ("length", "reassign") else [])])
        )
        for code in OPEN
        for status, visit in visits.items()
    }

    assert {pair for pair, words in said.items() if words == "asks"} == {
        (code, status) for code, states in OPEN.items() for status in states
    }
    assert said["cancel", Status.COMPLETED] == "This visit can no longer be cancelled."
    assert said["move", Status.CANCELLED] == "Only a booked visit can be rescheduled."


def test_page_of_the_portal_asks_only_where_the_state_of_the_visit_allows_it(
    enter: Enter, owner: User, visits: dict[str, Visit]
) -> None:
    client = enter(owner)

    said = {
        (code, status): asks(client, reverse(f"portal:{code}", args=[visit.public_id]))
        for code in PORTAL
        for status, visit in visits.items()
    }

    assert {pair for pair, words in said.items() if words == "asks"} == {
        (code, status) for code, states in PORTAL.items() for status in states
    }


def test_hold_that_has_lapsed_is_not_read_out_to_be_booked(
    enter: Enter, front_desk: User, patient: Patient, visit_at: MakeVisit
) -> None:
    held = visit_at(at(12), patient=None, status=Status.HELD, expires_at=at(9, 59))
    Visit.objects.update(held_by=front_desk)

    answer = enter(front_desk).get(reverse("desk:confirm", args=[patient.public_id, held.public_id]))

    assert answer.status_code == 302
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["This time is no longer held."]
    assert visit_rules.why_not_held(held.bookings.get(), now=at(9, 59)) == "This time is no longer held."
