"""Pain over time as a picture: one pair of points a session, before and after. Pure: numbers in, coordinates out."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from bookings.models import SessionNote

WORST = 10
STEP = 72
"""Width of one session."""
LEFT, RIGHT, TOP, UNIT, FOOT = 36, 16, 12, 18, 28
"""Room for the scale and at the edges; the height of one point of pain; room for the dates."""
SHOWN_DATES = 12
"""More would run into each other: then only some of the sessions have their date written below."""


@dataclass(frozen=True)
class Felt:
    """One session of a patient. None: nobody asked."""

    on: dt.date
    what: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Dot:
    x: int
    y: int


@dataclass(frozen=True)
class PainLevel:
    """A line of the scale."""

    y: int
    label: str
    baseline: int


@dataclass(frozen=True)
class PainDay:
    x: int
    on: dt.date


@dataclass(frozen=True)
class Chart:
    """`before` and `after` are dots in the order of the sessions, the lines the same as points of a polyline."""

    width: int
    height: int
    left: int
    right: int
    levels: tuple[PainLevel, ...]
    days: tuple[PainDay, ...]
    before: tuple[Dot, ...]
    after: tuple[Dot, ...]
    before_line: str
    after_line: str
    sessions: tuple[Felt, ...]


def felt_in(notes: Iterable[SessionNote]) -> list[Felt]:
    """The sessions in which somebody asked for the pain; reads booking, variant, therapy and visit of the notes."""
    return [
        Felt(
            on=note.booking.starts_at.astimezone(note.booking.visit.zone).date(),
            what=str(note.booking.variant.therapy),
            before=note.pain_before,
            after=note.pain_after,
        )
        for note in notes
        if note.pain_before is not None or note.pain_after is not None
    ]


def chart(sessions: Iterable[Felt]) -> Chart | None:
    """The picture of these sessions, the earliest first; None when there is nothing to show."""
    shown = tuple(sessions)
    if not shown:
        return None
    bottom = TOP + WORST * UNIT
    places = [LEFT + STEP // 2 + number * STEP for number in range(len(shown))]
    before = _dots(places, [session.before for session in shown])
    after = _dots(places, [session.after for session in shown])
    every = -(-len(shown) // SHOWN_DATES)
    return Chart(
        width=LEFT + len(shown) * STEP + RIGHT,
        height=bottom + FOOT,
        left=LEFT,
        right=LEFT + len(shown) * STEP,
        levels=tuple(PainLevel(_y(pain), str(pain), _y(pain) + 5) for pain in (0, 5, WORST)),
        days=tuple(PainDay(x, shown[number].on) for number, x in enumerate(places) if number % every == 0),
        before=before,
        after=after,
        before_line=_line(before),
        after_line=_line(after),
        sessions=shown,
    )


def _y(pain: int) -> int:
    return TOP + (WORST - pain) * UNIT


def _dots(places: list[int], pains: list[int | None]) -> tuple[Dot, ...]:
    return tuple(Dot(x, _y(pain)) for x, pain in zip(places, pains, strict=True) if pain is not None)


def _line(dots: tuple[Dot, ...]) -> str:
    """Nothing for a single dot: a line needs two."""
    return " ".join(f"{dot.x},{dot.y}" for dot in dots) if len(dots) > 1 else ""
