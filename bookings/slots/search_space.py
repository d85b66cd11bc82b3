"""What fits where: supply and demand of some days read once, and the starts at which each part of a visit has room."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bookings.facts.taken import Demand, demand
from bookings.models import Booking, PrescriptionItem
from bookings.rules.limits import BookingLimits, booking_limits
from clinic.grid import CELL, at_least, fits, span, union
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from therapies.models import Variant
from therapies.rota import QUALIFIED_ROLES, Calendar, Person, Place, Supply, calendar, supply
from therapies.rules import WRITTEN_ORDER
from therapies.shape import CHILD_BELOW, WATCH_PLACE, Crew, Parts, Shape, shape
from therapies.watch import Watch, watch_of

GENDERED_ROLES = frozenset({"therapist", "attendant"})
"""Hands-on roles that must have the gender the patient accepts, where the therapy says so."""


@dataclass(frozen=True)
class SlotRequest:
    """What somebody wants: these variants one after the other, at this clinic.

    `gender` is whom the patient accepts as crew ("female", "male", "any", "" not asked). `items` are the orders that
    the variants fulfil, one each, or none at all; each lifts what it gives a reason for. `overrides` are codes of rules
    that do not hold for the whole wish; `WRITTEN_ORDER` lifts every rule that a Vaidya may lift.
    """

    clinic: Clinic
    variants: tuple[Variant, ...]
    gender: str = ""
    practitioner_id: int | None = None
    patient_id: int | None = None
    running_course: bool = False
    overrides: frozenset[str] = frozenset()
    items: tuple[PrescriptionItem | None, ...] = ()
    for_child: bool = False


@dataclass(frozen=True)
class VisitPart:
    """One booking of the visit: its shape, and how many cells after the visit's start it begins."""

    shape: Shape
    offset: int


@dataclass
class SearchSpace:
    """Supply and demand of a stretch of days, read once, and the free cells that follow."""

    slot_request: SlotRequest
    visit_parts: tuple[VisitPart, ...]
    supply: Supply
    demand: Demand
    limits: BookingLimits
    now: dt.datetime
    free: dict[int, int] = field(default_factory=dict)
    fitting: dict[tuple[object, ...], int] = field(default_factory=dict)
    """What was worked out once: assigning asks for the same people and places at every start."""
    unbooked: list[int] = field(default_factory=list)  # the cells for a start were nobody booked, once a day asks

    @property
    def days(self) -> Calendar:
        return self.supply.calendar

    @property
    def asks_gender(self) -> bool:
        """Whether a therapy of the visit asks whom the patient accepts and nobody has said: it is never guessed."""
        return self.slot_request.gender == "" and any(visit_part.shape.same_gender for visit_part in self.visit_parts)

    @property
    def takes_time(self) -> bool:
        """Whether each treatment has a step with the patient: one that a manager has not finished entering has none."""
        return all(visit_part.shape.length for visit_part in self.visit_parts)

    @cached_property
    def wanted_seats(self) -> int:
        """How many places of the visit the wanted person could take."""
        wanted = self.slot_request.practitioner_id
        if wanted is None:
            return 0
        seats = (
            (visit_part, crew) for visit_part in self.visit_parts for crew in visit_part.shape.crews if not crew.on_site
        )
        return sum(
            crew.full for visit_part, crew in seats if any(p.id == wanted for p in suitable(self, visit_part, crew))
        )

    @cached_property
    def watch(self) -> Watch:
        """Who may watch over patients in these days, and who is watched already."""
        taken = [self.demand.taken.get(row.id, 0) for row in places(self.supply.equipment, WATCH_PLACE)]
        return watch_of(self.slot_request.clinic, self.supply.people, self.free_of, taken)

    def free_of(self, item: Place | Person) -> int:
        """Works ∧ ¬taken, the day's hands-on limit left aside."""
        if item.id not in self.free:
            base = item.free if isinstance(item, Place) else item.works
            self.free[item.id] = base & ~self.demand.taken.get(item.id, 0)
        return self.free[item.id]


