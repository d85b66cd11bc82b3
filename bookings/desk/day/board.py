"""The day as a board: lanes of people, rooms or equipment, and in each the visits that take it, in cells."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bookings.models import Occupancy, Status
from clinic.clock import short_clock
from clinic.grid import CELL
from clinic.premises.models import Clinic
from clinic.wall import edge

from .day_list import DayLine, DayList
from .lanes import EQUIPMENT, PEOPLE, ROOMS, DayFrame, Lane, Span, day_cell

NOON = 12 * 12
PARTS = {PEOPLE: "crew:", ROOMS: "room", EQUIPMENT: "equipment:"}


@dataclass(frozen=True)
class StepStrip:
    """A step of a treatment within a block: where it begins in it, how many cells it lasts, of what kind it is."""

    begins: int
    cells: int
    code: str


@dataclass(frozen=True)
class Block:
    """A stretch of a visit in a lane. `actual`: what really happened. `tail`: what follows later, such as cleaning."""

    line: DayLine
    span: Span
    strips: tuple[StepStrip, ...] = ()
    actual: Span | None = None
    tail: bool = False


@dataclass(frozen=True)
class BoardLane:
    """A person, room or device with its blocks in order."""

    lane: Lane
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Board:
    """`hours`: the cell and the words of each full hour. `now`: the cell of `moment`; None outside what is drawn."""

    by: str
    first: int
    cells: int
    hours: tuple[tuple[int, str], ...]
    lanes: tuple[BoardLane, ...]
    now: int | None
    midnight: dt.datetime
    moment: dt.datetime

    @property
    def noon(self) -> int:
        """The full hour with which the afternoon begins, or the last one that is drawn before it."""
        return max((cell for cell, _words in self.hours if cell <= NOON), default=self.first)


def board_of(day: DayList, by: str, clinic: Clinic, *, now: dt.datetime, only: int | None = None) -> Board:
    """The lanes of one kind (`by`), or only that of one person."""
    midnight, frame = edge(day.on, 0, clinic.zone), day.frame
    blocks: dict[int, list[Block]] = defaultdict(list)
    for line in day.lines:
        for resource, rows in _by_resource(line, PARTS[by]).items():
            blocks[resource] += _blocks(line, rows, midnight, now)
    lanes = [lane for lane in frame.of(by) if only in (None, lane.id)]
    drawn = tuple(
        BoardLane(lane, tuple(sorted(blocks[lane.id], key=lambda block: (block.span, block.line.booking.pk))))
        for lane in lanes
    )
    cell = day_cell(now, midnight)
    shown = cell if frame.first <= cell < frame.last else None
    hours = _hours(frame, midnight, clinic)
    return Board(by, frame.first, frame.last - frame.first, hours, drawn, shown, midnight, now)


def _hours(frame: DayFrame, midnight: dt.datetime, clinic: Clinic) -> tuple[tuple[int, str], ...]:
    return tuple(
        (cell, short_clock((midnight + cell * CELL).astimezone(clinic.zone)))
        for cell in range(frame.first, frame.last, 12)
    )


def _by_resource(line: DayLine, part: str) -> dict[int, list[Occupancy]]:
    rows: dict[int, list[Occupancy]] = defaultdict(list)
    for row in line.booking.occupancies.all():
        if row.resource_id and row.part.startswith(part):
            rows[row.resource_id].append(row)
    return rows


def _blocks(line: DayLine, rows: Iterable[Occupancy], midnight: dt.datetime, now: dt.datetime) -> list[Block]:
    """What is taken without a gap is one block; that in which the treatment begins has the words."""
    spans = _joined(sorted((day_cell(r.during.lower, midnight), -day_cell(midnight, r.during.upper)) for r in rows))
    begins = day_cell(line.booking.starts_at, midnight)
    chief = next((span for span in spans if span[0] <= begins < span[1]), spans[0])
    return [
        Block(line, span, _strips(line, span, begins), _actual(line, midnight, now))
        if span == chief
        else Block(line, span, tail=True)
        for span in spans
    ]


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for first, last in spans:
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def _strips(line: DayLine, span: Span, begins: int) -> tuple[StepStrip, ...]:
    """The steps that lie in the block; a treatment of one step needs no strip."""
    steps = line.booking.variant.strip  # type: ignore[attr-defined]
    if len(steps) < 2:
        return ()
    strips = []
    for step in steps:
        first = max(begins + step["at"] // 5, span[0])
        last = min(begins + (step["at"] + step["minutes"]) // 5, span[1])
        if first < last:
            strips.append(StepStrip(first - span[0], last - first, _code(step)))
    return tuple(strips)


def _code(step: dict[str, object]) -> str:
    """How a step is drawn: a room made ready or cleaned, what prepares for the treatment, rest, or the treatment."""
    if not step["present"]:
        return "room"
    if "rest" in str(step["code"]):
        return "rest"
    return "before" if int(str(step["at"])) < 0 else "treat"


def _actual(line: DayLine, midnight: dt.datetime, now: dt.datetime) -> Span | None:
    """From when to when it really went on, until now where it still does."""
    booking = line.booking
    if booking.started_at is None:
        return None
    ended = booking.ended_at or (now if booking.status == Status.IN_PROGRESS else None)
    if ended is None:
        return None
    first = day_cell(booking.started_at, midnight)
    return first, max(-day_cell(midnight, ended), first + 1)
