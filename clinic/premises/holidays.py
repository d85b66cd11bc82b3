"""Public holidays as closures: on a holiday the clinic is open for running courses only, so that no course breaks."""

import datetime as dt

import holidays
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic.premises.models import Clinic, Closure, Use

AHEAD = dt.timedelta(days=365)


def public_holidays(calendar: str, first: dt.date, last: dt.date) -> dict[dt.date, str]:
    """The holidays of a country and state, such as IN-RJ, from `first` to `last`; none without a calendar.

    Raises ValidationError for a calendar that is not known.
    """
    if not calendar:
        return {}
    country, _dash, state = calendar.partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=state or None, years=range(first.year, last.year + 1))
    except NotImplementedError as error:
        rows = {"calendar": calendar}
        raise ValidationError(_("%(calendar)s is not a holiday calendar. Example: IN-RJ."), params=rows) from error
    return {on: name for on, name in sorted(found.items()) if first <= on <= last}


def validate_calendar(calendar: str) -> None:
    public_holidays(calendar, dt.date(2026, 1, 1), dt.date(2026, 1, 1))


def closures_to_enter(clinic: Clinic, now: dt.datetime) -> list[Closure]:
    """Unsaved closures for the holidays of the coming year; dates that the clinic has closed itself are left out."""
    today = clinic.today(now)
    known_ids = set(clinic.closures.filter(on__gte=today).values_list("on", flat=True))
    coming = public_holidays(clinic.holidays, today, today + AHEAD)
    return [
        Closure(clinic=clinic, on=on, use=Use.RUNNING_COURSES, reason=name[:120])
        for on, name in coming.items()
        if on not in known_ids
    ]
