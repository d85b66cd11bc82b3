"""The week of a clinic: how many visits each person has on each day, without a patient's name."""

import datetime as dt

import pytest
from django.urls import reverse

from bookings.models import Status
from clinic.people.models import Read, User
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from tests.visible import visible_words
from therapies.models import Practitioner

WEEK = "/desk/week/"


def test_week_counts_the_visits_of_each_person_on_each_day_and_leads_to_the_board(
    enter: Enter, front_desk: User, vaidya: Practitioner, visit_at: MakeVisit, other_front_desk: User
) -> None:
    for number, moment in enumerate([at(9, day=3), at(11, day=3), at(10, day=5)]):
        visit_at(moment, patient=factories.make_patient(f"Person{number}", phone=f"+91984700010{number}"))
    visit_at(at(12, day=3), status=Status.CANCELLED, ended_by="clinic", resources=[])
    client = enter(front_desk)

    page = client.get(WEEK)
    later = client.get(WEEK + "?date=2026-03-09")

    (row,) = page.context["rows"]
    counts = {on.day: (cell.visits, cell.first, cell.last) for on, cell in row.cells if cell}
    assert (row.name, counts) == (
        vaidya.name,
        {3: (2, at(9, day=3), at(11, 45, day=3)), 5: (1, at(10, day=5), at(10, 45, day=5))},
    )
    assert f"{reverse('desk:day')}?date=2026-03-03&amp;who={vaidya.pk}" in page.content.decode()
    assert ("Person0" in visible_words(page), Read.objects.count()) == (False, 0)
    assert later.context["rows"] == []
    assert enter(other_front_desk).get(WEEK).context["rows"] == []


@pytest.mark.parametrize("words", ["0001-01-01", "9999-12-31", ""])
def test_week_of_a_date_that_nobody_plans_is_the_one_that_begins_today(
    enter: Enter, front_desk: User, words: str
) -> None:
    assert enter(front_desk).get(f"{WEEK}?date={words}").context["dates"][0] == dt.date(2026, 3, 2)
