"""A week of times to which a visit may move, with no word of why a day has none: that could tell what is given."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.facts.visits_now import bookings_of
from bookings.models import Visit
from bookings.slots.search import Day, starts
from bookings.slots.search_space import SlotRequest, slot_request_of
from clinic.clock import clock_words
from clinic.fields import date_in_address

DAYS = 7


@dataclass(frozen=True)
class WeekOfTimes:
    """`days` as components/days.html shows them; the days from which the neighbouring weeks begin, if they may be."""

    days: list[dict[str, Any]]
    earlier: str
    later: str
    zone: str


def week_for(visit: Visit, *, asked: str, now: dt.datetime) -> WeekOfTimes:
    """The week from the day that is asked for, else from the visit's own.

    What the visit holds counts as free, but for the very time it has: nothing would move.
    """
    bookings = bookings_of(visit)
    slot_request = slot_request_of(bookings, visit.patient)
    clinic, today = slot_request.clinic, slot_request.clinic.today(now)
    horizon = today + dt.timedelta(days=clinic.horizon_days)
    first = min(max(date_in_address(asked) or clinic.today(visit.arrives_at), today), horizon)
    last = min(first + dt.timedelta(days=DAYS - 1), horizon)
    days = starts(slot_request, first=first, last=last, now=now, ignoring=visit.pk)
    return WeekOfTimes(
        days=[_row(day, slot_request, but=bookings[0].starts_at) for day in days],
        earlier=max(first - dt.timedelta(days=DAYS), today).isoformat() if first > today else "",
        later=(last + dt.timedelta(days=1)).isoformat() if last < horizon else "",
        zone=clinic.timezone.replace("_", " "),
    )


def _row(day: Day, slot_request: SlotRequest, *, but: dt.datetime) -> dict[str, Any]:
    return {
        "label": date_format(day.on, "l j F"),
        "times": [_button(start.astimezone(slot_request.clinic.zone)) for start in day.starts if start != but],
        "why_empty": _("No available times on this day."),
    }


def _button(local: dt.datetime) -> dict[str, str]:
    """The label that is heard says the whole date."""
    return {
        "value": local.astimezone(dt.UTC).isoformat(),
        "label": clock_words(local),
        "full_label": f"{clock_words(local)}, {date_format(local, 'l j F Y')}",
    }
