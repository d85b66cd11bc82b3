"""Minutes that change from a date on: which hold on a day, and on which days of a stretch they become others. Pure."""

import copy
import datetime as dt
from collections.abc import Iterable, Iterator

from therapies.models import Step, Variant


def steps_on(steps: Iterable[Step], on: dt.date | None) -> list[Step]:
    """The steps with the minutes of that day, in order; without a day as they are now. Copies keep their crews."""
    rows = list(steps)
    if on is None or not any(_is_other(step, on) for step in rows):
        return rows
    return sorted((_as_of(step, on) for step in rows), key=lambda step: (step.offset, step.pk))


def days_of_change(variants: Iterable[Variant], first: dt.date, last: dt.date) -> list[dt.date]:
    """The days after `first`, up to `last`, on which a step of these variants gets other minutes. Reads the steps."""
    days = {step.next_on for variant in variants for step in variant.steps.all()}
    return sorted(day for day in days if day is not None and first < day <= last)


def stretches_of_same_steps(
    variants: Iterable[Variant], first: dt.date, last: dt.date
) -> Iterator[tuple[dt.date, dt.date]]:
    """The days `first` to `last`, cut where minutes change: first and last day of each part."""
    begins = first
    for day in days_of_change(variants, first, last):
        yield begins, day - dt.timedelta(days=1)
        begins = day
    yield begins, last


def _is_other(step: Step, on: dt.date) -> bool:
    return step.next_on is not None and step.next_on <= on


def _as_of(step: Step, on: dt.date) -> Step:
    if not _is_other(step, on) or step.next_offset is None or step.next_minutes is None:
        return step
    row = copy.copy(step)
    row.offset, row.minutes = step.next_offset, step.next_minutes
    return row
