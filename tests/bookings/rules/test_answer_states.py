"""“Nothing blocks” is said if, and only if, the answers would let every session start now. Pure."""

import datetime as dt
from itertools import product
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bookings.models import Booking, Status
from bookings.rules.answer_states import AnswersSay, answers_say
from bookings.rules.session_verdicts import HealthVerdict
from bookings.rules.visits import why_not_start
from tests.factories import NOW

KOLKATA = ZoneInfo("Asia/Kolkata")
TODAY = NOW.astimezone(KOLKATA).date()
SOMETHING: Any = object()


def verdict(*, open_answer: bool, unanswered: bool, readable: bool, asks: bool = True, days: int = 0) -> HealthVerdict:
    """What is known, without the answers behind it."""
    known: Any = SimpleNamespace(now=NOW, questionnaire_days=30 if readable else None)
    row = HealthVerdict(SOMETHING if asks else None, known, TODAY + dt.timedelta(days=days), KOLKATA)
    due = (SOMETHING,) if unanswered and asks else ()
    row.__dict__.update(findings=(SOMETHING,) if open_answer and asks else (), due=due, due_before_booking=due)
    return row


def may_start(row: HealthVerdict) -> bool:
    """As `attendance.start` asks the answers: what is unreadable, then the booking's screening."""
    booking = Booking(status=Status.CHECKED_IN, screening=row.screening)
    return not row.why_unreadable and not why_not_start(booking)


EVERY = [
    verdict(open_answer=first, unanswered=second, readable=third, asks=fourth)
    for first, second, third, fourth in product((True, False), repeat=4)
]


@pytest.mark.parametrize("count", [1, 2])
def test_nothing_blocks_is_said_if_and_only_if_the_answers_let_every_session_start(count: int) -> None:
    for rows in product(EVERY, repeat=count):
        asking = [row for row in rows if row.profile is not None]

        says = answers_say(rows)

        assert (says is AnswersSay.NOTHING_BLOCKS) == (bool(asking) and all(may_start(row) for row in asking))
        assert (says is AnswersSay.NOT_ASKED) == (not asking)


@pytest.mark.parametrize(
    ("open_answer", "unanswered", "says"),
    [
        (True, True, AnswersSay.WAITS),
        (True, False, AnswersSay.WAITS),
        (False, True, AnswersSay.UNANSWERED),
        (False, False, AnswersSay.SO_FAR),
    ],
)
def test_before_its_day_nothing_more_is_said_than_so_far(
    *, open_answer: bool, unanswered: bool, says: AnswersSay
) -> None:
    ahead = verdict(open_answer=open_answer, unanswered=unanswered, readable=True, days=2)

    assert (answers_say([ahead]), answers_say([], [ahead])) == (says, says)
