"""Small invented clinics with a course to plan: as raw hours and taken half-hours, and as the planner reads them.

Everything here is pure. Times are half-hours of a day, in UTC.
"""

import datetime as dt
import random
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bookings.facts.taken import Demand
from bookings.rules.limits import BookingLimits, PlannedTherapy
from bookings.slots.course_plan import Course
from bookings.slots.course_search import ClinicDiary
from bookings.slots.search_space import SearchSpace, SlotRequest, VisitPart
from clinic.grid import span, union
from clinic.premises.models import Clinic
from therapies.frequency import Frequency, Gap
from therapies.models import Therapy, Variant
from therapies.rota import Person, Place, Supply, calendar
from therapies.rules import BookingRule
from therapies.shape import Crew, Shape

UTC = ZoneInfo("UTC")
FIRST = dt.date(2026, 3, 2)
NOW = dt.datetime(2026, 3, 1, tzinfo=UTC)
WINDOW = 24
"""Days that the clinic's diary has."""
OPENS, CLOSES = 18, 26
"""Half-hours: 9:00 to 13:00."""
HALF_HOUR = 6
"""Cells."""
Times = frozenset[tuple[int, int]]
"""Day and half-hour."""


@dataclass(frozen=True)
class Form:
    """A treatment: half-hours, therapists at least and at most, and what it needs."""

    length: int
    least: int
    most: int
    bound_to_gender: bool
    feature: str
    steam: bool


@dataclass(frozen=True)
class Therapist:
    number: int
    gender: str
    works: Times
    taken: Times
    most_half_hours: int


@dataclass(frozen=True)
class Thing:
    """A room with its feature, or a steam chamber."""

    number: int
    feature: str
    taken: Times


