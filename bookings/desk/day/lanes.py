"""Who and what serves at a clinic on a date: their hours, leave and closures, read in one statement."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from clinic.clock import clock_words, short_clock
from clinic.grid import CELL_MINUTES
from clinic.premises.models import Clinic
from clinic.statements import Statement
from clinic.wall import edge
from therapies.models import PractitionerRole

Span = tuple[int, int]
"""From one cell of five minutes, counted from the clinic's midnight, up to and not including another."""
NINE_TO_FIVE = (9 * 60, 17 * 60)
"""Drawn when the clinic has no hours on that weekday (a clinic default, unsourced)."""
PEOPLE, ROOMS, EQUIPMENT = "person", "room", "equipment"
ROLES: list[str] = list(PractitionerRole.values)


class LaneRow(NamedTuple):
    """A person, room or device; or the clinic (`open`), or its closure (`closed`, `courses`).

    `hours` are minutes after midnight, `away` seconds since 1970.
    """

    id: int
    name: str
    kind: str
    roles: list[str] | None
    account: int | None
    hours: list[list[int]] | None
    away: list[list[int]]


LANES = Statement(
    """
SELECT lane.id, coalesce(resource.name, lane.reason) AS name, lane.kind, lane.roles, lane.account, lane.hours,
       coalesce((SELECT json_agg(json_build_array(extract(epoch FROM lower(absence.during))::bigint,
                                                  extract(epoch FROM upper(absence.during))::bigint))
                   FROM premises_absence absence
                  WHERE absence.resource_id = lane.id AND absence.during && tstzrange(%(begin)s, %(end)s)),
                '[]') AS away
  FROM (
    SELECT resource_ptr_id AS id, 'room' AS kind, NULL::varchar[] AS roles, NULL::bigint AS account,
           NULL::json AS hours, '' AS reason
      FROM premises_room WHERE clinic_id = %(clinic)s
    UNION ALL
    SELECT resource_ptr_id, 'equipment', NULL, NULL, NULL, '' FROM premises_equipment WHERE clinic_id = %(clinic)s
    UNION ALL
    SELECT resource_ptr_id, 'person', roles::varchar[], user_id, (
        SELECT json_agg(json_build_array(h.from_minute, h.to_minute) ORDER BY h.from_minute)
          FROM therapies_workinghours h
         WHERE h.practitioner_id = resource_ptr_id AND h.clinic_id = %(clinic)s AND h.weekday = %(weekday)s
           AND h.valid_from <= %(on)s AND (h.valid_until IS NULL OR h.valid_until > %(on)s)), ''
      FROM therapies_practitioner
    UNION ALL
    SELECT 0, 'open', NULL, NULL, (SELECT json_agg(json_build_array(from_minute, to_minute) ORDER BY from_minute)
      FROM premises_openinghours WHERE clinic_id = %(clinic)s AND weekday = %(weekday)s), ''
    UNION ALL
    SELECT 0, CASE use WHEN 'everyone' THEN 'closed' ELSE 'courses' END, NULL, NULL,
           json_build_array(json_build_array(from_minute, to_minute)), reason
      FROM premises_closure WHERE clinic_id = %(clinic)s AND "on" = %(on)s
  ) lane LEFT JOIN premises_resource resource ON resource.id = lane.id
 WHERE lane.id = 0 OR lane.id = ANY(%(serving)s::bigint[])
    OR (resource.is_active AND (lane.kind <> 'person' OR lane.hours IS NOT NULL))
""",
    LaneRow,
)


@dataclass(frozen=True)
class Shade:
    """A stretch of a lane in which nobody can be booked, and why in a word."""

    span: Span
    code: str
    words: str


