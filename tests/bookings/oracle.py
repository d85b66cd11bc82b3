"""A slow answer to "when can this be booked?", written apart from the house: no bits, no queries by range.

It walks, cell by cell and person by person, through what the design says in words. It shares no function with the code
under test but the models, so that the two can only agree by both being right.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from therapies.models import Practitioner, Rule, Step, Variant

from .ground import Cells, Ground, cell_of, moment_of
from .oracle_rules import Given, forbids

GENDER_MATTERS = {"therapist", "attendant"}
"""Whose gender the patient chooses, where a therapy asks: "every hands-on therapist and attendant"."""
QUALIFICATION_MATTERS = {"vaidya", "therapist"}
"""Who needs a qualification for the therapy; attendants and nurses assist everywhere."""


WATCHED = ["watch_place"]
"""What a step takes in which somebody on duty watches over the patient."""


@dataclass(frozen=True)
class Question:
    """What somebody asks for: the words of a wish, of the day, and of the door they stand at."""

    variants: tuple[Variant, ...]
    on: dt.date
    gender: str = ""
    practitioner_id: int | None = None
    patient_id: int | None = None
    running_course: bool = False
    desk: bool = False
    ignoring: int | None = None
    ordered: bool = False


@dataclass(frozen=True)
class Seat:
    """One place to fill: who might, in which cells they are busy, and how many of the minutes are hands-on.

    `therapy` is what they must be qualified for; nothing for places and for those who only assist.
    """

    candidates: tuple[int, ...]
    cells: Cells
    hands_on: int = 0
    therapy: int | None = None


def starts(ground: Ground, question: Question) -> set[dt.datetime]:
    """Every start that is offered on that date of the clinic."""
    asked = Asked(ground, question)
    return {moment_of(cell) for cell in asked.offered_cells() if asked.can_start(cell)}


class Asked:
    """One question on one date: each cell of it is looked at by itself."""

    def __init__(self, ground: Ground, question: Question) -> None:
        self.ground, self.question = ground, question
        first = dt.datetime.combine(question.on, dt.time(), tzinfo=ground.zone)
        last = dt.datetime.combine(question.on + dt.timedelta(days=1), dt.time(), tzinfo=ground.zone)
        self.day = range(cell_of(first), cell_of(last))
        self.busy = ground.busy(question.ignoring)

    # Which starts a door offers.

    def offered_cells(self) -> Iterator[int]:
        """The marks of the clinic's clock; patients keep to lead and horizon, a walk-in begins in the next."""
        ground, clinic = self.ground, self.ground.clinic
        first = next(cell for cell in itertools.count(cell_of(ground.now)) if moment_of(cell) >= ground.now)
        for cell in self.day:
            on, minute = ground.wall(cell)
            walk_in = self.question.desk and cell == first
            if minute % clinic.slot_minutes and not walk_in:
                continue
            if self.question.desk:
                if cell >= first:
                    yield cell
                continue
            in_time = moment_of(cell) >= ground.now + dt.timedelta(minutes=clinic.lead_minutes)
            last = ground.now.astimezone(ground.zone).date() + dt.timedelta(days=clinic.horizon_days)
            if in_time and on <= last:
                yield cell

    # Whether a visit can start.

    def can_start(self, cell: int) -> bool:
        if self.question.gender == "" and any(variant.therapy.same_gender for variant in self.question.variants):
            return False  # not set is asked, never guessed
        visit_parts = self._legs(cell)
        if not all(self._in_window(visit_part, begin) for visit_part, begin in visit_parts):
            return False
        if not all(
            self._lies_in_hours(step, begin) for visit_part, begin in visit_parts for step in visit_part.steps.all()
        ):
            return False
        if any(
            self._patient_cells(visit_part, begin) & self.busy.patients[self.question.patient_id]
            for visit_part, begin in visit_parts
        ):
            return False
        if not all(
            self._somebody_on_site(visit_part, begin) for visit_part, begin in visit_parts
        ) or self._is_forbidden(visit_parts):
            return False
        own = self._watched_cells(visit_parts)
        return any(self._can_fill(seats, own) for seats in self._seatings(visit_parts))

    def _legs(self, cell: int) -> list[tuple[Variant, int]]:
        """The bookings of the visit and when each begins: the patient is oiled for it once done with the one before."""
        visit_parts: list[tuple[Variant, int]] = []
        for variant in self.question.variants:
            begin = cell
            while visit_parts and any(taken < cell for taken in self._patient_cells(variant, begin)):
                begin += 1
            visit_parts.append((variant, begin))
            cell = max(self._patient_cells(variant, begin), default=begin - 1) + 1
        return visit_parts

    def _lies_in_hours(self, step: Step, begin: int) -> bool:
        """Set-up and cleaning included, the clinic is open; and a visit does not go on into another date."""
        running = self.question.running_course
        return all(
            cell in self.day and self.ground.is_open(cell, running_course=running)
            for cell in self._step_cells(step, begin)
        )

    def _step_cells(self, step: Step, begin: int) -> Cells:
        return frozenset(range(begin + step.offset // 5, begin + (step.offset + step.minutes) // 5))

    def _patient_cells(self, variant: Variant, begin: int) -> Cells:
        present = [self._step_cells(step, begin) for step in variant.steps.all() if step.patient_present]
        return frozenset(itertools.chain.from_iterable(present))

    def _in_window(self, variant: Variant, begin: int) -> bool:
        if variant.window_from is None or variant.window_to is None:
            return True
        return bool(variant.window_from <= self.ground.wall(begin)[1] <= variant.window_to)

    # Seats.

    def _seatings(self, visit_parts: Sequence[tuple[Variant, int]]) -> Iterator[list[Seat]]:
        """Every way to staff the visit, from the smallest crews to the full ones; with the wanted person in it."""
        places = [seat for visit_part, begin in visit_parts for seat in self._place_seats(visit_part, begin)]
        crews = [crew for visit_part, begin in visit_parts for crew in self._crews(visit_part, begin)]
        for crew_sizes in itertools.product(*[range(minimum, len(seats) + 1) for minimum, seats in crews]):
            people = [seat for (_, seats), size in zip(crews, crew_sizes, strict=True) for seat in seats[:size]]
            yield from self._with_wanted(places, people)

    def _with_wanted(self, places: list[Seat], people: list[Seat]) -> Iterator[list[Seat]]:
        wanted = self.question.practitioner_id
        if wanted is None:
            yield places + people
            return
        for index, seat in enumerate(people):
            if wanted in seat.candidates:
                theirs = replace(seat, candidates=(wanted,))
                yield [*places, *people[:index], theirs, *people[index + 1 :]]

    def _place_seats(self, variant: Variant, begin: int) -> Iterator[Seat]:
        """One room for all steps that keep it; one piece of each scarce kind for the steps that take it."""
        steps = list(variant.steps.all())
        kept = self._cells_of(begin, [step for step in steps if step.room_kept])
        if kept:
            fitting = [
                r.pk for r in self.ground.rooms if not variant.room_feature or variant.room_feature in r.features
            ]
            yield Seat(tuple(fitting), kept)
        for kind in {kind for step in steps for kind in step.equipment}:
            pieces = tuple(thing.pk for thing in self.ground.equipment if thing.kind == kind)
            yield Seat(pieces, self._cells_of(begin, [step for step in steps if kind in step.equipment]))

    def _cells_of(self, begin: int, steps: Iterable[Step]) -> Cells:
        return frozenset().union(*(self._step_cells(step, begin) for step in steps))

    def _crews(self, variant: Variant, begin: int) -> Iterator[tuple[int, list[Seat]]]:
        """For each role that is kept busy: how many it needs at least, and a seat for each of the full crew.

        The first of a role serves every step that asks for one, the second every step that asks for two, and so on.
        """
        asked = [
            (step, crew) for step in variant.steps.all() for crew in step.crews.all() if crew.presence != "on_site"
        ]
        for role in sorted({crew.role for _, crew in asked} - set(self.ground.clinic.unscheduled_roles)):
            theirs = [(step, crew) for step, crew in asked if crew.role == role]
            seats = []
            for rank in range(max(crew.count for _, crew in theirs)):
                steps = [step for step, crew in theirs if crew.count > rank]
                minutes = sum(step.minutes for step in steps if step.patient_present)
                seats.append(
                    Seat(
                        tuple(p.pk for p in self.ground.people if self._is_suitable(p, role, variant)),
                        self._cells_of(begin, steps),
                        0 if variant.therapy.kind == "consultation" else minutes,  # talking is not hands-on
                        variant.therapy_id if role in QUALIFICATION_MATTERS else None,
                    )
                )
            yield max(crew.minimum for _, crew in theirs), seats

    def _is_suitable(self, person: Practitioner, role: str, variant: Variant) -> bool:
        if role not in person.roles:
            return False
        if not variant.therapy.same_gender or role not in GENDER_MATTERS:
            return True
        return self.question.gender == "any" or (self.question.gender != "" and person.gender == self.question.gender)

    # Filling seats by brute force.

    def _can_fill(self, seats: Sequence[Seat], own: Cells) -> bool:
        return self._fill(seats, {}, {}, own)

    def _fill(self, seats: Sequence[Seat], busy: dict[int, Cells], minutes: dict[int, int], own: Cells) -> bool:
        if not seats:
            return self._everybody_is_watched(busy, own)
        seat, rest = seats[0], seats[1:]
        for who in seat.candidates:
            done = minutes.get(who, 0) + seat.hands_on
            if busy.get(who, frozenset()) & seat.cells or not self._may_take(who, seat, done):
                continue
            taken = busy | {who: busy.get(who, frozenset()) | seat.cells}
            if self._fill(rest, taken, minutes | {who: done}, own):
                return True
        return False

    def _may_take(self, who: int, seat: Seat, minutes: int) -> bool:
        if seat.cells & self.busy.resources[who] or seat.cells & self.ground.absent[who]:
            return False
        if who not in self.practitioners:
            return True
        if not all(self.ground.is_on_rota(who, cell) for cell in seat.cells):
            return False
        on = self.question.on
        if seat.therapy is not None and not self.ground.is_qualified(who, seat.therapy, on):
            return False
        limit = self.practitioners[who].hands_on_limit
        return not seat.hands_on or self.busy.hands_on[who, on] + minutes <= limit

    # Watching over patients.

    def _watched_cells(self, visit_parts: Sequence[tuple[Variant, int]]) -> Cells:
        """When this patient would lie in a watch place."""
        steps = [(step, begin) for visit_part, begin in visit_parts for step in visit_part.steps.all()]
        return frozenset().union(*(self._step_cells(step, begin) for step, begin in steps if step.equipment == WATCHED))

    def _everybody_is_watched(self, seated: dict[int, Cells], own: Cells) -> bool:
        """Wherever this visit adds a patient or takes one of the staff: enough are left for all who are watched."""
        watchers = [p.pk for p in self.ground.people if set(p.roles) & set(self.ground.clinic.watch_roles)]
        places = [thing.pk for thing in self.ground.equipment if thing.kind == "watch_place"]
        for cell in own.union(*(seated.get(who, frozenset()) for who in watchers)):
            patients = sum(cell in self.busy.resources[place] for place in places) + (cell in own)
            on_duty = [
                who
                for who in watchers
                if self.ground.is_on_rota(who, cell)
                and cell not in self.busy.resources[who]
                and cell not in seated.get(who, frozenset())
            ]
            if patients > len(on_duty) * self.ground.clinic.watched_by_one:
                return False
        return True

    # Somebody in the house.

    def _somebody_on_site(self, variant: Variant, begin: int) -> bool:
        """Throughout each step that asks for it one of the role is on the rota, busy or not; they may take turns."""
        for step in variant.steps.all():
            for crew in step.crews.all():
                if crew.presence != "on_site" or crew.role in self.ground.clinic.unscheduled_roles:
                    continue
                people = [person.pk for person in self.ground.people if crew.role in person.roles]
                for cell in self._step_cells(step, begin):
                    if not any(self.ground.is_on_rota(person, cell) for person in people):
                        return False
        return True

    # The rules.

    def _is_forbidden(self, visit_parts: Sequence[tuple[Variant, int]]) -> bool:
        """Hard rules of the catalogue, beside everything that the patient has had or will have."""
        if self.question.patient_id is None:
            return False
        wished = [
            self._given(visit_part, moment_of(begin), beyond=self.question.ordered) for visit_part, begin in visit_parts
        ]
        had = [
            self._given(b.variant, b.starts_at, beyond=bool(b.item and b.item.lifted))
            for b in self.ground.bookings
            if b.visit.patient_id == self.question.patient_id and b.visit_id != self.question.ignoring
        ]
        return forbids(self.rules, wished, had)

    def _given(self, variant: Variant, moment: dt.datetime, *, beyond: bool) -> Given:
        return Given(variant, moment.astimezone(self.ground.zone), beyond)

    # The day's cells, each looked at once.

    @cached_property
    def practitioners(self) -> dict[int, Practitioner]:
        return {person.pk: person for person in self.ground.people}

    @cached_property
    def rules(self) -> list[Rule]:
        return list(Rule.objects.filter(kind__in=["sequence", "gap", "same_day", "frequency"], is_hard=True))
