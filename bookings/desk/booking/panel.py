"""What the panel of booking shows at once: the likeliest treatment, and the next free times.

A cell of the day board leads here with `practitioner`, `date` and `time` in the address.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from bookings.desk import offers
from bookings.desk.offers import Known, OfferedWeek
from clinic.premises.models import Clinic
from clinic.wall import NoSuchTime, instant

NEXT = 6
"""So many of the next free times are offered on the panel; the whole week stands below."""
OF_A_CELL = {"practitioner": "who", "date": "from_on", "time": "at"}
"""What a cell of the board says, and the fields of the panel that it fills."""
WISH = frozenset({"item", "what"})


def asked_for(query: QueryDict, known: Known) -> QueryDict | None:
    """What the address asks for; where it names no treatment, the next prescribed session, else a consultation."""
    asked = query.copy()
    for name, field in OF_A_CELL.items():
        if name in query and field not in query:
            asked[field] = str(query[name])
    if WISH & asked.keys():
        return asked
    variant = None if known.open else offers.consultation()
    if known.open:
        asked["item"] = str(known.open[0].number)
    elif variant:
        asked["what"] = str(variant.pk)
    return asked if WISH & asked.keys() else None


def cell_of(query: Mapping[str, str]) -> str:
    """The cell of the board, for the addresses that lead on; empty where there was none."""
    named = {name: query[name] for name in OF_A_CELL if query.get(name)}
    return f"?{urlencode(named)}" if named else ""


def next_times(week: OfferedWeek | None, *, on: dt.date | None, at: int | None, clinic: Clinic) -> list[dict[str, str]]:
    """The first free times, or those from a minute of the first day on; each with its day in words."""
    earliest = _earliest(on, at, clinic)
    times = (time for time in _times(week.days if week else ()) if time["value"] >= earliest)
    return [time for time, _number in zip(times, range(NEXT), strict=False)]


def _earliest(on: dt.date | None, at: int | None, clinic: Clinic) -> str:
    """As the values of times are written, which sort by themselves."""
    if on is None or at is None:
        return ""
    try:
        return instant(on, at, clinic.zone, fold=0).astimezone(dt.UTC).isoformat()
    except NoSuchTime:
        return ""


def _times(days: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    for day in days:
        for time in day["times"]:
            yield {**time, "day": day["short"] or day["label"]}


def with_walk_in(posted: QueryDict) -> QueryDict:
    """The form as it was sent; the button for somebody who stands here names the time itself."""
    if "walk_in" not in posted:
        return posted
    form = posted.copy()
    form["start"] = str(posted["walk_in"])
    return form
