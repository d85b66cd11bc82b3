"""What fits where: supply and demand of some days read once, and the starts at which each part of a visit has room."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bookings.facts.taken import Demand, demand
from bookings.models import Booking, PrescriptionItem
from bookings.rules.limits import Limits, limits
from clinic.grid import CELL, at_least, fits, span, union
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from therapies.models import Variant
from therapies.rota import QUALIFIED_ROLES, Calendar, Person, Place, Supply, calendar, supply
from therapies.rules import WRITTEN_ORDER
from therapies.shape import Crew, Parts, Shape, shape

GENDERED_ROLES = frozenset({"therapist", "attendant"})
"""Hands-on roles that must have the gender the patient accepts, where the therapy says so."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants: these variants one after the other, at this clinic.

    `gender` is whom the patient accepts as crew ("female", "male", "any", "" not asked). `overrides` are the codes of
    the rules that a signed order lifts with a written reason; `WRITTEN_ORDER` lifts every rule that may be lifted so.
    `items` are the orders that the variants fulfil, one each, or none at all.
    """

    clinic: Clinic
    variants: tuple[Variant, ...]
    gender: str = ""
    practitioner_id: int | None = None
    patient_id: int | None = None
    running_course: bool = False
    overrides: frozenset[str] = frozenset()
    items: tuple[PrescriptionItem | None, ...] = ()


@dataclass(frozen=True)
class Leg:
    """One booking of the visit: its shape, and how many cells after the visit's start it begins."""

    shape: Shape
    offset: int


@dataclass
class Field:
    """Supply and demand of a stretch of days, read once, and the free cells that follow."""

    wish: Wish
    legs: tuple[Leg, ...]
    supply: Supply
    demand: Demand
    limits: Limits
    now: dt.datetime
    free: dict[int, int] = field(default_factory=dict)
    fitting: dict[tuple[object, ...], int] = field(default_factory=dict)
    """What was worked out once: assigning asks for the same people and places at every start."""

    @property
    def days(self) -> Calendar:
        return self.supply.calendar

    @property
    def asks_gender(self) -> bool:
        """Whether a therapy of the visit asks whom the patient accepts and nobody has said: it is never guessed."""
        return self.wish.gender == "" and any(leg.shape.same_gender for leg in self.legs)

    @property
    def takes_time(self) -> bool:
        """Whether each treatment has a step with the patient: one that a manager has not finished entering has none."""
        return all(leg.shape.length for leg in self.legs)

    @cached_property
    def wanted_seats(self) -> int:
        """How many places of the visit the wanted person could take."""
        wanted = self.wish.practitioner_id
        if wanted is None:
            return 0
        seats = ((leg, crew) for leg in self.legs for crew in leg.shape.crews if not crew.on_site)
        return sum(crew.full for leg, crew in seats if any(p.id == wanted for p in suitable(self, leg, crew)))

    def free_of(self, item: Place | Person) -> int:
        """Works ∧ ¬taken, the day's hands-on limit left aside."""
        if item.id not in self.free:
            base = item.free if isinstance(item, Place) else item.works
            self.free[item.id] = base & ~self.demand.taken.get(item.id, 0)
        return self.free[item.id]


def legs_of(wish: Wish) -> tuple[Leg, ...]:
    """The visit's bookings one after the other; the patient is prepared for each once done with the one before."""
    legs: list[Leg] = []
    done = 0
    for variant in wish.variants:
        made = shape(variant, unscheduled=wish.clinic.unscheduled_roles)
        legs.append(Leg(made, done + made.prepared if legs else 0))
        done = legs[-1].offset + made.length
    return tuple(legs)


def read(
    wish: Wish,
    first: dt.date,
    last: dt.date,
    now: dt.datetime,
    *,
    ignoring: int | None = None,
    own: frozenset[int] = frozenset(),
) -> Field:
    """Read everything that the days `first` to `last` need.

    `ignoring` is a visit whose own time counts as free; no rule counts the visits `own`, which are being booked.
    """
    legs = legs_of(wish)
    days = calendar(wish.clinic.zone, first, last)
    kinds = {kind for leg in legs for kind, _parts in leg.shape.equipment}
    therapy_ids = {leg.shape.therapy_id for leg in legs}
    have = supply(wish.clinic, days, therapy_ids=therapy_ids, kinds=sorted(kinds), running_course=wish.running_course)
    taken = demand(have.ids(), days, now=now, patient_id=wish.patient_id, ignoring=ignoring)
    return Field(wish, legs, have, taken, limits_of(wish, legs, days, now, ignoring=own | {ignoring or 0}), now)


def limits_of(
    wish: Wish, legs: tuple[Leg, ...], days: Calendar, now: dt.datetime, *, ignoring: Iterable[int] = ()
) -> Limits:
    """The rules that bind the wish on these days; the visits `ignoring` do not count."""
    written = WRITTEN_ORDER in wish.overrides
    reasons = [written and bool(item and item.override_reason) for item in wish.items]
    parts = [
        (variant, leg.offset * CELL, reason)
        for variant, leg, reason in zip(wish.variants, legs, reasons or [written] * len(legs), strict=True)
    ]
    items = [item for item in wish.items if item is not None]
    return limits(wish.patient_id, parts, days, now, ignoring=ignoring, overrides=wish.overrides, items=items)


