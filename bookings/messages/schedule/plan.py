"""Which messages a visit gets, and when: one table. No clock, no database. docs/messages.md shows it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bookings.messages.times import (
    DAY,
    EVENING,
    MORNING,
    before,
    on_day,
    outside_quiet,
    outside_quiet_before,
)
from bookings.models import Channel, MessageKind

AFTERCARE_AFTER = dt.timedelta(hours=3)
FOLLOW_UP_DAYS = 14


class VisitEvent(StrEnum):
    """What happened to a visit."""

    REQUESTED = "requested"
    ACCEPTED = "request accepted"
    DECLINED = "request declined"
    EXPIRED = "request lapsed"
    BOOKED = "booked"
    BOOKED_TOGETHER = "booked together with an earlier visit, whose confirmation names it"
    MOVED = "moved"
    MOVED_HERE = "moved within the day, while the patient waits at the clinic"
    CANCELLED_BY_PATIENT = "cancelled by the patient"
    CANCELLED_BY_CLINIC = "cancelled by the clinic"
    NO_SHOW = "not come"
    RESTORED = "no-show undone"
    REINSTATED = "cancellation undone"
    UNDONE = "completed by mistake"
    CLOSED_LATE = "found open on a later day, and recorded as it was"
    REASSIGNED = "other staff or room"
    COMPLETED = "completed"
    PAUSED = "stopped, and what follows paused"
    QUESTIONS_DUE = "waiting for answers"
    ADDRESS_PROVED = "booked, and the address shown to be the patient's"
    RUNNING_LATE = "told that the clinic runs late"
    JOINED = "joined by one on the day before or after"


class When(StrEnum):
    AT_ONCE = "at once"
    SOON = "after the grace"
    AHEAD = "each reminder time (the treatment's own, else the clinic's) before the start that is still ahead"
    EVENING_BEFORE = "18:00 the day before"
    HOURS_AFTER = "3 hours after the end"
    NEXT_MORNING = "10:00 the day after"
    TWO_WEEKS_AFTER = "10:00 two weeks after"


class Condition(StrEnum):
    """The condition under which a message is planned."""

    ALWAYS = "always"
    TOLD = "an earlier message about the visit was sent"
    TOLD_OF_END = "the cancellation was sent"
    NOT_TOLD = "no message about the visit was sent yet"
    AFTERCARE = "the catalogue gives after-care"
    COURSE = "another visit is on the day before or after, and a reminder is sent a day before"
    EVENING = "another visit is on the day before or after, or no reminder is sent a day before"
    DAY_BEFORE = "the catalogue asks for preparation, and a reminder is sent a day before"
    ASKED_IN_VAIN = "the questions were still to be sent"


@dataclass(frozen=True)
class MessageRule:
    kind: MessageKind
    when: When
    channels: frozenset[Channel]
    given: Condition = Condition.ALWAYS


@dataclass(frozen=True)
class VisitFacts:
    """What the table needs. Times are aware; `reminders` are minutes before the start.

    For an address that is not `proved`: whether it got its one confirmation before, and the channel for the clinic's
    changes `otherwise` (None: the patient made the change). `late`: by how many minutes the clinic runs late.
    """

    now: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime
    arrives_at: dt.datetime
    zone: ZoneInfo
    channel: Channel
    reminders: tuple[int, ...]
    grace: dt.timedelta
    told: bool = True
    told_of_end: bool = False
    preparation: bool = False
    aftercare: bool = False
    course: bool = False
    asked_in_vain: bool = False
    proved: bool = True
    confirmed_before: bool = False
    otherwise: Channel | None = None
    late: int = 0

    @property
    def reminds_a_day_before(self) -> bool:
        """Whether a reminder is sent a day before; else one message in the evening says all, how to prepare too."""
        return any(DAY <= minutes < 2 * DAY for minutes in self.reminders)


@dataclass(frozen=True)
class PlannedMessage:
    """One message; `offset` (minutes before the start) distinguishes the reminders of a visit."""

    kind: MessageKind
    channel: Channel
    due_at: dt.datetime
    offset: int = 0


MAIL = frozenset({Channel.EMAIL})
MAIL_OR_PAPER = frozenset({Channel.EMAIL, Channel.PAPER})
MAIL_OR_CALL = frozenset({Channel.EMAIL, Channel.CALL})
ANY = frozenset(Channel)

AHEAD = (
    MessageRule(MessageKind.REMINDER, When.AHEAD, MAIL_OR_CALL),
    MessageRule(MessageKind.PREPARATION, When.EVENING_BEFORE, MAIL, Condition.DAY_BEFORE),
    MessageRule(MessageKind.NEXT_VISIT, When.EVENING_BEFORE, MAIL, Condition.EVENING),
)
TABLE: dict[VisitEvent, tuple[MessageRule, ...]] = {
    VisitEvent.REQUESTED: (MessageRule(MessageKind.REQUESTED, When.SOON, MAIL),),
    VisitEvent.ACCEPTED: (
        MessageRule(MessageKind.ACCEPTED, When.SOON, ANY),
        MessageRule(MessageKind.QUESTIONS, When.SOON, MAIL, Condition.ASKED_IN_VAIN),
        *AHEAD,
    ),
    VisitEvent.DECLINED: (MessageRule(MessageKind.DECLINED, When.SOON, ANY),),
    VisitEvent.EXPIRED: (MessageRule(MessageKind.EXPIRED, When.SOON, ANY),),
    VisitEvent.BOOKED: (MessageRule(MessageKind.CONFIRMED, When.SOON, MAIL_OR_PAPER), *AHEAD),
    VisitEvent.BOOKED_TOGETHER: AHEAD,
    VisitEvent.MOVED: (
        MessageRule(MessageKind.MOVED, When.SOON, ANY, Condition.TOLD),
        MessageRule(MessageKind.CONFIRMED, When.SOON, MAIL_OR_PAPER, Condition.NOT_TOLD),
        MessageRule(MessageKind.QUESTIONS, When.SOON, MAIL, Condition.ASKED_IN_VAIN),
        *AHEAD,
    ),
    VisitEvent.MOVED_HERE: (),
    VisitEvent.CANCELLED_BY_PATIENT: (MessageRule(MessageKind.CANCELLED, When.SOON, MAIL, Condition.TOLD),),
    VisitEvent.CANCELLED_BY_CLINIC: (MessageRule(MessageKind.CANCELLED_BY_CLINIC, When.SOON, ANY, Condition.TOLD),),
    VisitEvent.NO_SHOW: (MessageRule(MessageKind.NO_SHOW, When.NEXT_MORNING, MAIL_OR_CALL),),
    VisitEvent.RESTORED: AHEAD,
    VisitEvent.REINSTATED: (
        MessageRule(MessageKind.RESTORED, When.SOON, ANY, Condition.TOLD_OF_END),
        MessageRule(MessageKind.CONFIRMED, When.SOON, MAIL_OR_PAPER, Condition.NOT_TOLD),
        *AHEAD,
    ),
    VisitEvent.UNDONE: (),
    VisitEvent.CLOSED_LATE: (),
    VisitEvent.REASSIGNED: (),
    VisitEvent.COMPLETED: (
        MessageRule(MessageKind.AFTERCARE, When.HOURS_AFTER, MAIL, Condition.AFTERCARE),
        MessageRule(MessageKind.FOLLOW_UP, When.TWO_WEEKS_AFTER, MAIL),
    ),
    VisitEvent.PAUSED: (MessageRule(MessageKind.PAUSED, When.SOON, MAIL),),
    VisitEvent.QUESTIONS_DUE: (MessageRule(MessageKind.QUESTIONS, When.SOON, MAIL),),
    VisitEvent.ADDRESS_PROVED: AHEAD,
    VisitEvent.RUNNING_LATE: (MessageRule(MessageKind.RUNNING_LATE, When.AT_ONCE, MAIL_OR_CALL),),
    VisitEvent.JOINED: (MessageRule(MessageKind.NEXT_VISIT, When.EVENING_BEFORE, MAIL, Condition.COURSE),),
}
# These keep what was planned before; all other events make unsent messages void.
KEEPS_THE_REST = frozenset(
    {
        VisitEvent.REASSIGNED,
        VisitEvent.QUESTIONS_DUE,
        VisitEvent.ADDRESS_PROVED,
        VisitEvent.JOINED,
        VisitEvent.RUNNING_LATE,
    }
)
# These say nothing to the patient, who knows: what was planned before is void.
QUIETENS = frozenset({VisitEvent.MOVED_HERE, VisitEvent.UNDONE, VisitEvent.CLOSED_LATE})
# After these a visit has a new time: visits on the days beside it become days of a course.
TAKES_A_DAY = frozenset({VisitEvent.BOOKED, VisitEvent.BOOKED_TOGETHER, VisitEvent.ACCEPTED, VisitEvent.MOVED})
TAKES_A_DAY |= {VisitEvent.RESTORED, VisitEvent.REINSTATED}
# Messages that tell the patient about the visit: until one was sent, there is nothing to take back.
TELLING = frozenset({MessageKind.CONFIRMED, MessageKind.MOVED, MessageKind.REQUESTED, MessageKind.ACCEPTED})

# Messages that take it back: once one was sent, a visit that takes place after all needs a correction.
ENDING = frozenset({MessageKind.CANCELLED, MessageKind.CANCELLED_BY_CLINIC})

# An address that is not confirmed gets only these, and only one.
CONFIRMING = frozenset({MessageKind.CONFIRMED, MessageKind.REQUESTED})
# Changes by the clinic, which are meanwhile reported on another channel.
BY_THE_CLINIC = frozenset(
    {
        MessageKind.ACCEPTED,
        MessageKind.DECLINED,
        MessageKind.EXPIRED,
        MessageKind.MOVED,
        MessageKind.CANCELLED_BY_CLINIC,
        MessageKind.RESTORED,
        MessageKind.RUNNING_LATE,
    }
)

HOLDS: dict[Condition, Callable[[VisitFacts], bool]] = {
    Condition.ALWAYS: lambda _facts: True,
    Condition.TOLD: lambda facts: facts.told,
    Condition.TOLD_OF_END: lambda facts: facts.told_of_end,
    Condition.NOT_TOLD: lambda facts: not facts.told,
    Condition.AFTERCARE: lambda facts: facts.aftercare,
    Condition.COURSE: lambda facts: facts.course and facts.reminds_a_day_before,
    Condition.EVENING: lambda facts: facts.course or not facts.reminds_a_day_before,
    Condition.DAY_BEFORE: lambda facts: facts.preparation and facts.reminds_a_day_before,
    Condition.ASKED_IN_VAIN: lambda facts: facts.asked_in_vain,
}


def planned_messages(event: VisitEvent, facts: VisitFacts) -> list[PlannedMessage]:
    """The messages of this event, earliest first. Those whose time is past are left out."""
    rows: dict[tuple[MessageKind, dt.datetime], PlannedMessage] = {}
    for rule in TABLE[event]:
        channel = _channel(rule, facts)
        if channel in rule.channels and HOLDS[rule.given](facts):
            for offset, due_at in MOMENTS[rule.when](facts):
                rows.setdefault((rule.kind, due_at), PlannedMessage(rule.kind, channel, due_at, offset))
    return sorted(rows.values(), key=lambda message: (message.due_at, message.kind))


def _channel(rule: MessageRule, facts: VisitFacts) -> Channel | None:
    """The channel of this message; None when the address is not confirmed and there is no other channel."""
    if facts.proved or facts.channel != Channel.EMAIL:
        return facts.channel
    if rule.kind in CONFIRMING:
        return None if facts.confirmed_before else Channel.EMAIL
    return facts.otherwise if rule.kind in BY_THE_CLINIC else None


def _at_once(facts: VisitFacts) -> list[tuple[int, dt.datetime]]:
    """Of a clinic that runs late the offset says by how many minutes."""
    return [(facts.late, facts.now)]


def _soon(facts: VisitFacts) -> list[tuple[int, dt.datetime]]:
    return [(0, facts.now + facts.grace)]


def _reminders(facts: VisitFacts) -> list[tuple[int, dt.datetime]]:
    """The largest offset first. The desk calls only once, at the earliest time ahead, and in any case a day before."""
    called = {DAY} if facts.channel == Channel.CALL and not facts.reminds_a_day_before else set()
    offsets = sorted({*facts.reminders, *called}, reverse=True)
    wanted = [(offset, before(facts.starts_at, offset, facts.zone)) for offset in offsets]
    awake = [(offset, outside_quiet_before(due, facts.arrives_at, facts.zone)) for offset, due in wanted]
    ahead = [(offset, due) for offset, due in awake if due > facts.now]
    return ahead[:1] if facts.channel == Channel.CALL else ahead


def _evening_before(facts: VisitFacts) -> list[tuple[int, dt.datetime]]:
    """Nothing if the evening is past: the confirmation links to the preparation.

    The offset tells a message that stands for the reminders from one that replaces them on the days of a course.
    """
    arrives = facts.arrives_at.astimezone(facts.zone)
    due = on_day(arrives.date() - dt.timedelta(days=1), EVENING, facts.zone)
    return [(0 if facts.reminds_a_day_before else DAY, due)] if due > facts.now else []


def _hours_after(facts: VisitFacts) -> list[tuple[int, dt.datetime]]:
    due = max(facts.now, facts.ends_at) + AFTERCARE_AFTER
    return [(0, outside_quiet(due, facts.zone))]


def _morning(days: int) -> Callable[[VisitFacts], list[tuple[int, dt.datetime]]]:
    def due(facts: VisitFacts) -> list[tuple[int, dt.datetime]]:
        day = facts.ends_at.astimezone(facts.zone).date() + dt.timedelta(days=days)
        moment = on_day(day, MORNING, facts.zone)
        return [(0, moment)] if moment > facts.now else []

    return due


MOMENTS: dict[When, Callable[[VisitFacts], list[tuple[int, dt.datetime]]]] = {
    When.AT_ONCE: _at_once,
    When.SOON: _soon,
    When.AHEAD: _reminders,
    When.EVENING_BEFORE: _evening_before,
    When.HOURS_AFTER: _hours_after,
    When.NEXT_MORNING: _morning(1),
    When.TWO_WEEKS_AFTER: _morning(FOLLOW_UP_DAYS),
}
