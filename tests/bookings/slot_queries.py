"""Short words for asking what is offered and who serves."""

import datetime as dt
from typing import Any

from bookings.models import Occupancy, Visit
from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from clinic.premises.models import Clinic
from therapies.models import Variant

from .conftest import at


def wanting(clinic: Clinic, *variants: Variant, gender: str = "female", **more: Any) -> SlotRequest:
    return SlotRequest(clinic, variants, gender=gender, **more)


def offered(slot_request: SlotRequest, now: dt.datetime, *, day: int = 3) -> list[dt.datetime]:
    on = at(12, day=day).date()
    return list(starts(slot_request, first=on, last=on, now=now, desk=True)[0].starts)


def plan(visit: Visit) -> list[tuple[str, str, str]]:
    """Who and what is taken, from when to when by the clinic's clock."""
    rows = Occupancy.objects.filter(booking__visit=visit).select_related("resource", "patient")
    said = []
    for row in rows:
        begin, end = (moment.astimezone(visit.zone) for moment in (row.during.lower, row.during.upper))
        said.append((f"{begin:%H:%M}–{end:%H:%M}", row.part, str(row.resource or row.patient)))
    return sorted(said)
