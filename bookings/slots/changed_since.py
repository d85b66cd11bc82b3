"""When what a visit was booked on last became another: read from the records of who changed what."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min

from bookings.models import History, Visit
from clinic.history import BASELINE
from clinic.people.row_history import events_of_row
from clinic.premises.models import Clinic
from therapies.models import Step, StepCrew, Therapy, Variant

ARRIVAL = ("pgh_id", "pgh_obj_id", "pgh_created_at", "arrival_lead_minutes")


@dataclass(frozen=True)
class Changes:
    """`address_at` is since when the clinic has its address, None: as long as anybody remembers. `moved` are visits
    that got another time after that: their message had the new one.
    """

    address_at: dt.datetime | None
    moved: frozenset[int]
    roles_at: dt.datetime | None
    variants: Mapping[int, dt.datetime]
    arrivals: Mapping[int, dt.datetime]

    @property
    def address_mark(self) -> str:
        return f"{self.address_at:%Y%m%d%H%M%S}" if self.address_at else ""

    def has_moved_house(self, visit: Visit) -> bool:
        return self.address_at is not None and visit.made_at < self.address_at and visit.pk not in self.moved

    def variant_at(self, variant: Variant) -> dt.datetime | None:
        """When a step of it, or the crew of one, came, changed or went, or the clinic scheduled other roles."""
        moments = [moment for moment in (self.variants.get(variant.pk), self.roles_at) if moment]
        return max(moments, default=None)

    def arrival_at(self, variant: Variant) -> dt.datetime | None:
        """Since when patients arrive so many minutes before it."""
        return self.arrivals.get(variant.therapy_id)


def changes_at(clinic: Clinic, variants: Mapping[int, Variant]) -> Changes:
    """Of a clinic and of these variants, by their numbers."""
    houses = list(events_of_row(Clinic).filter(pgh_obj_id=clinic.pk))
    address_at = _since(houses, "address", clinic.address, same=str.split)
    moves = History.objects.filter(visit__clinic=clinic, verb="move", at__gte=address_at) if address_at else None
    moved = frozenset(moves.values_list("visit", flat=True)) if moves is not None else frozenset()
    roles_at = _since(houses, "unscheduled_roles", clinic.unscheduled_roles)
    return Changes(address_at, moved, roles_at, _of_variants(variants), _arrivals(variants))


def _arrivals(variants: Mapping[int, Variant]) -> dict[int, dt.datetime]:
    leads = {variant.therapy_id: variant.therapy.arrival_lead_minutes for variant in variants.values()}
    by_therapy: dict[int, list[Any]] = defaultdict(list)
    for event in events_of_row(Therapy).filter(pgh_obj_id__in=leads).only(*ARRIVAL):
        by_therapy[event.pgh_obj_id].append(event)
    moments = {pk: _since(by_therapy[pk], "arrival_lead_minutes", lead) for pk, lead in leads.items()}
    return {pk: moment for pk, moment in moments.items() if moment}


def _of_variants(variants: Mapping[int, Variant]) -> dict[int, dt.datetime]:
    """What came with the variant itself is no change of it."""
    made = events_of_row(Variant).filter(pgh_obj_id__in=variants).order_by().values_list("pgh_obj_id")
    made_at = dict(made.annotate(at=Min("pgh_created_at")))
    steps = events_of_row(Step).filter(variant_id__in=variants).order_by()
    owners = dict(steps.values_list("pgh_obj_id", "variant_id"))
    crews = events_of_row(StepCrew).filter(step_id__in=owners).order_by()
    latest = [
        *steps.exclude(pgh_label=BASELINE).values_list("variant_id").annotate(at=Max("pgh_created_at")),
        *(
            (owners[step], changed_at)
            for step, changed_at in crews.exclude(pgh_label=BASELINE)
            .values_list("step_id")
            .annotate(at=Max("pgh_created_at"))
        ),
    ]
    result: dict[int, dt.datetime] = {}
    for variant, changed_at in latest:
        if variant not in made_at or changed_at > made_at[variant]:
            result[variant] = max(result.get(variant, changed_at), changed_at)
    return result


def _since(
    events: Sequence[Any], name: str, value: Any, *, same: Callable[[Any], object] = lambda value: value
) -> dt.datetime | None:
    """Since when the row has this value, by its records in order; None where it had no other. `same`: what of a value
    counts: a browser sends lines of an address with other ends.
    """
    others = [number for number, event in enumerate(events) if same(getattr(event, name)) != same(value)]
    later = events[others[-1] + 1 :] if others else []
    moment: dt.datetime | None = later[0].pgh_created_at if later else None
    return moment
