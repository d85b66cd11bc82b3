"""Who or what else could serve a booking at its time: asked of the same rules as the action that swaps them."""

import datetime as dt
from dataclasses import dataclass, replace

from bookings.actions.changes import may_serve
from bookings.desk import visit_row
from bookings.models import Booking, Visit
from bookings.slots.search_space import read_search_space, starting_cell
from clinic.premises.models import Resource


@dataclass(frozen=True)
class Seat:
    """A resource that serves, as which part, and the free ones that could take its place, as (id, name)."""

    resource: Resource
    part: str
    others: tuple[tuple[int, str], ...]


def seats(visit: Visit, booking: Booking, *, now: dt.datetime) -> list[Seat]:
    """Each person, room and device of the booking once, with those that are free to replace it."""
    slot_request = replace(visit_row.slot_request(visit), practitioner_id=None)
    day = visit_row.on(visit)
    space = read_search_space(slot_request, day, day, now, ignoring=visit.pk)
    visit_part = space.visit_parts[booking.position]
    start = starting_cell(space, visit_row.first_of(visit).starts_at) + visit_part.offset
    serving = {row.resource: row for row in booking.occupancies.all() if row.resource is not None}
    busy = {resource.pk for resource in serving}
    names = dict(Resource.objects.filter(pk__in=space.supply.ids(), is_active=True).values_list("pk", "name"))
    result = []
    for resource, row in sorted(serving.items(), key=lambda pair: pair[1].part):
        free = [pk for pk in names if pk not in busy and may_serve(space, visit_part, start, row.part, pk)]
        others = tuple(sorted(((pk, names[pk]) for pk in free), key=lambda other: other[1]))
        result.append(Seat(resource, row.part, others))
    return result