@dataclass(frozen=True)
class SmallClinic:
    open_days: frozenset[int]
    people: tuple[Therapist, ...]
    rooms: tuple[Thing, ...]
    chambers: tuple[Thing, ...]
    busy: Times
    gender: str
    forms: tuple[Form, ...]
    sessions: tuple[int, ...]
    days: tuple[int, ...]
    slip: int
    not_on: frozenset[int]
    cap: tuple[int, int, int] | None
    """Of this form at most so many in any stretch of so many days."""
    gap: tuple[int, int, int] | None
    """The second form at least so many days after the first."""
    around: int = OPENS

    @property
    def course(self) -> Course:
        return Course(
            sessions=len(self.sessions),
            first=FIRST,
            slip=self.slip,
            days=self.days,
            kinds=self.sessions,
            around=dt.time(self.around // 2),
            not_on=frozenset(FIRST + dt.timedelta(days=day) for day in self.not_on),
        )


def small_clinic(chance: random.Random) -> SmallClinic:
    forms = tuple(_form(chance) for _ in range(chance.choice([1, 2, 2])))
    count, apart = chance.choice([2, 3, 3, 4]), chance.choice([1, 1, 2])
    taken = chance.choice([0.0, 0.1, 0.2, 0.4])
    open_days = frozenset(day for day in range(WINDOW) if chance.random() < 0.93)
    days, day = [], 0
    for _ in range(count):
        days.append(day)
        day += apart + (chance.random() < 0.15)
    return SmallClinic(
        open_days=open_days,
        people=tuple(_therapist(100 + n, chance, taken) for n in range(chance.choice([2, 3, 4]))),
        rooms=tuple(
            Thing(200 + n, chance.choice(["", "", "oil"]), _some(chance, taken)) for n in range(chance.choice([1, 2]))
        ),
        chambers=tuple(Thing(300 + n, "steam", _some(chance, taken)) for n in range(chance.choice([1, 1, 2]))),
        busy=_some(chance, 0.1),
        gender=chance.choice(["female", "male", "any"]),
        forms=forms,
        sessions=tuple(chance.randrange(len(forms)) for _ in range(count)),
        days=tuple(days),
        slip=chance.choice([0, 1, 1, 2]),
        not_on=frozenset(day for day in range(WINDOW) if chance.random() < 0.05),
        cap=(0, *chance.choice([(1, 1), (1, 1), (1, 2), (2, 3), (2, 7)])) if chance.random() < 0.5 else None,
        gap=(0, len(forms) - 1, chance.choice([2, 3])) if chance.random() < 0.3 else None,
        around=chance.choice([18, 20, 24]),
    )


def _form(chance: random.Random) -> Form:
    least = chance.choice([1, 1, 1, 2])
    return Form(
        length=chance.choice([1, 2, 3]),
        least=least,
        most=chance.choice([least, 2]),
        bound_to_gender=chance.random() < 0.5,
        feature=chance.choice(["", "", "", "oil"]),
        steam=chance.random() < 0.2,
    )


def _therapist(number: int, chance: random.Random, taken: float) -> Therapist:
    begin, end = chance.choice([18, 18, 20]), chance.choice([26, 26, 24])
    works = frozenset((day, time) for day in range(WINDOW) if chance.random() < 0.85 for time in range(begin, end))
    return Therapist(number, chance.choice(["female", "male"]), works, _some(chance, taken), chance.choice([4, 8]))


def _some(chance: random.Random, share: float) -> Times:
    return frozenset((day, time) for day in range(WINDOW) for time in range(OPENS, CLOSES) if chance.random() < share)


# --- as the planner reads it ------------------------------------------------------------------------------------------


def diary_of(small: SmallClinic) -> ClinicDiary:
    requests = [_request(small, form) for form in small.sessions]
    spaces = {_request(small, form): _space(small, form) for form in set(small.sessions)}
    return ClinicDiary(requests, small.course, NOW, desk=True, spaces=spaces)


def _request(small: SmallClinic, form: int) -> SlotRequest:
    clinic = Clinic(pk=1, timezone="UTC", slot_minutes=30)
    therapy = Therapy(pk=form + 1, code=f"form{form}", needs="prescription", kind="therapy")
    return SlotRequest(clinic, (Variant(pk=form + 1, therapy=therapy),), small.gender, None, 1, running_course=True)


def _space(small: SmallClinic, number: int) -> SearchSpace:
    form, days = small.forms[number], calendar(UTC, FIRST, FIRST + dt.timedelta(days=WINDOW - 1))
    opened = union(_cells(day, OPENS, CLOSES) for day in small.open_days)
    have = Supply(
        days,
        opened,
        {},
        tuple(Place(room.number, frozenset({room.feature}), opened) for room in small.rooms),
        tuple(Place(chamber.number, frozenset({"steam"}), opened) for chamber in small.chambers),
        tuple(_person(each, opened, number + 1) for each in small.people),
    )
    things = (*small.people, *small.rooms, *small.chambers)
    hands = {
        each.number: {day: 30 * sum(on == day for on, _time in each.taken) for day in range(WINDOW)}
        for each in small.people
    }
    demand = Demand({each.number: _bits(each.taken) for each in things}, hands, _bits(small.busy))
    planned = PlannedTherapy(frozenset({f"form{number}"}), (), dt.timedelta(), frozenset())
    limits = BookingLimits(tuple(_rules(small)), (planned,), (), UTC)
    parts = (VisitPart(_shape(form, number), 0),)
    return SearchSpace(_request(small, number), parts, have, demand, limits, NOW)


def _person(each: Therapist, opened: int, therapy: int) -> Person:
    return Person(
        each.number,
        each.gender,
        frozenset({"therapist"}),
        each.most_half_hours * 30,
        _bits(each.works) & opened,
        {therapy: -1},
    )


def _shape(form: Form, number: int) -> Shape:
    parts = ((0, form.length * HALF_HOUR),)
    crew = Crew("therapist", form.most, form.least, (parts,) * form.most, (form.length * 30,) * form.most, False)
    return Shape(
        variant_id=number + 1,
        therapy_id=number + 1,
        groups=(),
        same_gender=form.bound_to_gender,
        window_from=None,
        window_to=None,
        room_feature=form.feature,
        room=parts,
        equipment=(("steam", parts),) if form.steam else (),
        crews=(crew,),
        patient=parts,
        length=form.length * HALF_HOUR,
        arrival_lead=0,
    )


def _rules(small: SmallClinic) -> list[BookingRule]:
    rules: list[BookingRule] = []
    if small.cap:
        form, most, days = small.cap
        rules.append(
            Frequency(code="cap", says="Too often", of=frozenset({f"form{form}"}), most=most, days=days, rolling=True)
        )
    if small.gap:
        one, other, days = small.gap
        names = {"after": frozenset({f"form{one}"}), "before": frozenset({f"form{other}"})}
        rules.append(Gap(code="gap", says="Too soon", min_days=days, **names))
    return [replace(rule, is_hard=True) for rule in rules]


def _bits(times: Times) -> int:
    return union(_cells(day, time, time + 1) for day, time in times)


def _cells(day: int, begin: int, end: int) -> int:
    return span(day * 288 + begin * HALF_HOUR, day * 288 + end * HALF_HOUR)
