"""A week of free times on a page, with ways to earlier and later ones, and to the next day that has any."""

import datetime as dt
from dataclasses import dataclass

from bookings.availability import Day, Wish, starts

DAYS = 7


@dataclass(frozen=True)
class Week:
    """Days from the first shown to the last; `next_free` is said only when none of them has a time."""

    days: tuple[Day, ...]
    today: dt.date
    earlier: dt.date | None
    later: dt.date | None
    next_free: dt.date | None


def week(wish: Wish, *, asked: dt.date | None, now: dt.datetime, ignoring: int | None = None) -> Week:
    """The week from `asked`, kept between today and the clinic's horizon; `ignoring` as in `availability.starts`."""
    today = wish.clinic.today(now)
    horizon = today + dt.timedelta(days=wish.clinic.horizon_days)
    first = min(max(asked or today, today), horizon)
    last = min(first + dt.timedelta(days=DAYS - 1), horizon)
    days = starts(wish, first=first, last=last, now=now, ignoring=ignoring)
    return Week(
        days=tuple(days),
        today=today,
        earlier=max(first - dt.timedelta(days=DAYS), today) if first > today else None,
        later=last + dt.timedelta(days=1) if last < horizon else None,
        next_free=None if any(day.starts for day in days) else _next_free(wish, last, horizon, now, ignoring),
    )


def _next_free(wish: Wish, after: dt.date, horizon: dt.date, now: dt.datetime, ignoring: int | None) -> dt.date | None:
    if after >= horizon:
        return None
    days = starts(wish, first=after + dt.timedelta(days=1), last=horizon, now=now, ignoring=ignoring)
    return next((day.on for day in days if day.starts), None)
