"""What a page may say of a patient's answers: the same judgement that lets a session start. Pure."""

from collections.abc import Iterable
from enum import StrEnum

from bookings.models import ScreeningState
from bookings.rules.session_verdicts import HealthVerdict


class AnswersSay(StrEnum):
    """`WAITS`: a Vaidya decides. `UNANSWERED`: questions are open, or answers too old. `SO_FAR`: nothing speaks against
    it yet, and the questions of its day are asked on that day. `NOTHING_BLOCKS`: as far as answers go it may start now.
    `NOT_ASKED`: nothing is planned that asks for answers.
    """

    WAITS = "waits"
    UNANSWERED = "unanswered"
    SO_FAR = "so_far"
    NOTHING_BLOCKS = "nothing_blocks"
    NOT_ASKED = "not_asked"


def answers_say(booked: Iterable[HealthVerdict], prescribed: Iterable[HealthVerdict] = ()) -> AnswersSay:
    """The strongest of all sessions: those that are `booked`, each judged on its day, and what is only `prescribed`."""
    says = {*map(_of_booked, booked), *map(_of_prescribed, prescribed)} - {AnswersSay.NOT_ASKED}
    return min(says, default=AnswersSay.NOT_ASKED, key=[*AnswersSay].index)


def _of_booked(verdict: HealthVerdict) -> AnswersSay:
    if verdict.profile is None:
        return AnswersSay.NOT_ASKED
    if verdict.why_unreadable or verdict.screening == ScreeningState.WAITING:
        return AnswersSay.WAITS
    if verdict.screening == ScreeningState.DUE:
        return AnswersSay.UNANSWERED
    return AnswersSay.NOTHING_BLOCKS if verdict.is_today else AnswersSay.SO_FAR


def _of_prescribed(verdict: HealthVerdict) -> AnswersSay:
    """The questions of a day are not due before there is a day."""
    if verdict.profile is None:
        return AnswersSay.NOT_ASKED
    if verdict.why_unreadable or verdict.findings:
        return AnswersSay.WAITS
    return AnswersSay.UNANSWERED if verdict.due_before_booking else AnswersSay.SO_FAR
