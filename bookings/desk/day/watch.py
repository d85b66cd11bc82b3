"""Who watches over whom today, from change to change: what the staff agree on in the morning."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from bookings.facts.watches import PART, watch_stretches
from bookings.models import Booking
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from therapies.models import Practitioner


@dataclass(frozen=True)
class WatchLine:
    """A stretch of the day (in the clinic's zone): who lies where, and who of the staff on duty watches over them."""

    first: dt.datetime
    last: dt.datetime
    patients: tuple[tuple[Patient, str], ...]
    people: tuple[str, ...]
    is_enough: bool


def watch_of_day(clinic: Clinic, bookings: Iterable[Booking], now: dt.datetime) -> tuple[WatchLine, ...]:
    """Reads the bookings' prefetched occupancies, and nothing else where nobody is watched."""
    rows = [row for booking in bookings for row in booking.occupancies.all() if row.part == PART]
    stretches = watch_stretches(clinic, rows, now)
    names = dict(
        Practitioner.objects.filter(pk__in={pk for each in stretches for pk in each.people}).values_list("pk", "name")
        if stretches
        else ()
    )
    return tuple(
        WatchLine(
            each.first.astimezone(clinic.zone),
            each.last.astimezone(clinic.zone),
            tuple(
                (row.booking.visit.patient, row.resource.name)
                for row in each.places
                if row.booking.visit.patient and row.resource
            ),
            tuple(names[pk] for pk in each.people),
            each.is_enough,
        )
        for each in stretches
    )
