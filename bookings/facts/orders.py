"""Prescribed therapies, each with the days of its sessions: how far a course has come."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypedDict
from zoneinfo import ZoneInfo

from bookings.models import PrescriptionItem
from bookings.models.booking import COUNTS, IS_SESSION
from clinic.statements import Statement
from therapies.models import Variant
from therapies.rules import AGE_LIMIT


class SessionRow(TypedDict):
    """A session of an order: when it begins, in seconds, the zone of its clinic, and whether it uses one up."""

    item: int
    epoch: float
    timezone: str
    counts: bool


class ScheduleRow(TypedDict):
    """A schedule of the catalogue, and the letters of its sequence."""

    code: str
    sequence: list[str] | None


class OrderRows(NamedTuple):
    """The columns of SESSIONS_OF_ORDERS."""

    sessions: list[SessionRow]
    schedules: list[ScheduleRow]


# All sessions of these orders, and the sequences of their schedules: two columns. What is only held is no session yet;
# the visits that are being booked or moved are left out. Values: `order_values`.
SESSIONS_OF_ORDERS = f"""
  coalesce((SELECT json_agg(session) FROM (
    SELECT b.item_id AS item, date_part('epoch', b.starts_at) AS epoch, visit.timezone, {COUNTS} AS counts
      FROM bookings_booking b
      JOIN bookings_visit visit ON visit.id = b.visit_id
     WHERE b.item_id = ANY(%(items)s::bigint[]) AND b.visit_id <> ALL(%(ignoring)s::bigint[]) AND {IS_SESSION}
     ORDER BY b.starts_at
  ) session), '[]') AS sessions,
  coalesce((SELECT json_agg(schedule) FROM (
    SELECT r.code, r.data -> 'sequence' AS sequence
      FROM therapies_rule r WHERE r.kind = 'schedule' AND r.code = ANY(%(schedules)s::varchar[])
  ) schedule), '[]') AS schedules
"""  # noqa: S608 - our own words
OF_ORDERS = Statement(f"SELECT {SESSIONS_OF_ORDERS}", OrderRows)
LETTERS_OF_A_SCHEDULE = {"A": "anuvasana", "N": "niruha"}


@dataclass(frozen=True)
class OrderProgress:
    """A prescribed therapy, and the days (of the clinic) of the sessions that are booked or were given.

    `stopped` of them ended early by a sign and do not use up a session of the order; gaps count from them all the same.
    """

    item: PrescriptionItem
    days: tuple[dt.date, ...]
    sequence: tuple[str, ...] = ()
    stopped: int = 0

    @property
    def taken(self) -> int:
        """Sessions that are used up."""
        return len(self.days) - self.stopped

    @property
    def left(self) -> int:
        """Sessions that may still be booked."""
        return max(0, self.item.sessions - self.taken)

    @property
    def is_running(self) -> bool:
        """Whether the course has begun, so that Sundays and holidays must not break it."""
        return bool(self.days)

    @property
    def next_code(self) -> str:
        """The variant that a course by a schedule gives next."""
        return self.sequence[self.taken % len(self.sequence)]

    def with_session(self, on: dt.date) -> "OrderProgress":
        """The same with one more session, booked for that day."""
        return replace(self, days=tuple(sorted([*self.days, on])))

    def lifts_age(self, therapy: str, treatment: str) -> bool:
        """Whether the Vaidya's written reason lifts the age limits of this treatment: where they are not absolute."""
        ordered = self.item.variant
        is_it = (ordered.therapy.code, ordered.code) == (therapy, treatment)
        return is_it and AGE_LIMIT in self.item.lifted and not ordered.has_absolute_ages

    def serves(self, variant: Variant) -> bool:
        """Whether a session of this variant is one of this order; one with a smaller crew is."""
        ordered = self.item.variant
        if variant.therapy_id != ordered.therapy_id:
            return False
        return bool(self.sequence) or variant.treatment == ordered.code


def orders_of(items: Sequence[PrescriptionItem], *, ignoring: int | None = None) -> list[OrderProgress]:
    """These prescribed therapies, each with the days of its sessions; `ignoring` is a visit that does not count."""
    if not items:
        return []
    rows = OF_ORDERS.one(**order_values(items, ignoring=[ignoring or 0]))
    return with_days(items, rows.sessions, rows.schedules)


def order_values(items: Sequence[PrescriptionItem], *, ignoring: Iterable[int]) -> dict[str, object]:
    """What SESSIONS_OF_ORDERS asks for."""
    return {
        "items": [item.pk for item in items],
        "schedules": [item.schedule for item in items if item.schedule],
        "ignoring": [*ignoring],
    }


def with_days(
    items: Iterable[PrescriptionItem], sessions: Iterable[SessionRow], schedules: Iterable[ScheduleRow]
) -> list[OrderProgress]:
    """Each order with the clinic's dates of its sessions, in order: out of the two columns of SESSIONS_OF_ORDERS."""
    dates: Mapping[int, list[dt.date]] = defaultdict(list)
    stopped: Counter[int] = Counter()
    for row in sessions:
        stopped[row["item"]] += not row["counts"]
        dates[row["item"]].append(dt.datetime.fromtimestamp(row["epoch"], ZoneInfo(row["timezone"])).date())
    letters = {row["code"]: row["sequence"] for row in schedules}
    return [_ordered(item, dates[item.pk], letters.get(item.schedule), stopped[item.pk]) for item in items]


def _ordered(
    item: PrescriptionItem, days: Iterable[dt.date], letters: Sequence[str] | None, stopped: int
) -> OrderProgress:
    """A schedule that cannot be read names a variant that there is not, so nothing passes."""
    sequence = [LETTERS_OF_A_SCHEDULE.get(letter, "") for letter in letters or "?"] if item.schedule else []
    return OrderProgress(item, tuple(days), tuple(sequence), stopped)