def accepts(gender: str, person: Person) -> bool:
    """Whether the patient accepts this person where a therapy asks; not set is asked, never guessed."""
    return gender == "any" or (gender != "" and gender == person.gender)


def suitable(known: Field, leg: Leg, crew: Crew) -> list[Person]:
    """Everybody of the role whom the patient accepts, whatever the time."""
    people = [person for person in known.supply.people if crew.role in person.roles]
    if leg.shape.same_gender and crew.role in GENDERED_ROLES and not crew.on_site:
        people = [person for person in people if accepts(known.wish.gender, person)]
    return people


def candidates(known: Field, leg: Leg, crew: Crew) -> list[Person]:
    """Everybody who may serve in this role, whatever the time; the wanted person alone where it is their only place."""
    people, wanted = suitable(known, leg, crew), known.wish.practitioner_id
    mine = [person for person in people if person.id == wanted]
    return mine if mine and known.wanted_seats == 1 and not crew.on_site else people


def fits_person(known: Field, leg: Leg, crew: Crew, person: Person, rank: int = 0) -> int:
    """The starts at which this person can serve as the crew's `rank`-th."""
    key = (person.id, leg.offset, crew.role, rank)
    if key not in known.fitting:
        known.fitting[key] = _fits_person(known, leg, crew, person, rank)
    return known.fitting[key]


def _fits_person(known: Field, leg: Leg, crew: Crew, person: Person, rank: int) -> int:
    bits = fits(known.free_of(person), crew.parts[rank])
    if crew.role in QUALIFIED_ROLES:
        bits &= person.qualified.get(leg.shape.therapy_id, 0)
    minutes = crew.hands_on[rank]
    if minutes and bits:
        done = known.demand.hands_on.get(person.id, {})
        for number, used in done.items():
            if used + minutes > person.limit:
                day = known.days.days[number]
                bits &= ~span(day.first, day.last)
        if minutes > person.limit:
            return 0
    return bits


def fits_crew(known: Field, leg: Leg, crew: Crew) -> int:
    """The starts at which enough people can serve; of those on site somebody is in the house throughout, in turns."""
    people = candidates(known, leg, crew)
    if crew.on_site:
        return fits(union(person.works for person in people), crew.parts[0])
    last = crew.minimum - 1
    return at_least([fits_person(known, leg, crew, person, last) for person in people], crew.minimum)


def fits_place(known: Field, place: Place, parts: Parts) -> int:
    """The starts at which a room or a piece of equipment is free for its parts."""
    key = (place.id, parts)
    if key not in known.fitting:
        known.fitting[key] = fits(known.free_of(place), parts)
    return known.fitting[key]


def places(items: Iterable[Place], need: str) -> list[Place]:
    """Those that provide what is needed; any when nothing special is."""
    return [item for item in items if not need or need in item.provides]


def fits_window(known: Field, made: Shape) -> int:
    """The starts inside the variant's fixed window of the day, both ends included."""
    if made.window_from is None or made.window_to is None:
        return -1
    last = min(made.window_to + 5, 1440)
    return union(known.days.stretch(day, made.window_from, last) for day in known.days.days)


def fits_leg(known: Field, leg: Leg) -> int:
    """The starts of this booking for which each role, a room and the equipment are free, each looked at by itself."""
    made = leg.shape
    bits = fits(known.supply.open & ~known.demand.patient, made.patient)
    if made.room:
        bits &= union(fits_place(known, room, made.room) for room in places(known.supply.rooms, made.room_feature))
    for kind, parts in made.equipment:
        bits &= union(fits_place(known, item, parts) for item in places(known.supply.equipment, kind))
    for crew in made.crews:
        if not bits:
            break
        bits &= fits_crew(known, leg, crew)
    return bits & fits_window(known, made) & known.days.window.all


def starting_cell(known: Field, start: dt.datetime) -> int:
    """The cell of a start; −1 for a moment off the marks or outside the window."""
    cell = known.days.window.floor(start)
    on_mark = known.days.window.time(cell) == start
    return cell if on_mark and 0 <= cell < known.days.window.cells else -1


def ends_at(start: dt.datetime, leg: Leg) -> dt.datetime:
    """When the patient is done with this booking."""
    return start + (leg.offset + leg.shape.length) * CELL


def wish_of(bookings: Sequence[Booking], patient: Patient | None) -> Wish:
    """The wish that these bookings of one visit fulfil."""
    first = bookings[0]
    return Wish(
        clinic=first.visit.clinic,
        variants=tuple(booking.variant for booking in bookings),
        gender=patient.accepts_therapist if patient else first.therapist_gender,
        practitioner_id=first.wanted_practitioner_id,
        patient_id=patient.pk if patient else None,
        running_course=first.visit.running_course,
        items=tuple(booking.item for booking in bookings),
        overrides=overrides_of([booking.item for booking in bookings]),
    )


def overrides_of(items: Iterable[PrescriptionItem | None]) -> frozenset[str]:
    """The rules that a Vaidya's written reason lifts for these orders."""
    return frozenset({WRITTEN_ORDER}) if any(item and item.override_reason for item in items) else frozenset()
