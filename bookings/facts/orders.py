"""Prescribed therapies, each with the days of its sessions: how far a course has come."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from bookings.models import PrescriptionItem
from bookings.models.booking import sessions_of_orders
from therapies.models import Variant

# All sessions of these orders, and the sequences of their schedules: two columns. What is only held is no session yet;
# the visits that are being booked or moved are left out. Asked by `values_of`.
OF_ORDERS = """
  (SELECT jsonb_agg(jsonb_build_array(b.item_id, date_part('epoch', b.starts_at), visit.timezone) ORDER BY b.starts_at)
     FROM bookings_booking b
     JOIN bookings_visit visit ON visit.id = b.visit_id
    WHERE b.item_id = ANY(%(items)s::bigint[]) AND b.visit_id <> ALL(%(ignoring)s::bigint[])
      AND b.status = ANY(%(of_orders)s::varchar[])),
  (SELECT jsonb_agg(jsonb_build_array(r.code, r.data -> 'sequence'))
     FROM therapies_rule r WHERE r.kind = 'schedule' AND r.code = ANY(%(schedules)s::varchar[]))
"""
LETTERS_OF_A_SCHEDULE = {"A": "anuvasana", "N": "niruha"}


@dataclass(frozen=True)
class OrderProgress:
    """A prescribed therapy, and the days (of the clinic) of the sessions that are booked or were given."""

    item: PrescriptionItem
    days: tuple[dt.date, ...]
    sequence: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """Sessions that may still be booked."""
        return max(0, self.item.sessions - len(self.days))

    @property
    def is_running(self) -> bool:
        """Whether the course has begun, so that Sundays and holidays must not break it."""
        return bool(self.days)

    @property
    def next_code(self) -> str:
        """The variant that a course by a schedule gives next."""
        return self.sequence[len(self.days) % len(self.sequence)]

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
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {OF_ORDERS}", order_values(items, ignoring=[ignoring or 0]))
        given, schedules = (json.loads(rows or "[]") for rows in cursor.fetchone())
    return with_days(items, given, schedules)


def order_values(items: Sequence[PrescriptionItem], *, ignoring: Iterable[int]) -> dict[str, Any]:
    """What OF_ORDERS asks for."""
    return {
        "items": [item.pk for item in items],
        "schedules": [item.schedule for item in items if item.schedule],
        "ignoring": [*ignoring],
        "of_orders": sessions_of_orders(),
    }


def with_days(
    items: Iterable[PrescriptionItem],
    given: Iterable[tuple[int, float, str]],
    schedules: Iterable[tuple[str, list[str] | None]],
) -> list[OrderProgress]:
    """Each order with the clinic's dates of its sessions, in order: out of the two columns of OF_ORDERS."""
    dates: Mapping[int, list[dt.date]] = defaultdict(list)
    for item, epoch, zone in given:
        dates[item].append(dt.datetime.fromtimestamp(epoch, ZoneInfo(zone)).date())
    letters = dict(schedules)
    return [_ordered(item, dates[item.pk], letters.get(item.schedule)) for item in items]


def _ordered(item: PrescriptionItem, days: Iterable[dt.date], letters: Sequence[str] | None) -> OrderProgress:
    """A schedule that cannot be read names a variant that there is not, so nothing passes."""
    sequence = [LETTERS_OF_A_SCHEDULE.get(letter, "") for letter in letters or "?"] if item.schedule else []
    return OrderProgress(item, tuple(days), tuple(sequence))
