"""Moments and days in the reader's words; one form for lists, pages and buttons."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.availability import Day


def day_in_words(on: dt.date) -> str:
    """Monday 2 March."""
    return date_format(on, "l j F")


def clock(moment: dt.datetime, zone: ZoneInfo) -> str:
    """10:30, on the clinic's wall."""
    return date_format(moment.astimezone(zone), "H:i")


def in_words(moment: dt.datetime, zone: ZoneInfo) -> str:
    """Monday 2 March 2026, 10:30."""
    return date_format(moment.astimezone(zone), "l j F Y, H:i")


def in_short(moment: dt.datetime, zone: ZoneInfo) -> str:
    """Mon 2 Mar, 10:30."""
    return date_format(moment.astimezone(zone), "D j M, H:i")


def value_of(start: dt.datetime) -> str:
    """A start as forms post it."""
    return start.astimezone(dt.UTC).isoformat()


def time_button(start: dt.datetime, zone: ZoneInfo) -> dict[str, str]:
    """What components/time_button.html shows; the label that is heard says the whole date."""
    day = date_format(start.astimezone(zone), "l j F Y")
    return {"value": value_of(start), "label": clock(start, zone), "full_label": f"{clock(start, zone)}, {day}"}


def day_rows(days: Iterable[Day], *, zone: ZoneInfo, today: dt.date) -> list[dict[str, Any]]:
    """What components/days.html shows."""
    near = {today: _("Today"), today + dt.timedelta(days=1): _("Tomorrow")}
    return [
        {
            "label": day_in_words(day.on),
            "short": near.get(day.on, ""),
            "jump": date_format(day.on, "D j"),
            "times": [time_button(start, zone) for start in day.starts],
            "why_empty": day.why,
        }
        for day in days
    ]


def grouped(starts: Sequence[dt.datetime], zone: ZoneInfo) -> list[Day]:
    """Some starts, by the clinic's date."""
    dates = sorted({start.astimezone(zone).date() for start in starts})
    return [Day(on, tuple(s for s in sorted(starts) if s.astimezone(zone).date() == on)) for on in dates]
