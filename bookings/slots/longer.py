"""Whether who and what serves a booking is there for the minutes by which it is to be longer."""

from collections.abc import Sequence

from bookings.models import Booking, Occupancy
from bookings.slots.obstacles import Obstacle
from therapies.rota import Person, Place, calendar, supply


def why_not_there(booking: Booking, longer: Sequence[Occupancy]) -> str:
    """By hours, closures and absences of that date; "" where everybody is. `longer`: the minutes that are new."""
    rows = [row for row in longer if row.resource_id is not None]
    if not rows:
        return ""
    visit = booking.visit
    on = booking.starts_at.astimezone(visit.clinic.zone).date()
    days = calendar(visit.clinic.zone, on, on)
    kinds = sorted({row.part.partition(":")[2] for row in rows if row.part.startswith("equipment:")})
    have = supply(
        visit.clinic, days, running_course=visit.running_course, therapy_ids={booking.variant.therapy_id}, kinds=kinds
    )
    everything: tuple[Place | Person, ...] = (*have.rooms, *have.equipment, *have.people)
    items = {item.id: item for item in everything}
    for row in rows:
        item, named = items.get(row.resource_id or 0), {"mark": str(row.resource_id), "name": str(row.resource)}
        mask = days.window.mask(row.during.lower, row.during.upper)
        if item is None:
            return str(Obstacle("gone", **named))
        if mask & ~have.open:
            return str(Obstacle("shut"))
        if mask & ~(item.free if isinstance(item, Place) else item.works):
            return str(Obstacle("away", **named))
    return ""
