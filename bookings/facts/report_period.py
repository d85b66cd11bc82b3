"""The days of a report at one clinic."""

import datetime as dt
from dataclasses import dataclass

from clinic.premises.models import Clinic
from clinic.wall import edge

LONGEST = 366
"""Days that one report covers at most: more would keep the database busy for nobody."""


@dataclass(frozen=True)
class ReportPeriod:
    """From the first through the last date of the clinic."""

    clinic: Clinic
    first: dt.date
    last: dt.date

    @property
    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """The instants [begin, end)."""
        zone = self.clinic.zone
        return edge(self.first, 0, zone), edge(self.last + dt.timedelta(days=1), 0, zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1
