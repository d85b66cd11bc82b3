"""Do the steps of a variant fit together? Pure.

The patient is in one place at a time, and a room has one use at a time: two steps that both have the patient, or that
both keep the room, may not overlap. A bath while the room is cleaned may.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Protocol

from django.utils.translation import gettext as _


class Timed(Protocol):
    """A step, kept or only typed."""

    name: str
    offset: int
    minutes: int
    room_kept: bool
    patient_present: bool


def why_not_steps(steps: Sequence[Timed]) -> list[str]:
    """Each pair that gets in each other's way, in words, and whether the treatment begins with nobody to treat."""
    in_order = sorted(steps, key=lambda step: (step.offset, step.minutes))
    reasons = [reason for first, second in combinations(in_order, 2) if (reason := _why_not_both(first, second))]
    if steps and not any(step.patient_present and step.offset == 0 for step in steps):
        reasons.append(_("One step with the patient must start at minute 0: it is the time that the patient books."))
    return reasons


def _why_not_both(first: Timed, second: Timed) -> str:
    ends = first.offset + first.minutes
    if second.offset >= ends:
        return ""
    values = {"first": first.name, "second": second.name, "end": ends, "start": second.offset}
    if first.patient_present and second.patient_present:
        return (
            _(
                "“%(first)s” lasts until minute %(end)s, but “%(second)s” starts at minute %(start)s."
                " Change the start of one of them."
            )
            % values
        )
    if first.room_kept and second.room_kept:
        return (
            _(
                "“%(first)s” needs the room until minute %(end)s, but “%(second)s” needs it from minute %(start)s."
                " Change the start of one of them."
            )
            % values
        )
    return ""
