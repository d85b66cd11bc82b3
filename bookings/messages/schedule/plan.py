"""Which letters a visit deserves, and when: one table. No clock, no database. docs/letters.md shows it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bookings.messages.times import (
    EVENING,
    MORNING,
    before,
    on_day,
    outside_quiet,
    outside_quiet_before,
)
from bookings.models import Channel, Kind

AFTERCARE_AFTER = dt.timedelta(hours=3)
FOLLOW_UP_DAYS = 14


class Event(StrEnum):
    """What happened to a visit."""

    REQUESTED = "requested"
    ACCEPTED = "request accepted"
    DECLINED = "request declined"
    EXPIRED = "request lapsed"
    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED_BY_PATIENT = "cancelled by the patient"
    CANCELLED_BY_CLINIC = "cancelled by the clinic"
    NO_SHOW = "not come"
    RESTORED = "no-show undone"
    REASSIGNED = "other staff or room"
    COMPLETED = "completed"
    PAUSED = "stopped, and what follows paused"
    QUESTIONS_DUE = "waiting for answers"
    ADDRESS_PROVED = "booked, and the address shown to be the patient's"
    JOINED = "joined by one on the day before or after"


class When(StrEnum):
    SOON = "after the grace"
    AHEAD = "each reminder time (the treatment's own, else the clinic's) before the start that is still ahead"
    EVENING_BEFORE = "18:00 the day before"
    HOURS_AFTER = "3 hours after the end"
    NEXT_MORNING = "10:00 the day after"
    TWO_WEEKS_AFTER = "10:00 two weeks after"


class Given(StrEnum):
    """What must be so for the letter to be worth sending."""

    ALWAYS = "always"
    TOLD = "an earlier letter about the visit was sent"
    NOT_TOLD = "no letter about the visit was sent yet"
    PREPARATION = "the catalogue asks for preparation"
    AFTERCARE = "the catalogue gives after-care"
    COURSE = "another visit is on the day before or after"
    ASKED_IN_VAIN = "the questions were still to be sent"


@dataclass(frozen=True)
class Rule:
    kind: Kind
    when: When
    channels: frozenset[Channel]
    given: Given = Given.ALWAYS


@dataclass(frozen=True)
class Facts:
    """What the table needs to know. Moments are aware; `reminders` are minutes before the start.

    Where the address is not `proved`: whether it got its one confirmation before, and how the patient is told of what
    the clinic changes `otherwise` (None: they changed it themselves).
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
    preparation: bool = False
    aftercare: bool = False
    course: bool = False
    asked_in_vain: bool = False
    proved: bool = True
    confirmed_before: bool = False
    otherwise: Channel | None = None


@dataclass(frozen=True)
class Deserved:
    """One letter: `offset` tells reminders of one visit apart (minutes before the start)."""

    kind: Kind
    channel: Channel
    due_at: dt.datetime
    offset: int = 0


MAIL = frozenset({Channel.EMAIL})
MAIL_OR_PAPER = frozenset({Channel.EMAIL, Channel.PAPER})
MAIL_OR_CALL = frozenset({Channel.EMAIL, Channel.CALL})
ANY = frozenset(Channel)

AHEAD = (
    Rule(Kind.REMINDER, When.AHEAD, MAIL_OR_CALL),
    Rule(Kind.PREPARATION, When.EVENING_BEFORE, MAIL, Given.PREPARATION),
    Rule(Kind.NEXT_VISIT, When.EVENING_BEFORE, MAIL, Given.COURSE),
)
TABLE: dict[Event, tuple[Rule, ...]] = {
    Event.REQUESTED: (Rule(Kind.REQUESTED, When.SOON, MAIL),),
    Event.ACCEPTED: (
        Rule(Kind.ACCEPTED, When.SOON, ANY),
        Rule(Kind.QUESTIONS, When.SOON, MAIL, Given.ASKED_IN_VAIN),
        *AHEAD,
    ),
    Event.DECLINED: (Rule(Kind.DECLINED, When.SOON, ANY),),
    Event.EXPIRED: (Rule(Kind.EXPIRED, When.SOON, ANY),),
    Event.BOOKED: (Rule(Kind.CONFIRMED, When.SOON, MAIL_OR_PAPER), *AHEAD),
    Event.MOVED: (
        Rule(Kind.MOVED, When.SOON, ANY, Given.TOLD),
        Rule(Kind.CONFIRMED, When.SOON, MAIL_OR_PAPER, Given.NOT_TOLD),
        Rule(Kind.QUESTIONS, When.SOON, MAIL, Given.ASKED_IN_VAIN),
        *AHEAD,
    ),
    Event.CANCELLED_BY_PATIENT: (Rule(Kind.CANCELLED, When.SOON, MAIL, Given.TOLD),),
    Event.CANCELLED_BY_CLINIC: (Rule(Kind.CANCELLED_BY_CLINIC, When.SOON, ANY, Given.TOLD),),
    Event.NO_SHOW: (Rule(Kind.NO_SHOW, When.NEXT_MORNING, MAIL_OR_CALL),),
    Event.RESTORED: AHEAD,
    Event.REASSIGNED: (),
    Event.COMPLETED: (
        Rule(Kind.AFTERCARE, When.HOURS_AFTER, MAIL, Given.AFTERCARE),
        Rule(Kind.FOLLOW_UP, When.TWO_WEEKS_AFTER, MAIL),
    ),
    Event.PAUSED: (Rule(Kind.PAUSED, When.SOON, MAIL),),
    Event.QUESTIONS_DUE: (Rule(Kind.QUESTIONS, When.SOON, MAIL),),
    Event.ADDRESS_PROVED: AHEAD,
    Event.JOINED: (Rule(Kind.NEXT_VISIT, When.EVENING_BEFORE, MAIL, Given.COURSE),),
}
# These leave standing what was planned before; every other event voids what has not been sent.
KEEPS_THE_REST = frozenset({Event.REASSIGNED, Event.QUESTIONS_DUE, Event.ADDRESS_PROVED, Event.JOINED})
# After these a visit stands at a time that it did not have before: visits beside it become days of a course.
TAKES_A_DAY = frozenset({Event.BOOKED, Event.ACCEPTED, Event.MOVED, Event.RESTORED})
# Letters that tell the patient where the visit stands: until one was sent, there is nothing to take back.
TELLING = frozenset({Kind.CONFIRMED, Kind.MOVED, Kind.REQUESTED, Kind.ACCEPTED})

