"""What each kind of letter is: when it still holds, whether it may be stopped, what calendars get."""

from dataclasses import dataclass

from bookings.models import Kind, Message, Status

from .times import DAY

COMING = frozenset({Status.REQUESTED, Status.BOOKED})
HERE = frozenset({Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED, Status.STOPPED})
GONE = frozenset({Status.CANCELLED, Status.EXPIRED, Status.BLOCKED})


@dataclass(frozen=True)
class Sort:
    """`statuses`: the visit must have a booking in one of them when the letter goes, else the letter is void.

    `before_start`: it says nothing worth saying once the treatment has begun. `optional`: the reader may stop it.
    `calendar`: the METHOD of its calendar file, or "". `change`: it tells of a change or asks for an answer, so that it
    always goes. `fixed`: who gets it was decided by the act that it tells of, whatever the patient's address is now.
    """

    statuses: frozenset[Status] = frozenset()
    before_start: bool = False
    optional: bool = False
    calendar: str = ""
    change: bool = False
    fixed: bool = False


SORTS: dict[str, Sort] = {
    Kind.REQUESTED: Sort(statuses=frozenset({Status.REQUESTED}), before_start=True, change=True),
    Kind.ACCEPTED: Sort(statuses=COMING | HERE, before_start=True, calendar="REQUEST", change=True),
    Kind.DECLINED: Sort(statuses=GONE, change=True),
    Kind.EXPIRED: Sort(statuses=GONE, change=True),
    Kind.PAUSED: Sort(statuses=frozenset({Status.STOPPED}), change=True),
    Kind.CONFIRMED: Sort(statuses=COMING | HERE, before_start=True, calendar="REQUEST", change=True),
    Kind.MOVED: Sort(statuses=COMING | HERE, before_start=True, calendar="REQUEST", change=True),
    Kind.REMINDER: Sort(statuses=COMING, before_start=True),
    Kind.PREPARATION: Sort(statuses=COMING, before_start=True),
    Kind.NEXT_VISIT: Sort(statuses=COMING, before_start=True),
    Kind.QUESTIONS: Sort(statuses=COMING, before_start=True, change=True),
    Kind.CANCELLED: Sort(statuses=GONE, calendar="CANCEL", change=True),
    Kind.CANCELLED_BY_CLINIC: Sort(statuses=GONE, calendar="CANCEL", change=True),
    Kind.NO_SHOW: Sort(statuses=frozenset({Status.NO_SHOW})),
    Kind.AFTERCARE: Sort(statuses=frozenset({Status.COMPLETED}), optional=True),
    Kind.FOLLOW_UP: Sort(statuses=frozenset({Status.COMPLETED}), optional=True),
    Kind.REVIEW_DUE: Sort(),
    Kind.CALL_BACK: Sort(change=True),
    Kind.ACCESS_BEGUN: Sort(change=True, fixed=True),
    Kind.ACCESS_ENDED: Sort(change=True, fixed=True),
    Kind.NEW_CLINIC: Sort(change=True, fixed=True),
    Kind.RECORD_SHARED: Sort(change=True, fixed=True),
    Kind.CONTACT_CHANGED: Sort(change=True, fixed=True),
    Kind.CONFIRM_CONTACT: Sort(change=True, fixed=True),
    Kind.SIGN_IN_CODE: Sort(change=True),
    Kind.ACCOUNT: Sort(change=True),
    Kind.DAY_SHEET: Sort(),
    Kind.NEW_BOOKINGS: Sort(),
    Kind.FAILED_LETTERS: Sort(),
}
OF_THE_DAY = frozenset({Kind.PREPARATION, Kind.NEXT_VISIT})


def offset_of(message: Message) -> int:
    """Minutes before the start for which a reminder was planned; it stands in the key."""
    parts = message.key.split(":")
    return int(parts[4]) if len(parts) > 4 and parts[4].isdigit() else 0


def is_of_the_day(message: Message) -> bool:
    """Whether the letter speaks of the whole day of the visit, all visits of that day included."""
    return message.kind in OF_THE_DAY or (message.kind == Kind.REMINDER and offset_of(message) >= DAY)


def is_well_ahead(message: Message) -> bool:
    """Whether it is a reminder of two days or more, early enough to tell what takes time to prepare."""
    return message.kind == Kind.REMINDER and offset_of(message) >= 2 * DAY


CHANGES = [Kind(kind) for kind, sort in SORTS.items() if sort.change]
