"""What each kind of letter is: when it still holds, whether it may be stopped, what calendars get."""

from dataclasses import dataclass

from bookings.models import Kind, Status

COMING = frozenset({Status.REQUESTED, Status.BOOKED})
HERE = frozenset({Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED, Status.STOPPED})
GONE = frozenset({Status.CANCELLED, Status.EXPIRED, Status.BLOCKED})


@dataclass(frozen=True)
class Sort:
    """`statuses`: the visit must have a booking in one of them when the letter goes, else the letter is void.

    `before_start`: it says nothing worth saying once the treatment has begun. `optional`: the reader may stop it.
    `calendar`: the METHOD of its calendar file, or "". `change`: it tells of a change, so it always goes.
    """

    statuses: frozenset[Status] = frozenset()
    before_start: bool = False
    optional: bool = False
    calendar: str = ""
    change: bool = False


SORTS: dict[str, Sort] = {
    Kind.REQUESTED: Sort(statuses=frozenset({Status.REQUESTED}), before_start=True, change=True),
    Kind.DECLINED: Sort(statuses=GONE, change=True),
    Kind.CONFIRMED: Sort(statuses=COMING | HERE, before_start=True, calendar="REQUEST", change=True),
    Kind.MOVED: Sort(statuses=COMING | HERE, before_start=True, calendar="REQUEST", change=True),
    Kind.REMINDER: Sort(statuses=COMING, before_start=True),
    Kind.PREPARATION: Sort(statuses=COMING, before_start=True),
    Kind.CANCELLED: Sort(statuses=GONE, calendar="CANCEL", change=True),
    Kind.CANCELLED_BY_CLINIC: Sort(statuses=GONE, calendar="CANCEL", change=True),
    Kind.NO_SHOW: Sort(statuses=frozenset({Status.NO_SHOW})),
    Kind.AFTERCARE: Sort(statuses=frozenset({Status.COMPLETED}), optional=True),
    Kind.FOLLOW_UP: Sort(statuses=frozenset({Status.COMPLETED}), optional=True),
    Kind.SIGN_IN_CODE: Sort(change=True),
    Kind.ACCOUNT: Sort(change=True),
    Kind.DAY_SHEET: Sort(),
    Kind.NEW_BOOKINGS: Sort(),
    Kind.FAILED_LETTERS: Sort(),
}
