"""Consultations as a queue: walk-ins and appointments in one order, with tokens, turns and how late it runs."""

import datetime as dt

import pytest
from django.test import Client

from bookings.desk.day.queue import QueueEntry
from bookings.models import Message, Status, Visit
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from therapies.models import Practitioner, Variant

QUEUE = "/desk/queue/"


@pytest.fixture
def comes(visit_at: MakeVisit) -> MakeVisit:
    """Somebody of this name, at this time; here since `here`."""

    def make(name: str, start: dt.datetime, here: dt.datetime | None = None, **said: object) -> Visit:
        patient = factories.make_patient(name, phone=f"+9198470{sum(map(ord, name)):05}")
        arrived = {"status": Status.CHECKED_IN, "arrived_at": here} if here else {}
        return visit_at(start, patient=patient, **(arrived | said))

    return make


def queues(client: Client) -> list[tuple[str, list[tuple[str, int | None, str]]]]:
    """By Vaidya: name, token and turn of each, in order."""
    rows = client.get(QUEUE).context["queues"]
    return [(queue.lane.name, [_entry(entry) for entry in queue.entries]) for queue, _entries in rows]


def _entry(entry: QueueEntry) -> tuple[str, int | None, str]:
    return entry.line.patient.given_name, entry.token, f"{entry.about:%H:%M}" if entry.about else ""


def test_who_is_here_is_called_by_the_plan_and_later_by_arrival(
    enter: Enter, front_desk: User, comes: MakeVisit, vaidya: Practitioner
) -> None:
    comes("Asha", at(8, 30), at(9, 40))  # an hour late
    comes("Uma", at(9, 30), at(9, 20))
    comes("Zara", at(11))

    ((name, entries),) = queues(enter(front_desk))

    assert name == vaidya.name
    assert [(given, token) for given, token, _turn in entries] == [("Uma", 1), ("Asha", 2), ("Zara", None)]


def test_turns_follow_one_another_after_who_is_inside(enter: Enter, front_desk: User, comes: MakeVisit) -> None:
    comes("Asha", at(9), status=Status.IN_PROGRESS, arrived_at=at(8, 50), started_at=at(9, 45))
    comes("Uma", at(9, 45), at(9, 30))
    comes("Zara", at(12))

    ((_name, entries),) = queues(enter(front_desk))

    utc = [f"{moment:%H:%M}" for moment in (at(10, 30), at(12))]
    assert entries == [("Asha", 1, ""), ("Uma", 2, utc[0]), ("Zara", None, utc[1])]


def test_queue_says_by_how_much_it_runs_late(enter: Enter, front_desk: User, comes: MakeVisit) -> None:
    comes("Asha", at(9), status=Status.IN_PROGRESS, arrived_at=at(8, 50), started_at=at(9, 45))
    comes("Uma", at(9, 45), at(9, 30))

    page = enter(front_desk).get(QUEUE).content.decode()

    assert "Running 45 min late" in page


def test_morning_and_evening_are_two_queues(
    enter: Enter, front_desk: User, clinic: Clinic, consultation: Variant, comes: MakeVisit
) -> None:
    uma = factories.make_practitioner(clinic, "Dr Uma", works=("09:00", "12:00"), qualified=[consultation.therapy])
    factories.make_working_hours(uma, clinic, "14:00", "17:00")
    comes("Asha", at(11), resources=[uma])
    comes("Zara", at(15), resources=[uma])

    rows = queues(enter(front_desk))

    assert [(name, [given for given, _token, _turn in entries]) for name, entries in rows] == [
        ("Dr Uma", ["Asha"]),
        ("Dr Uma", ["Zara"]),
    ]


def test_next_one_is_sent_in_with_one_press(enter: Enter, front_desk: User, comes: MakeVisit) -> None:
    visit = comes("Uma", at(10), at(9, 50))
    client = enter(front_desk)

    assert ">Send in</button>" in client.get(QUEUE).content.decode()
    answer = client.post(f"/desk/visits/{visit.public_id}/0/start/", {"from": "queue"})

    assert (answer.headers["Location"], visit.bookings.get().status) == (QUEUE, Status.IN_PROGRESS)


def test_queue_that_shows_all_there_is_gets_no_content_and_is_no_read(
    enter: Enter, front_desk: User, comes: MakeVisit
) -> None:
    visit = comes("Uma", at(10), at(9, 50))
    client = enter(front_desk)
    seen = client.get(QUEUE).context["seen"]

    answer = client.get(f"{QUEUE}?auto=1&seen={seen}")

    assert answer.status_code == 204
    assert list(Read.objects.values_list("door", "patients")) == [("desk:queue", [visit.patient_id])]


def test_somebody_booked_a_moment_before_is_a_walk_in(enter: Enter, front_desk: User, comes: MakeVisit) -> None:
    comes("Uma", at(10, 5), at(10))  # entered at ten
    comes("Zara", at(11))

    rows = enter(front_desk).get(QUEUE).context["queues"]

    assert [(e.line.patient.given_name, e.walked_in) for e in rows[0][0].entries] == [("Uma", True), ("Zara", False)]


def tell(client: Client, minutes: int = 30) -> None:
    (queue,) = [queue for queue, _entries in client.get(QUEUE).context["queues"]]
    said = {"lane": queue.lane.id, "begins": queue.begins.isoformat(), "minutes": minutes}
    assert client.post("/desk/queue/late/", said).status_code == 302


def test_who_waits_and_who_is_to_come_is_told_in_one_press_and_once(
    enter: Enter, front_desk: User, comes: MakeVisit, now: dt.datetime
) -> None:
    comes("Asha", at(9), status=Status.IN_PROGRESS, arrived_at=at(8, 50), started_at=at(9, 45))
    waiting, ahead = comes("Uma", at(9, 45), at(9, 30)), comes("Zara", at(12))
    Patient.objects.filter(pk=waiting.patient_id).update(channel="call")
    client = enter(front_desk)

    tell(client)
    tell(client)

    rows = Message.objects.filter(kind="running_late").order_by("visit")
    assert [(row.visit, row.channel, row.due_at, row.state) for row in rows] == [
        (waiting, "call", now, "due"),
        (ahead, "email", now, "due"),
    ]
    page = client.get(QUEUE).content.decode()
    assert "told at 10:00: about 30 min late" in " ".join(page.split())
    calls = client.get("/desk/calls/").content.decode()
    assert "we are running about 30 minutes late today" in calls
    assert "wa.me" in calls


def test_other_minutes_are_told_again(enter: Enter, front_desk: User, comes: MakeVisit) -> None:
    comes("Uma", at(9, 45), at(9, 30))

    tell(enter(front_desk), 20)
    tell(enter(front_desk), 45)

    assert Message.objects.filter(kind="running_late").count() == 2


def test_session_that_is_over_has_nobody_to_tell(enter: Enter, front_desk: User, comes: MakeVisit) -> None:
    comes("Uma", at(9), status=Status.IN_PROGRESS, arrived_at=at(8, 50), started_at=at(9))

    tell(enter(front_desk))

    assert Message.objects.count() == 0


def test_queue_of_another_date_shows_who_comes_and_no_turns(enter: Enter, front_desk: User, comes: MakeVisit) -> None:
    comes("Uma", at(9, day=3))

    ((queue, _entries),) = enter(front_desk).get(f"{QUEUE}?date=2026-03-03").context["queues"]

    assert [(entry.line.patient.given_name, entry.about) for entry in queue.entries] == [("Uma", None)]
    assert queues(enter(front_desk)) == []
