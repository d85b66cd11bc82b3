"""What the lists of times share: a week on a page, and the nearest times when one was not to be had."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookings.availability import Wish, nearest
from bookings.portal.weeks import Week
from bookings.portal.wording import day_in_words, day_rows, grouped
from bookings.refusals import JustTaken, NotPossible

CONFLICT = 409
NOT_VALID = 422


def week_context(week: Week, wish: Wish, *, path: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What portal/_times.html shows; `asked` is what the address says besides the day."""

    def link(day: dt.date | None) -> str:
        return f"{path}?{urlencode({**asked, 'from': day.isoformat()})}" if day else ""

    return {
        "days": day_rows(week.days, zone=wish.clinic.zone, today=week.today),
        "earlier": link(week.earlier),
        "later": link(week.later),
        "next_free": link(week.next_free),
        "next_free_label": day_in_words(week.next_free) if week.next_free else "",
        "horizon_days": wish.clinic.horizon_days,
        "zone": wish.clinic.timezone.replace("_", " "),
        "asked": asked,
        "page": uuid.uuid4(),
    }


def other_times(
    request: HttpRequest,
    refusal: NotPossible,
    wish: Wish,
    start: dt.datetime,
    *,
    now: dt.datetime,
    **context: Any,
) -> HttpResponse:
    """Why not, and the nearest other times as buttons.

    `context` has `action` and `method` of the form that the buttons send, `asked` (its hidden fields), `all_times` (the
    address of the whole list).
    """
    found = refusal.alternatives if isinstance(refusal, JustTaken) else []
    found = found or nearest(wish, to=start, now=now)
    days = day_rows(grouped(found, wish.clinic.zone), zone=wish.clinic.zone, today=wish.clinic.today(now))
    context |= {"reason": refusal.reason, "days": days, "page": uuid.uuid4()}
    return render(request, "portal/other_times.html", context, status=CONFLICT)
