"""A visit that a change affected says so on its page and on the board, with the way to the affected visits."""

import datetime as dt

from django.urls import reverse

from clinic.people.models import User
from tests.desk.conftest import Enter, MakeVisit, at
from tests.visible import visible_words
from therapies.models import Practitioner

HTMX = {"HX-Request": "true"}
OF_DAY = "/desk/affected/day/?auto=1&date="


def test_affected_visit_looks_affected_on_its_page_and_on_the_board_of_its_day(
    enter: Enter, front_desk: User, vaidya: Practitioner, visit_at: MakeVisit
) -> None:
    visit, client = visit_at(at(11, day=3)), enter(front_desk)
    page = reverse("desk:visit", args=[visit.public_id])
    before = visible_words(client.get(page)), client.get(OF_DAY + "2026-03-03", headers=HTMX)
    vaidya.working_hours.update(valid_until=dt.date(2026, 3, 2))

    after = visible_words(client.get(page)), client.get(OF_DAY + "2026-03-03", headers=HTMX)
    other_day = client.get(OF_DAY + "2026-03-04", headers=HTMX)

    assert ["Affected by a change" in words for words in (before[0], after[0])] == [False, True]
    assert f"{vaidya.name} is not available at that time" in after[0]
    assert "Go to the affected visits" in after[0]
    assert [answer.context["ids"] for answer in (before[1], after[1], other_day)] == [[], [visit.pk], []]
    assert "1 visit of this day is affected by a change" in visible_words(after[1])


def test_therapist_who_cannot_solve_it_is_not_sent_there(
    enter: Enter, therapist_user: User, visit_at: MakeVisit
) -> None:
    client, visit = enter(therapist_user), visit_at(at(11, day=3))
    Practitioner.objects.update(is_active=False)

    page = client.get(reverse("desk:visit", args=[visit.public_id]))

    assert "Affected by a change" not in visible_words(page)
    assert "affected/day" not in client.get("/desk/?date=2026-03-03").content.decode()
    assert client.get(OF_DAY + "2026-03-03", headers=HTMX).status_code == 403
