"""Letters to staff, and the watcher elsewhere."""

import datetime as dt
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries as AssertQueries
from pytest_django import Settings

from bookings.messages.content.staff_counts import booked_online
from bookings.messages.outbox.delivery import Tally
from bookings.messages.outbox.rounds import make_round
from bookings.messages.schedule.staff_messages import plan_staff_messages
from bookings.models import History, Message, MessageKind, State, Visit
from clinic.people.models import User
from tests.factories import make_clinic, make_consultation, make_member, make_patient, make_visit
from tests.messages.conftest import START
from tests.messages.sink import Sink

Send = Callable[..., Tally]
DAY_SHEET_AT = dt.datetime(2026, 3, 5, 1, 0, tzinfo=dt.UTC)
"""06:30 in Kolkata on the day of the visit."""
MINUTE = dt.timedelta(minutes=1)


def kinds() -> list[tuple[str, str]]:
    return sorted(Message.objects.filter(visit=None).values_list("kind", "recipient"))


def test_day_sheet_goes_to_front_desk_and_managers_once(
    visit: Visit, front_desk: User, manager: User, therapist_user: User
) -> None:
    for minutes in (0, 1, 2):
        plan_staff_messages(now=DAY_SHEET_AT + minutes * MINUTE)

    assert kinds() == sorted([(MessageKind.DAY_SHEET, front_desk.email), (MessageKind.DAY_SHEET, manager.email)])


def test_day_sheet_is_not_written_before_its_hour_nor_long_after(visit: Visit, front_desk: User) -> None:
    plan_staff_messages(now=DAY_SHEET_AT - MINUTE)
    plan_staff_messages(now=DAY_SHEET_AT + dt.timedelta(hours=2))

    assert kinds() == []


def test_day_without_visits_has_no_day_sheet(visit: Visit, front_desk: User) -> None:
    plan_staff_messages(now=DAY_SHEET_AT + dt.timedelta(days=1))

    assert kinds() == []


def test_somebody_with_two_roles_gets_one_day_sheet(visit: Visit, front_desk: User) -> None:
    make_member(visit.clinic, "manager", user=front_desk)

    plan_staff_messages(now=DAY_SHEET_AT)

    assert kinds() == [(MessageKind.DAY_SHEET, front_desk.email)]


def test_clinic_with_nothing_to_tell_is_not_looked_at_again_that_day(
    visit: Visit, front_desk: User, django_assert_num_queries: AssertQueries
) -> None:
    """The clinics whose hour has come, and who was looked at: nothing is counted a second time."""
    a_day_without_visits = DAY_SHEET_AT + dt.timedelta(days=1)
    plan_staff_messages(now=a_day_without_visits)

    with django_assert_num_queries(2):
        plan_staff_messages(now=a_day_without_visits + MINUTE)


def test_many_clinics_are_asked_as_quickly_as_one(visit: Visit, front_desk: User, manager: User) -> None:
    def statements(now: dt.datetime) -> int:
        with CaptureQueriesContext(connection) as queries:
            plan_staff_messages(now=now)
        return len(queries)

    one = statements(DAY_SHEET_AT)
    for name in ("Second", "Third", "Fourth"):
        clinic = make_clinic(name.lower(), name=name)
        make_member(clinic, "front_desk")
        patient = make_patient(clinics=[clinic])
        make_visit(clinic=clinic, variant=make_consultation(name), start=START + dt.timedelta(days=7), patient=patient)
    later = DAY_SHEET_AT + dt.timedelta(days=7)

    assert statements(later) == one
    assert Message.objects.filter(kind=MessageKind.DAY_SHEET, due_at=later).count() == 3


def test_day_sheet_counts_and_names_nobody(visit: Visit, front_desk: User, sink: Sink, send: Send) -> None:
    plan_staff_messages(now=DAY_SHEET_AT)

    send(DAY_SHEET_AT)

    mail = sink.taken[0].mail
    said = str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "1 visit is booked for today." in said
    assert "Meera" not in said
    assert mail["Subject"] == "Today at Shanti"


def test_failed_letters_are_told_in_the_morning(visit: Visit, front_desk: User, now: dt.datetime) -> None:
    Message.objects.create(
        key="x",
        kind=MessageKind.CONFIRMED,
        visit=visit,
        sequence=0,
        clinic=visit.clinic,
        state=State.FAILED,
        due_at=START,
        made_at=now,
    )

    plan_staff_messages(now=dt.datetime(2026, 3, 6, 2, 30, tzinfo=dt.UTC))

    assert kinds() == [(MessageKind.FAILED_MESSAGES, front_desk.email)]


def test_online_bookings_are_counted_and_the_desks_own_are_not(visit: Visit, owner: User, front_desk: User) -> None:
    for by in (owner, front_desk):
        History.objects.create(visit=visit, verb="book", by=by, at=START)

    assert booked_online([visit.clinic], START + MINUTE) == {visit.clinic.pk: 1}
    assert booked_online([visit.clinic], START + dt.timedelta(days=2)) == {}


def test_watcher_is_called_while_letters_are_well_and_sends_nowhere_else(db: None, settings: Settings) -> None:
    heard: list[str] = []

    class Watcher(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *said: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Watcher) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.LETTERS_WATCHER_URL = f"http://127.0.0.1:{server.server_port}/ping"
        make_round(sender="tick")
        server.shutdown()

    assert heard == ["/ping"]


def test_watcher_that_is_away_stops_nothing(db: None, settings: Settings) -> None:
    settings.LETTERS_WATCHER_URL = "http://127.0.0.1:1/ping"

    assert make_round(sender="tick").ended == {}


@pytest.mark.parametrize("late", [False, True])
def test_watcher_hears_nothing_while_letters_are_late(
    visit: Visit, settings: Settings, late: bool, caplog: pytest.LogCaptureFixture
) -> None:
    settings.LETTERS_WATCHER_URL = "http://127.0.0.1:1/ping"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    if late:
        old = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
        Message.objects.create(key="x", kind=MessageKind.ACCOUNT, recipient="a@example.org", due_at=old, made_at=old)

    make_round(sender="tick")

    called = any("watcher" in record.getMessage() for record in caplog.records)
    assert called is not late
