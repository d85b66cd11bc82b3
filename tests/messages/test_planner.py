"""Rows that an action's transaction leaves behind."""

import datetime as dt

import pytest
from django.db import transaction

from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import NotBookedYet, plan_messages
from bookings.models import Booking, Channel, Message, MessageKind, State, Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests.factories import make_consultation, make_patient, make_therapy, make_variant, make_visit
from tests.messages.conftest import START
from therapies.models import Therapy

MINUTE = dt.timedelta(minutes=1)


def plan(visit: Visit, event: VisitEvent, now: dt.datetime) -> None:
    with transaction.atomic():
        plan_messages(visit=visit, event=event, by=None, now=now)


def raise_sequence(visit: Visit, *, to: dt.datetime | None = None) -> None:
    """What a move or a cancellation does to the visit."""
    visit.sequence += 1
    visit.save(update_fields=["sequence"])
    if to:
        visit.bookings.update(starts_at=to, ends_at=to + 45 * MINUTE)


def rows(visit: Visit, state: State = State.DUE) -> list[tuple[str, int]]:
    found = Message.objects.filter(visit=visit, state=state).order_by("due_at", "key")
    return [(row.kind, row.sequence or 0) for row in found]


def test_booking_writes_confirmation_and_reminders_once(visit: Visit, now: dt.datetime) -> None:
    plan(visit, VisitEvent.BOOKED, now)
    plan(visit, VisitEvent.BOOKED, now)

    assert rows(visit) == [(MessageKind.CONFIRMED, 0), (MessageKind.REMINDER, 0), (MessageKind.REMINDER, 0)]


def test_rolled_back_booking_leaves_no_letter(visit: Visit, now: dt.datetime) -> None:
    with transaction.atomic():
        plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
        transaction.set_rollback(True)

    assert rows(visit) == []


def test_move_voids_the_old_rows_and_plans_new_ones(visit: Visit, now: dt.datetime) -> None:
    plan(visit, VisitEvent.BOOKED, now)
    Message.objects.filter(kind=MessageKind.CONFIRMED).update(state=State.SENT, sent_at=now)
    raise_sequence(visit, to=START + dt.timedelta(days=1))

    plan(visit, VisitEvent.MOVED, now)

    assert rows(visit) == [(MessageKind.MOVED, 1), (MessageKind.REMINDER, 1), (MessageKind.REMINDER, 1)]
    assert rows(visit, State.VOID) == [(MessageKind.REMINDER, 0), (MessageKind.REMINDER, 0)]


def test_book_and_move_within_the_grace_become_one_letter(visit: Visit, now: dt.datetime) -> None:
    plan(visit, VisitEvent.BOOKED, now)
    raise_sequence(visit, to=START + dt.timedelta(days=1))
    plan(visit, VisitEvent.MOVED, now + MINUTE)
    raise_sequence(visit, to=START + dt.timedelta(days=2))

    plan(visit, VisitEvent.MOVED, now + MINUTE)

    assert rows(visit) == [(MessageKind.CONFIRMED, 2), (MessageKind.REMINDER, 2), (MessageKind.REMINDER, 2)]


def test_book_and_cancel_within_the_grace_send_nothing(visit: Visit, now: dt.datetime) -> None:
    plan(visit, VisitEvent.BOOKED, now)
    raise_sequence(visit)

    plan(visit, VisitEvent.CANCELLED_BY_PATIENT, now + MINUTE)

    assert rows(visit) == []


def test_cancel_after_the_confirmation_was_sent_says_so(visit: Visit, now: dt.datetime) -> None:
    plan(visit, VisitEvent.BOOKED, now)
    Message.objects.filter(kind=MessageKind.CONFIRMED).update(state=State.SENT, sent_at=now)
    raise_sequence(visit)

    plan(visit, VisitEvent.CANCELLED_BY_CLINIC, now + 10 * MINUTE)

    assert rows(visit) == [(MessageKind.CANCELLED_BY_CLINIC, 1)]


def test_no_show_undone_and_again_writes_one_letter(visit: Visit, now: dt.datetime) -> None:
    after = START + dt.timedelta(hours=1)
    plan(visit, VisitEvent.NO_SHOW, after)
    plan(visit, VisitEvent.RESTORED, after + MINUTE)
    assert rows(visit) == []

    plan(visit, VisitEvent.NO_SHOW, after + 2 * MINUTE)

    assert rows(visit) == [(MessageKind.NO_SHOW, 0)]


def test_patient_without_mail_gets_a_call_row(clinic: Clinic, now: dt.datetime) -> None:
    caller = make_patient("Gopal", clinics=[clinic], email="", channel="call")
    visit = make_visit(clinic=clinic, variant=make_consultation(), start=START, patient=caller)

    plan(visit, VisitEvent.BOOKED, now)

    row = Message.objects.get(visit=visit)
    assert (row.kind, row.channel, row.due_at) == (MessageKind.REMINDER, Channel.CALL, START - dt.timedelta(days=1))
    assert list(Message.objects.calls(START - dt.timedelta(days=1))) == [row]
    assert list(Message.objects.calls(START - dt.timedelta(days=1, seconds=1))) == []


def test_clinics_own_reminder_times_are_used(visit: Visit, now: dt.datetime) -> None:
    visit.clinic.reminders = [48 * 60]
    visit.clinic.save()

    plan(visit, VisitEvent.BOOKED, now)

    reminder = Message.objects.get(visit=visit, kind=MessageKind.REMINDER)
    assert reminder.due_at == START - dt.timedelta(days=2)


