"""The day as a board: lanes with what shades them, blocks one can read, and what changed since."""

import datetime as dt
import re
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.actions import attendance
from bookings.desk.day.lanes import natural
from bookings.models import Status, Visit
from clinic.people.models import Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from therapies.models import Practitioner

DAY, CHANGES = "/desk/", "/desk/changes/?auto=1"
CELLS = Path("clinic/static/css/board-cells.css")


LANE = re.compile(r'data-lane="\d+"\s+role="group"\s+aria-label="([^"]+)">(.*?)</div>\s*</div>\s*(?=<div|</div>)', re.S)
SHADE = re.compile(r'class="shade \w+ ([td0-9 ]+)"><span>([^<]+)')
BLOCK = re.compile(r'class="v [^"]*?(t\d+ d\d+)"[^>]*><b>([^<]+)</b><span>([^<]+)')


def drawn(client: Client, query: str = "") -> dict[str, tuple[list[str], list[str]]]:
    """By lane: the words of its shaded stretches, and those of its blocks."""
    page = client.get(DAY + query).content.decode()
    return {
        name: (
            [f"{where}: {words}" for where, words in SHADE.findall(body)],
            [f"{where}: {who} | {words}" for where, who, words in BLOCK.findall(body)],
        )
        for name, body in LANE.findall(page)
    }


def cells() -> str:
    """Every position that a board can name: 25 hours, for the night on which a clock is set back."""
    rules = [f".t{n}{{--t:{n}}}" for n in range(301)] + [f".d{n}{{--d:{n}}}" for n in range(1, 301)]
    rules += [f".f{n}{{--from:{n}}}" for n in range(0, 289, 12)] + [f".c{n}{{--cells:{n}}}" for n in range(12, 301, 12)]
    return "".join(rules)


def test_every_position_of_the_board_has_a_class() -> None:
    rules = re.sub(r"/\*.*?\*/", "", CELLS.read_text(), flags=re.S)

    assert re.sub(r"\s", "", rules) == cells()


def test_rooms_are_in_the_order_that_people_count_in() -> None:
    assert sorted(["Room 10", "room 2", "Attic", "Room 1"], key=natural) == ["Attic", "Room 1", "room 2", "Room 10"]


def test_block_says_who_comes_for_what_where_and_how_far_it_is(
    enter: Enter, front_desk: User, visit_at: MakeVisit, vaidya: Practitioner
) -> None:
    visit_at(at(11))

    lanes = drawn(enter(front_desk))

    assert lanes[vaidya.name][1] == ["t132 d9: Meera Nair | Booked · First consultation · Consulting room"]


def test_block_in_the_lane_of_a_room_says_with_whom(
    enter: Enter, front_desk: User, visit_at: MakeVisit, vaidya: Practitioner
) -> None:
    visit_at(at(9))

    lanes = drawn(enter(front_desk), "?by=room")

    assert lanes["Consulting room"][1] == [f"t108 d9: Meera Nair | Booked, late · First consultation · {vaidya.name}"]


def test_hours_breaks_leave_and_closures_are_shaded(enter: Enter, front_desk: User, clinic: Clinic) -> None:
    usha = factories.make_practitioner(clinic, "Usha", works=("09:00", "12:00"))
    factories.make_working_hours(usha, clinic, "13:00", "17:00")
    factories.make_absence(usha, at(15), at(17), by=front_desk)
    client = enter(front_desk)

    lanes = drawn(client)
    factories.make_closure(clinic, dt.date(2026, 3, 2), reason="Strike")
    closed = drawn(client)

    assert lanes["Usha"][0] == ["t96 d12: from 09:00", "t144 d12: Break", "t204 d12: Off", "t180 d24: away"]
    assert "t96 d120: Strike" in closed["Usha"][0]


