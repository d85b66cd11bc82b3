"""Tables as pictures: bars, and a map of hours. Pure: numbers in, coordinates out."""

from collections.abc import Sequence
from dataclasses import dataclass

from bookings.facts.report_tables import ReportTable
from bookings.facts.report_use import UseOfHours

MOST_BARS = 12
"""More rows stand in the table only."""
LABEL, BAR, ROW, NUMBER = 220, 320, 30, 60
"""Widths of the words, of the longest bar and of its number; height of a row."""
CELL, HEAD = 40, 24
SHORT = 28
"""Letters of a name beside a bar; the table has the whole name."""


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    width: int
    y: int
    baseline: int


@dataclass(frozen=True)
class BarChart:
    width: int
    height: int
    bars: tuple[Bar, ...]
    left: int = LABEL
    thick: int = ROW - 10


@dataclass(frozen=True)
class HeatCell:
    """`strength` from 0 to 1: how dark it is."""

    x: int
    y: int
    strength: float


@dataclass(frozen=True)
class HeatMap:
    width: int
    height: int
    cells: tuple[HeatCell, ...]
    labels: tuple[tuple[str, int], ...]
    hours: tuple[tuple[int, int], ...]
    size: int = CELL - 2


def bar_chart(table: ReportTable) -> BarChart | None:
    """The charted column of the first rows; None where nothing is above zero."""
    rows = [(str(row[0]), float(row[table.charted])) for row in table.rows[:MOST_BARS]]
    most = max((value for _label, value in rows), default=0)
    if most <= 0:
        return None
    bars = [
        Bar(_short(label), value, round(BAR * value / most), number * ROW + 4, number * ROW + 20)
        for number, (label, value) in enumerate(rows)
    ]
    return BarChart(LABEL + BAR + NUMBER, len(rows) * ROW, tuple(bars))


def heat_map(use: UseOfHours) -> HeatMap | None:
    """Each row of the use as a line of cells; None where nothing was taken."""
    if not use.most:
        return None
    cells = [
        HeatCell(LABEL + column * CELL, HEAD + number * CELL, round(minutes / use.most, 2))
        for number, row in enumerate(use.rows)
        for column, minutes in enumerate(row.by_hour)
    ]
    labels = [(_short(row.name), HEAD + number * CELL + 25) for number, row in enumerate(use.rows)]
    hours = [(hour, LABEL + column * CELL + CELL // 2) for column, hour in enumerate(use.hours)]
    size = (LABEL + len(use.hours) * CELL, HEAD + len(use.rows) * CELL)
    return HeatMap(*size, tuple(cells), tuple(labels), tuple(hours))


def _short(label: str) -> str:
    return label if len(label) <= SHORT else f"{label[: SHORT - 1]}…"


def hours_in(minutes: int) -> float:
    """Minutes as hours with one digit."""
    return round(minutes / 60, 1)


def use_table(use: UseOfHours, columns: Sequence[str], title: str) -> ReportTable:
    """The use as a table: kind, visits, hours, hours a day."""
    rows = tuple(
        (row.name, hours_in(row.minutes), row.visits, hours_in(row.minutes // max(use.days, 1)), row.kind)
        for row in use.rows
    )
    return ReportTable("use", title, tuple(columns), rows)