def test_treatments_own_reminder_times_replace_the_clinics(visit: Visit, now: dt.datetime) -> None:
    Therapy.objects.update(reminder_hours=[48, 3])

    plan(visit, VisitEvent.BOOKED, now)

    due = (
        Message.objects.filter(visit=visit, kind=MessageKind.REMINDER)
        .order_by("due_at")
        .values_list("due_at", flat=True)
    )
    assert list(due) == [START - dt.timedelta(days=2), START - dt.timedelta(hours=3)]


def test_visit_of_two_treatments_is_reminded_at_the_times_of_both(
    visit: Visit, clinic: Clinic, now: dt.datetime
) -> None:
    clinic.reminders = [120]
    clinic.save()
    visit.clinic.refresh_from_db()
    purifying = make_variant(make_therapy("virechana", reminder_hours=[48]))
    start = START + 45 * MINUTE
    Booking.objects.create(
        visit=visit, variant=purifying, position=1, starts_at=start, ends_at=start + 45 * MINUTE, status="booked"
    )

    plan(visit, VisitEvent.BOOKED, now)

    offsets = {row.key.split(":")[4] for row in Message.objects.filter(visit=visit, kind=MessageKind.REMINDER)}
    assert offsets == {"2880", "120"}


def test_reassigning_leaves_the_letters_alone(visit: Visit, now: dt.datetime) -> None:
    plan(visit, VisitEvent.BOOKED, now)

    plan(visit, VisitEvent.REASSIGNED, now)

    assert rows(visit) == [(MessageKind.CONFIRMED, 0), (MessageKind.REMINDER, 0), (MessageKind.REMINDER, 0)]


def test_letters_for_a_held_visit_are_refused(clinic: Clinic, now: dt.datetime) -> None:
    held = make_visit(clinic=clinic, variant=make_consultation(), start=START)

    with pytest.raises(NotBookedYet):
        plan(held, VisitEvent.BOOKED, now)


def test_row_names_who_caused_it(visit: Visit, front_desk: User, now: dt.datetime) -> None:
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=front_desk, now=now)

    assert {row.made_by for row in Message.objects.filter(visit=visit)} == {front_desk}


def test_row_keeps_the_patients_address_and_language(visit: Visit, patient: Patient, now: dt.datetime) -> None:
    patient.language = "hi"
    patient.save()
    visit.refresh_from_db()

    plan(visit, VisitEvent.BOOKED, now)

    assert set(Message.objects.values_list("recipient", "language")) == {("meera@example.org", "hi")}


def request(visit: Visit, now: dt.datetime) -> None:
    visit.bookings.update(status="requested", expires_at=now + dt.timedelta(days=1))
    plan(visit, VisitEvent.REQUESTED, now)


def test_request_accepted_within_the_grace_is_one_letter(visit: Visit, now: dt.datetime) -> None:
    request(visit, now)
    visit.bookings.update(status="booked", expires_at=None)

    plan(visit, VisitEvent.ACCEPTED, now + MINUTE)

    assert rows(visit) == [(MessageKind.ACCEPTED, 0), (MessageKind.REMINDER, 0), (MessageKind.REMINDER, 0)]


@pytest.mark.parametrize(
    ("event", "status", "kind"),
    [(VisitEvent.DECLINED, "cancelled", MessageKind.DECLINED), (VisitEvent.EXPIRED, "expired", MessageKind.EXPIRED)],
)
def test_request_that_came_to_nothing_is_told(
    visit: Visit, now: dt.datetime, event: VisitEvent, status: str, kind: MessageKind
) -> None:
    request(visit, now)
    visit.bookings.update(status=status, ended_by="clinic")

    plan(visit, event, now + dt.timedelta(hours=1))

    assert rows(visit) == [(kind, 0)]


def test_accepted_visit_that_moves_says_so(visit: Visit, now: dt.datetime) -> None:
    plan(visit, VisitEvent.ACCEPTED, now)
    Message.objects.filter(kind=MessageKind.ACCEPTED).update(state=State.SENT, sent_at=now)
    raise_sequence(visit, to=START + dt.timedelta(days=1))

    plan(visit, VisitEvent.MOVED, now)

    assert rows(visit)[0] == (MessageKind.MOVED, 1)


def test_questions_come_besides_what_is_planned(visit: Visit, now: dt.datetime) -> None:
    plan(visit, VisitEvent.BOOKED, now)

    plan(visit, VisitEvent.QUESTIONS_DUE, now)

    assert {kind for kind, _sequence in rows(visit)} == {
        MessageKind.CONFIRMED,
        MessageKind.QUESTIONS,
        MessageKind.REMINDER,
    }


def test_questions_not_yet_sent_follow_a_visit_that_moves(visit: Visit, now: dt.datetime) -> None:
    plan(visit, VisitEvent.BOOKED, now)
    plan(visit, VisitEvent.QUESTIONS_DUE, now)
    raise_sequence(visit, to=START + dt.timedelta(days=1))

    plan(visit, VisitEvent.MOVED, now + MINUTE)

    assert [(kind, sequence) for kind, sequence in rows(visit) if kind == MessageKind.QUESTIONS] == [
        (MessageKind.QUESTIONS, 1)
    ]


def test_questions_that_were_sent_are_not_sent_again_when_the_visit_moves(visit: Visit, now: dt.datetime) -> None:
    plan(visit, VisitEvent.BOOKED, now)
    plan(visit, VisitEvent.QUESTIONS_DUE, now)
    Message.objects.filter(kind__in=[MessageKind.CONFIRMED, MessageKind.QUESTIONS]).update(
        state=State.SENT, sent_at=now
    )
    raise_sequence(visit, to=START + dt.timedelta(days=1))

    plan(visit, VisitEvent.MOVED, now + MINUTE)

    assert MessageKind.QUESTIONS not in {kind for kind, _sequence in rows(visit)}
