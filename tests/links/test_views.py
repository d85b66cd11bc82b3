"""Pages behind the links of letters (I14): opening changes nothing, a press does."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client

from bookings.messages.content.links import aftercare_link, prepare_link, stop_link, visit_link
from bookings.messages.outbox.delivery import Tally
from bookings.messages.schedule.opt_outs import has_stopped
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Booking, Message, Visit
from clinic.people.models import Patient
from tests.messages.conftest import START
from tests.messages.sink import Sink
from therapies.models import TherapyText

Send = Callable[..., Tally]
THE_DAY = {"day": "5", "month": "3"}
"""Of the visit, Thursday 5 March: what a person reads and types."""


@pytest.fixture(autouse=True)
def _clock(now: dt.datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def path(link: str) -> str:
    return link.removeprefix("http://testserver")


PASSING = ("django_session", "cache", "people_attempts")


def everything() -> dict[str, str]:
    """A fingerprint of every table but those of a visitor's own browser and of guesses."""
    tables = [name for name in connection.introspection.table_names() if name not in PASSING]
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{table}\" t")
            found[table] = cursor.fetchone()[0]
    return found


def test_following_every_link_of_every_letter_changes_nothing(
    visit: Visit, patient: Patient, sink: Sink, send: Send, now: dt.datetime, client: Client
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    send(now + dt.timedelta(minutes=5))
    visit.bookings.update(status="completed")
    plan_messages(visit=visit, event=VisitEvent.COMPLETED, by=None, now=START)
    send(START + dt.timedelta(days=15))
    contents = "".join(str(taken.mail.get_body(("html",)).get_content()) for taken in sink.taken)  # type: ignore[union-attr]
    links = set(re.findall(r'href="http://testserver([^"]+)"', contents)) | {
        path(visit_link(visit)),
        path(prepare_link(visit)),
        path(aftercare_link(visit)),
        path(stop_link(patient)),
    }
    before = everything()

    answers = {link: client.get(link).status_code for link in links} | {
        link: client.head(link).status_code for link in links
    }

    assert len(sink.taken) == 2
    assert everything() == before
    assert set(answers.values()) <= {200, 302}


def test_stop_page_changes_nothing_until_it_is_pressed(client: Client, visit: Visit, patient: Patient) -> None:
    asked = client.get(path(stop_link(patient)))
    assert not has_stopped(patient)
    assert (asked["Referrer-Policy"], asked["Cache-Control"]) == ("same-origin", "no-store")

    client.post(path(stop_link(patient)))

    assert has_stopped(patient)


def test_one_press_in_the_mail_program_stops_without_a_cookie(visit: Visit, patient: Patient) -> None:
    Client(enforce_csrf_checks=True).post(path(stop_link(patient)), {"List-Unsubscribe": "One-Click"})

    assert has_stopped(patient)


def test_stop_is_taken_back_within_ten_minutes_with_the_letters_that_it_voided(
    client: Client, visit: Visit, patient: Patient, now: dt.datetime
) -> None:
    """A mail scanner may have pressed it."""
    visit.bookings.update(status="completed")
    plan_messages(visit=visit, event=VisitEvent.COMPLETED, by=None, now=START)
    before, link = states(), path(stop_link(patient))
    stopped = client.post(link).content.decode()
    voided = states()

    with time_machine.travel(now + dt.timedelta(minutes=9), tick=False):
        again = client.post(link, {"undo": "1"}).content.decode()

    assert "Send me these e-mails again" in stopped
    assert voided == {(kind, "void") for kind, _state in before}
    assert "You will get these e-mails again" in again
    assert (has_stopped(patient), states()) == (False, before)


def test_press_on_a_reminder_stops_reminders_and_is_taken_back(
    client: Client, visit: Visit, patient: Patient, now: dt.datetime
) -> None:
    link = path(stop_link(patient, reminders=True))
    asked = client.get(link).content.decode()
    Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"})
    stopped = has_stopped(patient, reminders=True)

    again = client.post(link, {"undo": "1"}).content.decode()

    assert ("Stop reminders by e-mail?" in asked, stopped) == (True, True)
    assert ("You will still get reminders." in again, has_stopped(patient)) == (True, False)


def test_who_stopped_messages_after_a_visit_earlier_keeps_that_when_reminders_come_back(
    client: Client, visit: Visit, patient: Patient, now: dt.datetime
) -> None:
    client.post(path(stop_link(patient)))
    assert not has_stopped(patient, reminders=True)

    with time_machine.travel(now + dt.timedelta(hours=1), tick=False):
        client.post(path(stop_link(patient, reminders=True)))
        client.post(path(stop_link(patient, reminders=True)), {"undo": "1"})

    assert (has_stopped(patient), has_stopped(patient, reminders=True)) == (True, False)


def test_stop_stays_after_ten_minutes(client: Client, visit: Visit, patient: Patient, now: dt.datetime) -> None:
    link = path(stop_link(patient))
    client.post(link)

    with time_machine.travel(now + dt.timedelta(minutes=10), tick=False):
        shown = [client.get(link).content.decode(), client.post(link, {"undo": "1"}).content.decode()]

    assert has_stopped(patient)
    assert ["Send me these e-mails again" in page for page in shown] == [False, False]


def states() -> set[tuple[str, str]]:
    return set(Message.objects.filter(kind__in=["aftercare", "follow_up"]).values_list("kind", "state"))


@pytest.mark.parametrize("where", ["stop", "visit", "prepare", "aftercare"])
def test_link_that_was_tampered_with_is_not_found(client: Client, db: None, where: str) -> None:
    assert client.get(f"/letters/{where}/whatever/").status_code == 404


def test_link_of_one_kind_opens_no_other_page(client: Client, visit: Visit) -> None:
    token = visit_link(visit).rstrip("/").rsplit("/", 1)[-1]

    assert client.get(f"/letters/stop/{token}/").status_code == 404


def test_link_of_a_visit_far_ahead_opens_until_long_after_it(client: Client, visit: Visit, now: dt.datetime) -> None:
    link, far = path(visit_link(visit)), now + dt.timedelta(days=300)
    visit.bookings.update(starts_at=far, ends_at=far + dt.timedelta(minutes=45))
    days = [121, 299, 419, 421]

    answers = []
    for day in days:
        with time_machine.travel(now + dt.timedelta(days=day), tick=False):
            answers.append(client.get(link).status_code)

    assert answers == [200, 200, 200, 404]


def test_visit_page_says_what_the_letter_said_and_no_more(client: Client, visit: Visit, patient: Patient) -> None:
    shown = client.get(path(visit_link(visit))).content.decode()

    assert "Thursday 5 March 2026" in shown
    assert "First consultation" not in shown
    assert patient.family_name not in shown


def test_visit_is_cancelled_by_a_press(client: Client, visit: Visit) -> None:
    link = path(visit_link(visit))
    version = Booking.objects.get().version

    client.post(f"{link}cancel/", {"version": version} | THE_DAY)

    assert Booking.objects.get().status == "cancelled"
    assert "has passed, or was cancelled or changed" in client.get(link).content.decode()


def test_press_on_a_page_that_is_out_of_date_is_refused(client: Client, visit: Visit) -> None:
    link = path(visit_link(visit))

    answer = client.post(f"{link}cancel/", {"version": 99} | THE_DAY, follow=True)

    assert Booking.objects.get().status == "booked"
    assert "changed in the meantime" in answer.content.decode()


def test_cancel_needs_a_press(client: Client, visit: Visit) -> None:
    assert client.get(f"{path(visit_link(visit))}cancel/").status_code == 405
    assert Booking.objects.get().status == "booked"


def test_press_counts_though_browsers_name_no_origin_on_a_page_without_referrer(visit: Visit) -> None:
    client = Client(enforce_csrf_checks=True, headers={"origin": "null"})

    client.post(f"{path(visit_link(visit))}cancel/", {"version": Booking.objects.get().version} | THE_DAY)

    assert Booking.objects.get().status == "cancelled"


def test_preparation_opens_without_sign_in(client: Client, visit: Visit) -> None:
    therapy = visit.bookings.get().variant.therapy
    TherapyText.objects.create(
        therapy=therapy, language="en", preparation=["Eat lightly.", "First consultation first."]
    )

    shown = client.get(path(prepare_link(visit))).content.decode()

    assert "Eat lightly." in shown
    assert "First consultation" not in shown


def test_advice_after_the_visit_opens_without_sign_in(client: Client, visit: Visit) -> None:
    therapy = visit.bookings.get().variant.therapy
    said = ["Sip warm water through the day.", "After the first consultation rest."]
    TherapyText.objects.create(therapy=therapy, language="en", aftercare=said)

    shown = client.get(path(aftercare_link(visit))).content.decode()

    assert "Sip warm water through the day." in shown
    assert "consultation" not in shown.casefold()
    assert 'href="tel:112"' in shown


def test_cancelled_visit_sends_its_letter(client: Client, visit: Visit, now: dt.datetime) -> None:
    client.post(f"{path(visit_link(visit))}cancel/", {"version": Booking.objects.get().version} | THE_DAY)

    assert list(Message.objects.values_list("kind", "state")) == [("cancelled", "due")]


@pytest.mark.parametrize(
    "said",
    [{}, {"day": "", "month": ""}, {"day": "1", "month": "1"}, {"day": "5", "month": "4"}, {"day": "x", "month": "3"}],
)
def test_scanner_that_sends_off_every_form_cancels_and_moves_nothing(
    client: Client, visit: Visit, said: dict[str, str]
) -> None:
    """As some do with whatever fits a field."""
    link, version = path(visit_link(visit)), Booking.objects.get().version
    before = everything()

    answer = client.post(f"{link}cancel/", {"version": version} | said)

    assert answer.status_code == 422
    assert everything() == before


def test_program_that_tries_every_day_is_stopped_and_a_later_reader_is_not(
    client: Client, visit: Visit, now: dt.datetime
) -> None:
    link, version = f"{path(visit_link(visit))}cancel/", Booking.objects.get().version
    guesses = [{"version": version, "day": str(day), "month": "3"} for day in (1, 2, 3, 4, 6)]

    assert [client.post(link, guess).status_code for guess in guesses] == [422] * 5
    stopped = client.post(link, {"version": version} | THE_DAY)

    assert (stopped.status_code, Booking.objects.get().status) == (422, "booked")
    assert "Please sign in, or call us." in stopped.content.decode()
    with time_machine.travel(now + dt.timedelta(hours=1), tick=False):
        client.post(link, {"version": version} | THE_DAY)
    assert Booking.objects.get().status == "cancelled"


def test_day_is_taken_in_the_digits_of_the_reader(client: Client, visit: Visit) -> None:
    client.post(
        f"{path(visit_link(visit))}cancel/", {"version": Booking.objects.get().version, "day": "५", "month": "3"}
    )

    assert Booking.objects.get().status == "cancelled"
