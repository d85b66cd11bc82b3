"""Frequency rules, pure: how often a therapy may be given, and the reason in words when once more is too often."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Frequency:
    """At most `most` starts of a group of therapies in any `days` days.

    `rolling`: any stretch of that many days to the minute; otherwise calendar days of the clinic.
    """

    code: str
    therapies: frozenset[int]
    most: int
    days: int
    rolling: bool

    def why_not(self, start: dt.datetime, others: Iterable[dt.datetime]) -> str:
        """ "" or why a start at that moment is one too many, given the other starts (aware, in the clinic's zone)."""
        if self.rolling:
            crowded = self._crowded([*others, start], start)
        else:
            crowded = sum(other.date() == start.date() for other in others) + 1 > self.most
        if not crowded:
            return ""
        return _("More than %(most)s within %(days)s days would be too often (%(date)s).") % {
            "most": self.most,
            "days": self.days,
            "date": date_format(start, "j F"),
        }

    def _crowded(self, starts: list[dt.datetime], start: dt.datetime) -> bool:
        """Whether some window of `days` that contains `start` holds more than `most` starts."""
        length = dt.timedelta(days=self.days)
        near = sorted(moment for moment in starts if abs(moment - start) < length)
        place = near.index(start)
        first, last = max(0, place - self.most), min(place, len(near) - 1 - self.most)
        return any(near[i + self.most] - near[i] < length for i in range(first, last + 1))