# All that an address gets until its owner has shown that it is theirs, and that once.
CONFIRMING = frozenset({Kind.CONFIRMED, Kind.REQUESTED})
# What the clinic changes is told in another way meanwhile.
BY_THE_CLINIC = frozenset({Kind.ACCEPTED, Kind.DECLINED, Kind.EXPIRED, Kind.MOVED, Kind.CANCELLED_BY_CLINIC})

HOLDS: dict[Given, Callable[[Facts], bool]] = {
    Given.ALWAYS: lambda _facts: True,
    Given.TOLD: lambda facts: facts.told,
    Given.NOT_TOLD: lambda facts: not facts.told,
    Given.PREPARATION: lambda facts: facts.preparation,
    Given.AFTERCARE: lambda facts: facts.aftercare,
    Given.COURSE: lambda facts: facts.course,
    Given.ASKED_IN_VAIN: lambda facts: facts.asked_in_vain,
}


def deserved(event: Event, facts: Facts) -> list[Deserved]:
    """The letters of this event, earliest first; moments already past are left out, not sent at once."""
    found: dict[tuple[Kind, dt.datetime], Deserved] = {}
    for rule in TABLE[event]:
        channel = _channel(rule, facts)
        if channel in rule.channels and HOLDS[rule.given](facts):
            for offset, due_at in MOMENTS[rule.when](facts):
                found.setdefault((rule.kind, due_at), Deserved(rule.kind, channel, due_at, offset))
    return sorted(found.values(), key=lambda letter: (letter.due_at, letter.kind))


def _channel(rule: Rule, facts: Facts) -> Channel | None:
    """How this letter goes; None where the address is not known to be the patient's, and nothing else would do."""
    if facts.proved or facts.channel != Channel.EMAIL:
        return facts.channel
    if rule.kind in CONFIRMING:
        return None if facts.confirmed_before else Channel.EMAIL
    return facts.otherwise if rule.kind in BY_THE_CLINIC else None


def _soon(facts: Facts) -> list[tuple[int, dt.datetime]]:
    return [(0, facts.now + facts.grace)]


def _reminders(facts: Facts) -> list[tuple[int, dt.datetime]]:
    """Largest offset first. The desk rings once: at the earliest moment that is still ahead."""
    offsets = sorted(set(facts.reminders), reverse=True)
    wanted = [(offset, before(facts.starts_at, offset, facts.zone)) for offset in offsets]
    awake = [(offset, outside_quiet_before(due, facts.arrives_at, facts.zone)) for offset, due in wanted]
    ahead = [(offset, due) for offset, due in awake if due > facts.now]
    return ahead[:1] if facts.channel == Channel.CALL else ahead


def _evening_before(facts: Facts) -> list[tuple[int, dt.datetime]]:
    """Somebody who books after that evening reads the preparation in the confirmation's link."""
    arrives = facts.arrives_at.astimezone(facts.zone)
    due = on_day(arrives.date() - dt.timedelta(days=1), EVENING, facts.zone)
    return [(0, due)] if due > facts.now else []


def _hours_after(facts: Facts) -> list[tuple[int, dt.datetime]]:
    due = max(facts.now, facts.ends_at) + AFTERCARE_AFTER
    return [(0, outside_quiet(due, facts.zone))]


def _morning(days: int) -> Callable[[Facts], list[tuple[int, dt.datetime]]]:
    def due(facts: Facts) -> list[tuple[int, dt.datetime]]:
        day = facts.ends_at.astimezone(facts.zone).date() + dt.timedelta(days=days)
        moment = on_day(day, MORNING, facts.zone)
        return [(0, moment)] if moment > facts.now else []

    return due


MOMENTS: dict[When, Callable[[Facts], list[tuple[int, dt.datetime]]]] = {
    When.SOON: _soon,
    When.AHEAD: _reminders,
    When.EVENING_BEFORE: _evening_before,
    When.HOURS_AFTER: _hours_after,
    When.NEXT_MORNING: _morning(1),
    When.TWO_WEEKS_AFTER: _morning(FOLLOW_UP_DAYS),
}
