"""The properties of each kind of message: when it is still valid, whether it may be stopped, its calendar file."""

from dataclasses import dataclass

from bookings.models import Message, MessageKind, Status

from .times import DAY

COMING = frozenset({Status.REQUESTED, Status.BOOKED})
HERE = frozenset({Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED, Status.STOPPED})
GONE = frozenset({Status.CANCELLED, Status.EXPIRED, Status.BLOCKED})


@dataclass(frozen=True)
class Sort:
    """`statuses`: the message is void unless the visit has a booking in one of them when it is sent.

    `before_start`: it is only useful before the treatment starts. `optional`: the patient may stop it. `reminds`: the
    patient may stop it too, unless it says how to prepare. `calendar`: the
    METHOD of its calendar file, or "". `change`: it reports a change or asks for an answer, so it is always sent.
    `fixed`: the recipient was decided when the message was written; the patient's present address does not matter.
    """

    statuses: frozenset[Status] = frozenset()
    before_start: bool = False
    optional: bool = False
    reminds: bool = False
    calendar: str = ""
    change: bool = False
    fixed: bool = False


SORTS: dict[str, Sort] = {
    MessageKind.REQUESTED: Sort(statuses=frozenset({Status.REQUESTED}), before_start=True, change=True),
    MessageKind.ACCEPTED: Sort(statuses=COMING | HERE, before_start=True, calendar="REQUEST", change=True),
    MessageKind.DECLINED: Sort(statuses=GONE, change=True),
    MessageKind.EXPIRED: Sort(statuses=GONE, change=True),
    MessageKind.PAUSED: Sort(statuses=frozenset({Status.STOPPED}), change=True),
    MessageKind.CONFIRMED: Sort(statuses=COMING | HERE, before_start=True, calendar="REQUEST", change=True),
    MessageKind.MOVED: Sort(statuses=COMING | HERE, before_start=True, calendar="REQUEST", change=True),
    MessageKind.RESTORED: Sort(statuses=COMING | HERE, before_start=True, calendar="REQUEST", change=True),
    MessageKind.REMINDER: Sort(statuses=COMING, before_start=True, reminds=True),
    MessageKind.PREPARATION: Sort(statuses=COMING, before_start=True),
    MessageKind.NEXT_VISIT: Sort(statuses=COMING, before_start=True, reminds=True),
    MessageKind.RUNNING_LATE: Sort(statuses=frozenset({Status.BOOKED, Status.CHECKED_IN}), change=True),
    MessageKind.QUESTIONS: Sort(statuses=COMING, before_start=True, change=True),
    MessageKind.CANCELLED: Sort(statuses=GONE, calendar="CANCEL", change=True),
    MessageKind.CANCELLED_BY_CLINIC: Sort(statuses=GONE, calendar="CANCEL", change=True),
    MessageKind.NO_SHOW: Sort(statuses=frozenset({Status.NO_SHOW})),
    MessageKind.AFTERCARE: Sort(statuses=frozenset({Status.COMPLETED}), optional=True),
    MessageKind.FOLLOW_UP: Sort(statuses=frozenset({Status.COMPLETED}), optional=True),
    MessageKind.REVIEW_DUE: Sort(),
    MessageKind.CALL_BACK: Sort(change=True),
    MessageKind.WRONG_ANSWER: Sort(change=True),
    MessageKind.ACCESS_BEGUN: Sort(change=True, fixed=True),
    MessageKind.ACCESS_ENDED: Sort(change=True, fixed=True),
    MessageKind.NEW_CLINIC: Sort(change=True, fixed=True),
    MessageKind.RECORD_SHARED: Sort(change=True, fixed=True),
    MessageKind.CONTACT_CHANGED: Sort(change=True, fixed=True),
    MessageKind.CONFIRM_CONTACT: Sort(change=True, fixed=True),
    MessageKind.SIGN_IN_CODE: Sort(change=True),
    MessageKind.ACCOUNT: Sort(change=True),
    MessageKind.DAY_SHEET: Sort(),
    MessageKind.NEW_BOOKINGS: Sort(),
    MessageKind.FAILED_MESSAGES: Sort(),
}
OF_THE_DAY = frozenset({MessageKind.PREPARATION, MessageKind.NEXT_VISIT})


def offset_of(message: Message) -> int:
    """Minutes before the start for which a reminder was planned, of an evening message whether it stands for them all.

    Part of the key.
    """
    parts = message.key.split(":")
    return int(parts[4]) if len(parts) > 4 and parts[4].isdigit() else 0


def is_of_the_day(message: Message) -> bool:
    """Whether the message covers all visits of the day."""
    return message.kind in OF_THE_DAY or (message.kind == MessageKind.REMINDER and offset_of(message) >= DAY)


def is_well_ahead(message: Message) -> bool:
    """Whether it is a reminder two days ahead or more, early enough for preparation that takes time."""
    return message.kind == MessageKind.REMINDER and offset_of(message) >= 2 * DAY


BEFORE_START = [MessageKind(kind) for kind, sort in SORTS.items() if sort.before_start]
CHANGES = [MessageKind(kind) for kind, sort in SORTS.items() if sort.change]
