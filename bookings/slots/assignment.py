"""Who serves a start: full crew before small, the same person as last time, then the least loaded; deterministic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bookings.facts.taken import day_number
from bookings.slots.search_space import (
    SearchSpace,
    VisitPart,
    candidates,
    fits_person,
    fits_place,
    places,
)
from clinic.grid import span, union
from therapies.rota import Person
from therapies.shape import Parts
from therapies.watch import Watch

NOTHING: Mapping[int, tuple[int, int]] = MappingProxyType({})


@dataclass(frozen=True)
class Assignment:
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


def assign(space: SearchSpace, cell: int, *, before: Iterable[int] = ()) -> list[list[Assignment]] | None:
    """Who serves a visit that starts at `cell`, a list for each booking; None when nobody can.

    Full crew before small, then whoever served `before`, then the least loaded, then the lowest id: deterministic.
    """
    if not space.takes_time:
        return None
    wanted = space.slot_request.practitioner_id
    preferred = {*before} if wanted is None else {wanted}
    left, own = _minutes_left(space, cell), _watched(space, cell)
    sizes = [
        range(crew.full, crew.minimum - 1, -1) if not crew.on_site else range(0, -1, -1)
        for visit_part in space.visit_parts
        for crew in visit_part.shape.crews
    ]
    for counts in sorted(_combinations(sizes), key=lambda pick: -sum(pick)):
        slots = _slots(space, cell, counts, preferred)
        if slots is None:
            continue
        flat = [slot for leg_slots in slots for slot in leg_slots]
        chosen = _Filling(flat, left, wanted, space.watch, own).chosen()
        if chosen is not None:
            return _taken(slots, chosen)
    return None


def _watched(space: SearchSpace, cell: int) -> int:
    """The cells in which somebody must watch over this patient."""
    parts = [(cell + part.offset + offset, length) for part in space.visit_parts for offset, length in part.shape.watch]
    return union(span(first, first + length) for first, length in parts)


def _combinations(sizes: Sequence[range]) -> list[tuple[int, ...]]:
    result: list[tuple[int, ...]] = [()]
    for size in sizes:
        result = [(*head, n) for head in result for n in size]
    return result


def _slots(space: SearchSpace, cell: int, counts: tuple[int, ...], preferred: set[int]) -> list[list[_Slot]] | None:
    """The places to fill when each crew has `counts` people; None when some place nobody can fill."""
    result, index = [], 0
    for visit_part in space.visit_parts:
        start = cell + visit_part.offset
        slots = _place_slots(space, visit_part, start)
        for crew in visit_part.shape.crews:
            size, index = counts[index], index + 1
            for rank in range(size):
                people = [
                    person
                    for person in candidates(space, visit_part, crew)
                    if fits_person(space, visit_part, crew, person, rank) >> start & 1
                ]
                people.sort(key=lambda person: _rank(space, person, start, preferred))
                slots.append(
                    _Slot(f"crew:{crew.role}", [p.id for p in people], crew.parts[rank], start, crew.hands_on[rank])
                )
        if any(not slot.choices for slot in slots):
            return None
        result.append(slots)
    return result


def _place_slots(space: SearchSpace, visit_part: VisitPart, start: int) -> list[_Slot]:
    slots = []
    if visit_part.shape.room:
        rooms = places(space.supply.rooms, visit_part.shape.room_feature)
        free = [room for room in rooms if fits_place(space, room, visit_part.shape.room) >> start & 1]
        free.sort(key=lambda room: (len(room.provides), room.id))  # special rooms stay free for what needs them
        slots.append(_Slot("room", [room.id for room in free], visit_part.shape.room, start, 0))
    for kind, parts in visit_part.shape.equipment:
        items = [item for item in places(space.supply.equipment, kind) if fits_place(space, item, parts) >> start & 1]
        slots.append(_Slot(f"equipment:{kind}", [item.id for item in items], parts, start, 0))
    return slots


def _rank(space: SearchSpace, person: Person, start: int, preferred: set[int]) -> tuple[bool, int, int]:
    day = space.days.days[day_number(space.days, start)]
    load = (space.demand.taken.get(person.id, 0) & span(day.first, day.last)).bit_count()
    return (person.id not in preferred, load, person.id)


@dataclass
class _Filling:
    """Gives each place a resource that is in one place at a time, best choices first; backtracks.

    `left` are the minutes with patients that each person has left that day; `wanted` must serve somewhere. Everybody
    who is watched stays so, this patient in the cells `own` too.
    """

    slots: Sequence[_Slot]
    left: dict[int, int]
    wanted: int | None
    watch: Watch
    own: int

    def chosen(
        self, done: tuple[int, ...] = (), used: Mapping[int, tuple[int, int]] = NOTHING
    ) -> tuple[int, ...] | None:
        """A resource for each place; `used` are the cells and the hands-on minutes already given to each."""
        if len(done) == len(self.slots):
            return done if self.wanted is None or self.wanted in done else None
        slot = self.slots[len(done)]
        cells = union(span(slot.start + offset, slot.start + offset + length) for offset, length in slot.parts)
        for choice in slot.choices:
            taken, minutes = used.get(choice, (0, 0))
            minutes += slot.hands_on
            if taken & cells or (slot.hands_on and minutes > self.left[choice]):
                continue
            if choice in self.watch.people and not self._leaves_a_watch(used, cells):
                continue
            choices = self.chosen((*done, choice), {**used, choice: (taken | cells, minutes)})
            if choices is not None:
                return choices
        return None

    def _leaves_a_watch(self, used: Mapping[int, tuple[int, int]], cells: int) -> bool:
        """Whether one more of those who watch may be taken in these cells."""
        if not self.own and not self.watch.is_needed:
            return True
        taken = [mask for person, (mask, _minutes) in used.items() if person in self.watch.people]
        return self.watch.is_kept([*taken, cells], self.own)


def _minutes_left(space: SearchSpace, cell: int) -> dict[int, int]:
    """What each person may still do on that day."""
    day = day_number(space.days, cell)
    done = space.demand.hands_on
    return {person.id: person.limit - done.get(person.id, {}).get(day, 0) for person in space.supply.people}


def _taken(slots: list[list[_Slot]], chosen: Sequence[int]) -> list[list[Assignment]]:
    result, index = [], 0
    for leg_slots in slots:
        taken = []
        for slot in leg_slots:
            for number, (offset, length) in enumerate(slot.parts):
                begin = slot.start + offset
                taken.append(
                    Assignment(chosen[index], slot.part, begin, begin + length, slot.hands_on if number == 0 else 0)
                )
            index += 1
        result.append(taken)
    return result