@dataclass(frozen=True)
class Lane:
    """A person, room or device of the day."""

    id: int
    kind: str
    name: str
    note: str
    shades: tuple[Shade, ...]
    account: int | None = None
    works: tuple[Span, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class DayFrame:
    """The lanes of a date, and the cells between which they are drawn, both on the hour. `closed`: why it is closed."""

    first: int
    last: int
    lanes: tuple[Lane, ...]
    closed: str = ""

    def of(self, kind: str) -> tuple[Lane, ...]:
        """The people, rooms or equipment, in the order of their names."""
        return tuple(lane for lane in self.lanes if lane.kind == kind)


def day_cell(moment: dt.datetime, midnight: dt.datetime) -> int:
    """The cell in which a moment lies."""
    return (moment - midnight) // dt.timedelta(minutes=CELL_MINUTES)


def read_lanes(clinic: Clinic, on: dt.date, *, serving: Iterable[int]) -> list[LaneRow]:
    """Who and what could serve on a date; `serving`: who or what does, whatever the hours say."""
    begin, end = edge(on, 0, clinic.zone), edge(on + dt.timedelta(days=1), 0, clinic.zone)
    return LANES.rows(clinic=clinic.pk, on=on, weekday=on.weekday(), begin=begin, end=end, serving=sorted(serving))


def frame_of(rows: Sequence[LaneRow], clinic: Clinic, on: dt.date, *, taken: Iterable[Span]) -> DayFrame:
    """The lanes of a date as they are drawn; `taken`: the stretches that must be seen."""
    midnight, following = edge(on, 0, clinic.zone), edge(on + dt.timedelta(days=1), 0, clinic.zone)
    house = {row.kind: row for row in rows if not row.id}
    hours = house["open"].hours or [[*NINE_TO_FIVE]]
    closure = house.get("closed") or house.get("courses")
    limit = day_cell(following, midnight)
    spans = [*taken, *(_cells(stretch) for stretch in hours)]
    spans += [_cells(stretch) for row in rows if row.kind == PEOPLE for stretch in row.hours or []]
    first = min(first for first, _last in spans) // 12 * 12
    last = min(-(-max(last for _first, last in spans) // 12) * 12, limit)
    opens = [_cells(stretch) for stretch in (closure.hours or []) if closure.kind == "courses"] if closure else None
    closed = (closure.name or _("Closed")) if closure else ""
    drawn = DayFrame(max(first, 0), last, (), closed)
    house_shades = _gaps([_cells(each) for each in hours] if opens is None else opens, drawn, closed or _("Closed"))
    named = sorted((row for row in rows if row.id), key=lambda row: (_rank(row), natural(row.name)))
    lanes = [_lane(row, midnight, drawn, house_shades) for row in named]
    return DayFrame(drawn.first, drawn.last, tuple(lanes), closed)


def natural(name: str) -> list[tuple[int, str]]:
    """A key by which Room 2 comes before Room 10."""
    return [(int(part), "") if part.isdigit() else (0, part.casefold()) for part in re.split(r"(\d+)", name) if part]


def _rank(row: LaneRow) -> int:
    """Vaidyas first, then who treats, then who assists."""
    return min((ROLES.index(role) for role in row.roles or [] if role in ROLES), default=len(ROLES))


def _cells(minutes: Sequence[int]) -> Span:
    return minutes[0] // CELL_MINUTES, -(-minutes[1] // CELL_MINUTES)


def _lane(row: LaneRow, midnight: dt.datetime, drawn: DayFrame, house: Sequence[Shade]) -> Lane:
    shades, note = list(house), ""
    works: list[Span] = []
    if row.kind == PEOPLE:
        works = [_cells(stretch) for stretch in row.hours or []]
        shades = [*_gaps(works, drawn, _("Off")), *(shade for shade in house if _overlaps(shade.span, works))]
        role = str(PractitionerRole(ROLES[rank]).label) if (rank := _rank(row)) < len(ROLES) else ""
        times = f"{_clock(works[0][0], short_clock)}–{_clock(works[-1][1], short_clock)}" if works else ""
        note = " · ".join(part for part in (role, times) if part)
    moments = [[dt.datetime.fromtimestamp(second, dt.UTC) for second in stretch] for stretch in row.away]
    away = [(day_cell(begin, midnight), -day_cell(midnight, end)) for begin, end in moments]
    shades += [Shade(span, "away", _("away")) for span in (_cut(span, drawn) for span in away) if span[0] < span[1]]
    roles = tuple(row.roles or ())
    return Lane(row.id, row.kind, row.name, note, tuple(shades), row.account, tuple(works), roles)


def _gaps(works: Sequence[Span], drawn: DayFrame, words: str) -> list[Shade]:
    """What lies before, between and after: before says from when, between is a break."""
    if not works:
        return [Shade((drawn.first, drawn.last), "off", words)]
    begins, ends = [drawn.first, *(last for _first, last in works)], [*(first for first, _last in works), drawn.last]
    shades = []
    for number, span in enumerate(zip(begins, ends, strict=True)):
        if span[0] >= span[1]:
            continue
        if number == 0:
            shades.append(Shade(span, "off", _("from %(time)s") % {"time": _clock(span[1])}))
        elif number < len(works):
            shades.append(Shade(span, "break", _("Break")))
        else:
            shades.append(Shade(span, "off", words))
    return shades


def _overlaps(span: Span, others: Iterable[Span]) -> bool:
    return any(first < span[1] and span[0] < last for first, last in others)


def _cut(span: Span, drawn: DayFrame) -> Span:
    return max(span[0], drawn.first), min(span[1], drawn.last)


def _clock(cell: int, words: Callable[[dt.time], str] = clock_words) -> str:
    """The wall time at which a cell begins."""
    minute = cell * CELL_MINUTES
    return words(dt.time(minute // 60 % 24, minute % 60))