def test_what_really_happened_stands_beside_the_plan(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    times = {"arrived_at": at(9), "started_at": at(9, 20), "ended_at": at(9, 50)}
    visit_at(at(9), status=Status.COMPLETED, **times)

    page = enter(front_desk).get(DAY).content.decode()

    assert re.findall(r'<i class="actual ([^"]+)"', page) == ["t112 d6"]


def test_who_waits_is_listed_with_the_minutes(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit_at(at(11), status=Status.CHECKED_IN, arrived_at=at(9, 48))

    waiting = enter(front_desk).get(DAY).context["waiting"]

    assert [(line.patient.given_name, minutes) for line, minutes, _next, _button in waiting] == [("Meera", 12)]


def test_names_of_eighty_letters_and_signs_of_html_are_shown_as_they_are(
    enter: Enter, front_desk: User, visit_at: MakeVisit, vaidya: Practitioner, clinic: Clinic
) -> None:
    room = factories.make_room(clinic, '<b>Room & "One"')
    visit_at(at(11), patient=factories.make_patient("a" * 79, family_name="O'Neil"), resources=[vaidya, room])

    lanes = drawn(enter(front_desk))

    words = "Booked · First consultation · &lt;b&gt;Room &amp; &quot;One&quot;"
    assert lanes[vaidya.name][1] == [f"t132 d9: {'a' * 79} O&#x27;Neil | {words}"]


# --- what changed -----------------------------------------------------------------------------------------------------


def shown(response: HttpResponse) -> tuple[int, list[str]]:
    """The status of an answer, and whose lines it holds."""
    return response.status_code, re.findall(r'<th scope="row"><a [^>]+>([^<]+)', response.content.decode())


@pytest.fixture
def two(visit_at: MakeVisit) -> list[Visit]:
    """Visits of Meera at eleven and of Zara at noon."""
    return [visit_at(at(11)), visit_at(at(12), patient=factories.make_patient("Zara", phone="+919847000002"))]


def test_day_that_did_not_change_is_not_sent_again_and_is_no_read(
    enter: Enter, front_desk: User, two: list[Visit]
) -> None:
    client = enter(front_desk)
    page = client.get(DAY)
    before = Read.objects.count()

    answer = client.get(CHANGES, headers={"If-None-Match": page.context["etag"]})

    assert (shown(answer), Read.objects.count()) == ((304, []), before)


def test_only_the_line_that_changed_is_sent_and_read(
    enter: Enter, front_desk: User, two: list[Visit], now: dt.datetime
) -> None:
    client = enter(front_desk)
    page = client.get(DAY)
    before = Read.objects.count()

    attendance.check_in(visit=two[1], by=front_desk, now=now)
    answer = client.get(CHANGES, headers={"If-None-Match": page.context["etag"]})

    assert shown(answer) == (200, ["Zara Nair"])
    assert list(Read.objects.order_by("pk").values_list("patients", flat=True))[before:] == [[two[1].patient_id]]
    assert shown(client.get(CHANGES, headers={"If-None-Match": answer.headers["ETag"]})) == (304, [])


def test_visit_that_is_late_by_the_clock_alone_is_sent(
    enter: Enter, front_desk: User, two: list[Visit], visit_at: MakeVisit
) -> None:
    visit_at(at(10, 10), patient=factories.make_patient("Uma", phone="+919847000003"))
    client = enter(front_desk)
    page = client.get(DAY)

    with time_machine.travel(at(10, 11), tick=False):
        answer = client.get(CHANGES, headers={"If-None-Match": page.context["etag"]})

    assert shown(answer) == (200, ["Uma Nair"])


def test_visit_that_moved_to_another_day_is_named_as_gone(
    enter: Enter, front_desk: User, two: list[Visit], now: dt.datetime
) -> None:
    client = enter(front_desk)
    page = client.get(DAY)

    two[0].arrives_at = at(11, day=4)
    two[0].save(update_fields=["arrives_at"])
    answer = client.get(CHANGES, headers={"If-None-Match": page.context["etag"]})

    assert (shown(answer), answer.context["changed"]) == ((200, []), [two[0].pk])


def test_leave_that_is_entered_sends_the_shaded_stretches_anew(
    enter: Enter, front_desk: User, two: list[Visit], vaidya: Practitioner
) -> None:
    client = enter(front_desk)
    page = client.get(DAY)

    factories.make_absence(vaidya, at(15), at(17), by=front_desk)
    answer = client.get(CHANGES, headers={"If-None-Match": page.context["etag"]})

    assert (shown(answer), answer.context["changed"]) == ((200, []), [0])
    assert "away" in answer.content.decode()


def test_answer_for_another_person_or_language_is_another(
    enter: Enter, front_desk: User, vaidya_user: User, two: list[Visit]
) -> None:
    etag = enter(front_desk).get(DAY).context["etag"]

    answer = enter(vaidya_user).get(CHANGES, headers={"If-None-Match": etag})

    assert answer.status_code == 200


def test_version_that_is_not_known_any_more_sends_the_whole_day(
    enter: Enter, front_desk: User, two: list[Visit]
) -> None:
    answer = enter(front_desk).get(CHANGES, headers={"If-None-Match": '"long-ago"'})

    assert shown(answer) == (200, ["Meera Nair", "Zara Nair"])


def test_looking_for_changes_keeps_no_session_alive(enter: Enter, front_desk: User, two: list[Visit]) -> None:
    client = enter(front_desk)
    client.get(DAY)

    for minutes in (6, 12):
        with time_machine.travel(at(10, minutes), tick=False):
            client.get(CHANGES)
    with time_machine.travel(at(10, 16), tick=False):
        answer = client.get(CHANGES)

    assert answer.status_code == 302


# --- what it costs ----------------------------------------------------------------------------------------------------


def statements(asked: CaptureQueriesContext) -> int:
    """How often the database was asked; a test's own savepoints are none of the page's."""
    return sum("SAVEPOINT" not in query["sql"] for query in asked)


def test_day_asks_twelve_times_at_most_and_what_changed_no_more(
    enter: Enter, front_desk: User, two: list[Visit], now: dt.datetime
) -> None:
    client = enter(front_desk)
    etag = client.get(DAY).context["etag"]

    with CaptureQueriesContext(connection) as page:
        client.get(DAY)
    with CaptureQueriesContext(connection) as unchanged:
        client.get(CHANGES, headers={"If-None-Match": etag})
    attendance.check_in(visit=two[1], by=front_desk, now=now)
    with CaptureQueriesContext(connection) as changed:
        client.get(CHANGES, headers={"If-None-Match": etag})

    assert [*map(statements, (page, unchanged, changed))] == [11, 4, 11]  # one more for therapies never shown before


def test_visit_takes_less_than_a_kilobyte_of_the_page(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit_at(at(11))
    client = enter(front_desk)
    few = len(client.get(DAY).content)
    for number in range(4):
        visit_at(at(12 + number), patient=factories.make_patient(f"P{number}", phone=f"+9198470002{number:02}"))

    assert (len(client.get(DAY).content) - few) / 4 < 900
