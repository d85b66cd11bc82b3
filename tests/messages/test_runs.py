"""Runs of consecutive days: one letter each evening in place of reminders, after-care when it is new."""

import datetime as dt
from collections.abc import Callable

import pytest

from bookings.messages.outbox.delivery import Tally
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Booking, Message, MessageKind, State, Visit
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from tests.factories import (
    make_abhyanga,
    make_clinic,
    make_patient,
    make_therapy,
    make_variant,
    make_visit,
)
from tests.messages.conftest import START
from tests.messages.sink import Sink
from therapies.models import TherapyText, Variant

Send = Callable[..., Tally]
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
EVENING = START - DAY + dt.timedelta(hours=7, minutes=30)
"""18:00 on the day before the visit."""


@pytest.fixture
def abhyanga(clinic: Clinic) -> Variant:
    variant = make_abhyanga()
    TherapyText.objects.create(
        therapy=variant.therapy, language="en", preparation=["Eat lightly."], aftercare=["Rest."]
    )
    return variant


@pytest.fixture
def course(clinic: Clinic, patient: Patient, abhyanga: Variant, now: dt.datetime) -> list[Visit]:
    """The same treatment on three days, from Thursday to Saturday, each booked by itself."""
    return [book(clinic, patient, abhyanga, START + number * DAY, now) for number in range(3)]


def book(clinic: Clinic, patient: Patient, variant: Variant, start: dt.datetime, now: dt.datetime) -> Visit:
    visit = make_visit(clinic=clinic, variant=variant, start=start, patient=patient)
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    Message.objects.filter(visit=visit, kind=MessageKind.CONFIRMED).update(state=State.SENT, sent_at=now)
    return visit


def move(visit: Visit, to: dt.datetime, now: dt.datetime) -> None:
    visit.sequence += 1
    visit.arrives_at = to - dt.timedelta(minutes=15)
    visit.save()
    visit.bookings.update(starts_at=to, ends_at=to + HOUR)
    plan_messages(visit=visit, event=VisitEvent.MOVED, by=None, now=now)
    Message.objects.filter(visit=visit, kind=MessageKind.MOVED).update(state=State.SENT, sent_at=now)


def cancel(visit: Visit, now: dt.datetime) -> None:
    visit.sequence += 1
    visit.save()
    visit.bookings.update(status="cancelled", ended_by="patient")
    plan_messages(visit=visit, event=VisitEvent.CANCELLED_BY_PATIENT, by=None, now=now)
    Message.objects.filter(visit=visit, kind=MessageKind.CANCELLED).update(state=State.SENT, sent_at=now)


def send_all(send: Send, last: dt.datetime) -> None:
    """Everything that falls due until then, each at its own moment."""
    while moment := Message.objects.due(last).values_list("due_at", flat=True).first():
        send(moment)


def subjects(sink: Sink) -> list[str]:
    return [str(taken.mail["Subject"]) for taken in sink.taken]


def test_each_day_of_a_course_gets_one_letter_the_evening_before(course: list[Visit], sink: Sink, send: Send) -> None:
    send_all(send, START + 3 * DAY)

    assert subjects(sink) == [
        "Your next visit: Thu 5 Mar, 10:30",
        "Your next visit: Fri 6 Mar, 10:30",
        "Your next visit: Sat 7 Mar, 10:30",
    ]


