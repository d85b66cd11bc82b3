"""The outbox and its senders, with a real mail server."""

import datetime as dt
import email
import email.policy
import time
import uuid
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from bookings.messages.account_messages import write_account_message
from bookings.messages.content.appointment import name_in_messages, sender_of
from bookings.messages.content.composition import compose
from bookings.messages.outbox.delivery import Pace, Tally
from bookings.messages.outbox.heartbeat import pulse
from bookings.messages.outbox.leases import lease, release
from bookings.messages.schedule.opt_outs import stop_address
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Channel, Heartbeat, Message, MessageKind, State, Visit
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from tests.eventually import PATIENCE
from tests.factories import make_consultation, make_patient, make_visit
from tests.messages.conftest import START
from tests.messages.sink import Sink

Send = Callable[..., Tally]
HOUR = dt.timedelta(hours=1)
AFTER_GRACE = dt.timedelta(minutes=5)
pytestmark = pytest.mark.django_db


def booked(clinic: Clinic, email: str, now: dt.datetime, *, days: int = 0) -> Visit:
    """A visit of a new patient with that address, with its letters planned."""
    patient = make_patient("Ravi", email=email, clinics=[clinic])
    from therapies.models import Variant

    variant = Variant.objects.first() or make_consultation()
    visit = make_visit(clinic=clinic, variant=variant, start=START + dt.timedelta(days=days), patient=patient)
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    return visit


def states(visit: Visit) -> dict[str, str]:
    return {f"{m.kind}:{m.key.split(':')[4]}": m.state for m in Message.objects.filter(visit=visit, channel="email")}


def test_due_confirmation_is_sent_once(visit: Visit, sink: Sink, send: Send, now: dt.datetime) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)

    send(now + AFTER_GRACE)
    send(now + AFTER_GRACE)

    assert [taken.to for taken in sink.taken] == ["meera@example.org"]
    assert states(visit) == {"confirmed:0": "sent", "reminder:1440": "due", "reminder:120": "due"}


def test_nothing_is_sent_within_the_grace(visit: Visit, sink: Sink, send: Send, now: dt.datetime) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)

    send(now)

    assert sink.taken == []


def test_sent_letter_carries_its_headers(visit: Visit, sink: Sink, send: Send, now: dt.datetime) -> None:
    visit.clinic.email = "hello@shanti.example"
    visit.clinic.save()
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)

    send(now + AFTER_GRACE)

    mail = sink.taken[0].mail
    row = Message.objects.get(kind=MessageKind.CONFIRMED)
    assert mail["Message-ID"] == row.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == "hello@shanti.example"
    assert mail["From"].startswith("Shanti <")
    assert mail["Subject"] == "Appointment confirmed: Thu 5 Mar, 10:30"
    assert mail["List-Unsubscribe"] is None  # what the visit needs cannot be stopped; reminders can


def test_cancelled_visit_never_reminds(visit: Visit, sink: Sink, send: Send, now: dt.datetime) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    visit.bookings.update(status="cancelled", ended_by="patient")  # as if nobody had told the letters

    send(START - HOUR)

    assert sink.taken == []
    assert set(states(visit).values()) == {"void"}