def visit_parts_of(slot_request: SlotRequest, on: dt.date | None = None) -> tuple[VisitPart, ...]:
    """The visit's bookings with the minutes of that day; the patient is prepared for each once done with the last."""
    visit_parts: list[VisitPart] = []
    done = 0
    for variant in slot_request.variants:
        roles = slot_request.clinic.unscheduled_roles
        made = shape(variant, unscheduled=roles, for_child=slot_request.for_child, on=on)
        visit_parts.append(VisitPart(made, done + made.prepared if visit_parts else 0))
        done = visit_parts[-1].offset + made.length
    return tuple(visit_parts)


def read_search_space(
    slot_request: SlotRequest,
    first: dt.date,
    last: dt.date,
    now: dt.datetime,
    *,
    ignoring: int | None = None,
    own: frozenset[int] = frozenset(),
) -> SearchSpace:
    """Read everything that the days `first` to `last` need; treatments have the minutes of the first.

    `ignoring` is a visit whose own time counts as free; no rule counts the visits `own`, which are being booked.
    """
    visit_parts = visit_parts_of(slot_request, first)
    days = calendar(slot_request.clinic.zone, first, last)
    kinds = {kind for visit_part in visit_parts for kind, _parts in visit_part.shape.equipment} | {WATCH_PLACE}
    therapy_ids = {visit_part.shape.therapy_id for visit_part in visit_parts}
    have = supply(
        slot_request.clinic,
        days,
        therapy_ids=therapy_ids,
        kinds=sorted(kinds),
        running_course=slot_request.running_course,
    )
    taken = demand(have.ids(), days, now=now, patient_id=slot_request.patient_id, ignoring=ignoring)
    return SearchSpace(
        slot_request,
        visit_parts,
        have,
        taken,
        limits_of(slot_request, visit_parts, days, now, ignoring=own | {ignoring or 0}),
        now,
    )


def limits_of(
    slot_request: SlotRequest,
    visit_parts: tuple[VisitPart, ...],
    days: Calendar,
    now: dt.datetime,
    *,
    ignoring: Iterable[int] = (),
) -> BookingLimits:
    """The rules that bind the wish on these days; the visits `ignoring` do not count."""
    lifted = [frozenset(item.lifted if item else ()) for item in slot_request.items]
    everything = slot_request.overrides & {WRITTEN_ORDER}
    parts = [
        (variant, visit_part.offset * CELL, codes)
        for variant, visit_part, codes in zip(
            slot_request.variants, visit_parts, lifted or [everything] * len(visit_parts), strict=True
        )
    ]
    items = [item for item in slot_request.items if item is not None]
    return booking_limits(
        slot_request.patient_id, parts, days, now, ignoring=ignoring, overrides=slot_request.overrides, items=items
    )


def is_child(patient: Patient, on: dt.date) -> bool:
    """Whether the therapists of a therapy may be numbered by themselves for this patient."""
    return patient.ages(on).least < CHILD_BELOW


def accepts(gender: str, person: Person) -> bool:
    """Whether the patient accepts this person where a therapy asks; not set is asked, never guessed."""
    return gender == "any" or (gender != "" and gender == person.gender)


def suitable(space: SearchSpace, visit_part: VisitPart, crew: Crew) -> list[Person]:
    """Everybody of the role whom the patient accepts, whatever the time."""
    people = [person for person in space.supply.people if crew.role in person.roles]
    if visit_part.shape.same_gender and crew.role in GENDERED_ROLES and not crew.on_site:
        people = [person for person in people if accepts(space.slot_request.gender, person)]
    return people


def candidates(space: SearchSpace, visit_part: VisitPart, crew: Crew) -> list[Person]:
    """Everybody who may serve in this role, whatever the time; the wanted person alone where it is their only place."""
    people, wanted = suitable(space, visit_part, crew), space.slot_request.practitioner_id
    rows = [person for person in people if person.id == wanted]
    return rows if rows and space.wanted_seats == 1 and not crew.on_site else people


def fits_person(space: SearchSpace, visit_part: VisitPart, crew: Crew, person: Person, rank: int = 0) -> int:
    """The starts at which this person can serve as the crew's `rank`-th."""
    key = (person.id, visit_part.offset, crew.role, rank)
    if key not in space.fitting:
        space.fitting[key] = _fits_person(space, visit_part, crew, person, rank)
    return space.fitting[key]


