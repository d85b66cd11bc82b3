"""A week of free times on a page, with ways to earlier and later ones, and to the next day that has any."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from bookings.facts.patient import PatientFacts
from bookings.slots.bookable_orders import within_orders
from bookings.slots.search import Day, starts
from bookings.slots.search_space import SlotRequest

DAYS = 7


@dataclass(frozen=True)
class Week:
    """Days from the first shown to the last; `next_free` is said only when none of them has a time."""

    days: tuple[Day, ...]
    today: dt.date
    earlier: dt.date | None
    later: dt.date | None
    next_free: dt.date | None


def week(
    slot_request: SlotRequest,
    *,
    asked: dt.date | None,
    now: dt.datetime,
    ignoring: int | None = None,
    patient_facts: PatientFacts | None = None,
    suits: Callable[[dt.datetime], bool] | None = None,
) -> Week:
    """The week from `asked`, kept between today and the clinic's horizon; `ignoring` as in `slots.search.starts`.

    With a `patient_facts` the days that the patient's orders do not cover are closed; with `suits` only those starts
    are shown.
    """
    today = slot_request.clinic.today(now)
    horizon = today + dt.timedelta(days=slot_request.clinic.horizon_days)
    first = min(max(asked or today, today), horizon)
    last = min(first + dt.timedelta(days=DAYS - 1), horizon)

    def free(first: dt.date, last: dt.date) -> list[Day]:
        days = starts(slot_request, first=first, last=last, now=now, ignoring=ignoring)
        days = within_orders(days, slot_request, patient_facts) if patient_facts else days
        return [_suiting(day, suits) for day in days] if suits else days

    days = free(first, last)
    later = last + dt.timedelta(days=1)
    return Week(
        days=tuple(days),
        today=today,
        earlier=max(first - dt.timedelta(days=DAYS), today) if first > today else None,
        later=later if last < horizon else None,
        next_free=None if any(day.starts for day in days) or last >= horizon else _first_free(free(later, horizon)),
    )


def _suiting(day: Day, suits: Callable[[dt.datetime], bool]) -> Day:
    """Where nothing of a day is left, the reason is the choice and not the clinic."""
    starts = tuple(start for start in day.starts if suits(start))
    return (
        day
        if starts == day.starts
        else replace(day, starts=starts, why="" if starts else _("No time fits your filter"))
    )


def without_reasons(week: Week) -> Week:
    """The same for whoever sees appointments only: why a day has no time may speak of the treatment."""
    days = tuple(replace(day, why="") for day in week.days)
    return replace(week, days=days)


def _first_free(days: list[Day]) -> dt.date | None:
    return next((day.on for day in days if day.starts), None)