def test_visit_of_another_sequence_never_reminds_for_the_old_time(
    visit: Visit, sink: Sink, send: Send, now: dt.datetime
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    Visit.objects.filter(pk=visit.pk).update(sequence=1)

    send(START - HOUR)

    assert sink.taken == []
    assert set(states(visit).values()) == {"void"}


def test_visit_cancelled_between_envelope_and_text_is_not_told_the_old_time(
    visit: Visit, sink: Sink, send: Send, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    hear = Sink.handle_RCPT

    async def cancel_meanwhile(self: Sink, *told: object) -> str:
        cancelled.append(True)
        return await hear(self, *told)  # type: ignore[arg-type]

    cancelled: list[bool] = []
    monkeypatch.setattr(Sink, "handle_RCPT", cancel_meanwhile)
    looked = connection.execute_wrapper(_cancel_when(cancelled, visit))

    with looked:
        send(now + AFTER_GRACE)

    assert sink.asked == ["meera@example.org"]
    assert sink.taken == []
    assert states(visit)["confirmed:0"] == "void"


def _cancel_when(cancelled: list[bool], visit: Visit) -> Callable[..., object]:
    """Cancels the visit just before the first query that comes after the envelope was given."""

    def wrapper(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        if cancelled:
            cancelled.clear()
            visit.bookings.update(status="cancelled", ended_by="patient")
        return execute(sql, params, many, context)

    return wrapper


def test_late_reminder_is_not_sent_once_the_visit_has_begun(
    visit: Visit, sink: Sink, send: Send, now: dt.datetime
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)

    send(START)

    assert sink.taken == []
    assert set(Message.objects.values_list("problem", flat=True)) == {"too late"}


def test_refused_address_is_on_the_list_and_the_desk_is_asked_to_ring(
    clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    visit = booked(clinic, "refused@example.org", now)

    send(now + AFTER_GRACE)

    row = Message.objects.get(visit=visit, kind=MessageKind.CONFIRMED, channel=Channel.EMAIL)
    assert (row.state, row.problem) == (State.FAILED, "550 5.1.1 No such mailbox")
    assert [call.kind for call in Message.objects.calls(now + HOUR)] == [MessageKind.CONFIRMED]


def test_server_that_says_later_is_asked_again_with_growing_pauses(
    clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    visit = booked(clinic, "later@example.org", now)
    moment, pauses = now + AFTER_GRACE, []

    for _attempt in range(3):
        send(moment)
        row = Message.objects.get(visit=visit, kind=MessageKind.CONFIRMED)
        pauses.append((row.due_at - moment).total_seconds())
        moment = row.due_at

    assert (row.state, row.attempts, row.problem) == (State.DUE, 3, "451 4.7.1 Try again later")
    assert [round(pause) for pause in pauses] == [60, 120, 240]


def test_hanging_server_costs_one_deadline_and_the_others_go(
    clinic: Clinic, sink: Sink, send: Send, now: dt.datetime, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = PATIENCE
    hanging = booked(clinic, "hanging@example.org", now)
    fine = booked(clinic, "fine@example.org", now, days=1)
    begun = time.monotonic()

    send(now + AFTER_GRACE, deadline_seconds=3.0)  # long enough for the other on a busy machine

    assert time.monotonic() - begun < PATIENCE
    assert states(fine)["confirmed:0"] == "sent"
    row = Message.objects.get(visit=hanging, kind=MessageKind.CONFIRMED)
    assert (row.state, row.problem) == (State.DUE, "no answer within 3 s")


def test_mail_server_that_is_away_leaves_everything_due(
    visit: Visit, settings: object, sink: Sink, send: Send, now: dt.datetime
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    settings.EMAIL_PORT = 1  # type: ignore[attr-defined]

    send(now + AFTER_GRACE)

    row = Message.objects.get(kind=MessageKind.CONFIRMED)
    assert (row.state, row.attempts, row.lease_token) == (State.DUE, 0, None)


def test_broken_letter_is_on_the_list_with_its_reason_and_the_rest_go(
    visit: Visit, sink: Sink, send: Send, now: dt.datetime
) -> None:
    broken = write_account_message(email="a@example.org", template="login_code", context={}, language="en", now=now)
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)

    send(now + AFTER_GRACE)

    broken.refresh_from_db()
    assert (broken.state, broken.problem) == (State.FAILED, "KeyError: 'code'")
    assert [taken.to for taken in sink.taken] == ["meera@example.org"]


def test_zone_that_does_not_exist_fails_that_letter_only(
    clinic: Clinic, visit: Visit, sink: Sink, send: Send, now: dt.datetime
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    Visit.objects.filter(pk=visit.pk).update(timezone="Mars/Olympus")
    booked(clinic, "fine@example.org", now, days=1)

    send(now + AFTER_GRACE)

    row = Message.objects.get(visit=visit, kind=MessageKind.CONFIRMED, channel=Channel.EMAIL)
    assert row.state == State.FAILED
    assert "Mars/Olympus" in row.problem
    assert [taken.to for taken in sink.taken] == ["fine@example.org"]


@pytest.mark.parametrize("name", ["Meera\r\nBcc: everyone@example.org", "<script>alert(1)</script>", "मीरा 🌿"])
def test_hostile_name_neither_breaks_headers_nor_becomes_markup(visit: Visit, now: dt.datetime, name: str) -> None:
    """However it came into the clinic: forms and the database take none of the first two."""
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    message = Message.objects.filter(channel=Channel.EMAIL).earliest("pk")

    made = compose(message, now=now, sender=sender_of(Clinic(sender_name=name, address="1 Road"))).message()

    mail = email.message_from_bytes(made.as_bytes(), policy=email.policy.default)
    assert mail["Bcc"] is None
    assert "<script" not in _html(mail)
    assert " ".join(name.split()) in _text(mail)


@pytest.mark.parametrize("name", ["Click https://evil.example/3", "Meera\r\nBcc: me@evil.example", "Call 9829012345"])
@pytest.mark.parametrize("discreet", [False, True])
def test_name_that_is_none_is_left_out_however_it_came_into_the_record(name: str, discreet: bool) -> None:
    patient = Patient(given_name=name, label=name, discreet=discreet)

    assert name_in_messages(patient) == ""


def _text(mail: object) -> str:
    return str(mail.get_body(("plain",)).get_content())  # type: ignore[attr-defined]


def _html(mail: object) -> str:
    return str(mail.get_body(("html",)).get_content())  # type: ignore[attr-defined]


def test_clinic_without_phone_still_sends(visit: Visit, sink: Sink, send: Send, now: dt.datetime) -> None:
    visit.clinic.phone = ""
    visit.clinic.save()
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)

    send(now + AFTER_GRACE)

    assert "None" not in _text(sink.taken[0].mail)


def test_calendar_file_that_cannot_be_built_does_not_stop_the_letter(
    clinic: Clinic, patient: Patient, sink: Sink, send: Send, now: dt.datetime
) -> None:
    # The zone's rules a year after the visit are asked for, and no calendar knows the year 10000.
    last_year = dt.datetime(9999, 12, 1, 5, 0, tzinfo=dt.UTC)
    visit = make_visit(clinic=clinic, variant=make_consultation(), start=last_year, patient=patient)
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)

    send(now + AFTER_GRACE)

    assert [part.get_content_type() for part in sink.taken[0].mail.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
    ]


def test_sign_in_code_goes_at_once_and_its_secret_is_blanked(sink: Sink, send: Send, now: dt.datetime) -> None:
    row = write_account_message(
        email="meera@example.org", template="login_code", context={"code": "Q7K2P9"}, language="en", now=now
    )

    send(now)

    row.refresh_from_db()
    assert (row.state, row.secret) == (State.SENT, {})
    assert "Q7K2P9" in _text(sink.taken[0].mail)


def test_sign_in_code_that_lapsed_is_not_sent(sink: Sink, send: Send, now: dt.datetime) -> None:
    row = write_account_message(
        email="meera@example.org", template="login_code", context={"code": "Q7K2P9"}, language="en", now=now
    )

    send(now + HOUR)

    row.refresh_from_db()
    assert (sink.taken, row.state, row.secret) == ([], State.VOID, {})


def test_sign_in_code_goes_before_older_letters(clinic: Clinic, sink: Sink, send: Send, now: dt.datetime) -> None:
    for number in range(7):
        booked(clinic, f"p{number}@example.org", now, days=number)
    write_account_message(
        email="code@example.org", template="login_code", context={"code": "1"}, language="en", now=now + AFTER_GRACE
    )

    send(now + AFTER_GRACE)

    assert sink.taken[0].to == "code@example.org"


def test_stopped_address_becomes_a_call(visit: Visit, sink: Sink, send: Send, now: dt.datetime) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    stop_address(address="Meera@Example.org", why="bounced", now=now)

    send(now + AFTER_GRACE)

    assert sink.taken == []
    assert [row.kind for row in Message.objects.calls(now + AFTER_GRACE)] == [MessageKind.CONFIRMED]


def test_patient_who_now_wants_calls_is_not_mailed(
    visit: Visit, patient: Patient, sink: Sink, send: Send, now: dt.datetime
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    Patient.objects.filter(pk=patient.pk).update(channel="call")

    send(now + AFTER_GRACE)

    assert sink.taken == []
    assert [row.kind for row in Message.objects.calls(now + AFTER_GRACE)] == [MessageKind.CONFIRMED]


def test_letter_goes_to_the_address_that_the_patient_has_now(
    visit: Visit, patient: Patient, sink: Sink, send: Send, now: dt.datetime
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    Patient.objects.filter(pk=patient.pk).update(email="new@example.org")

    send(now + AFTER_GRACE)

    assert [taken.to for taken in sink.taken] == ["new@example.org"]


def test_leased_row_is_nobody_elses_until_the_lease_ends(visit: Visit, now: dt.datetime) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    later, length = now + AFTER_GRACE, dt.timedelta(seconds=120)

    token, ids = lease(now=later, length=length)

    assert len(ids) == 1
    assert lease(now=later + dt.timedelta(seconds=119), length=length)[1] == []
    assert lease(now=later + dt.timedelta(seconds=120), length=length)[1] == ids
    release(token=token, ids=ids)  # no longer ours
    assert lease(now=later + dt.timedelta(seconds=121), length=length)[1] == []


def test_row_whose_lease_was_taken_over_is_left_to_its_new_holder(
    visit: Visit, sink: Sink, send: Send, now: dt.datetime
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    later = now + AFTER_GRACE
    Message.objects.filter(kind=MessageKind.CONFIRMED).update(leased_until=later + HOUR, lease_token=uuid.uuid4())

    send(later)

    assert sink.taken == []


def test_message_id_is_the_same_when_a_letter_goes_twice(
    visit: Visit, sink: Sink, send: Send, now: dt.datetime
) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    send(now + AFTER_GRACE)
    # The process died between the server's yes and our mark.
    Message.objects.filter(kind=MessageKind.CONFIRMED).update(state=State.DUE, sent_at=None)

    send(now + AFTER_GRACE)

    assert len({taken.mail["Message-ID"] for taken in sink.taken}) == 1
    assert len(sink.taken) == 2


def test_run_says_that_it_looked(send: Send, now: dt.datetime) -> None:
    send(now)
    send(now + HOUR)

    assert list(Heartbeat.objects.values_list("name", "at")) == [("test", now + HOUR)]
    assert pulse(now=now + HOUR).well
    assert pulse(now=now + 2 * HOUR).silent == ("test",)


def test_no_heartbeat_at_all_is_not_well(now: dt.datetime) -> None:
    assert not pulse(now=now).well


def test_letter_overdue_for_long_is_not_well(visit: Visit, send: Send, now: dt.datetime) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    send(now)  # a heartbeat; the letter is not due yet

    late = pulse(now=now + HOUR)

    assert late.oldest_due_seconds == 3600 - 10  # local mode's grace
    assert late.late


@pytest.mark.django_db(transaction=True)
def test_account_letter_wakes_a_listener_only_after_the_commit(now: dt.datetime) -> None:
    from bookings.messages.wakeup import ears, heard

    with ears() as listening:
        with transaction.atomic():
            write_account_message(
                email="a@example.org", template="login_code", context={"code": "1"}, language="en", now=now
            )
            assert not heard(listening, seconds=0.2)
        assert heard(listening, seconds=PATIENCE)


# --- pace ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("done", "seconds", "expected"), [(5, 10.0, 5), (5, 0.5, 10), (20, 1.0, 20), (50, 0.0, 50)])
def test_quick_server_is_given_as_many_rows_as_a_second_takes(done: int, seconds: float, expected: int) -> None:
    assert Pace.set().rows_after(done, seconds) == expected
