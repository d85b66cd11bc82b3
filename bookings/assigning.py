"""Who serves a start: full crew before small, the same person as last time, then the least loaded; deterministic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bookings.demand import day_number
from bookings.fit import Field, Leg, candidates, fits_person, fits_place, places
from clinic.grid import span, union
from therapies.rota import Person
from therapies.shape import Parts


@dataclass(frozen=True)
class Taken:
    """A resource that would serve: as what, from cell to cell, and how many hands-on minutes."""

    resource_id: int
    part: str
    first: int
    last: int
    hands_on: int = 0


@dataclass
class _Slot:
    """One place to fill: who could, best first, and the cells it takes."""

    part: str
    choices: Sequence[int]
    parts: Parts
    start: int
    hands_on: int


def assign(known: Field, cell: int, *, before: Iterable[int] = ()) -> list[list[Taken]] | None:
    """Who serves a visit that starts at `cell`, a list for each booking; None when nobody can.

    Full crew before small, then whoever served `before`, then the least loaded, then the lowest id: deterministic.
    """
    wanted = known.wish.practitioner_id
    preferred = {*before} if wanted is None else {wanted}
    sizes = [
        range(crew.full, crew.minimum - 1, -1) if not crew.on_site else range(0, -1, -1)
        for leg in known.legs
        for crew in leg.shape.crews
    ]
    for counts in sorted(_combinations(sizes), key=lambda pick: -sum(pick)):
        slots = _slots(known, cell, counts, preferred)
        if slots is None:
            continue
        flat = [slot for leg_slots in slots for slot in leg_slots]
        chosen = _fill(flat, {}, 0, [])
        if chosen is not None and (wanted is None or wanted in chosen):
            return _taken(slots, chosen)
    return None


def _combinations(sizes: Sequence[range]) -> list[tuple[int, ...]]:
    result: list[tuple[int, ...]] = [()]
    for size in sizes:
        result = [(*head, n) for head in result for n in size]
    return result


def _slots(known: Field, cell: int, counts: tuple[int, ...], preferred: set[int]) -> list[list[_Slot]] | None:
    """The places to fill when each crew has `counts` people; None when some place nobody can fill."""
    result, index = [], 0
    for leg in known.legs:
        start = cell + leg.offset
        slots = _place_slots(known, leg, start)
        for crew in leg.shape.crews:
            size, index = counts[index], index + 1
            for rank in range(size):
                people = [
                    person
                    for person in candidates(known, leg, crew)
                    if fits_person(known, crew, person, rank) >> start & 1
                ]
                people.sort(key=lambda person: _rank(known, person, start, preferred))
                slots.append(
                    _Slot(f"crew:{crew.role}", [p.id for p in people], crew.parts[rank], start, crew.hands_on[rank])
                )
        if any(not slot.choices for slot in slots):
            return None
        result.append(slots)
    return result


def _place_slots(known: Field, leg: Leg, start: int) -> list[_Slot]:
    slots = []
    if leg.shape.room:
        rooms = places(known.supply.rooms, leg.shape.room_feature)
        free = [room for room in rooms if fits_place(known, room, leg.shape.room) >> start & 1]
        free.sort(key=lambda room: (len(room.provides), room.id))  # special rooms stay free for what needs them
        slots.append(_Slot("room", [room.id for room in free], leg.shape.room, start, 0))
    for kind, parts in leg.shape.equipment:
        items = [item for item in places(known.supply.equipment, kind) if fits_place(known, item, parts) >> start & 1]
        slots.append(_Slot(f"equipment:{kind}", [item.id for item in items], parts, start, 0))
    return slots


def _rank(known: Field, person: Person, start: int, preferred: set[int]) -> tuple[bool, int, int]:
    day = known.days.days[day_number(known.days, start)]
    load = (known.demand.taken.get(person.id, 0) & span(day.first, day.last)).bit_count()
    return (person.id not in preferred, load, person.id)


def _fill(slots: Sequence[_Slot], used: dict[int, int], index: int, chosen: list[int]) -> list[int] | None:
    """Give each place a resource that is in one place at a time, best choices first; backtracks."""
    if index == len(slots):
        return chosen
    slot = slots[index]
    cells_taken = union(span(slot.start + offset, slot.start + offset + length) for offset, length in slot.parts)
    for choice in slot.choices:
        if used.get(choice, 0) & cells_taken:
            continue
        found = _fill(slots, {**used, choice: used.get(choice, 0) | cells_taken}, index + 1, [*chosen, choice])
        if found is not None:
            return found
    return None


def _taken(slots: list[list[_Slot]], chosen: list[int]) -> list[list[Taken]]:
    result, index = [], 0
    for leg_slots in slots:
        taken = []
        for slot in leg_slots:
            for number, (offset, length) in enumerate(slot.parts):
                begin = slot.start + offset
                taken.append(
                    Taken(chosen[index], slot.part, begin, begin + length, slot.hands_on if number == 0 else 0)
                )
            index += 1
        result.append(taken)
    return result
