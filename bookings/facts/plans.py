"""The plan of a booking as it was booked: later changes of the catalogue never rewrite it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bookings.models import Booking
from therapies.models import Variant
from therapies.models.words import in_reader_language
from therapies.shape import Shape
from therapies.step_days import steps_on


@dataclass(frozen=True)
class PlannedStep:
    """A step of a treatment; `offset` counts minutes from its start."""

    offset: int
    minutes: int
    name: str


def plan_of(variant: Variant, shape: Shape, price: str | None = None, *, on: dt.date | None = None) -> dict[str, Any]:
    """What is kept with a booking: steps, crew and, where it is known, the price. Reads the variant's steps."""
    steps = sorted(steps_on(variant.steps.all(), on), key=lambda step: (step.offset, step.pk))
    plan: dict[str, Any] = {
        "steps": [
            {
                "offset": step.offset,
                "minutes": step.minutes,
                "name": step.name,
                "names": step.names,
                "present": step.patient_present,
            }
            for step in steps
        ],
        "crew": {crew.role: crew.full for crew in shape.crews if not crew.on_site},
    }
    return plan if price is None else plan | {"price": price}


def planned_steps(booking: Booking, *, staff: bool) -> list[PlannedStep]:
    """The steps that were booked, in the reader's words; of bookings from before plans were kept, today's."""
    rows: Iterable[Mapping[str, Any]] = booking.plan.get("steps", ())
    steps = [
        (row["present"], row["offset"], row["minutes"], in_reader_language(row["names"], row["name"])) for row in rows
    ]
    if not steps:
        today = sorted(booking.variant.steps.all(), key=lambda step: (step.offset, step.pk))
        steps = [(step.patient_present, step.offset, step.minutes, str(step)) for step in today]
    return [PlannedStep(offset, minutes, name) for present, offset, minutes, name in steps if staff or present]


def planned_crew(booking: Booking, shape: Shape) -> dict[str, int]:
    """How many of each role were to serve; of bookings from before plans were kept, as the catalogue says today."""
    return booking.plan.get("crew") or {crew.role: crew.full for crew in shape.crews if not crew.on_site}
