"""Time as bits does what plain sets of cells do."""

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clinic.grid import CELL, Window, at_least, cells, fits, from_cells, merged, runs, shifted, span, union, window

SIZE = 60
START = dt.datetime(2026, 3, 2, 0, 0, tzinfo=dt.UTC)

some_cells = st.sets(st.integers(0, SIZE - 1))
parts = st.lists(st.tuples(st.integers(-10, 20), st.integers(1, 15)), max_size=5)
stretches = st.lists(st.tuples(st.integers(-20, SIZE + 20), st.integers(-20, SIZE + 20)), max_size=8)
moments = st.integers(-7200, 28800).map(lambda seconds: START + dt.timedelta(seconds=seconds))
windows = st.integers(0, SIZE).map(lambda size: Window(START, size))


def bits(of: set[int]) -> int:
    return sum(1 << cell for cell in of)


def covered(part: tuple[int, int]) -> set[int]:
    offset, length = part
    return set(range(offset, offset + length))


@given(some_cells)
def test_cells_are_the_set_bits_in_order(free: set[int]) -> None:
    assert list(cells(bits(free))) == sorted(free)


@given(st.integers(-5, SIZE), st.integers(-5, SIZE))
def test_span_is_the_cells_from_first_to_last(first: int, last: int) -> None:
    first = max(first, 0)

    assert set(cells(span(first, last))) == set(range(first, last))


@given(some_cells, st.integers(1, SIZE + 5))
def test_runs_begin_where_so_many_free_cells_follow(free: set[int], length: int) -> None:
    expected = {cell for cell in free if covered((cell, length)) <= free}

    assert set(cells(runs(bits(free), length))) == expected


@given(some_cells, st.integers(-20, 20))
def test_shifted_moves_every_cell(free: set[int], by: int) -> None:
    assert set(cells(shifted(bits(free), by))) == {cell - by for cell in free if cell >= by}


@given(some_cells, parts.filter(bool))
def test_fits_starts_where_every_part_is_free(free: set[int], wanted: list[tuple[int, int]]) -> None:
    expected = {
        start
        for start in range(SIZE + 20)
        if all(covered((start + offset, length)) <= free for offset, length in wanted)
    }

    assert set(cells(fits(bits(free), wanted))) == expected


@given(some_cells)
def test_fits_of_nothing_is_anywhere(free: set[int]) -> None:
    assert fits(bits(free), []) == -1


@given(st.lists(some_cells, max_size=7), st.integers(1, 8))
def test_at_least_counts_the_sets_a_cell_is_in(sets: list[set[int]], needed: int) -> None:
    expected = {cell for cell in range(SIZE) if sum(cell in one for one in sets) >= needed}

    assert set(cells(at_least(map(bits, sets), needed))) == expected


def test_at_least_none_is_anywhere() -> None:
    assert at_least([], 0) == -1


@given(st.lists(some_cells, max_size=7))
def test_union_is_in_any(sets: list[set[int]]) -> None:
    assert set(cells(union(map(bits, sets)))) == set().union(*sets)


@given(parts)
def test_merged_covers_the_same_cells_without_touching(wanted: list[tuple[int, int]]) -> None:
    joined = merged(wanted)

    assert set().union(*map(covered, joined)) == set().union(*map(covered, wanted))
    assert all(sum(one) < other[0] for one, other in pairwise(joined))


@given(stretches, st.integers(0, SIZE))
def test_from_cells_sets_every_stretch_cut_to_size(taken: list[tuple[int, int]], size: int) -> None:
    expected = {cell for first, last in taken for cell in range(first, last) if 0 <= cell < size}

    assert set(cells(from_cells(taken, size))) == expected


@given(windows, moments)
def test_floor_is_the_cell_that_contains_the_moment(frame: Window, moment: dt.datetime) -> None:
    cell = frame.floor(moment)

    assert frame.time(cell) <= moment < frame.time(cell + 1)


@given(windows, moments)
def test_ceil_is_the_first_cell_not_before_the_moment(frame: Window, moment: dt.datetime) -> None:
    cell = frame.ceil(moment)

    assert frame.time(cell - 1) < moment <= frame.time(cell)


@given(windows, moments, moments)
def test_mask_has_the_cells_that_a_stretch_touches(frame: Window, one: dt.datetime, other: dt.datetime) -> None:
    begin, end = min(one, other), max(one, other)
    touched = {
        cell for cell in range(frame.cells) if begin < end and frame.time(cell) < end and begin < frame.time(cell + 1)
    }

    assert set(cells(frame.mask(begin, end))) == touched


@given(windows, moments, moments)
def test_whole_has_the_cells_that_lie_inside(frame: Window, begin: dt.datetime, end: dt.datetime) -> None:
    inside = {cell for cell in range(frame.cells) if begin <= frame.time(cell) and frame.time(cell + 1) <= end}

    assert set(cells(frame.whole(begin, end))) == inside


@given(moments, moments)
def test_window_is_the_smallest_on_marks_around_both(one: dt.datetime, other: dt.datetime) -> None:
    begin, end = min(one, other), max(one, other)

    frame = window(begin, end)

    assert frame.start <= begin < frame.start + CELL
    assert frame.end - CELL < end <= frame.end or frame.cells == 0
    assert (frame.start.minute % 5, frame.start.second, frame.start.microsecond) == (0, 0, 0)
    assert frame.all == bits(set(range(frame.cells)))
