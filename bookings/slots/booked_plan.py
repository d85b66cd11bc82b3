"""Whether the time that a booking has is the time that its treatment takes now: pure once the rows are read."""

from collections import defaultdict

from bookings.models import Booking
from clinic.grid import CELL, merged
from therapies.shape import Parts, Shape


def differs_from_plan(booking: Booking, made: Shape) -> bool:
    """Compares room, equipment, patient and each of the crew; fewer people down to the minimum are the same plan."""
    booked = _booked(booking)
    wanted = {"patient": [made.patient], **({"room": [made.room]} if made.room else {})}
    wanted |= {f"equipment:{kind}": [parts] for kind, parts in made.equipment}
    crews = {f"crew:{crew.role}": crew for crew in made.crews if not crew.on_site}
    if {part for part, stretches in wanted.items() if booked.get(part) != stretches}:
        return True
    if booked.keys() - wanted.keys() != crews.keys():
        return True
    return any(not _is_crew(booked[part], crew.parts, crew.minimum) for part, crew in crews.items())


def _is_crew(booked: list[Parts], parts: tuple[Parts, ...], minimum: int) -> bool:
    return minimum <= len(booked) <= len(parts) and sorted(booked) == sorted(parts[: len(booked)])


def _booked(booking: Booking) -> dict[str, list[Parts]]:
    """By part: of each resource, or of the patient, the cells after the start that it has."""
    stretches: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for row in booking.occupancies.all():
        first = (row.during.lower - booking.starts_at) // CELL
        stretches[row.part, row.resource_id or 0].append((first, (row.during.upper - row.during.lower) // CELL))
    result: dict[str, list[Parts]] = defaultdict(list)
    for (part, _resource), spans in sorted(stretches.items()):
        result[part].append(merged(spans))
    return dict(result)
