"""What the lists of times share: a week on a page, and the nearest times when one was not to be had."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bookings.errors import ActionRefused, JustTaken
from bookings.facts.patient import PatientFacts
from bookings.models import Visit
from bookings.pages.week import Week
from bookings.pages.words import day_in_words, day_rows, grouped_by_day, in_short, parts_of_day, time_button
from bookings.portal import lookups
from bookings.portal.time_filter import TimeFilter, filter_choices
from bookings.portal.visitor import account
from bookings.slots.bookable_orders import nearest_covered
from bookings.slots.search import nearest
from bookings.slots.search_space import SlotRequest

CONFLICT = 409
NOT_VALID = 422
EVERYTHING = TimeFilter()


def week_context(
    week: Week,
    slot_request: SlotRequest,
    *,
    path: str,
    asked: Mapping[str, Any],
    chosen: dt.date | None = None,
    wanted: TimeFilter = EVERYTHING,
) -> dict[str, Any]:
    """What portal/_times.html shows; `asked` is what the address says besides the day and the filter.

    The times of one day are shown: of the chosen one, else of the first that has any. Without any, each says why.
    """

    def link(day: dt.date | None) -> str:
        return f"{path}?{urlencode({**asked, **wanted.asked, 'from': day.isoformat()}, doseq=True)}" if day else ""

    zone = slot_request.clinic.zone
    own_time = partial(wanted.reader_s_time, zone=zone) if wanted.reader_zone else None
    days = day_rows(week.days, zone=zone, today=week.today, note=own_time)
    first_free = next((day.on for day in week.days if day.starts), None)
    current = chosen if first_free and chosen in {day.on for day in week.days} else first_free
    for day, row in zip(week.days, days, strict=True):
        row["count"] = len(day.starts)
        row["url"] = f"{link(week.days[0].on)}&day={day.on.isoformat()}"
        row["is_current"] = day.on == current
        row["parts"] = parts_of_day(day.starts, row["times"], zone) if day.on == current else []
    return {
        "days": days,
        "shown_days": [row for row in days if row["is_current"]] or days,
        "earlier": link(week.earlier),
        "later": link(week.later),
        "next_free": link(week.next_free),
        "next_free_label": day_in_words(week.next_free) if week.next_free else "",
        "is_empty": not any(day.starts for day in week.days),
        "horizon_days": slot_request.clinic.horizon_days,
        "zone": slot_request.clinic.timezone.replace("_", " "),
        "fields": hidden(asked),
        "page": uuid.uuid4(),
        "path": path,
        "first": _first_of_all(week, zone, own_time),
        **filter_choices(wanted, zone),
    }


def _first_of_all(week: Week, zone: ZoneInfo, own_time: Callable[[dt.datetime], str] | None) -> dict[str, str] | None:
    """The first free time of what is shown, on its own; None where today is not among it, or nothing is free."""
    starts = [day.starts[0] for day in week.days if day.starts][:1] if week.earlier is None else []
    note = own_time(starts[0]) if starts and own_time else ""
    return time_button(starts[0], zone) | {"note": note, "when": in_short(starts[0], zone)} if starts else None


def hidden(asked: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The same as hidden fields: several values of one name are several fields."""
    return [(name, one) for name, values in asked.items() for one in (values if isinstance(values, list) else [values])]


def other_times(
    request: HttpRequest,
    refusal: ActionRefused,
    slot_request: SlotRequest,
    start: dt.datetime,
    *,
    now: dt.datetime,
    patient_facts: PatientFacts | None = None,
    asked: Mapping[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """Why not, and the nearest other times as buttons; with a `patient_facts` only on days that the orders cover.

    `asked` are the hidden fields of the form that the buttons send; `context` has its `action` and `method`, and
    `all_times` (the address of the whole list).
    """
    nearest_starts = (
        nearest_covered(slot_request, patient_facts, to=start, now=now)
        if patient_facts
        else nearest(slot_request, to=start, now=now)
    )
    days = day_rows(
        grouped_by_day(nearest_starts, slot_request.clinic.zone),
        zone=slot_request.clinic.zone,
        today=slot_request.clinic.today(now),
    )
    own = _own_visit_then(request, refusal, start, now)
    booked_oneself = _("You have booked this time yourself already, perhaps in another tab.")
    context |= {
        "house": slot_request.clinic,
        "reason": booked_oneself if own else refusal.reason,
        "own": own,
        "days": days,
        "page": uuid.uuid4(),
        "fields": hidden(asked or {}),
    }
    return render(request, "portal/other_times.html", context, status=CONFLICT)


def _own_visit_then(request: HttpRequest, refusal: ActionRefused, start: dt.datetime, now: dt.datetime) -> Visit | None:
    """Who took the time is not always somebody else: a visit of this account that begins then."""
    user = account(request)
    return lookups.own_visit_at(user, start, now) if user and isinstance(refusal, JustTaken) else None
