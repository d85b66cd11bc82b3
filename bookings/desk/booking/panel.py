"""What the panel of booking shows at once: the likeliest treatment, and the next free times.

A cell of the day board leads here with `practitioner`, `date` and `time` in the address.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from bookings.desk import offers
from bookings.desk.offers import Known, OfferedWeek
from bookings.facts.consultations import consultations_ahead, is_consultation
from bookings.models import Booking, Visit
from clinic.clock import clock_words, date_format
from clinic.fields import date_in_address
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from clinic.wall import NoSuchTime, instant
from therapies.models import TherapyKind, Variant

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


def cell_in_words(query: Mapping[str, str], clinic: Clinic, now: dt.datetime) -> str:
    """The same for people: day, time and with whom, as far as the address says it; empty where there was none."""
    on, at, person = date_in_address(query.get("date", "")), query.get("time", ""), query.get("practitioner", "")
    try:
        clock = clock_words(dt.time.fromisoformat(at)) if at else ""
    except ValueError:
        clock = ""
    rows = offers.people(clinic, clinic.today(now)).filter(pk=person) if person.isdecimal() else ()
    names = [_("with %(name)s") % {"name": row.name} for row in rows]
    return ", ".join(filter(None, [date_format(on, "l j F") if on else "", clock, *names]))


def consultations_booked(patient: Patient, variants: Iterable[Variant], now: dt.datetime) -> list[Booking]:
    """What somebody should know who books a consultation: those that the patient has already."""
    if all(variant.therapy.kind != TherapyKind.CONSULTATION for variant in variants):
        return []
    return consultations_ahead(patient, now)


def second_in_words(visit: Visit, now: dt.datetime) -> str:
    """That the patient has another consultation on the day of this visit; empty where not, or where this is none."""
    bookings = list(visit.bookings.select_related("variant__therapy"))
    if visit.patient is None or not any(is_consultation(booking) for booking in bookings):
        return ""
    day = visit.arrives_at.astimezone(visit.zone).date()
    others = [row for row in consultations_ahead(visit.patient, now) if row.visit_id != visit.pk]
    times = [clock_words(start) for row in others if (start := row.starts_at.astimezone(visit.zone)).date() == day]
    words = _("%(name)s has another consultation on that day, at %(times)s. Cancel one if it is not needed.")
    return words % {"name": visit.patient, "times": ", ".join(times)} if times else ""


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
