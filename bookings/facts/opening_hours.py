"""When a clinic can next be reached by its opening hours."""

import datetime as dt

from clinic.premises.models import Clinic
from therapies.rota import calendar, opening

AHEAD = dt.timedelta(days=14)
"""How far the next opening is looked for."""


def next_opening(clinic: Clinic, *, now: dt.datetime) -> dt.datetime | None:
    """`now` while the clinic is open, else when it opens next; None where that is not within two weeks."""
    today = clinic.today(now)
    days = calendar(clinic.zone, today, today + AHEAD)
    bits, _reasons = opening(clinic, days)
    first = days.window.floor(now)
    ahead = bits >> first
    if not ahead:
        return None
    cells = (ahead & -ahead).bit_length() - 1
    return days.window.time(first + cells) if cells else now
