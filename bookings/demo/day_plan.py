"""What happens on the demo's own day: whom, what, when, and how far each visit is at the moment of the demo. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from bookings.demo.hours import AFTER, BEFORE, DemoDay


class Stage(Enum):
    """How far a visit is, or how it ended."""

    BOOKED = auto()
    ARRIVED = auto()
    LATE = auto()
    IN_PROGRESS = auto()
    COMPLETED = auto()
    WITHOUT_NOTE = auto()
    NO_SHOW = auto()
    CANCELLED = auto()
    STOPPED = auto()


FIRST, FOLLOW_UP = "consultation_first", "consultation_follow_up"
MINUTES = {
    FIRST: 45,
    FOLLOW_UP: 20,
    "back_pain_massage": 25,
    "abhyanga": 75,
    "kati_basti": 60,
    "nadi_sweda": 25,
    "patra_pinda_sweda": 75,
    "swedana": 45,
}
"""About how long a patient is there; what is booked says it exactly."""
ASHA, VIKRAM, NEHA = "Dr Asha Sharma", "Dr Vikram Rathore", "Dr Neha Joshi"


@dataclass(frozen=True)
class Wish:
    """A visit of the day, at a time of the plan. `ends_as`: what becomes of it once its time is over.

    `earlier`: how many sessions of the course were given on the days before.
    """

    guest: str
    therapy: str
    at: str
    with_whom: str = ""
    ends_as: Stage = Stage.COMPLETED
    earlier: int = 0

    @property
    def minute(self) -> int:
        hours, minutes = self.at.split(":")
        return int(hours) * 60 + int(minutes)

    @property
    def is_consultation(self) -> bool:
        return self.therapy in (FIRST, FOLLOW_UP)


WISHES = [
    Wish("सुशीला", FOLLOW_UP, "07:15", ASHA),
    Wish("Om Prakash", FOLLOW_UP, "07:45", ASHA, Stage.WITHOUT_NOTE),
    Wish("Zoya", FIRST, "08:15", ASHA),
    Wish("Parveen", FOLLOW_UP, "09:00", ASHA, Stage.NO_SHOW),
    Wish("Rajesh", FOLLOW_UP, "09:30", ASHA),
    Wish("गीता", FIRST, "10:00", ASHA),
    Wish("Harish", FOLLOW_UP, "10:45", ASHA),
    Wish("Fatima", FOLLOW_UP, "11:15", ASHA),
    Wish("Shobha", FOLLOW_UP, "11:45", ASHA),
    Wish("Bhanwar", FOLLOW_UP, "13:15", ASHA),
    Wish("Nirmala", FIRST, "13:45", ASHA),
    Wish("Sunil (older)", FOLLOW_UP, "14:30", ASHA),
    Wish("Prem", FOLLOW_UP, "10:15", VIKRAM),
    Wish("मीरा", FIRST, "10:45", VIKRAM),
    Wish("Jagdish", FOLLOW_UP, "11:30", VIKRAM),
    Wish("Gulab", FOLLOW_UP, "12:15", VIKRAM),
    Wish("Govind", FOLLOW_UP, "15:30", VIKRAM),
    Wish("Farida", FOLLOW_UP, "10:30", NEHA),
    Wish("Tara", FIRST, "11:00", NEHA),
    Wish("Nikhil", FOLLOW_UP, "12:00", NEHA),
    Wish("Meera", FOLLOW_UP, "16:30", NEHA),
    Wish("Ananya", "back_pain_massage", "07:30"),
    Wish("Imran", "abhyanga", "07:45"),
    Wish("Usha", "kati_basti", "08:00", earlier=2),
    Wish("Sunil (younger)", "back_pain_massage", "08:30", ends_as=Stage.STOPPED),
    Wish("Joseph", "nadi_sweda", "09:00"),
    Wish("मोहन", "kati_basti", "09:15"),
    Wish("रामलाल", "back_pain_massage", "09:45"),
    Wish("Kishan", "patra_pinda_sweda", "10:00", earlier=3),
    Wish("Savitri", "kati_basti", "10:15", earlier=3),
    Wish("Abdul", "swedana", "10:45"),
    Wish("Deepika", "abhyanga", "11:00"),
    Wish("Lata", "back_pain_massage", "11:15"),
    Wish("Rukmini", "kati_basti", "11:45"),
    Wish("Sarita", "abhyanga", "13:15"),
    Wish("Rohit", "back_pain_massage", "13:30"),
    Wish("Mahesh", "nadi_sweda", "14:30", ends_as=Stage.CANCELLED),
    Wish("Sneha", "back_pain_massage", "15:45"),
    Wish("Vijay", "abhyanga", "16:00"),
    Wish("Kamla", "patra_pinda_sweda", "16:45"),
]

SOON = dt.timedelta(minutes=25)
MOST_WAITING = 3
LATE_BY = (dt.timedelta(minutes=10), dt.timedelta(minutes=35))
SLACK = dt.timedelta(minutes=2)
SETTLED = dt.timedelta(minutes=3)
"""Who waits has been asked the questions of the day meanwhile."""
ARRIVES_BEFORE = 30
"""The minutes before a visit from which its patient may be here: not on the day before."""


@dataclass(frozen=True)
class PlannedVisit:
    """A wish with its times. `ends`: when the patient is done by the plan; `session`: which of its course, from 0."""

    wish: Wish
    start: dt.datetime
    ends: dt.datetime
    stage: Stage = Stage.BOOKED
    session: int = 0

    @property
    def came(self) -> dt.datetime:
        return self.start - dt.timedelta(minutes=20 + self.wish.minute % 4)

    @property
    def began(self) -> dt.datetime:
        return self.start + SLACK

    @property
    def ended(self) -> dt.datetime:
        return self.ends - SLACK


def day_plan(day: DemoDay, now: dt.datetime, wishes: Sequence[Wish] = WISHES) -> list[PlannedVisit]:
    """The visits of the day in the order of their times, each as far as it is by now."""
    planned = [_planned(wish, day) for wish in wishes]
    return staged(sorted(planned, key=lambda each: each.start), now)


def _planned(wish: Wish, day: DemoDay) -> PlannedVisit:
    minutes = MINUTES[wish.therapy]
    around = (ARRIVES_BEFORE, 0) if wish.is_consultation else (BEFORE, AFTER)
    start = day.at(wish.minute, minutes, around)
    return PlannedVisit(wish, start, start + dt.timedelta(minutes=minutes))


def staged(visits: Sequence[PlannedVisit], now: dt.datetime) -> list[PlannedVisit]:
    """The same visits, each as far as it is at this moment: one of those that should have begun is late."""
    late = _late(visits, now)
    waiting = [each for each in visits if now < each.start <= now + SOON and each.came + SETTLED < now][:MOST_WAITING]
    return [
        replace(each, stage=_stage(each, now, is_late=each is late, waits=each in waiting), session=each.wish.earlier)
        for each in visits
    ]


def _late(visits: Sequence[PlannedVisit], now: dt.datetime) -> PlannedVisit | None:
    """Who should have come a while ago: the one whose time began last."""
    least, most = LATE_BY
    begun = [each for each in visits if least <= now - each.start <= most and each.ends > now]
    return begun[-1] if begun else None


def _stage(visit: PlannedVisit, now: dt.datetime, *, is_late: bool, waits: bool) -> Stage:
    if visit.wish.ends_as is Stage.CANCELLED:
        return Stage.CANCELLED
    if is_late:
        return Stage.LATE
    if visit.ends <= now:
        return visit.wish.ends_as
    if visit.began < now:
        return Stage.IN_PROGRESS
    return Stage.ARRIVED if waits else Stage.BOOKED
