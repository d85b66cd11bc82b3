"""Time as bits: one Python integer is a resource's free time, one bit for five minutes, bit 0 the window's beginning.

Everything here is pure. Cells are counted on the UTC clock; wall time becomes cells in `therapies.rota` only.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

CELL_MINUTES = 5
CELL = dt.timedelta(minutes=CELL_MINUTES)


@dataclass(frozen=True)
class Window:
    """`cells` five-minute cells from `start` (aware, UTC, on a mark)."""

    start: dt.datetime
    cells: int

    @property
    def end(self) -> dt.datetime:
        return self.start + self.cells * CELL

    @property
    def all(self) -> int:
        """Every bit set."""
        return (1 << self.cells) - 1

    def floor(self, moment: dt.datetime) -> int:
        """The cell that contains the moment; may lie outside the window."""
        return (moment - self.start) // CELL

    def ceil(self, moment: dt.datetime) -> int:
        """The first cell that begins at the moment or later."""
        return -((self.start - moment) // CELL)

    def time(self, cell: int) -> dt.datetime:
        """When a cell begins, in UTC."""
        return self.start + cell * CELL

    def mask(self, begin: dt.datetime, end: dt.datetime) -> int:
        """The cells touched by [begin, end): rounded outward, cut to the window."""
        return span(max(self.floor(begin), 0), min(self.ceil(end), self.cells)) if begin < end else 0

    def whole(self, begin: dt.datetime, end: dt.datetime) -> int:
        """The cells wholly inside [begin, end): rounded inward, cut to the window."""
        return span(max(self.ceil(begin), 0), min(self.floor(end), self.cells))


def window(begin: dt.datetime, end: dt.datetime) -> Window:
    """The smallest window on marks that contains [begin, end)."""
    epoch = int(begin.timestamp()) // 300 * 300
    start = dt.datetime.fromtimestamp(epoch, dt.UTC)
    return Window(start, max(-((start - end) // CELL), 0))


def span(first: int, last: int) -> int:
    """Bits first … last − 1; none when empty or reversed."""
    return ((1 << (last - first)) - 1) << first if last > first else 0


def runs(bits: int, length: int) -> int:
    """The cells at which `length` free cells in a row begin, in about log₂(length) shifts and ands."""
    done = 1
    while done < length and bits:
        step = min(done, length - done)
        bits &= bits >> step
        done += step
    return bits


def shifted(bits: int, cells: int) -> int:
    """Bits moved earlier by `cells` (later when negative): a part `cells` after the start is free at these starts."""
    return bits >> cells if cells >= 0 else bits << -cells


def fits(free: int, parts: Iterable[tuple[int, int]]) -> int:
    """The starts at which every (offset, length) part lies in free cells; −1 (any) for no parts."""
    result = -1
    for offset, length in parts:
        result &= shifted(runs(free, length), offset)
        if not result:
            return 0
    return result


def at_least(sets: Iterable[int], needed: int) -> int:
    """The cells that are set in at least `needed` of the sets: a bit-sliced count, saturating at `needed`."""
    if needed <= 0:
        return -1
    reached = [0] * needed  # reached[i]: set in more than i of the sets seen so far
    for bits in sets:
        for i in range(needed - 1, 0, -1):
            reached[i] |= reached[i - 1] & bits
        reached[0] |= bits
    return reached[-1]


def union(sets: Iterable[int]) -> int:
    """Set in any."""
    return reduce(int.__or__, sets, 0)


def cells(bits: int) -> Iterator[int]:
    """The set bits, lowest first."""
    text = bin(bits)[:1:-1]
    position = text.find("1")
    while position >= 0:
        yield position
        position = text.find("1", position + 1)


def merged(parts: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """(offset, length) parts sorted, with touching and overlapping ones joined."""
    joined: list[tuple[int, int]] = []
    for offset, length in sorted(parts):
        if joined and offset <= sum(joined[-1]):
            begin = joined[-1][0]
            joined[-1] = (begin, max(sum(joined[-1]), offset + length) - begin)
        else:
            joined.append((offset, length))
    return tuple(joined)


def from_cells(taken: Iterable[tuple[int, int]], size: int) -> int:
    """One bitmap out of many [first, last) stretches, cut to `size` cells; quicker than one big-integer or for each."""
    row, ones = bytearray(b"0") * size, b"1" * size
    for first, last in taken:
        begin = first if first > 0 else 0  # called for every stretch of a month: max() would cost a call
        end = last if last < size else size
        if end > begin:
            row[size - end : size - begin] = ones[: end - begin]
    return int(row, 2) if size else 0