def _fits_person(space: SearchSpace, visit_part: VisitPart, crew: Crew, person: Person, rank: int) -> int:
    bits = fits(space.free_of(person), crew.parts[rank])
    if crew.role in QUALIFIED_ROLES:
        bits &= person.qualified.get(visit_part.shape.therapy_id, 0)
    if space.watch.is_needed and person.id in space.watch.people:
        bits &= fits(space.watch.enough(away=1), crew.parts[rank])
    minutes = crew.hands_on[rank]
    if minutes and bits:
        done = space.demand.hands_on.get(person.id, {})
        for number, used in done.items():
            if used + minutes > person.limit:
                day = space.days.days[number]
                bits &= ~span(day.first, day.last)
        if minutes > person.limit:
            return 0
    return bits


def fits_crew(space: SearchSpace, visit_part: VisitPart, crew: Crew) -> int:
    """The starts at which enough people can serve; of those on site somebody is in the house throughout, in turns."""
    people = candidates(space, visit_part, crew)
    if crew.on_site:
        return fits(union(person.works for person in people), crew.parts[0])
    last = crew.minimum - 1
    return at_least([fits_person(space, visit_part, crew, person, last) for person in people], crew.minimum)


def fits_place(space: SearchSpace, place: Place, parts: Parts) -> int:
    """The starts at which a room or a piece of equipment is free for its parts."""
    key = (place.id, parts)
    if key not in space.fitting:
        space.fitting[key] = fits(space.free_of(place), parts)
    return space.fitting[key]


def places(items: Iterable[Place], need: str) -> list[Place]:
    """Those that provide what is needed; any when nothing special is."""
    return [item for item in items if not need or need in item.provides]


def fits_window(space: SearchSpace, made: Shape) -> int:
    """The starts inside the variant's fixed window of the day, both ends included."""
    if made.window_from is None or made.window_to is None:
        return -1
    last = min(made.window_to + 5, 1440)
    return union(space.days.stretch(day, made.window_from, last) for day in space.days.days)


def fits_visit_part(space: SearchSpace, visit_part: VisitPart) -> int:
    """The starts of this booking for which each role, a room and the equipment are free, each looked at by itself."""
    made = visit_part.shape
    bits = fits(space.supply.open & ~space.demand.patient, made.patient)
    if made.room:
        bits &= union(fits_place(space, room, made.room) for room in places(space.supply.rooms, made.room_feature))
    for kind, parts in made.equipment:
        bits &= union(fits_place(space, item, parts) for item in places(space.supply.equipment, kind))
    if made.watch:
        bits &= fits(space.watch.enough(more=1), made.watch)
    for crew in made.crews:
        if not bits:
            break
        bits &= fits_crew(space, visit_part, crew)
    return bits & fits_window(space, made) & space.days.window.all


def starting_cell(space: SearchSpace, start: dt.datetime) -> int:
    """The cell of a start; −1 for a moment off the marks or outside the window."""
    cell = space.days.window.floor(start)
    on_mark = space.days.window.time(cell) == start
    return cell if on_mark and 0 <= cell < space.days.window.cells else -1


def ends_at(start: dt.datetime, visit_part: VisitPart) -> dt.datetime:
    """When the patient is done with this booking."""
    return start + (visit_part.offset + visit_part.shape.length) * CELL


def slot_request_of(bookings: Sequence[Booking], patient: Patient | None) -> SlotRequest:
    """The wish that these bookings of one visit fulfil."""
    first = bookings[0]
    return SlotRequest(
        clinic=first.visit.clinic,
        variants=tuple(booking.variant for booking in bookings),
        gender=patient.accepts_therapist if patient else first.therapist_gender,
        practitioner_id=first.wanted_practitioner_id,
        patient_id=patient.pk if patient else None,
        running_course=first.visit.running_course,
        items=tuple(booking.item for booking in bookings),
        for_child=patient is not None and is_child(patient, first.starts_at.astimezone(first.visit.zone).date()),
    )
