"""The hours of the demo's own day: a working day around the moment at which the demo is made, whatever the hour. Pure.

The plan of the day (`day_plan`) has a clock of its own, on which the clinic is open from 07:00 to 19:00. The whole day
is laid earlier or later on the clinic's date, so that on that clock it is between 11:00 and 11:30 now. It never leaves
the date: what would lie past one midnight comes twelve hours earlier or later, next to the other end of the day.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinic.wall import edge

Span = tuple[int, int]

MARK = 15
"""Visits begin at quarters of an hour."""
A_DAY = 24 * 60
OPENS, CLOSES = 7 * 60, 19 * 60
ROUND = CLOSES - OPENS
EARLIEST, LATEST = 11 * 60, 11 * 60 + 15
"""Between these minutes of the plan it is when the demo is made."""
BEFORE, AFTER = 45, 30
"""The minutes around a visit in which somebody prepares for it and cleans up."""
LONGEST = 120


@dataclass(frozen=True)
class DemoDay:
    """`shift`: by how many minutes the day lies later on the clinic's date than in the plan; less than 0: earlier."""

    on: dt.date
    zone: ZoneInfo
    shift: int

    def at(self, minute: int, minutes: int, around: Span = (BEFORE, AFTER)) -> dt.datetime:
        """When a visit of so many minutes begins that the plan has at this minute, with the minutes `around` it."""
        begin = minute + self.shift
        if begin < around[0]:
            begin += ROUND
        elif begin + minutes + around[1] > A_DAY:
            begin -= ROUND
        return edge(self.on, begin, self.zone)

    def spans(self, planned: Iterable[Span]) -> list[Span]:
        """Somebody's hours of the plan as minutes after the clinic's midnight, in order.

        Hours that reach past a midnight go on at the other end, with room for the visit that did not fit.
        """
        laid: list[Span] = []
        for first, last in ((first + self.shift, last + self.shift) for first, last in planned):
            if first < 0:
                laid += [(first + ROUND, min(last, 0) + ROUND + (LONGEST if last > 0 else 0))]
            if last > A_DAY:
                laid += [(max(first, A_DAY) - ROUND - (LONGEST if first < A_DAY else 0), last - ROUND)]
            if max(first, 0) < min(last, A_DAY):
                laid += [(max(first, 0), min(last, A_DAY))]
        return sorted(laid)


def demo_day(now: dt.datetime, zone: ZoneInfo) -> DemoDay:
    """The day around this moment."""
    here = now.astimezone(zone)
    minute = here.hour * 60 + here.minute
    shift = minute - min(max(minute, EARLIEST), LATEST)
    return DemoDay(here.date(), zone, shift // MARK * MARK)
