"""Which of the free times somebody wants to see, and by whose clock beside the clinic's: said by the address alone."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bookings.pages.words import PARTS_OF_DAY, clock
from clinic.clock import date_format
from clinic.fields import number_of

PARTS = ("morning", "afternoon", "evening")
"""How addresses name the parts of `PARTS_OF_DAY`."""
READER_ZONES = {
    "Asia/Kolkata": gettext_lazy("India"),
    "Asia/Dubai": gettext_lazy("Dubai"),
    "Asia/Riyadh": gettext_lazy("Riyadh"),
    "Asia/Singapore": gettext_lazy("Singapore"),
    "Asia/Hong_Kong": gettext_lazy("Hong Kong"),
    "Asia/Tokyo": gettext_lazy("Tokyo"),
    "Australia/Perth": gettext_lazy("Perth"),
    "Australia/Sydney": gettext_lazy("Sydney"),
    "Pacific/Auckland": gettext_lazy("Auckland"),
    "Africa/Nairobi": gettext_lazy("Nairobi"),
    "Africa/Johannesburg": gettext_lazy("Johannesburg"),
    "Europe/Moscow": gettext_lazy("Moscow"),
    "Europe/Berlin": gettext_lazy("Berlin"),
    "Europe/Paris": gettext_lazy("Paris"),
    "Europe/London": gettext_lazy("London"),
    "America/Sao_Paulo": gettext_lazy("São Paulo"),
    "America/New_York": gettext_lazy("New York"),
    "America/Toronto": gettext_lazy("Toronto"),
    "America/Chicago": gettext_lazy("Chicago"),
    "America/Denver": gettext_lazy("Denver"),
    "America/Vancouver": gettext_lazy("Vancouver"),
    "America/Los_Angeles": gettext_lazy("Los Angeles"),
}
"""Where readers may say that they are, by time zone; a list of all zones would be half the page."""


@dataclass(frozen=True)
class TimeFilter:
    """`part` is one of PARTS, `weekday` counts from Monday; nonsense in an address is no wish."""

    part: str = ""
    weekday: int | None = None
    reader_zone: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "TimeFilter":
        part, zone, weekday = query.get("part", ""), query.get("zone", ""), number_of(query.get("weekday", ""))
        return cls(
            part if part in PARTS else "",
            weekday if weekday in WEEKDAYS else None,
            zone if zone in READER_ZONES else "",
        )

    @property
    def asked(self) -> dict[str, Any]:
        """The same as an address says it."""
        rows = {"part": self.part, "weekday": self.weekday, "zone": self.reader_zone}
        return {name: value for name, value in rows.items() if value not in ("", None)}

    @property
    def leaves_out(self) -> bool:
        return bool(self.part) or self.weekday is not None

    def suits(self, start: dt.datetime, zone: ZoneInfo) -> bool:
        """Whether a start is wanted, by the clinic's clock."""
        local = start.astimezone(zone)
        if self.weekday is not None and local.weekday() != self.weekday:
            return False
        return not self.part or self.part == next(
            name for name, (until, _label) in zip(PARTS, PARTS_OF_DAY, strict=True) if local.hour < until
        )

    def reader_s_time(self, start: dt.datetime, zone: ZoneInfo) -> str:
        """The reader's own time beside the clinic's, with the weekday where it is another; "" where clocks agree."""
        if not self.reader_zone:
            return ""
        reader = ZoneInfo(self.reader_zone)
        own, local = start.astimezone(reader), start.astimezone(zone)
        if own.utcoffset() == local.utcoffset():
            return ""
        day = "" if own.date() == local.date() else f"{date_format(own, 'D')} "
        return _("%(time)s in %(place)s") % {
            "time": f"{day}{clock(start, reader)}",
            "place": READER_ZONES[self.reader_zone],
        }


def filter_choices(wanted: TimeFilter, zone: ZoneInfo) -> dict[str, Any]:
    """What portal/_filters.html shows: (value, label, whether it is chosen)."""
    return {**_choices(wanted, zone.key, get_language()), "is_filtered": wanted.leaves_out}


@lru_cache(maxsize=500)
def _choices(wanted: TimeFilter, zone: str, _language: str | None) -> dict[str, Any]:
    """Put into words once: the same for everybody who wants the same."""
    parts = zip(PARTS, PARTS_OF_DAY, strict=True)
    return {
        "parts": [(name, str(label), name == wanted.part) for name, (_until, label) in parts],
        "weekdays": [(day, str(name), day == wanted.weekday) for day, name in WEEKDAYS.items()],
        "zones": [
            (each, str(place), each == wanted.reader_zone) for each, place in READER_ZONES.items() if each != zone
        ],
    }
