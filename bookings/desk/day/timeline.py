"""The day as a picture: lanes of blocks along the hours. Pure: moments in, coordinates out."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinic.clock import bare_clock

HOUR_WIDTH = 104
LANE_HEIGHT = 48
HEAD_HEIGHT = 28
GAP = 4
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Stretch:
    """Something that takes a lane for a while. `code` chooses the colour."""

    lane: int
    start: dt.datetime
    end: dt.datetime
    label: str
    code: str
    url: str = ""


@dataclass(frozen=True)
class Block:
    """A stretch, placed."""

    x: int
    y: int
    width: int
    height: int
    label: str
    code: str
    url: str


@dataclass(frozen=True)
class Mark:
    """A full hour of the clinic's clock."""

    x: int
    label: str


@dataclass(frozen=True)
class Lane:
    """A room or a person."""

    name: str
    y: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Timeline:
    """`now_x` is None when now lies outside the picture."""

    width: int
    height: int
    hours: tuple[Mark, ...]
    lanes: tuple[Lane, ...]
    now_x: int | None


def timeline(
    lanes: Sequence[tuple[int, str]],
    stretches: Iterable[Stretch],
    *,
    first: dt.datetime,
    last: dt.datetime,
    now: dt.datetime,
    zone: ZoneInfo,
) -> Timeline:
    """Place `stretches` on `lanes` (id, name), from the full hour before `first` to the one after `last`.

    What sticks out is cut at the edges; a stretch of an unknown lane is left out.
    """
    begin, end = _full_hour_before(first, zone), _full_hour_after(last, zone)

    def across(moment: dt.datetime) -> int:
        return round((min(max(moment, begin), end) - begin) / HOUR * HOUR_WIDTH)

    by_lane: dict[int, list[Stretch]] = {lane: [] for lane, _name in lanes}
    for stretch in stretches:
        if stretch.lane in by_lane and stretch.start < end and stretch.end > begin:
            by_lane[stretch.lane].append(stretch)
    rows = []
    for number, (lane, name) in enumerate(lanes):
        y = HEAD_HEIGHT + number * LANE_HEIGHT
        blocks = tuple(_block(stretch, across(stretch.start), across(stretch.end), y) for stretch in by_lane[lane])
        rows.append(Lane(name, y, blocks))
    return Timeline(
        width=across(end),
        height=HEAD_HEIGHT + len(lanes) * LANE_HEIGHT,
        hours=tuple(Mark(across(hour), bare_clock(hour.astimezone(zone))) for hour in _hours(begin, end)),
        lanes=tuple(rows),
        now_x=across(now) if begin <= now < end else None,
    )


def _block(stretch: Stretch, left: int, right: int, y: int) -> Block:
    return Block(
        left + 1, y + GAP, max(right - left - 2, 6), LANE_HEIGHT - 2 * GAP, stretch.label, stretch.code, stretch.url
    )


def _full_hour_before(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    local = moment.astimezone(zone)
    past = dt.timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return moment.astimezone(dt.UTC) - past


def _full_hour_after(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    before = _full_hour_before(moment, zone)
    return before if before == moment else before + HOUR


def _hours(begin: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    return [begin + number * HOUR for number in range((end - begin) // HOUR)]