def test_evening_letter_tells_arrival_and_preparation(course: list[Visit], sink: Sink, send: Send) -> None:
    send(EVENING)

    (taken,) = sink.taken
    text = str(taken.mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert "Your appointment is on Thursday 5 March 2026. Please arrive at 10:15." in text
    assert "- Eat lightly." in text


def test_single_visit_has_no_evening_letter(
    clinic: Clinic, patient: Patient, abhyanga: Variant, sink: Sink, send: Send, now: dt.datetime
) -> None:
    book(clinic, patient, abhyanga, START, now)
    book(clinic, patient, abhyanga, START + 2 * DAY, now)

    send_all(send, START)

    assert [subject.split(":")[0] for subject in subjects(sink)] == [
        "Appointment reminder",
        "How to prepare",
        "Appointment reminder",
    ]


def test_visits_at_another_clinic_or_of_another_patient_make_no_course(
    clinic: Clinic, patient: Patient, abhyanga: Variant, now: dt.datetime
) -> None:
    book(clinic, patient, abhyanga, START, now)
    book(make_clinic("far"), patient, abhyanga, START + DAY, now)
    book(clinic, make_patient("Ravi"), abhyanga, START + DAY, now)

    assert not Message.objects.filter(kind=MessageKind.NEXT_VISIT).exists()


def test_visit_moved_beside_another_makes_both_days_of_a_course(
    clinic: Clinic, patient: Patient, abhyanga: Variant, sink: Sink, send: Send, now: dt.datetime
) -> None:
    book(clinic, patient, abhyanga, START, now)
    far = book(clinic, patient, abhyanga, START + 5 * DAY, now)

    move(far, START + DAY, now)
    send_all(send, START + 2 * DAY)

    assert subjects(sink) == ["Your next visit: Thu 5 Mar, 10:30", "Your next visit: Fri 6 Mar, 10:30"]


def test_visit_left_alone_by_a_cancellation_is_reminded_of_as_usual(
    clinic: Clinic, patient: Patient, abhyanga: Variant, sink: Sink, send: Send, now: dt.datetime
) -> None:
    book(clinic, patient, abhyanga, START, now)
    cancel(book(clinic, patient, abhyanga, START + DAY, now), now)

    send_all(send, START)

    assert [subject.split(":")[0] for subject in subjects(sink)] == [
        "Appointment reminder",
        "How to prepare",
        "Appointment reminder",
    ]


def test_visit_left_alone_after_its_reminder_stayed_away_still_gets_the_evening_letter(
    clinic: Clinic, patient: Patient, abhyanga: Variant, sink: Sink, send: Send, now: dt.datetime
) -> None:
    book(clinic, patient, abhyanga, START, now)
    beside = book(clinic, patient, abhyanga, START + DAY, now)
    send(START - DAY)  # the reminder of the day before stays away
    cancel(beside, START - DAY + HOUR)

    send(EVENING)

    assert subjects(sink) == ["Your next visit: Thu 5 Mar, 10:30"]


def test_day_added_after_its_evening_is_reminded_of_as_usual(
    clinic: Clinic, patient: Patient, abhyanga: Variant, sink: Sink, send: Send, now: dt.datetime
) -> None:
    book(clinic, patient, abhyanga, START + DAY, now)
    book(clinic, patient, abhyanga, START, EVENING + HOUR)

    send(START - 2 * HOUR)

    assert subjects(sink) == ["Appointment reminder: Thu 5 Mar, 10:30"]


def test_two_visits_of_a_day_of_a_course_share_the_evening_letter(
    course: list[Visit], clinic: Clinic, patient: Patient, abhyanga: Variant, sink: Sink, send: Send, now: dt.datetime
) -> None:
    book(clinic, patient, abhyanga, START + 5 * HOUR, now)

    send_all(send, START + 5 * HOUR)

    assert subjects(sink) == ["Your next visit: Thu 5 Mar, 10:30"]
    body = sink.taken[0].mail.get_body(("plain",))
    assert body is not None
    assert "Also on this day: 15:30–16:15" in body.get_content()


def test_reminder_two_days_before_the_first_day_of_a_course_still_goes(
    clinic: Clinic, patient: Patient, sink: Sink, send: Send
) -> None:
    virechana = make_variant(make_therapy("virechana", reminder_hours=[48, 24, 2]))
    for number in range(2):
        book(clinic, patient, virechana, START + number * DAY, START - 5 * DAY)

    send_all(send, START + DAY)

    assert subjects(sink) == [
        "Appointment reminder: Thu 5 Mar, 10:30",
        "Your next visit: Thu 5 Mar, 10:30",
        "Your next visit: Fri 6 Mar, 10:30",
    ]


def complete(visit: Visit, start: dt.datetime) -> None:
    visit.bookings.update(status="completed", arrived_at=start, started_at=start, ended_at=start + HOUR)
    plan_messages(visit=visit, event=VisitEvent.COMPLETED, by=None, now=start + HOUR)


def test_aftercare_comes_with_the_first_session_and_when_the_treatment_changes(
    course: list[Visit], sink: Sink, send: Send
) -> None:
    other = make_variant(make_therapy("swedana"))
    TherapyText.objects.create(therapy=other.therapy, language="en", aftercare=["Sip warm water."])
    Booking.objects.filter(visit=course[2]).update(variant=other)
    for number, visit in enumerate(course):
        complete(visit, START + number * DAY)
    Message.objects.exclude(kind=MessageKind.AFTERCARE).update(state=State.VOID)

    send_all(send, START + 4 * DAY)

    assert subjects(sink) == ["After your visit on 5 Mar", "After your visit on 7 Mar"]


def test_course_is_asked_after_once(course: list[Visit], sink: Sink, send: Send) -> None:
    for number, visit in enumerate(course):
        complete(visit, START + number * DAY)
    Message.objects.exclude(kind=MessageKind.FOLLOW_UP).update(state=State.VOID)

    send_all(send, START + 20 * DAY)

    assert subjects(sink) == ["How are you after your visit?"]
    assert Message.objects.get(kind=MessageKind.FOLLOW_UP, state=State.SENT).visit == course[-1]


def test_no_day_of_a_course_has_more_than_two_letters(course: list[Visit], sink: Sink, send: Send) -> None:
    for number, visit in enumerate(course):
        send_all(send, START + number * DAY)
        complete(visit, START + number * DAY)

    send_all(send, START + 4 * DAY)

    days = [
        row.date()
        for row in Message.objects.filter(state=State.SENT, visit__isnull=False)
        .exclude(kind=MessageKind.CONFIRMED)
        .values_list("sent_at", flat=True)
        if row
    ]
    assert max(days.count(day) for day in days) <= 2
    assert len(days) == 4  # three evenings and one after-care
