"""The table of letters: pure, so no database here."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.messages.content.patient_words import PERSON_MESSAGES
from bookings.messages.content.staff_words import STAFF_MESSAGES
from bookings.messages.content.visit_words import VISIT_MESSAGES
from bookings.messages.kinds import SORTS
from bookings.messages.schedule.plan import (
    TABLE,
    PlannedMessage,
    VisitEvent,
    VisitFacts,
    planned_messages,
)
from bookings.messages.times import before, is_quiet
from bookings.models import Channel, MessageKind

KOLKATA = ZoneInfo("Asia/Kolkata")
ZONES = [
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Europe/London",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
]


def at(day: int, hour: int, minute: int = 0, zone: ZoneInfo = KOLKATA) -> dt.datetime:
    """A wall time of March 2026, as an instant."""
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=zone).astimezone(dt.UTC)


FACTS = VisitFacts(
    now=at(2, 10),
    starts_at=at(5, 10, 30),
    ends_at=at(5, 11, 15),
    arrives_at=at(5, 10, 15),
    zone=KOLKATA,
    channel=Channel.EMAIL,
    reminders=(1440, 120),
    grace=dt.timedelta(minutes=3),
)


def test_booking_deserves_confirmation_and_both_reminders() -> None:
    assert planned_messages(VisitEvent.BOOKED, FACTS) == [
        PlannedMessage(MessageKind.CONFIRMED, Channel.EMAIL, at(2, 10, 3)),
        PlannedMessage(MessageKind.REMINDER, Channel.EMAIL, at(4, 10, 30), 1440),
        PlannedMessage(MessageKind.REMINDER, Channel.EMAIL, at(5, 8, 30), 120),
    ]


EVENING = replace(FACTS, reminders=(), preparation=True)


def test_by_default_one_message_in_the_evening_says_all() -> None:
    assert planned_messages(VisitEvent.BOOKED, EVENING) == [
        PlannedMessage(MessageKind.CONFIRMED, Channel.EMAIL, at(2, 10, 3)),
        PlannedMessage(MessageKind.NEXT_VISIT, Channel.EMAIL, at(4, 18), 1440),
    ]


def test_reminder_two_hours_before_comes_by_wish_beside_the_evening_message() -> None:
    rows = planned_messages(VisitEvent.BOOKED, replace(EVENING, reminders=(120,)))

    assert [(row.kind, row.due_at) for row in rows[1:]] == [
        (MessageKind.NEXT_VISIT, at(4, 18)),
        (MessageKind.REMINDER, at(5, 8, 30)),
    ]


def test_another_visit_beside_it_plans_no_second_evening_message() -> None:
    assert planned_messages(VisitEvent.JOINED, replace(EVENING, course=True)) == []


def test_who_wants_calls_is_called_a_day_before_where_others_get_the_evening_message() -> None:
    rows = planned_messages(VisitEvent.BOOKED, replace(EVENING, channel=Channel.CALL))

    assert rows == [PlannedMessage(MessageKind.REMINDER, Channel.CALL, at(4, 10, 30), 1440)]


def test_reminder_whose_time_is_past_at_booking_is_left_out() -> None:
    late = replace(FACTS, now=at(5, 8))

    assert [
        letter.offset for letter in planned_messages(VisitEvent.BOOKED, late) if letter.kind == MessageKind.REMINDER
    ] == [120]


def test_booking_an_hour_ahead_deserves_only_its_confirmation() -> None:
    late = replace(FACTS, now=at(5, 9, 30))

    assert [letter.kind for letter in planned_messages(VisitEvent.BOOKED, late)] == [MessageKind.CONFIRMED]


def test_reminder_in_the_night_waits_for_the_morning_when_that_still_helps() -> None:
    early = replace(FACTS, starts_at=at(5, 8, 45), arrives_at=at(5, 8, 30))

    assert planned_messages(VisitEvent.BOOKED, early)[-1] == PlannedMessage(
        MessageKind.REMINDER, Channel.EMAIL, at(5, 7), 120
    )


def test_reminder_in_the_night_comes_the_evening_before_when_the_morning_is_too_late() -> None:
    early = replace(FACTS, starts_at=at(5, 7, 30), arrives_at=at(5, 7, 15))

    assert planned_messages(VisitEvent.BOOKED, early)[-1] == PlannedMessage(
        MessageKind.REMINDER, Channel.EMAIL, at(4, 20, 59), 120
    )


def test_two_reminders_pushed_to_the_same_minute_are_one() -> None:
    early = replace(FACTS, starts_at=at(5, 6), arrives_at=at(5, 5, 45), reminders=(180, 120))

    assert [letter.kind for letter in planned_messages(VisitEvent.BOOKED, early)] == [
        MessageKind.CONFIRMED,
        MessageKind.NEXT_VISIT,
        MessageKind.REMINDER,
    ]


def test_patient_without_mail_is_rung_up_once_at_the_earliest_reminder() -> None:
    call = replace(FACTS, channel=Channel.CALL)

    assert planned_messages(VisitEvent.BOOKED, call) == [
        PlannedMessage(MessageKind.REMINDER, Channel.CALL, at(4, 10, 30), 1440)
    ]


def test_patient_who_wants_paper_gets_the_confirmation_on_paper() -> None:
    assert planned_messages(VisitEvent.BOOKED, replace(FACTS, channel=Channel.PAPER)) == [
        PlannedMessage(MessageKind.CONFIRMED, Channel.PAPER, at(2, 10, 3))
    ]


def test_move_before_anything_was_sent_confirms_the_new_time_only() -> None:
    kinds = [letter.kind for letter in planned_messages(VisitEvent.MOVED, replace(FACTS, told=False))]

    assert kinds == [MessageKind.CONFIRMED, MessageKind.REMINDER, MessageKind.REMINDER]


def test_cancel_before_anything_was_sent_sends_nothing() -> None:
    assert planned_messages(VisitEvent.CANCELLED_BY_PATIENT, replace(FACTS, told=False)) == []


def test_preparation_comes_the_evening_before() -> None:
    prepared = replace(FACTS, preparation=True)

    assert PlannedMessage(MessageKind.PREPARATION, Channel.EMAIL, at(4, 18)) in planned_messages(
        VisitEvent.BOOKED, prepared
    )


def test_completed_visit_gets_aftercare_outside_the_night_and_a_word_after_two_weeks() -> None:
    evening = replace(FACTS, now=at(5, 19, 30), ends_at=at(5, 19, 15), aftercare=True)

    assert planned_messages(VisitEvent.COMPLETED, evening) == [
        PlannedMessage(MessageKind.AFTERCARE, Channel.EMAIL, at(6, 7)),
        PlannedMessage(MessageKind.FOLLOW_UP, Channel.EMAIL, at(19, 10)),
    ]


def test_missed_visit_gets_a_kind_word_the_next_morning() -> None:
    assert planned_messages(VisitEvent.NO_SHOW, replace(FACTS, now=at(5, 11))) == [
        PlannedMessage(MessageKind.NO_SHOW, Channel.EMAIL, at(6, 10))
    ]


@pytest.mark.parametrize("event", VisitEvent)
def test_table_knows_every_event(event: VisitEvent) -> None:
    assert event in TABLE


@pytest.mark.parametrize(
    ("zone", "start", "expected"),
    [
        # London: the clock goes forward on 29 March 2026 at 01:00 UTC, back on 25 October 2026.
        ("Europe/London", "2026-03-29T10:30", "2026-03-28T10:30"),
        ("Europe/London", "2026-10-25T10:30", "2026-10-24T10:30"),
        ("America/St_Johns", "2026-03-08T10:30", "2026-03-07T10:30"),
        ("Australia/Lord_Howe", "2026-10-04T10:30", "2026-10-03T10:30"),
    ],
)
def test_day_before_is_the_same_wall_time_across_a_clock_change(zone: str, start: str, expected: str) -> None:
    there = ZoneInfo(zone)
    instant = dt.datetime.fromisoformat(start).replace(tzinfo=there).astimezone(dt.UTC)

    due = before(instant, 1440, there)

    assert due.astimezone(there).replace(tzinfo=None) == dt.datetime.fromisoformat(expected)


def test_two_hours_before_are_two_real_hours_across_a_clock_change() -> None:
    london = ZoneInfo("Europe/London")
    start = dt.datetime(2026, 3, 29, 2, 30, tzinfo=london).astimezone(dt.UTC)

    assert start - before(start, 120, london) == dt.timedelta(hours=2)


@given(
    zone=st.sampled_from(ZONES),
    minute=st.integers(0, 366 * 1440 * 2),
    days=st.integers(1, 9),
)
def test_whole_days_before_keep_the_wall_time_unless_the_clock_skips_it(zone: str, minute: int, days: int) -> None:
    there = ZoneInfo(zone)
    start = dt.datetime(2025, 12, 31, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)

    due = before(start, days * 1440, there)

    wall, local = start.astimezone(there).replace(tzinfo=None), due.astimezone(there).replace(tzinfo=None)
    wanted = wall - dt.timedelta(days=days)
    exists = wanted.replace(tzinfo=there).astimezone(dt.UTC).astimezone(there).replace(tzinfo=None) == wanted
    assert local == wanted if exists else local > wanted


@given(zone=st.sampled_from(ZONES), minute=st.integers(0, 366 * 1440), offsets=st.sets(st.integers(30, 4320)))
def test_no_reminder_comes_at_night_nor_in_the_past(zone: str, minute: int, offsets: set[int]) -> None:
    there = ZoneInfo(zone)
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    start = now + dt.timedelta(minutes=minute)
    facts = replace(
        FACTS,
        now=now,
        zone=there,
        starts_at=start,
        arrives_at=start - dt.timedelta(minutes=15),
        reminders=tuple(offsets),
    )

    reminders = [letter for letter in planned_messages(VisitEvent.BOOKED, facts) if letter.kind == MessageKind.REMINDER]

    assert [letter for letter in reminders if is_quiet(letter.due_at, there)] == []
    assert [letter for letter in reminders if not now < letter.due_at < start] == []


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (VisitEvent.REQUESTED, MessageKind.REQUESTED),
        (VisitEvent.DECLINED, MessageKind.DECLINED),
        (VisitEvent.EXPIRED, MessageKind.EXPIRED),
        (VisitEvent.QUESTIONS_DUE, MessageKind.QUESTIONS),
        (VisitEvent.PAUSED, MessageKind.PAUSED),
    ],
)
def test_request_questions_and_pause_are_told_after_the_grace(event: VisitEvent, kind: MessageKind) -> None:
    assert planned_messages(event, FACTS) == [PlannedMessage(kind, Channel.EMAIL, at(2, 10, 3))]


def test_accepted_request_is_confirmed_and_reminded_of() -> None:
    kinds = [letter.kind for letter in planned_messages(VisitEvent.ACCEPTED, FACTS)]

    assert kinds == [MessageKind.ACCEPTED, MessageKind.REMINDER, MessageKind.REMINDER]


@pytest.mark.parametrize("event", [VisitEvent.ACCEPTED, VisitEvent.DECLINED, VisitEvent.EXPIRED])
def test_patient_without_mail_is_rung_about_the_answer_to_a_request(event: VisitEvent) -> None:
    assert planned_messages(event, replace(FACTS, channel=Channel.CALL))[0].channel == Channel.CALL


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_of_letter_has_words(kind: MessageKind) -> None:
    about_accounts = {MessageKind.SIGN_IN_CODE, MessageKind.ACCOUNT}

    assert kind in SORTS
    assert kind in {*VISIT_MESSAGES, *PERSON_MESSAGES, *STAFF_MESSAGES, *about_accounts}
