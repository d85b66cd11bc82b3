"""Not too many letters, and none that names a treatment."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from bookings.messages.content.preparation import neutral_points
from bookings.messages.outbox.delivery import Tally
from bookings.messages.schedule.opt_outs import stop_optional_messages
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Message, MessageKind, State, Visit
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from tests.factories import make_abhyanga, make_visit
from tests.messages.conftest import START
from tests.messages.sink import Sink
from therapies.models import Therapy, TherapyText, Variant

Send = Callable[..., Tally]
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def abhyanga(clinic: Clinic) -> Variant:
    """A therapy with preparation, one sentence of which names it."""
    variant = make_abhyanga()
    sentences = ["Eat lightly.", "Before Abhyanga take off your jewellery."]
    TherapyText.objects.create(therapy=variant.therapy, language="en", preparation=sentences, aftercare=["Rest."])
    return variant


@pytest.fixture
def afternoon(visit: Visit, clinic: Clinic, patient: Patient, abhyanga: Variant) -> Visit:
    """A second visit on the same day, at 16:00."""
    return make_visit(clinic=clinic, variant=abhyanga, start=START + dt.timedelta(hours=5, minutes=30), patient=patient)


def subjects(sink: Sink) -> list[str]:
    return [str(taken.mail["Subject"]) for taken in sink.taken]


def texts(sink: Sink) -> list[str]:
    return [str(taken.mail.get_body(("plain",)).get_content()) for taken in sink.taken]  # type: ignore[union-attr]


def plan(visit: Visit, now: dt.datetime, event: VisitEvent = VisitEvent.BOOKED) -> None:
    plan_messages(visit=visit, event=event, by=None, now=now)


def test_two_visits_of_a_day_get_one_reminder_the_day_before(
    visit: Visit, afternoon: Visit, sink: Sink, send: Send, now: dt.datetime
) -> None:
    for one in (visit, afternoon):
        plan(one, now)
    Message.objects.filter(kind=MessageKind.CONFIRMED).update(state=State.VOID)
    Message.objects.filter(kind=MessageKind.PREPARATION).update(state=State.VOID)

    send(START - DAY)
    send(START - DAY + 6 * HOUR)

    assert subjects(sink) == ["Appointment reminder: Thu 5 Mar, 10:30"]
    assert "Also on this day: 16:00–16:45" in texts(sink)[0]


def test_second_visit_booked_after_the_days_reminder_gets_its_own(
    visit: Visit, afternoon: Visit, sink: Sink, send: Send, now: dt.datetime
) -> None:
    plan(visit, now)
    Message.objects.filter(kind=MessageKind.CONFIRMED).update(state=State.VOID)
    send(START - DAY)
    plan(afternoon, START - DAY + HOUR)
    Message.objects.filter(kind__in=[MessageKind.CONFIRMED, MessageKind.PREPARATION]).update(state=State.VOID)

    send(START - DAY + 6 * HOUR)

    assert subjects(sink)[1:] == ["Appointment reminder: Thu 5 Mar, 16:00"]


def test_third_letter_of_a_day_stays_away_but_a_change_goes(
    visit: Visit, sink: Sink, send: Send, now: dt.datetime
) -> None:
    visit.clinic.reminders = [240, 180, 120]
    visit.clinic.save()
    plan(visit, START - DAY - HOUR)
    Message.objects.filter(kind=MessageKind.NEXT_VISIT).update(state=State.VOID)
    Message.objects.filter(kind=MessageKind.CONFIRMED).update(state=State.SENT, sent_at=START - DAY)
    for hours in (4, 3, 2):
        send(START - hours * HOUR + dt.timedelta(minutes=45))
    visit.bookings.update(status="cancelled", ended_by="clinic")
    Visit.objects.filter(pk=visit.pk).update(sequence=1)
    visit.refresh_from_db()
    plan(visit, START - HOUR, VisitEvent.CANCELLED_BY_CLINIC)

    send(START - dt.timedelta(minutes=50))

    assert [subject.split(":")[0] for subject in subjects(sink)] == [
        "Appointment reminder",
        "Appointment reminder",
        "Appointment cancelled",
    ]


def test_preparation_is_told_in_neutral_words(abhyanga: Variant, afternoon: Visit) -> None:
    assert neutral_points(afternoon, "en") == ("Eat lightly.",)


def test_preparation_letter_names_no_treatment(
    clinic: Clinic, patient: Patient, abhyanga: Variant, sink: Sink, send: Send, now: dt.datetime
) -> None:
    visit = make_visit(clinic=clinic, variant=abhyanga, start=START, patient=patient)
    plan(visit, now)
    Message.objects.exclude(kind=MessageKind.PREPARATION).update(state=State.VOID)

    send(START - DAY + 9 * HOUR)

    (text,) = texts(sink)
    assert "- Eat lightly." in text
    assert "abhyanga" not in text.casefold()


def test_reminder_two_days_ahead_tells_how_to_prepare_for_all_visits_of_the_day(
    clinic: Clinic, patient: Patient, abhyanga: Variant, visit: Visit, sink: Sink, send: Send, now: dt.datetime
) -> None:
    consultation = visit.bookings.get().variant.therapy
    TherapyText.objects.create(therapy=consultation, language="en", preparation=["Bring earlier reports."])
    afternoon = make_visit(clinic=clinic, variant=abhyanga, start=START + 5 * HOUR, patient=patient)
    Therapy.objects.update(reminder_hours=[48, 2])
    for one in (visit, afternoon):
        plan(one, now)
    Message.objects.exclude(kind=MessageKind.REMINDER).update(state=State.VOID)

    send(START - 2 * DAY)
    send(START - 2 * HOUR)

    early, late = texts(sink)
    assert ["- Bring earlier reports." in early, "- Eat lightly." in early] == [True, True]
    assert "Eat lightly" not in late


def test_reminder_two_days_ahead_of_what_needs_no_preparation_is_a_plain_one(
    visit: Visit, sink: Sink, send: Send, now: dt.datetime
) -> None:
    Therapy.objects.update(reminder_hours=[48])
    plan(visit, now)
    Message.objects.exclude(kind=MessageKind.REMINDER).update(state=State.VOID)

    send(START - 2 * DAY)

    (text,) = texts(sink)
    assert "View or change the appointment" in text
    assert "prepare" not in text


def test_discreet_letter_has_the_label_and_no_name_and_no_preparation(
    clinic: Clinic, patient: Patient, abhyanga: Variant, sink: Sink, send: Send, now: dt.datetime
) -> None:
    Patient.objects.filter(pk=patient.pk).update(discreet=True, label="the blue one")
    visit = make_visit(clinic=clinic, variant=abhyanga, start=START, patient=patient)
    plan(visit, now)
    Message.objects.exclude(kind=MessageKind.PREPARATION).update(state=State.VOID)

    send(START - DAY + 9 * HOUR)

    assert "Dear the blue one," in texts(sink)[0]
    assert "Meera" not in texts(sink)[0]
    assert "Eat lightly" not in texts(sink)[0]


def completed(visit: Visit) -> None:
    visit.bookings.update(status="completed", arrived_at=START, started_at=START, ended_at=START + HOUR)
    visit.refresh_from_db()
    plan(visit, START + HOUR, VisitEvent.COMPLETED)


def test_aftercare_can_be_stopped_by_one_press(
    clinic: Clinic, patient: Patient, abhyanga: Variant, sink: Sink, send: Send
) -> None:
    completed(make_visit(clinic=clinic, variant=abhyanga, start=START, patient=patient))

    send(START + 6 * HOUR)

    mail = sink.taken[0].mail
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip().startswith("<http://testserver/letters/stop/")


def test_who_stopped_reminders_still_hears_of_changes_and_how_to_prepare(
    visit: Visit, patient: Patient, abhyanga: Variant, clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    clinic.reminders = [120]
    clinic.save()
    oil = make_visit(clinic=clinic, variant=abhyanga, start=START + 4 * DAY, patient=patient)
    stop_optional_messages(patient=patient, now=now, reminders=True)
    for one in (visit, oil):
        one.clinic = clinic
        plan(one, now)

    for moment in (now + HOUR, START - 2 * HOUR, START + 3 * DAY + 8 * HOUR, START + 4 * DAY - 2 * HOUR):
        send(moment)

    rows = Message.objects.exclude(kind=MessageKind.AFTERCARE).order_by("due_at", "visit")
    assert [(row.visit, row.kind, row.problem) for row in rows] == [
        (visit, "confirmed", ""),
        (oil, "confirmed", ""),
        (visit, "next_visit", "stopped by the patient"),
        (visit, "reminder", "stopped by the patient"),
        (oil, "next_visit", ""),
        (oil, "reminder", "stopped by the patient"),
    ]


def test_evening_message_says_all_to_somebody_with_one_visit(
    patient: Patient, abhyanga: Variant, clinic: Clinic, sink: Sink, send: Send, now: dt.datetime
) -> None:
    clinic.reminders = []
    clinic.save()
    oil = make_visit(clinic=clinic, variant=abhyanga, start=START + 4 * DAY, patient=patient)
    oil.clinic = clinic
    plan(oil, now)
    Message.objects.filter(kind=MessageKind.CONFIRMED).update(state=State.VOID)

    send(START + 3 * DAY + 8 * HOUR)

    assert subjects(sink) == ["Your next visit: Mon 9 Mar, 10:30"]
    assert "- Eat lightly." in texts(sink)[0]
    assert sink.taken[0].mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_patient_who_stopped_optional_letters_gets_none(
    clinic: Clinic, patient: Patient, abhyanga: Variant, sink: Sink, send: Send
) -> None:
    completed(make_visit(clinic=clinic, variant=abhyanga, start=START, patient=patient))
    stop_optional_messages(patient=patient, now=START)
    other = make_visit(clinic=clinic, variant=abhyanga, start=START + DAY, patient=patient)
    completed(other)

    send(START + 20 * DAY)

    assert sink.taken == []


def test_two_weeks_later_the_clinic_asks_how_one_is(
    clinic: Clinic, patient: Patient, abhyanga: Variant, sink: Sink, send: Send
) -> None:
    completed(make_visit(clinic=clinic, variant=abhyanga, start=START, patient=patient))
    Message.objects.filter(kind=MessageKind.AFTERCARE).update(state=State.VOID)

    send(START + 15 * DAY)

    assert subjects(sink) == ["How are you after your visit?"]


def test_questions_lead_to_their_page_and_go_besides_two_other_letters(
    visit: Visit, sink: Sink, send: Send, now: dt.datetime, client: Client
) -> None:
    visit.clinic.reminders = [180, 120]
    visit.clinic.save()
    plan(visit, START - DAY)
    Message.objects.filter(kind=MessageKind.NEXT_VISIT).update(state=State.VOID)
    Message.objects.filter(kind=MessageKind.CONFIRMED).update(state=State.SENT, sent_at=START - DAY)
    for hours in (3, 2):
        send(START - hours * HOUR)
    plan(visit, START - 2 * HOUR, VisitEvent.QUESTIONS_DUE)

    send(START - HOUR)

    assert subjects(sink)[-1] == "Please answer a few questions before your visit: Thu 5 Mar, 10:30"
    (address,) = re.findall(r"http://testserver(/letters/questions/\S+)", texts(sink)[-1])
    with time_machine.travel(START - HOUR, tick=False):
        assert client.get(address).status_code == 200


def test_questions_answered_within_the_grace_are_not_asked(
    visit: Visit, sink: Sink, send: Send, now: dt.datetime
) -> None:
    plan(visit, now, VisitEvent.QUESTIONS_DUE)
    visit.bookings.update(screening="clear")

    send(now + HOUR)

    assert sink.taken == []
    assert Message.objects.get().problem == "answered already"
