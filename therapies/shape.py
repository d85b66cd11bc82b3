"""What a variant takes, in five-minute cells from the treatment's start: pure once the rows are read."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from clinic.grid import CELL_MINUTES, merged
from therapies.models import PractitionerRole, Presence, Step, Therapy, TherapyKind, Variant
from therapies.step_days import steps_on

Parts = tuple[tuple[int, int], ...]
CHILD_BELOW = 10
"""Years of age below which a therapy's entry may ask for another number of therapists."""
MOST_THERAPISTS = 9
WATCH_PLACE = "watch_place"
"""The kind of equipment that a step takes in which somebody on duty watches over the patient, and maybe others."""


@dataclass(frozen=True)
class Crew:
    """A role: `parts[n]` are the (offset, length) stretches of the n-th person, so the crew may shrink step by step.

    `minimum` people must be found, `full` are wanted. `on_site` people only need to be on the rota in `parts[0]`.
    """

    role: str
    full: int
    minimum: int
    parts: tuple[Parts, ...]
    hands_on: tuple[int, ...]
    on_site: bool


@dataclass(frozen=True)
class Shape:
    """A variant as cells. `length` is the patient's treatment, from the start to the end of the last step with them.

    Oil or steam that prepares for it lies before the start, with the patient present: the fixed windows and the hour
    that is agreed mean the treatment itself. A variant without such a step has no length, and nobody can book it.
    """

    variant_id: int
    therapy_id: int
    groups: tuple[str, ...]
    same_gender: bool
    window_from: int | None
    window_to: int | None
    room_feature: str
    room: Parts
    equipment: tuple[tuple[str, Parts], ...]
    crews: tuple[Crew, ...]
    patient: Parts
    length: int
    arrival_lead: int

    @property
    def watch(self) -> Parts:
        """When somebody on duty must watch over the patient."""
        return dict(self.equipment).get(WATCH_PLACE, ())

    @property
    def prepared(self) -> int:
        """For how many cells before the start the patient is already being prepared."""
        return max(-min((offset for offset, _length in self.patient), default=0), 0)

    @property
    def reach(self) -> tuple[int, int]:
        """The first cell before the start (≤ 0) and the first after everything is over."""
        parts = [*self.room, *self.patient]
        for _kind, stretches in self.equipment:
            parts.extend(stretches)
        for crew in self.crews:
            parts.extend(crew.parts[0])
        ends = [offset + length for offset, length in parts]
        return min((offset for offset, _ in parts), default=0), max(ends, default=0)


def _part(step: Step) -> tuple[int, int]:
    return step.offset // CELL_MINUTES, step.minutes // CELL_MINUTES


def _crews(
    steps: Iterable[Step], unscheduled: frozenset[str], *, hands_on_counts: bool, most_therapists: int
) -> tuple[Crew, ...]:
    roles: dict[tuple[str, bool], list[tuple[Step, int, int]]] = defaultdict(list)
    for step in steps:
        for crew in step.crews.all():
            if crew.role not in unscheduled:
                key = (crew.role, crew.presence == Presence.ON_SITE)
                most = most_therapists if crew.role == PractitionerRole.THERAPIST else crew.count
                roles[key].append((step, min(crew.count, most), min(crew.minimum, most)))
    spans = []
    for (role, on_site), rows in sorted(roles.items()):
        full = max(count for _, count, _ in rows)
        ranks = range(full)
        parts = tuple(merged(_part(step) for step, count, _ in rows if count > rank) for rank in ranks)
        hands = tuple(
            sum(step.minutes for step, count, _ in rows if count > rank and step.patient_present) for rank in ranks
        )
        minimum = max(minimum for _, _, minimum in rows)
        spans.append(Crew(role, full, minimum, parts, hands if hands_on_counts else (0,) * full, on_site))
    return tuple(spans)


def therapists_of_a_child(therapy: Therapy) -> int:
    """How many therapists treat a child at most, as the therapy's entry says; where it says nothing, as anybody."""
    number = therapy.facts.get("staffing", {}).get("therapists_child_under_10")
    return number if isinstance(number, int) and number > 0 else MOST_THERAPISTS


def shape(
    variant: Variant, *, unscheduled: Iterable[str] = (), for_child: bool = False, on: dt.date | None = None
) -> Shape:
    """What the variant takes at a clinic that does not schedule the roles `unscheduled`, on that day or now.

    `for_child`: for somebody under CHILD_BELOW, whose therapists the catalogue may number by itself. Reads steps and
    crews (prefetch `steps__crews`, select `therapy`).
    """
    steps = steps_on(variant.steps.all(), on)
    therapy = variant.therapy
    equipment: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for step in steps:
        for kind in step.equipment:
            equipment[kind].append(_part(step))
    patient = merged(_part(step) for step in steps if step.patient_present)
    return Shape(
        variant_id=variant.pk,
        therapy_id=therapy.pk,
        groups=(*therapy.groups, therapy.code, "all"),
        same_gender=therapy.same_gender,
        window_from=variant.window_from,
        window_to=variant.window_to,
        room_feature=variant.room_feature,
        room=merged(_part(step) for step in steps if step.room_kept),
        equipment=tuple((kind, merged(parts)) for kind, parts in sorted(equipment.items())),
        crews=_crews(
            steps,
            frozenset(unscheduled),
            hands_on_counts=therapy.kind != TherapyKind.CONSULTATION,
            most_therapists=therapists_of_a_child(therapy) if for_child else MOST_THERAPISTS,
        ),
        patient=patient,
        length=max((offset + length for offset, length in patient), default=0),
        arrival_lead=therapy.arrival_lead_minutes,
    )
